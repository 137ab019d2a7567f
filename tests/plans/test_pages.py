"""The pages of plans, lists, campaigns and projects."""

from datetime import date

import pytest

from tests.ledger.records import hold
from tests.plans.conftest import DAY, NOW
from zhibu.duties.models import Origin
from zhibu.org.models import Account
from zhibu.plans import origins, services
from zhibu.plans.origins import About, Asked
from zhibu.tasks.models import State, Task

PLAN = "/plans/GW-01/month/2025-03/"
LIST = "/plans/GW-01/"


def table(rows, **more):
    data = {"item-TOTAL_FORMS": len(rows), "item-INITIAL_FORMS": 0, "act": "save", "version": "1", **more}
    for number, row in enumerate(rows):
        data |= {f"item-{number}-{name}": value for name, value in row.items()}
    return data


def test_walks_a_month_without_script(cast, as_):
    client = as_(cast.secretary)
    assert "拟计划" in client.get(PLAN).content.decode()
    assert client.post(PLAN, {"act": "draft"}).status_code == 302
    rows = [{"text": "主题党日", "due": "2025-03-31", "kind": "themed-day", "owner": cast.members[5].pk},
            {"text": "修订制度", "due": "2025-03-28"}, {"text": "", "due": ""}]  # fmt: skip
    assert client.post(PLAN, table(rows)).status_code == 302
    assert list(Task.objects.values_list("text", flat=True)) == ["修订制度", "主题党日"]
    page = client.get(PLAN).content.decode()
    assert "修订制度" in page
    meeting = hold(cast, "committee-meeting", date(2025, 3, 3))
    assert client.post(PLAN, {"act": "approve", "meeting": meeting.pk}).status_code == 302
    page = client.get(PLAN).content.decode()
    assert f"/activities/GW-01/{meeting.pk}/" in page
    assert "月初以后才通过" in page
    assert client.post(PLAN, {"act": "settle"}).status_code == 422  # the month is not over
    assert set(Task.objects.values_list("state", flat=True)) == {State.OPEN}


def test_keeps_what_was_typed_when_it_is_refused(cast, as_):
    client = as_(cast.secretary)
    client.post(PLAN, {"act": "draft"})
    answer = client.post(PLAN, table([{"text": "下个月的事", "due": "2025-04-02"}]))
    assert answer.status_code == 422
    assert "下个月的事" in answer.content.decode()
    assert "不在这个月里" in answer.content.decode()
    answer = client.post(PLAN, table([{"text": "别人先存了", "due": "2025-03-30"}], version="7"))
    assert answer.status_code == 409
    assert "别人先存了" in answer.content.decode()
    for version in ("x", "", "9" * 30):
        assert client.post(PLAN, table([{"text": "乱写", "due": "2025-03-30"}], version=version)).status_code == 409


def test_requires_the_right_person(cast, as_):
    services.draft_plan(cast.secretary, cast.branch, date(2025, 3, 1), DAY, at=NOW)
    assert as_(cast.outsider).get(PLAN).status_code == 404
    assert as_(cast.outsider).get(LIST).status_code == 404
    page = as_(cast.member).get(PLAN)
    assert page.status_code == 200
    assert page.context["plan"] is None  # a draft is the committee's
    assert as_(cast.member).post(PLAN, {"act": "draft"}).status_code == 403
    assert as_(cast.member).get(LIST + "new/").status_code == 403
    administrator = Account.objects.create_user("keeper", "Kept-Safe-2025", office="system")
    assert "计划不对这个账号开放" in as_(administrator).get(LIST).content.decode()
    assert as_(administrator).get(PLAN).context["plan"] is None


@pytest.mark.parametrize("month", ["2025-13", "9999", "0000-01", "2025-3"])
def test_a_month_that_never_was_is_not_there(cast, as_, month):
    assert as_(cast.secretary).get(f"/plans/GW-01/month/{month}/").status_code == 404


def test_a_list_is_set_up_broken_out_and_closed(cast, as_):
    client = as_(cast.clerk)
    data = {"form": "campaign", "title": "党建年", "issuer": "机关工委", "since": "2025-03-01", "until": "2025-12-31",
            "pack": "pledges", "bodies": [cast.branch.pk]}  # fmt: skip
    answer = client.post("/plans/GW/new/", data)
    origin = Origin.objects.get()
    assert answer["Location"] == f"/plans/GW/{origin.pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert "党员作出承诺" in page
    assert "模板是地方做法" in page
    added = client.post(
        answer["Location"], {"act": "add", "text": "每月一次", "kind": "themed-day", "per": "month", "count": 1}
    )
    assert added.status_code == 302
    assert origin.duties.count() == 1
    assert client.post(answer["Location"], {"act": "close", "summary": "做了一些事"}).status_code == 422
    assert "上级的清单和活动" in as_(cast.secretary).get(LIST).content.decode()
    assert as_(cast.secretary).get(f"/plans/GW-01/{origin.pk}/").status_code == 404
    assert as_(cast.clerk).post(answer["Location"], {"act": "nonsense"}).status_code == 403


def test_asks_as_much_for_three_rows_as_for_one(cast, as_, django_assert_max_num_queries):
    def more(number):
        about = About("project", f"项目{number}", date(2025, 1, 1))
        origin = origins.found_origin(cast.secretary, cast.branch, about, DAY, at=NOW)
        origins.add_asked(cast.secretary, origin, Asked("一件事", owner=cast.members[number]), DAY, at=NOW)

    more(1)
    client = as_(cast.secretary)
    client.get(LIST)
    with django_assert_max_num_queries(14) as one:
        client.get(LIST)
    asked = len(one)
    more(2)
    more(3)
    with django_assert_max_num_queries(asked):
        client.get(LIST)


def test_the_plan_asks_as_much_for_twenty_items_as_for_one(cast, as_, django_assert_max_num_queries):
    client = as_(cast.secretary)
    client.post(PLAN, {"act": "draft"})
    client.post(PLAN, table([{"text": "一", "due": "2025-03-31", "owner": cast.members[1].pk}]))
    client.get(PLAN)
    with django_assert_max_num_queries(24) as one:
        client.get(PLAN)
    asked = len(one)
    rows = [{"text": f"第{n}件", "due": "2025-03-31", "owner": cast.members[n % 5].pk} for n in range(20)]
    client.post(PLAN, table(rows, version="2"))
    assert Task.objects.count() == 20
    with django_assert_max_num_queries(asked):
        client.get(PLAN)
