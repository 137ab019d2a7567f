"""The register, the committee's register, the form, the page of one problem, the three lists and their files."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rectify.conftest import NOW
from tests.rectify.problems import measure_of, problem_of, solve
from zhibu.documents.read import read_document
from zhibu.org.models import Account, JournalEntry, Organization
from zhibu.rectify import services
from zhibu.rectify.models import Problem
from zhibu.rectify.services import Recurring
from zhibu.tasks.models import State, Task

OWN, BELOW = "/rectify/GW-01/", "/rectify/GW/below/"
HOSTILE = "<script>alert(1)</script>公开栏更新慢"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("zhibu.rectify.views.now", lambda: NOW)


def texts(answer):
    return [one.text for one in answer.context["page"]]


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_the_register_lists_and_narrows(cast, as_):
    first = problem_of(cast, "公开栏更新慢", 2023)
    problem_of(cast, "会议记录不规范", 2024, source="inspection")
    again = problem_of(cast, "公开栏更新慢", 2024)
    services.confirm_again(cast.clerk, again, first)
    solve(cast, measure_of(cast, first))
    late = measure_of(cast, again)
    Task.objects.filter(pk=late.pk).update(due=date(2025, 3, 1))
    client = as_(cast.member)
    assert texts(client.get(OWN)) == ["公开栏更新慢", "会议记录不规范", "公开栏更新慢"]
    for query, found in {
        "year=2023": [first], "source=inspection": ["会议记录不规范"], "state=overdue": [again],
        "state=closed": [first], "state=again": [again], "state=bare": ["会议记录不规范"],
        "year=x&state=y&source=z": None, "state=all": None,
    }.items():  # fmt: skip
        rows = texts(client.get(f"{OWN}?{query}"))
        assert len(rows) == (3 if found is None else 1), query
        assert found is None or rows == [getattr(found[0], "text", found[0])]
    assert len(texts(client.get(f"{OWN}?state=open"))) == 2
    assert "再次出现，2023年已有" in page(client, OWN)
    part = client.get(OWN, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "公开栏更新慢" in part


def test_the_registers_take_the_same_queries_for_one_row_and_three(cast, as_):
    measure_of(cast, problem_of(cast, "公开栏更新慢"))
    counts = {}
    for rows in (1, 3):
        for address, account in ((OWN, cast.member), (BELOW, cast.clerk), (f"{OWN}lists/results/", cast.member)):
            client = as_(account)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            assert counts.setdefault(address, len(queries)) == len(queries), (address, rows)
        if rows == 1:
            for text in ("会议记录不规范", "理论学习走过场"):
                measure_of(cast, problem_of(cast, text))
    assert max(counts.values()) <= 22


def test_requires_the_right_person(cast, as_):
    problem = problem_of(cast, "支部内部的问题")
    mine = f"{OWN}{problem.pk}/"
    for address in (OWN, mine, f"{OWN}lists/problems/", f"{OWN}lists/problems.docx", f"{OWN}new/"):
        assert as_(cast.outsider).get(address).status_code == 404, address
    assert as_(cast.outsider).get(f"/rectify/GW-02/{problem.pk}/").status_code == 404
    office = Account.objects.create_user("keeper", "Kept-Safe-2025", office="system")
    assert texts(as_(office).get(OWN)) == []
    assert "支部内部的问题" not in page(as_(office), OWN)
    assert as_(office).get(mine).status_code == 404
    assert as_(office).get(f"{OWN}lists/problems/").status_code == 403
    assert as_(cast.member).get(f"{OWN}new/").status_code == 403
    for account in (cast.secretary, cast.member):
        assert as_(account).get(BELOW).status_code == 404
    assert as_(office).get(BELOW).headers["Location"] == "/rectify/GW/"
    assert as_(office).post(BELOW).status_code == 403
    assert as_(cast.member).get(f"{OWN}below/").headers["Location"] == OWN
    for act in ("measure", "link", "cause", "return", "correct", "again", "not-again", "drop", "nonsense", ""):
        answer = as_(cast.member).post(mine, {"act": act, "measure-text": "试一试", "cause-text": "试一试"})
        assert answer.status_code == 403, act
    for act in ("correct", "drop", "return"):
        assert as_(cast.secretary).post(mine, {"act": act}).status_code == 403, act
    assert Problem.objects.get().cause == ""
    assert not Task.objects.exists()


def test_a_committee_sees_those_below_and_no_others(cast, as_):
    problem_of(cast, "公开栏更新慢")
    problem_of(cast, "公开栏更新慢", body=cast.other)
    problem_of(cast, "工委自己的问题", body=cast.committee, source="self")
    answer = as_(cast.clerk).get(BELOW)
    assert texts(answer) == ["公开栏更新慢", "公开栏更新慢"]
    assert [(row["kind"], row["found"], row["bare"]) for row in answer.context["sums"]] == [
        ("disclosure", 2, 2), ("", 2, 2),
    ]  # fmt: skip
    assert texts(as_(cast.clerk).get("/rectify/GW/")) == ["工委自己的问题"]


def test_a_committee_first_sees_what_is_not_solved_and_all_when_asked(cast, as_):
    solve(cast, measure_of(cast, problem_of(cast, "公开栏更新慢")))
    problem_of(cast, "会议记录不规范", body=cast.other)
    client = as_(cast.clerk)
    first = client.get(BELOW)
    assert texts(first) == ["会议记录不规范"]
    assert first.context["sums"][-1]["closed"] == 1
    assert len(texts(client.get(f"{BELOW}?state=all"))) == 2
    assert texts(client.get(f"{BELOW}?kind=disclosure")) == []
    assert texts(client.get(f"{BELOW}?kind=disclosure&state=closed")) == ["公开栏更新慢"]


def test_a_problem_is_entered_and_the_earlier_one_confirmed_without_script(cast, as_):
    old = problem_of(cast, "公开栏更新慢，三个月没有换", 2023)
    client = as_(cast.clerk)
    given = {"body": cast.branch.pk, "source": "review", "year": "2024", "found_on": "2025-03-01",
             "text": "公开栏更新慢、三个月没有换", "kind": "", "place": "实地查看"}  # fmt: skip
    answer = client.post("/rectify/GW/new/", given, follow=True)
    problem = Problem.objects.get(origin__year=2024)
    assert answer.redirect_chain == [(f"/rectify/GW/{problem.pk}/", 302)]
    assert (problem.organization, problem.kind, problem.origin.organization) == (
        cast.branch,
        "disclosure",
        cast.committee,
    )
    assert "2023年也有一字不差的问题" in answer.content.decode()
    assert client.post(f"/rectify/GW/{problem.pk}/", {"act": "again", "earlier": "99999"}).status_code == 422
    assert client.post(f"/rectify/GW/{problem.pk}/", {"act": "again", "earlier": old.pk}).status_code == 302
    shown = page(client, f"/rectify/GW/{problem.pk}/")
    assert "再次出现：2023年也有" in shown
    assert "当时没有定措施" in shown
    assert "2024年再次出现" in page(client, f"/rectify/GW/{old.pk}/")


def test_the_form_refuses_bad_input_and_keeps_it(cast, as_):
    given = {"source": "self", "year": "2025", "found_on": "2025-03-01", "text": "公开栏更新慢"}
    for wrong in ({"text": ""}, {"text": "长" * 501}, {"year": "1999"}, {"source": "rumour"}, {"kind": "x"},
                  {"found_on": "2025-03-21"}, {"found_on": "yesterday"}):  # fmt: skip
        answer = as_(cast.secretary).post(f"{OWN}new/", {**given, "place": "记在这里", **wrong})
        assert answer.status_code == 422, wrong
        assert "记在这里" in answer.content.decode()
    for body in (cast.outsider.pk, "x", 10**30):
        assert as_(cast.clerk).post("/rectify/GW/new/", {**given, "body": body}).status_code == 422
    assert not Problem.objects.exists()
    assert as_(cast.secretary).post(f"{OWN}new/", given).status_code == 302
    assert as_(cast.secretary).post(f"{OWN}new/", given).status_code == 422
    assert Problem.objects.get().origin.organization == cast.branch


def test_walks_from_measure_to_closing_and_back_without_script(cast, as_):
    problem = problem_of(cast, HOSTILE)
    mine = f"{OWN}{problem.pk}/"
    terms = {"act": "measure", "measure-text": "定专人每月更新", "measure-owner": cast.members[5].pk,
             "measure-due": "2025-06-30", "measure-count": "1"}  # fmt: skip
    client = as_(cast.secretary)
    for wrong in ({"measure-owner": ""}, {"measure-due": ""}, {"measure-due": "2025-03-01"}, {"measure-text": ""},
                  {"measure-per": "month"}):  # fmt: skip
        answer = client.post(mine, {**terms, **wrong})
        assert answer.status_code == 422, wrong
        assert "定专人每月更新" in answer.content.decode() or wrong == {"measure-text": ""}
    assert not Task.objects.exists()
    assert client.post(mine, terms).status_code == 302
    task = Task.objects.get()
    assert (task.origin, task.given_by, list(task.problems.all())) == (problem.origin, cast.branch, [problem])
    assert client.post(mine, {"act": "cause", "cause-text": "没有定专人"}).status_code == 302
    shown = page(client, mine)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
    assert "&lt;script&gt;" in page(client, f"/tasks/GW-01/{task.pk}/")
    solve(cast, task)
    assert as_(cast.secretary).post(mine, {"act": "return", "return-text": "没改"}).status_code == 403
    clerk = as_(cast.clerk)
    assert clerk.post(f"/rectify/GW/{problem.pk}/", {"act": "return", "return-text": ""}).status_code == 422
    assert clerk.post(f"/rectify/GW/{problem.pk}/", {"act": "return", "return-text": "还是旧的"}).status_code == 302
    assert Task.objects.get().state == State.OPEN
    assert "还是旧的" in page(clerk, f"/rectify/GW/{problem.pk}/")


def test_what_a_committee_asks_for_it_verifies_itself(cast, as_):
    problem = problem_of(cast, "公开栏更新慢")
    terms = {"act": "measure", "measure-text": "定专人更新", "measure-owner": cast.members[5].pk,
             "measure-due": "2025-06-30"}  # fmt: skip
    assert as_(cast.clerk).post(f"/rectify/GW/{problem.pk}/", terms).status_code == 302
    assert Task.objects.get().given_by == cast.committee


def test_the_month_shows_measures_like_other_tasks(cast, as_):
    measure_of(cast, problem_of(cast, "公开栏更新慢"), "本月更新公开栏", due=date(2025, 3, 31))
    part = as_(cast.secretary).get("/tasks/GW-01/due/", headers={"HX-Request": "true"}).content.decode()
    assert "本月更新公开栏" in part
    assert "本月更新公开栏" in page(as_(cast.secretary), "/tasks/GW-01/")


def test_a_measure_that_recurs_is_proposed_for_the_months_plan_and_shown_beside_it(cast, as_, monkeypatch):
    monkeypatch.setattr("zhibu.plans.views.now", lambda: NOW)
    problem = problem_of(cast, "党课内容与业务脱节")
    terms = {"text": "每月讲一次业务党课", "due": date(2025, 6, 30)}
    measure_of(cast, problem, **terms, recurring=Recurring("lecture", 1, "month"))
    measure_of(cast, problem, "四月定好全年题目", due=date(2025, 4, 15))
    client, plan = as_(cast.secretary), "/plans/GW-01/month/2025-04/"
    assert client.post(plan, {"act": "draft"}).status_code == 302
    shown = client.get(plan)
    assert "每月讲一次业务党课" in [item.text for item in shown.context["items"]]
    assert "四月定好全年题目" in [task.text for task in shown.context["tasks"]]


def test_the_three_lists_say_the_same_on_page_and_paper(cast, as_):
    solved, left = problem_of(cast, "公开栏更新慢", cause="没有定专人"), problem_of(cast, "会议记录不规范")
    task = measure_of(cast, solved, "定专人更新")
    solve(cast, task)
    client = as_(cast.member)
    wanted = {
        "problems": ["公开栏更新慢", "党务公开", "没有定专人"],
        "duties": ["定专人更新", "温汝舟", "2025年6月30日", "未定措施"],
        "results": ["已经修订，开会通过", "闻知远，2025年3月20日", "未定措施", left.text],
    }  # fmt: skip
    for which, words in wanted.items():
        shown = page(client, f"{OWN}lists/{which}/")
        for form in ("docx", "pdf"):
            answer = client.get(f"{OWN}lists/{which}.{form}")
            assert answer.status_code == 200
            paper = "".join(read_document(answer.content, f"x.{form}").text.split())
            assert "共有问题2个，已整改1个" in paper
            for word in words if form == "docx" else ():  # of a PDF's narrow columns each line is read on its own
                assert word in shown, (which, word)
                assert word in paper, (which, word)
    assert JournalEntry.objects.filter(verb="print-problems").count() == 6
    assert "公开栏更新慢" not in page(as_(cast.clerk), "/rectify/GW/lists/problems/")
    assert "公开栏更新慢" in page(as_(cast.clerk), "/rectify/GW/lists/problems/?whose=below")
    assert client.get(f"{OWN}lists/nonsense/").status_code == 404
    assert client.get(f"{OWN}lists/problems.exe").status_code == 404


def test_a_committee_hands_on_what_an_ended_body_left(cast, as_):
    problem = problem_of(cast, "公开栏更新慢")
    assert "继续整改" not in page(as_(cast.clerk), BELOW)
    Organization.objects.filter(pk=cast.branch.pk).update(ended=date(2025, 3, 1))
    client = as_(cast.clerk)
    assert "由哪个组织继续整改" in page(client, BELOW)
    for member in cast.members[:6]:
        member.statuses.update(until=date(2025, 3, 1))
        member.statuses.create(organization=cast.other, status="full", since=date(2025, 3, 1))
    assert client.get(BELOW).context["passing"]["successor"].value() == cast.other.pk
    for wrong in ({}, {"ended": cast.other.pk, "successor": cast.branch.pk}, {"ended": cast.branch.pk}):
        assert client.post(BELOW, wrong).status_code == 422
    assert client.post(BELOW, {"ended": cast.branch.pk, "successor": cast.other.pk}).status_code == 302
    assert Problem.objects.get(pk=problem.pk).organization == cast.other
