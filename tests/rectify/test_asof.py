"""Last year's problems in the snapshot, as of a day; the report that begins with them; the checker that asks."""

import json
from datetime import date

import pytest

from tests.ledger.records import hold
from tests.rectify.conftest import DAY
from tests.rectify.problems import measure_of, noon, problem_of, solve
from tests.reports.year import a_year
from zhibu.checks import check, parse_facts
from zhibu.ledger.snapshots import as_file, register_part, snapshot_data, take_snapshot, verify_file
from zhibu.rectify import services
from zhibu.rectify.models import Problem
from zhibu.reports.claims import evaluate, problems_behind
from zhibu.reports.composing import Writer, compose, gaps, to_document, values
from zhibu.reports.outlines import outline_named
from zhibu.reports.services import start_report
from zhibu.tasks import services as tasks

END, END_OF_YEAR = date(2025, 12, 20), date(2025, 12, 31)
WRITER = Writer("闻知远", "书记", "青禾县水文站党支部", "青禾县县直机关工委", "2025年12月20日")


@pytest.fixture
def year(cast, monkeypatch):
    """Two problems of 2024, one solved in March by a record; one of 2023 that nobody took up and that came back."""
    a_year(cast)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *at: at[0].date() if at else DAY)
    solved, again = problem_of(cast, "公开栏更新慢"), problem_of(cast, "党课内容与业务脱节", source="inspection")
    old = problem_of(cast, "党课内容和业务脱节", 2023)
    services.confirm_again(cast.clerk, again, old)
    record = hold(cast, "committee-meeting", date(2025, 3, 18), title="三月支委会")
    solve(cast, measure_of(cast, solved, "定专人更新公开栏"), evidence=[record], text="三期都按时换了")
    measure_of(cast, again, "每季度讲一次业务党课", due=date(2025, 12, 31))
    return record


def of(cast, on=END, year=2025):
    return snapshot_data(cast.branch, year, on)


def report(cast):
    data = of(cast)
    body = compose(outline_named("branch-secretary"), data, WRITER)
    return data, body, to_document(body, data, WRITER)


def test_a_snapshot_holds_last_years_problems_with_what_was_done(cast, year):
    solved, again, old = of(cast)["problems"]
    assert (solved["text"], solved["state"], solved["closed"], solved["source"]) == (
        "公开栏更新慢", "closed", "2025-03-20", "review",
    )  # fmt: skip
    assert solved["measures"] == [
        {"text": "定专人更新公开栏", "owner": "温汝舟", "due": "2025-06-30", "state": "closed",
         "said": "三期都按时换了", "returned": "", "closed": "2025-03-20", "evidence": [year.pk]},
    ]  # fmt: skip
    assert (again["again"], again["state"], again["measures"][0]["state"]) == (2023, "in-hand", "open")
    assert (old["year"], old["state"], old["measures"]) == (2023, "bare", [])


def test_a_past_day_gives_the_answer_it_gave_then(cast, year):
    assert "problems" not in of(cast, on=date(2025, 3, 19))  # all of it was written down a day later
    problem = Problem.objects.get(text="公开栏更新慢")
    task = problem.measures.get()
    before = of(cast)["problems"]
    services.return_problem(cast.clerk, problem, "又停了", DAY, at=noon(date(2025, 12, 21)))
    tasks.move_deadline(cast.clerk, task, date(2026, 3, 31), "重新安排", DAY, at=noon(date(2025, 12, 22)))
    assert of(cast)["problems"] == before
    [later, *_rest] = of(cast, on=date(2025, 12, 23))["problems"]
    assert (later["state"], later["measures"][0]["due"]) == ("in-hand", "2026-03-31")
    assert (later["measures"][0]["said"], later["measures"][0]["returned"]) == ("", "又停了")
    assert (
        "被退回（又停了），正在办理（时限2026年3月31日）"
        in evaluate(f"answer {problem.pk}", of(cast, on=END_OF_YEAR)).text
    )
    late = evaluate(f"answer {problem.pk}", of(cast, on=date(2026, 6, 1), year=2026)).text
    assert "（已过时限2026年3月31日）" in late
    [still, *_rest] = of(cast, on=date(2026, 6, 1), year=2026)["problems"]
    assert (still["text"], still["state"]) == ("公开栏更新慢", "overdue")


