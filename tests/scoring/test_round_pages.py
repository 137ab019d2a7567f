"""The pages of a round: table, trial, weights, order, the year before, files."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import _organization
from tests.ledger.records import hold
from tests.scoring.conftest import (
    DAY,
    NOW,
    REPORT,
    YEAR_END,
    another_clerk,
    graded,
    opinion,
    reload,
    reported,
    tried,
)
from tests.scoring.test_pages import page_of
from zhibu.duties.models import Form, Origin, OriginState
from zhibu.org.models import Account, JournalEntry
from zhibu.scoring import grading, queries, services, settling
from zhibu.scoring.grading import Part
from zhibu.scoring.models import Evaluation, Ranking, State
from zhibu.scoring.reading import load_schemes
from zhibu.tasks.models import State as TaskState
from zhibu.tasks.models import Task

ROUND = f"/scoring/GW/rounds/{YEAR_END}/2024/"
REPORTS = f"/scoring/GW/rounds/{REPORT}/2024/"
NAMES = ("", "weights/", "order/", "before/", "table.xlsx", "table.csv")


def plan_items(cast, body, done, open=0, form=Form.PLAN):
    origin = Origin.objects.create(
        organization=body, form=form, title=f"六月{form}", since=date(2024, 6, 1), until=date(2024, 6, 30),
        state=OriginState.IN_FORCE, made_at=NOW, made_by=cast.clerk,
    )  # fmt: skip
    for number in range(done + open):
        # Without a deadline of its own an item is due when the plan ends.
        closed = number < done
        Task.objects.create(
            organization=body, given_by=body, origin=origin, text=f"事项{number}", made_at=NOW, made_by=cast.clerk,
            state=TaskState.CLOSED if closed else TaskState.MOVED, closed_on=date(2024, 6, 20) if closed else None,
        )  # fmt: skip


def settled(cast):
    """Both branches frozen, with different points and all of them certain."""
    plan_items(cast, cast.branch, 9, 1)
    plan_items(cast, cast.other, 5, 5)
    clerk = another_clerk(cast)
    rows = tried(cast, cast.branch, cast.other)
    for one in rows:
        opinion(clerk, one, effect="strong")
    grading.freeze(clerk, [one.pk for one in rows], DAY, at=NOW)
    return clerk, rows


def rank(cast, wanted=True):
    scheme, _data = load_schemes()[YEAR_END]
    settling.switch_ranking(cast.clerk, cast.committee, scheme, 2024, DAY, wanted=wanted, at=NOW)


def test_a_trial_shows_all_bodies_before_anything_is_asked_of_anyone(cast, as_):
    plan_items(cast, cast.branch, 9, 1)
    hold(cast, "lecture", date(2024, 3, 5), title="讲讲支部工作条例")
    client = as_(cast.clerk)
    assert f"rounds/{YEAR_END}/2025/" in client.get("/scoring/GW/").content.decode()
    page = client.get(ROUND)
    text = page.content.decode()
    assert "没有通知任何组织" in text
    assert [one.evaluation.organization for one in page.context["entries"]] == [cast.branch, cast.other]
    assert page.context["entries"][0].weighed.points["plan-items"].low == 18
    detail = client.get(f"{ROUND}trial/GW-01/").content.decode()
    assert "到期任务10项，按时办结9项" in detail
    assert "讲讲支部工作条例" in detail
    assert not Evaluation.objects.exists()
    assert not JournalEntry.objects.exists()
    for name in NAMES:
        assert client.get(ROUND + name).status_code == 200
    assert client.get(f"/scoring/GW/ask/?scheme={YEAR_END}&year=2024").status_code == 200


def test_a_round_is_frozen_published_and_closed_as_a_whole_without_script(cast, as_, monkeypatch):
    from django.utils import timezone

    clerk, judge = cast.clerk, another_clerk(cast)
    rows = tried(cast, cast.branch, cast.other)
    client = as_(clerk)
    assert "2项还在试算" in client.get(ROUND).content.decode()
    assert client.post(ROUND, {"act": "freeze"}).status_code == 302
    assert {reload(one).state for one in rows} == {State.VERIFIED}
    refused = client.post(ROUND, {"act": "publish", "until": "2025-03-21"})
    assert refused.status_code == 422
    assert "不能早于2025年3月27日" in refused.content.decode()
    assert 'value="2025-03-21"' in refused.content.decode()
    for one in rows:
        settling.set_level(judge, reload(one), "一般", "台账不全", reload(one).version, DAY, at=NOW)
    assert client.post(ROUND, {"act": "publish", "until": ""}).status_code == 302
    assert reload(rows[0]).objection_until == date(2025, 3, 27)
    settling.object_to(cast.secretary, reload(rows[0]), "计划事项少算一件", DAY, at=NOW)
    assert "计划事项少算一件" in client.get(ROUND).content.decode()
    monkeypatch.setattr(timezone, "localdate", lambda *moment: moment[0].date() if moment else date(2025, 4, 20))
    assert client.post(ROUND, {"act": "close"}).status_code == 302
    # What was objected to waits for its answer.
    assert [reload(one).state for one in rows] == [State.PUBLISHED, State.CLOSED]


def test_every_point_opens_its_evidence(cast, as_):
    _clerk, rows = settled(cast)
    page = as_(cast.clerk).get(ROUND).content.decode()
    for one in rows:
        for part in ("plans", "ledger"):
            assert f'href="{page_of(one)}#part-{part}"' in page
    shown = as_(cast.clerk).get(page_of(rows[0])).content.decode()
    assert 'id="part-plans"' in shown
    assert shown.count("/tasks/GW-01/") >= 10


def test_no_order_until_it_is_switched_on(cast, as_):
    settled(cast)
    client = as_(cast.clerk)
    page = client.get(ROUND + "?order=place")
    assert not page.context["by_place"]
    assert "名次怎样会变" not in page.content.decode()
    assert page.context["round"].places == {}
    assert "没有启用名次" in client.get(ROUND + "order/").content.decode()
    assert client.get(ROUND + "order/").context["rows"] == []
    assert client.post(ROUND, {"act": "rank-on"}).status_code == 302
    assert JournalEntry.objects.get(verb="rank-on").account == cast.clerk
    page = client.get(ROUND)
    assert [one.evaluation.organization for one in page.context["entries"]] == [cast.branch, cast.other]
    assert "名次怎样会变" in page.content.decode()
    assert client.get(ROUND + "?order=place").context["by_place"]
    assert client.post(ROUND, {"act": "rank-off"}).status_code == 302
    assert not Ranking.objects.exists()


def test_what_would_change_the_order(cast, as_):
    settled(cast)
    rank(cast)
    page = as_(cast.clerk).get(ROUND + "order/")
    [row] = page.context["rows"]
    assert (row["upper"].evaluation.organization, row["lower"].evaluation.organization) == (cast.branch, cast.other)
    assert page.context["unplaced"] == 0
    # Of the twenty points for the plan's items one has 18, the other 10, and all else is the same.
    assert row["swap"].points == Decimal("8.01")
    assert "档案馆党支部多得8.01分就会对调" in page.content.decode()
    assert [item.slug for item in row["swap"].items][:1] == ["meetings"]
    assert "只改一个部分的权重，先后不会对调。" in page.content.decode()
    found = as_(cast.clerk).get(ROUND).context["round"]
    assert [(place.best, place.worst) for place in found.places.values()] == [(1, 1), (2, 2)]


def test_other_weights_are_tried_and_nothing_is_stored(cast, as_):
    settled(cast)
    client = as_(cast.clerk)
    tried_weights = {"w-plans": "65", "w-lists": "0", "w-disclosure": "15", "w-ledger": "15", "w-seen": "5"}
    page = client.get(ROUND + "weights/", tried_weights)
    assert page.status_code == 200
    for row in page.context["rows"]:
        assert row["share"].low > row["entry"].share.low
    assert 'value="65"' in page.content.decode()
    assert client.get(ROUND + "weights/").context["rows"] == []
    assert Evaluation.objects.get(organization=cast.branch).scheme_version == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"w-plans": "66"}, "合计101分，应为100分"),
        ({"w-plans": "-1"}, ""),
        ({"w-plans": "NaN"}, ""),
        ({"w-plans": "many"}, "many"),
        ({"w-plans": ""}, ""),
        ({"w-plans": "9" * 40}, ""),
        ({"w-plans": "1.234"}, ""),
    ],
)
def test_weights_that_do_not_add_up_are_refused(cast, as_, more, words):
    settled(cast)
    good = {"w-plans": "65", "w-lists": "0", "w-disclosure": "15", "w-ledger": "15", "w-seen": "5"}
    answer = as_(cast.clerk).get(ROUND + "weights/", good | more)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert answer.context["rows"] == []


def test_the_year_before_is_held_against_this_one(cast, as_):
    settled(cast)
    assert "上年没有评价" in as_(cast.clerk).get(ROUND + "before/").content.decode()
    offered = queries.schemes_for(cast.committee)[YEAR_END]
    services.ask_evaluations(cast.clerk, cast.committee, offered, 2023, [cast.branch], at=NOW)
    page = as_(cast.clerk).get(ROUND + "before/")
    first, second = page.context["rows"]
    assert (first["earlier"].evaluation.year, second["earlier"]) == (2023, None)
    plans = first["parts"][0]
    assert (plans["now"], plans["then"]) == (Decimal(90), None)
    assert "没有评价" in page.content.decode()


def test_files_are_what_the_table_shows_and_no_formula(cast, as_):
    settled(cast)
    cast.other.name = "=HYPERLINK(1)"
    cast.other.save()
    client = as_(cast.clerk)
    answer = client.get(ROUND + "table.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["代码", "组织", "月计划（25）"]
    assert [row[0] for row in rows[1:]] == ["GW-01", "GW-02"]
    assert rows[1][2] == "18"
    assert rows[2][1] == "'=HYPERLINK(1)"
    assert "名次" not in rows[0]
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(ROUND + "table.xlsx").content))
    sheet = book.get_sheet_by_index(0).to_python()
    assert sheet[1][:3] == ["GW-01", cast.branch.name, 18.0]
    assert sheet[2][1] == "=HYPERLINK(1)"
    assert JournalEntry.objects.filter(verb="export-round").count() == 2
    assert client.get(ROUND + "table.exe").status_code == 404
    rank(cast)
    assert "名次" in client.get(ROUND + "table.csv").content.decode()


def test_persons_are_never_held_against_each_other(cast, as_):
    rows = reported(cast)
    client = as_(another_clerk(cast))
    page = client.get(REPORTS).content.decode()
    assert "闻知远" in page
    for word in ("启用名次", "试调权重", "与上年比"):
        assert word not in page
    for name in ("weights/", "order/", "before/"):
        assert client.get(REPORTS + name).status_code == 404
    answer = client.post(REPORTS, {"act": "rank-on"})
    assert answer.status_code == 422
    assert "不排名次" in answer.content.decode()
    # Even if somebody put the switch into the database.
    Ranking.objects.create(committee=cast.committee, scheme=REPORT, year=2024, at=NOW, by=cast.clerk)
    page = client.get(REPORTS + "?order=place")
    assert page.context["round"].places == {}
    assert [one.evaluation.pk for one in page.context["entries"]] == [one.pk for one in rows]
    assert "名次" not in client.get(REPORTS + "table.csv").content.decode()
    assert client.get(f"/scoring/GW/rounds/{REPORT}/2023/").status_code == 404
    assert client.get(f"/scoring/GW/rounds/{REPORT}/2024/trial/GW-01/").status_code == 404


def test_requires_the_right_person(cast, as_):
    settled(cast)
    keeper = Account.objects.create_user("keeper", "Kept-Safe-2025", office="system")
    for name in (*NAMES, "trial/GW-01/"):
        for account in (cast.secretary, cast.member, cast.outsider):
            assert as_(account).get(ROUND + name).status_code == 404
        assert as_(keeper).get(ROUND + name).status_code == 403
        # A branch has no round, nor may it read another committee's by its own address.
        assert as_(cast.secretary).get((ROUND + name).replace("/GW/", "/GW-01/")).status_code == 403
    for act in ("freeze", "publish", "close", "rank-on"):
        assert as_(cast.secretary).post(ROUND, {"act": act}).status_code == 404
        assert as_(keeper).post(ROUND, {"act": act}).status_code == 403
    assert as_(cast.clerk).post(ROUND, {"act": "nonsense"}).status_code == 404
    assert not Ranking.objects.exists()


@pytest.mark.parametrize("year", ["0", "1066", "2026", "99999", "9" * 30])
def test_a_strange_year_or_scheme_is_not_there(cast, as_, year):
    for name in NAMES:
        assert as_(cast.clerk).get(f"/scoring/GW/rounds/{YEAR_END}/{year}/{name}").status_code == 404
    assert as_(cast.clerk).get("/scoring/GW/rounds/none/2024/").status_code == 404
    assert as_(cast.clerk).get(f"{ROUND}trial/XX/").status_code == 404
    assert as_(cast.clerk).get(f"{ROUND}trial/GW/").status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_round_takes_as_many_queries_for_three_as_for_one(cast, as_, django_assert_num_queries, name):
    third = _organization(cast.committee, "GW-03", "青禾县气象局党支部", "branch")
    client = as_(cast.clerk)
    tried(cast, cast.branch)
    rank(cast)
    client.get(ROUND + name)
    with CaptureQueriesContext(connection) as one:
        client.get(ROUND + name)
    tried(cast, cast.other, third)
    with django_assert_num_queries(len(one)):
        client.get(ROUND + name)


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_sheet_is_a_paper(cast, as_, form):
    report = graded(cast.clerk, reported(cast, Part(cast.branch, cast.secretary.member))[0])
    answer = as_(cast.clerk).get(page_of(report, f"sheet.{form}"))
    assert answer.status_code == 200
    assert JournalEntry.objects.filter(verb="export-evaluation").count() == 1
    if form == "docx":
        from zhibu.documents.read import read_document

        text = read_document(answer.content, "x.docx").text
        for words in ("民主测评加权得分率86%", "样例第七条", "闻知远", "青禾县县直机关工委", "34.4"):
            assert words in text
    else:
        assert answer.content[:5] == b"%PDF-"
    assert as_(cast.clerk).get(page_of(report, "sheet.exe")).status_code == 422
    for account in (cast.secretary, cast.member, cast.outsider):
        assert as_(account).get(page_of(report, f"sheet.{form}")).status_code == 404


def test_it_is_begun_from_the_trial_and_the_bodies_are_told_nothing(cast, as_):
    from zhibu.notices.models import Notice

    client = as_(cast.clerk)
    page = client.get(f"/scoring/GW/ask/?scheme={YEAR_END}&year=2024").content.decode()
    assert "公布以前，所评的组织看不到" in page
    data = {"scheme": YEAR_END, "year": "2024", "bodies": [cast.branch.pk, cast.other.pk]}
    answer = client.post("/scoring/GW/ask/", data)
    assert (answer.status_code, answer.headers["Location"]) == (302, ROUND)
    assert {one.state for one in Evaluation.objects.all()} == {State.TRIAL}
    assert not Notice.objects.exists()
    assert REPORT not in client.get("/scoring/GW/ask/").content.decode()


OPINIONS = ROUND + "opinions/"


def test_the_committee_gives_its_opinion_of_all_at_once(cast, as_):
    first, second = tried(cast, cast.branch, cast.other)
    client = as_(cast.clerk)
    page = client.get(OPINIONS).content.decode()
    assert f'name="choice-{first.pk}"' in page
    # The second branch is the clerk's own.
    assert f'name="choice-{second.pk}"' not in page
    data = {"item": "effect", f"choice-{first.pk}": "some", f"version-{first.pk}": first.version}
    own = {f"choice-{second.pk}": "strong", f"version-{second.pk}": second.version}
    assert client.post(OPINIONS, data | own).status_code == 302
    assert queries.answers_of(reload(first))["effect"].choice == "some"
    assert queries.answers_of(reload(second)) == {}
    assert 'value="some" checked' in client.get(OPINIONS).content.decode()


@pytest.mark.parametrize("more", [{"choice": "grand"}, {"version": "9"}, {"version": "x"}, {"version": ""}])
def test_refuses_bad_opinions_all_or_none(cast, as_, more):
    clerk = another_clerk(cast)
    first, second = tried(cast, cast.branch, cast.other)
    data = {"item": "effect"}
    for one in (first, second):
        data |= {f"choice-{one.pk}": "some", f"version-{one.pk}": one.version}
    wrong = {f"{name}-{second.pk}": value for name, value in more.items()}
    answer = as_(clerk).post(OPINIONS, data | wrong)
    assert answer.status_code == 422
    assert "青禾县档案馆党支部：" in answer.content.decode()
    assert 'value="some" checked' in answer.content.decode()
    assert queries.answers_of(reload(first)) == {}


def test_opinions_are_for_the_committee_and_before_publication(cast, as_):
    assert as_(cast.clerk).get(OPINIONS).status_code == 404
    [first] = tried(cast, cast.branch)
    data = {"item": "effect", f"choice-{first.pk}": "some", f"version-{first.pk}": first.version}
    for account in (cast.secretary, cast.member, cast.outsider):
        assert as_(account).post(OPINIONS, data).status_code == 404
    keeper = Account.objects.create_user("keeper", "Kept-Safe-2025", office="system")
    assert as_(keeper).get(OPINIONS).status_code == 403
    Evaluation.objects.filter(pk=first.pk).update(state=State.PUBLISHED)
    assert as_(cast.clerk).post(OPINIONS, data).status_code == 302
    assert queries.answers_of(reload(first)) == {}
    assert "结果公布以后，不再评定" in as_(cast.clerk).get(OPINIONS).content.decode()


def test_the_page_of_opinions_takes_as_many_queries_for_three_as_for_one(cast, as_, django_assert_num_queries):
    third = _organization(cast.committee, "GW-03", "青禾县气象局党支部", "branch")
    client = as_(cast.clerk)
    tried(cast, cast.branch)
    client.get(OPINIONS)
    with CaptureQueriesContext(connection) as one:
        client.get(OPINIONS)
    tried(cast, cast.other, third)
    with django_assert_num_queries(len(one)):
        client.get(OPINIONS)
