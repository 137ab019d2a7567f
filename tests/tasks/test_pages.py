"""The list, the form, the page of one task, the part of the month's page."""

from datetime import date

import pytest

from tests.ledger.records import hold
from tests.tasks.conftest import DAY, NOW
from zhibu.org.models import Account
from zhibu.tasks import services
from zhibu.tasks.models import State, Task
from zhibu.tasks.queries import Heard, heard
from zhibu.tasks.services import Terms

LIST = "/tasks/GW-01/"


def give(cast, text, body=None, **terms):
    return services.give_task(cast.clerk, body or cast.branch, Terms(text, **terms), DAY, at=NOW)


def texts(page):
    return [task.text for task in page.context["page"]]


def test_lists_the_earliest_deadline_first_and_narrows(cast, as_):
    give(cast, "没有时限")
    give(cast, "下月", due=date(2025, 4, 20), owner=cast.members[5])
    late = give(cast, "过期", due=date(2025, 3, 25))
    Task.objects.filter(pk=late.pk).update(due=date(2025, 3, 1))
    client = as_(cast.member)
    assert texts(client.get(LIST)) == ["过期", "下月", "没有时限"]
    assert texts(client.get(LIST + "?show=overdue")) == ["过期"]
    assert texts(client.get(LIST + "?show=mine")) == ["下月"]
    assert texts(client.get(LIST + "?show=over")) == []
    assert texts(client.get(LIST + "?show=nonsense")) == ["过期", "下月", "没有时限"]


def test_requires_the_right_person(cast, as_):
    task = give(cast, "支部内部的事")
    assert as_(cast.outsider).get(LIST).status_code == 404
    assert as_(cast.outsider).get(f"{LIST}{task.pk}/").status_code == 404
    assert as_(cast.outsider).get(f"/tasks/GW-02/{task.pk}/").status_code == 404
    administrator = Account.objects.create_user("keeper", "Kept-Safe-2025", office="system")
    assert texts(as_(administrator).get(LIST)) == []
    assert as_(administrator).get(f"{LIST}{task.pk}/").status_code == 404
    assert as_(cast.member).get(LIST + "new/").status_code == 403
    for act in ("assign", "move", "cancel", "verify", "return", "progress", "nonsense"):
        answer = as_(cast.member).post(f"{LIST}{task.pk}/", {"act": act, "text": "试一试"})
        assert answer.status_code == 403, act
    assert Task.objects.get().state == State.OPEN


def test_a_task_is_given_and_handed_down_on_one_form(cast, as_):
    client = as_(cast.clerk)
    answer = client.post("/tasks/GW/new/", {"text": "清查制度", "due": "2025-04-30", "bodies": [cast.branch.pk]})
    assert answer.status_code == 302
    whole, part = Task.objects.order_by("id")
    assert (part.organization, part.given_by, part.parent) == (cast.branch, cast.committee, whole)
    given = client.get("/tasks/GW/?whose=given")
    assert texts(given) == ["清查制度"]
    assert [row["open"] for row in given.context["sums"]] == [1]
    assert "青禾县县直机关工委交办" in as_(cast.secretary).get(LIST).content.decode()


def test_a_task_goes_to_every_branch_at_once(cast, as_):
    answer = as_(cast.clerk).post("/tasks/GW/new/", {"text": "清查制度", "every_branch": "on"})
    assert answer.status_code == 302
    assert {task.organization for task in Task.objects.exclude(parent=None)} == {cast.branch, cast.other}


def test_the_form_refuses_bad_input_and_keeps_it(cast, as_):
    answer = as_(cast.secretary).post(LIST + "new/", {"text": "过期的事", "due": "2025-03-01"})
    assert answer.status_code == 422
    assert "已经过去" in answer.content.decode()
    assert "过期的事" in answer.content.decode()
    other = as_(cast.secretary).post(LIST + "new/", {"text": "交给别人", "owner": cast.outsider.member.pk})
    assert other.status_code == 422
    assert not Task.objects.exists()


def test_walks_from_progress_to_closing_without_script(cast, as_):
    task = give(cast, "修订制度", owner=cast.members[5])
    Task.objects.update(given_by=cast.branch)
    record = hold(cast, "committee-meeting", date(2025, 3, 18))
    address = f"{LIST}{task.pk}/"
    data = {"act": "report", "work-text": "已经通过施行", "work-evidence": [record.pk]}
    assert as_(cast.member).post(address, data).status_code == 302
    assert as_(cast.member).post(address, {"act": "verify"}).status_code == 403
    page = as_(cast.secretary).get(address).content.decode()
    assert record.title in page
    assert as_(cast.secretary).post(address, {"act": "return", "text": ""}).status_code == 422
    assert as_(cast.secretary).post(address, {"act": "verify", "text": "看过了"}).status_code == 302
    assert Task.objects.get().state == State.CLOSED