def test_a_year_without_problems_has_the_hash_it_always_had(cast):
    a_year(cast)
    before = take_snapshot(cast.secretary, cast.branch, 2025, END)
    assert "problems" not in before.contents()
    problem_of(cast, "别的支部的问题", body=cast.other)
    problem_of(cast, "今年的问题", 2025, source="self", finder=cast.branch)
    assert take_snapshot(cast.secretary, cast.branch, 2025, END) == before
    problem_of(cast, "公开栏更新慢")
    after = take_snapshot(cast.secretary, cast.branch, 2025, END)
    assert after != before
    assert verify_file(as_file(after))
    with pytest.raises(ValueError, match="twice"):
        register_part("problems", lambda *_: None)


def test_the_report_begins_with_them(cast, year):
    data, body, document = report(cast)
    text = document.text
    assert "共3个，其中述职评议指出2个，巡察反馈1个。已整改1个，还没有整改完2个。" in text
    assert "一是“公开栏更新慢”。已整改：定专人更新公开栏，3月20日核实完成：三期都按时换了。" in text
    assert (
        "二是“党课内容与业务脱节”（2023年也曾指出）。还没有整改完：每季度讲一次业务党课，正在办理（时限2025年12月31日）。"
        in text
    )
    assert "三是“党课内容和业务脱节”。【待补：这个问题的整改措施和结果】" in text
    assert "这个问题的整改措施和结果" in gaps(body)
    assert "上年度指出的每个问题、整改措施和结果" not in gaps(body)
    found = values(body, data, WRITER.name)
    by_query = {body["claims"][number]: claim for number, claim in found.items()}
    assert by_query["solved"].evidence == (year.pk,)
    assert all(claim is not None for claim in found.values())
    one, two, three = data["problems"]
    assert problems_behind("found", data) == [one, two, three]
    assert problems_behind("found review", data) == [one, three]
    assert problems_behind("unsolved", data) == [two, three]
    assert problems_behind(f"answer {two['id']}", data) == [two]
    assert problems_behind("count lecture", data) == []


def test_a_year_without_problems_keeps_the_gap(cast):
    a_year(cast)
    _data, body, _document = report(cast)
    assert "上年度指出的每个问题、整改措施和结果" in gaps(body)
    assert not [query for query in body["claims"].values() if query.startswith(("found", "problem"))]


def test_words_of_a_problem_are_never_read_as_claims(cast):
    a_year(cast)
    problem_of(cast, "[[count lecture]]{item}[[gap x]]没有改")
    _data, body, document = report(cast)
    assert "“[[count lecture]]{item}[[gap x]]没有改”" in document.text
    assert "x" not in gaps(body)


def test_the_checker_asks_for_each_of_them(cast, year):
    data, _body, document = report(cast)
    facts = parse_facts(json.loads(json.dumps(data)))
    assert facts.problems == ("公开栏更新慢", "党课内容与业务脱节", "党课内容和业务脱节")
    found = check(document.text, year=2025, facts=facts)
    assert not {"RE08", "FA02", "FA16"} & {finding.code for finding in found}
    [bare] = [finding.excerpt for finding in found if finding.code == "RE09"]  # nothing was done about the third
    assert "党课内容和业务脱节" in bare
    without = document.text.replace("公开栏", "门窗").replace("更新", "修理")
    [missing] = [one for one in check(without, year=2025, facts=facts) if one.code == "RE08"]
    assert "公开栏更新慢" in missing.message.text()


def test_a_figure_opens_the_problems_behind_it(cast, year, as_):
    report = start_report(cast.secretary, cast.branch, 2025, cast.members[0], END, at=noon(END))
    [solved] = [number for number, query in report.body["claims"].items() if query == "solved"]
    page = as_(cast.secretary).get(f"/reports/GW-01/{report.pk}/claims/{solved}/").content.decode()
    problem = Problem.objects.get(text="公开栏更新慢")
    assert f'href="/rectify/GW-01/{problem.pk}/"' in page
    assert "三月支委会" in page
    assert "党课内容与业务脱节" not in page
