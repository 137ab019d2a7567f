"""The grade of a report: a part of the year, votes and opinions, frozen; a round at once."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.ledger.records import hold
from tests.scoring.conftest import DAY, NOW, REPORT, ask, graded, opinion, reload, reported, tried
from tests.scoring.test_services import code_of, point
from zhibu.errors import UserError
from zhibu.org.models import JournalEntry
from zhibu.scoring import access, grading, queries, services
from zhibu.scoring.grading import Part, Vote
from zhibu.scoring.models import Evaluation, State
from zhibu.scoring.reading import FOLDER

JUNE, JULY = date(2024, 6, 30), date(2024, 7, 1)
OFFERED = (FOLDER / REPORT / "scheme.yaml").read_text(encoding="utf-8")


def test_a_report_is_tried_without_asking_its_body_anything(cast):
    first, second = reported(cast)
    assert (first.state, first.member, first.self_assessed) == (State.TRIAL, cast.secretary.member, False)
    assert queries.unanswered(queries.scheme_of(first), queries.points_of(reload(first), DAY)) == []
    assert JournalEntry.objects.filter(verb="begin-evaluation").count() == 2
    assert code_of(reported, cast) == "evaluation-report-there"
    assert second.organization == cast.other


def test_a_vote_without_a_result_is_no_nought(cast):
    [first, _second] = reported(cast)
    assert (point(first, "overall").low, point(first, "overall").high) == (0, 40)
    grading.set_ballots(cast.clerk, {first.pk: {"overall": Vote(None)}}, at=NOW)
    assert point(first, "overall").state == "unknown"
    grading.set_ballots(cast.clerk, {first.pk: {"overall": Vote(Fraction(43, 50), "测评", "/x/1/")}}, at=NOW)
    told = point(first, "overall")
    assert (told.low, told.high, told.by) == (Decimal("34.4"), Decimal("34.4"), "ballot")
    assert reload(first).version == 3


@pytest.mark.parametrize(
    ("question", "vote", "code"),
    [
        ("nothing", Vote(Fraction(1)), "evaluation-question"),
        ("overall", Vote(Fraction(3, 2)), "evaluation-share"),
        ("overall", Vote(Fraction(-1, 2)), "evaluation-share"),
    ],
)
def test_a_strange_vote_is_refused(cast, question, vote, code):
    [first, _second] = reported(cast)
    assert code_of(grading.set_ballots, cast.clerk, {first.pk: {question: vote}}, at=NOW) == code
    assert reload(first).ballots == {}


def test_two_secretaries_of_one_year_are_each_judged_for_their_part(cast):
    first, second = reported(
        cast, Part(cast.branch, cast.secretary.member, until=JUNE), Part(cast.branch, cast.deputy.member, since=JULY)
    )
    for month in (2, 5, 9):
        hold(cast, "lecture", date(2024, month, 10))
    hold(cast, "general-meeting", date(2024, 2, 12))
    assert (point(first, "lectures").low, point(second, "lectures").low) == (8, 4)
    early = {(cell.duty, cell.period) for cell in point(first, "life").cells if cell.duty.endswith("general-meeting")}
    late = {(cell.duty, cell.period) for cell in point(second, "life").cells if cell.duty.endswith("general-meeting")}
    assert sorted(period for _duty, period in early) == ["2024-Q1", "2024-Q2"]
    assert sorted(period for _duty, period in late) == ["2024-Q3", "2024-Q4"]


def test_parts_outside_the_year_or_overlapping_are_refused(cast):
    me = cast.secretary.member
    outside = Part(cast.branch, me, since=date(2023, 12, 1))
    turned = Part(cast.branch, me, JULY, JUNE)
    assert code_of(reported, cast, outside) == code_of(reported, cast, turned) == "evaluation-part"
    both = (Part(cast.branch, me, until=JULY), Part(cast.branch, me, since=JULY))
    assert code_of(reported, cast, *both) == "evaluation-parts-overlap"
    assert code_of(reported, cast, Part(cast.cell, me)) == "evaluation-not-for"
    assert not Evaluation.objects.exists()


def test_a_scheme_is_used_for_what_it_is_about(cast):
    offered = queries.schemes_for(cast.committee)
    asked = services.ask_evaluations
    assert code_of(asked, cast.clerk, cast.committee, offered[REPORT], 2024, [cast.branch], at=NOW) == (
        "evaluation-of-report"
    )
    begun = grading.begin_reports
    part = Part(cast.branch, cast.secretary.member)
    assert code_of(begun, cast.clerk, cast.committee, offered["year-end"], 2024, [part], at=NOW) == "evaluation-of-body"
    own = services.begin_evaluation
    assert code_of(own, cast.secretary, cast.branch, offered["year-end"], 2024, at=NOW) == "evaluation-no-self"


def test_the_opinion_is_the_committees_and_nobody_gives_his_own(cast):
    first, second = reported(cast)
    assert opinion(cast.clerk, first, superior="fairly-good").version == 2
    told = point(first, "superior")
    assert (told.low, told.by, str(told.why[0])) == (16, "opinion", "上级评定：较好。")
    assert JournalEntry.objects.get(verb="give-opinion").data["chosen"] == {"superior": "fairly-good"}
    # The clerk belongs to the second branch.
    for account, evaluation in ((cast.clerk, second), (cast.secretary, first), (cast.outsider, first)):
        assert not access.may_give_opinion(account, reload(evaluation), DAY)
        with pytest.raises(UserError, match="不能核实自己"):
            opinion(account, evaluation, superior="good")
    with pytest.raises(UserError, match="不由上级评定"):
        opinion(cast.clerk, first, overall="good")
    with pytest.raises(UserError, match="没有这个选项"):
        opinion(cast.clerk, first, superior="grand")


def test_a_body_does_not_answer_for_the_committee(cast):
    text = OFFERED.replace("about: report", "about: organization").replace("total: 100", "total: 100\nself: true")
    row = services.write_scheme(cast.clerk, cast.committee, REPORT, text, 2025, at=NOW)
    offered = queries.schemes_for(cast.committee)[row.slug]
    [own] = services.ask_evaluations(cast.clerk, cast.committee, offered, 2024, [cast.branch], at=NOW)
    said = {"superior": services.Said("good")}
    assert code_of(services.save_answers, cast.secretary, own, said, own.version, at=NOW) == "evaluation-not-asked"
    assert "superior" not in [
        item.slug for item in queries.unanswered(offered.scheme, queries.points_of(reload(own), DAY))
    ]


def test_frozen_it_moves_with_votes_and_opinions_but_not_with_the_ledger(cast):
    [first, _second] = reported(cast)
    done = graded(cast.clerk, first)
    assert (done.state, done.on, done.snapshot.year) == (State.VERIFIED, DAY, 2024)
    before = queries.grades_of([done], DAY)[done.pk]
    hold(cast, "lecture", date(2024, 2, 10))
    assert queries.grades_of([reload(first)], DAY)[done.pk].total == before.total
    grading.set_ballots(cast.clerk, {first.pk: {"overall": Vote(Fraction(1))}}, at=NOW)
    after = queries.grades_of([reload(first)], DAY)[done.pk]
    assert after.total.low - before.total.low == Decimal("5.6")
    assert code_of(grading.freeze, cast.clerk, [first.pk], DAY, at=NOW) == "evaluation-states"


def test_only_the_committee_freezes(cast):
    [first, _second] = reported(cast)
    assert code_of(grading.freeze, cast.secretary, [first.pk], DAY, at=NOW) == "evaluation-not-run"
    assert reload(first).state == State.TRIAL


def test_a_scheme_changed_in_mid_cycle_leaves_what_began(cast):
    [first] = reported(cast, Part(cast.branch, cast.secretary.member))
    changed = OFFERED.replace("任职期间至少上2次党课", "任职期间至少上1次党课").replace("{1: 1/2, 2: 1}", "{1: 1}")
    services.write_scheme(cast.clerk, cast.committee, REPORT, changed, 2025, at=NOW)
    [later] = reported(cast, Part(cast.other, cast.outsider.member))
    hold(cast, "lecture", date(2024, 2, 10))
    assert (point(first, "lectures").low, first.scheme_version) == (4, 1)
    assert queries.scheme_of(later) != queries.scheme_of(first)


def test_before_it_is_published_only_the_committee_sees_it(cast):
    [first, second] = reported(cast)
    [own] = tried(cast)
    [theirs] = ask(cast, cast.branch)
    seen = access.evaluations_seen_by
    assert set(seen(cast.clerk, cast.branch, DAY)) == {first, own, theirs}
    for account in (cast.secretary, cast.member):
        assert set(seen(account, cast.branch, DAY)) == {theirs}
    Evaluation.objects.filter(pk__in=[first.pk, own.pk]).update(state=State.PUBLISHED)
    assert set(seen(cast.secretary, cast.branch, DAY)) == {first, own, theirs}
    assert set(seen(cast.deputy, cast.branch, DAY)) == {first, own, theirs}
    # Of a person's grade an ordinary member sees nothing, nor anybody of another branch.
    assert set(seen(cast.member, cast.branch, DAY)) == {own, theirs}
    assert not seen(cast.outsider, cast.branch, DAY).exists()
    # A clerk who reports himself does not see how he is being graded.
    Evaluation.objects.filter(pk=second.pk).update(member=cast.clerk.member)
    assert second not in seen(cast.clerk, cast.other, DAY)
    assert second not in access.evaluations_below_seen_by(cast.clerk, cast.committee, DAY)


def test_a_round_takes_as_many_queries_as_one(cast, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    reported(cast, Part(cast.branch, cast.secretary.member, until=JUNE))
    rows = queries.with_items(Evaluation.objects.order_by("id"))
    with CaptureQueriesContext(connection) as one:
        queries.grades_of(rows, DAY)
    reported(cast, Part(cast.branch, cast.deputy.member, since=JULY), Part(cast.other, cast.outsider.member))
    with django_assert_num_queries(len(one)):
        assert len(queries.grades_of(rows.all(), DAY)) == 3