def test_a_record_made_for_a_task_is_offered_as_its_evidence(cast, as_):
    task = give(cast, "上一次党课", kind="lecture")
    page = as_(cast.secretary).get(f"{LIST}{task.pk}/").content.decode()
    assert f"/activities/GW-01/record/lecture/?then=/tasks/GW-01/{task.pk}/" in page
    record = hold(cast, "lecture", date(2025, 3, 18))
    page = as_(cast.secretary).get(f"{LIST}{task.pk}/?activity={record.pk}").content.decode()
    assert f'<option value="{record.pk}" selected>' in page
    assert as_(cast.secretary).get(f"{LIST}{task.pk}/?activity=x").status_code == 200


def test_what_a_visit_brought_up_is_taken_up_and_counted(cast, as_):
    visit = hold(cast, "field-visit", date(2025, 3, 10), fields={"found": "路灯坏了两盏"})
    client = as_(cast.secretary)
    assert f"/tasks/GW-01/new/?activity={visit.pk}" in client.get(f"/activities/GW-01/{visit.pk}/").content.decode()
    assert "路灯坏了两盏" in client.get(f"{LIST}new/?activity={visit.pk}").content.decode()
    client.post(f"{LIST}new/?activity={visit.pk}", {"text": "修好路灯"})
    task = Task.objects.get()
    assert task.activity == visit
    year = (date(2025, 1, 1), date(2025, 12, 31))
    assert heard(cast.branch, *year) == Heard(1, 1, 0)
    services.close_by_record(None, task, DAY, "已修好", at=NOW)
    assert heard(cast.branch, *year) == Heard(1, 1, 1)
    talk = hold(cast, "talk", date(2025, 3, 11), title="私下的话")
    elsewhere = hold(cast, "field-visit", date(2025, 3, 11), branch=cast.other)
    for other in (talk, elsewhere):
        assert client.get(f"{LIST}new/?activity={other.pk}").status_code == 404


def test_whoever_left_is_stood_in_for_by_the_secretary(cast, as_):
    give(cast, "有人走了", owner=cast.members[5])
    cast.members[5].statuses.update(until=date(2025, 3, 10))
    page = as_(cast.secretary).get(LIST).content.decode()
    assert "闻知远（原责任人已不在，暂由书记负责）" in page


def test_the_month_asks_for_what_is_due_in_it(cast, as_):
    give(cast, "本月要办", due=date(2025, 3, 31))
    give(cast, "下月再办", due=date(2025, 4, 1))
    assert 'href="/tasks/GW-01/due/"' in as_(cast.secretary).get("/ledger/GW-01/").content.decode()
    part = as_(cast.secretary).get(LIST + "due/", headers={"HX-Request": "true"}).content.decode()
    assert "本月要办" in part
    assert "下月再办" not in part
    assert as_(cast.secretary).get(LIST + "due/").status_code == 302


def test_shows_the_chain_up_and_down(cast, as_):
    whole = services.give_task(cast.clerk, cast.committee, Terms("清查制度"), DAY, at=NOW)
    [part] = services.hand_down(cast.clerk, whole, [cast.branch], Terms("清查本支部制度"), DAY, at=NOW)
    services.split(cast.secretary, part, Terms("先查学习制度"), DAY, at=NOW)
    page = as_(cast.secretary).get(f"{LIST}{part.pk}/").content.decode()
    assert page.index("清查制度") < page.index("先查学习制度")
    above = as_(cast.clerk).get(f"/tasks/GW/{whole.pk}/").content.decode()
    assert "先查学习制度" in above


@pytest.mark.parametrize("given", [False, True])
def test_asks_as_much_for_three_rows_as_for_one(cast, as_, django_assert_max_num_queries, given):
    address = "/tasks/GW/?whose=given" if given else LIST
    whole = services.give_task(cast.clerk, cast.committee, Terms("清查制度"), DAY, at=NOW)
    services.hand_down(cast.clerk, whole, [cast.branch], Terms("甲"), DAY, at=NOW)
    give(cast, "戊", owner=cast.members[7])
    client = as_(cast.clerk)
    client.get(address)
    with django_assert_max_num_queries(17) as one:
        client.get(address)
    asked = len(one)
    services.hand_down(cast.clerk, whole, [cast.other], Terms("乙"), DAY, at=NOW)
    give(cast, "丙", owner=cast.members[5])
    give(cast, "丁", owner=cast.members[6])
    with django_assert_max_num_queries(asked):
        client.get(address)


def test_more_bodies_than_the_list_shows(cast, as_, monkeypatch):
    """Those with most that was decided and not done come first; the rest is one step away."""
    monkeypatch.setattr("zhibu.tasks.views.BODIES", 1)
    whole = services.give_task(cast.clerk, cast.committee, Terms("交办"), DAY, at=NOW)
    services.hand_down(cast.clerk, whole, [cast.branch, cast.other], Terms("交办"), DAY, at=NOW)
    page = as_(cast.clerk).get("/tasks/GW/?whose=given").content.decode()
    assert "另有1个组织" in page
    every = as_(cast.clerk).get("/tasks/GW/?whose=given&bodies=all").content.decode()
    assert "另有" not in every
    assert every.count('href="/tasks/GW-02/"') > page.count('href="/tasks/GW-02/"')
