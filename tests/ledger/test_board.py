"""The roll-up kept between requests always says what the plain path says now."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.conftest import Cast
from tests.conftest import _member as member_of
from tests.conftest import _organization as organization
from zhibu.activities.models import Activity, Attendance, Presence
from zhibu.duties.queries import duties_of
from zhibu.duties.services import explain
from zhibu.ledger import board
from zhibu.ledger.board import Board, board_of, change_of
from zhibu.ledger.feeding import Tree, from_database
from zhibu.ledger.overview import Body, Wish, overview
from zhibu.ledger.queries import bodies_below, ledgers_of, rollup
from zhibu.org.journal import note
from zhibu.org.models import Member, MemberStatus, Organization, Post
from zhibu.periods import periods

YEAR = 2025
ON = date(2025, 10, 20)


@pytest.fixture(autouse=True)
def no_board_kept():
    board.forget()
    yield
    board.forget()


def held(body: Organization, kind: str, day: date, members: list[Member] = (), **fields) -> Activity:
    """A record as its service saves it: rows, derived columns, journal."""
    from django.db import transaction

    values = {"title": kind, "entitled": 8, "present": 7, "recorded_at": _noon(day), "changed_at": _noon(day)}
    with transaction.atomic():
        activity = Activity.objects.create(organization=body, kind=kind, held=day, **(values | fields))
        for member in members:
            Attendance.objects.create(
                organization=body, activity=activity, member=member, presence=Presence.PRESENT, voting=True
            )
        note(None, body, "record", activity, kind)
    return activity


def _noon(day: date):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))


@pytest.fixture
def year(cast: Cast) -> Cast:
    """A year with everything that facts are made of: histories of members and posts, talks, classes, appraisals."""
    cast.committee.refresh_from_db()
    general = organization(cast.committee, "GW-03", "青禾县林业局党总支", "general-branch")
    branch = organization(general, "GW-03-1", "林业局第一党支部", "branch", founded=date(2025, 3, 3))
    cast.branch.refresh_from_db()
    newcomer = member_of(branch, "001", "柏青原", "secretary", organization=branch)
    member_of(branch, "002", "尹松舟", status="probationary")
    Post.objects.filter(organization=branch).update(since=date(2025, 3, 3))
    MemberStatus.objects.filter(member__number="002", organization=branch).update(since=date(2025, 4, 1))
    leaving, left = cast.members[6:8]
    leaving.statuses.update(until=date(2025, 6, 1))
    left.statuses.update(until=date(2024, 6, 1))
    MemberStatus.objects.create(
        organization=cast.branch, member=leaving, status="probation-in-party", since=date(2025, 6, 1), cell=cast.cell
    )
    Member.objects.filter(pk=cast.members[5].pk).update(cared_for=True)
    for month in range(1, 10):
        held(cast.branch, "themed-day", date(2025, month, 5), cast.members[:7], hours=4, also=["lecture"])
        held(cast.branch, "committee-meeting", date(2025, month, 8), present=3 if month % 3 else 8, entitled=9)
    held(cast.branch, "general-meeting", date(2025, 2, 8), lacks=["决议"])
    held(cast.branch, "general-meeting", date(2025, 5, 8), recorded_at=_noon(date(2025, 7, 1)))
    held(cast.branch, "member-appraisal", date(2025, 3, 8), fields={"appraised": 8, "excellent": 3})
    held(cast.other, "talk", date(2025, 3, 9), tags=["member-member"])
    held(cast.committee, "training", date(2025, 9, 9), [*cast.members[:5], newcomer], hours=24)
    held(cast.branch, "themed-day", date(2025, 9, 30), withdrawn_at=_noon(date(2025, 10, 1)))
    held(cast.branch, "general-meeting", date(2025, 11, 2))
    return cast


def assert_same(root: Organization, on: date = ON) -> None:
    kept, built = board_of(root, YEAR, on), Board(root, YEAR, on)
    assert (kept.codes == built.codes).all()
    assert all((kept.below[body] == built.below[body]).all() for body in built.below)
    assert kept.tallies() == list(rollup(root, YEAR, on))


@pytest.mark.parametrize("on", [ON, date(2025, 3, 1), date(2024, 12, 1), date(2026, 2, 1)])
def test_the_database_gives_the_warehouse_what_it_gives_standing(year: Cast, on: date):
    wanted = [one for _, found in ledgers_of(bodies_below(year.committee), YEAR, on) for one in found]
    with from_database(Tree.below(year.committee), YEAR, on) as warehouse:
        found = [one for _, one in warehouse.standings()]
    assert len(found) > 150
    for one, other in zip(found, wanted, strict=True):
        assert one.to_json() == other.to_json()


def test_reading_takes_as_many_queries_for_many_bodies(year: Cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(11), from_database(Tree.below(year.committee), YEAR, ON):
        pass
    for number in range(30):
        organization(year.committee, f"GW-9{number}", f"某支部{number}", "branch")
    with django_assert_max_num_queries(11), from_database(Tree.below(year.committee), YEAR, ON):
        pass


def test_a_part_of_the_tree_is_judged_as_within_the_whole(year: Cast):
    general = Organization.objects.get(code="GW-03")
    assert_same(general)
    assert board_of(general, YEAR, ON).tallies()


def test_the_sums_of_a_body_are_those_of_all_below_it(year: Cast):
    kept = board_of(year.committee, YEAR, ON)
    with from_database(Tree.below(year.committee), YEAR, ON) as warehouse:
        sums = warehouse.tallies()
    assert set(kept.below) == {body for body, last in enumerate(kept.tree.last) if last > body}
    for body, found in kept.below.items():
        for rule, one in enumerate(kept.questions.duties):
            counts = sums.get((body, one.duty.id), {})
            assert {status: n for status, n in zip(board._ORDER, found[rule].tolist(), strict=True) if n} == counts
    below = [kept.tree.numbers[one.pk] for one in bodies_below(year.committee)]
    assert (kept.below[0] == kept.counts[below].sum(axis=0)).all()


@pytest.mark.parametrize(
    "wish", [Wish(), Wish(kind="branch"), Wish(status="missing"), Wish(duty="branch-work/general-meeting")]
)
def test_the_overview_is_that_of_the_plain_tallies(year: Cast, wish: Wish):
    bodies = [Body(one.pk, one.code, one.name, one.kind, one.sector, False) for one in bodies_below(year.committee)]
    for page in (slice(0, 2), slice(2, 4)):
        wanted = overview(bodies, rollup(year.committee, YEAR, ON), wish, page)
        assert board_of(year.committee, YEAR, ON).overview(bodies, wish, page) == wanted


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("themed-day", {"hours": 8.0}),
        ("general-meeting", {"lacks": ["决议"]}),
        ("training", {"hours": 0.0}),
        ("committee-meeting", {"entitled": 9, "present": 1}),
        ("member-appraisal", {"fields": {"appraised": 8, "excellent": 1}}),
        ("volunteer-service", {}),
    ],
)
def test_an_activity_that_arrives_changes_its_own_cells(year: Cast, kind: str, fields: dict, monkeypatch):
    before = board_of(year.committee, YEAR, ON)
    monkeypatch.setattr(board, "Board", None)
    activity = held(year.branch, kind, date(2025, 10, 10), year.members[:6], **fields)
    assert board_of(year.committee, YEAR, ON) is before
    monkeypatch.undo()
    assert_same(year.committee)
    assert year.branch.pk in change_of(activity.pk)[0]


def test_an_arrival_asks_little_however_many_bodies_there_are(year: Cast, django_assert_max_num_queries):
    kept = board_of(year.committee, YEAR, ON)
    activity = held(year.branch, "themed-day", date(2025, 10, 10), year.members, hours=2.0)
    with django_assert_max_num_queries(4):
        kept.apply(*change_of(activity.pk))
    assert (kept.codes == Board(year.committee, YEAR, ON).codes).all()


def test_a_class_of_the_committee_counts_for_members_of_its_branches(year: Cast):
    board_of(year.committee, YEAR, ON)
    held(year.committee, "training", date(2025, 10, 11), year.members, hours=32.0)
    assert_same(year.committee)


def test_a_corrected_and_a_withdrawn_record_are_seen(year: Cast):
    from django.db import transaction

    board_of(year.committee, YEAR, ON)
    meeting = Activity.objects.get(kind="general-meeting", held=date(2025, 5, 8))
    with transaction.atomic():
        Activity.objects.filter(pk=meeting.pk).update(held=date(2025, 8, 8), version=2)
        note(None, year.branch, "correct", meeting, "更正")
    assert_same(year.committee)
    with transaction.atomic():
        Activity.objects.filter(pk=meeting.pk).update(withdrawn_at=_noon(ON))
        note(None, year.branch, "withdraw", meeting, "撤回")
    assert_same(year.committee)


def test_a_reason_given_and_a_roster_changed_are_seen(year: Cast):
    board_of(year.committee, YEAR, ON)
    duty = next(one for one in duties_of(year.branch, YEAR) if one.id == "branch-work/general-meeting")
    third = list(periods("quarter", YEAR))[2]
    explain(year.secretary, year.branch, duty, third, "防汛值守，已与上级商定四季度补开")
    assert_same(year.committee, ON + timedelta(days=5000))
    member_of(year.other, "003", "温秋池")
    assert_same(year.committee)


def test_a_write_without_a_journal_entry_is_not_overlooked(year: Cast):
    board_of(year.committee, YEAR, ON)
    Activity.objects.create(
        organization=year.other, kind="themed-day", held=date(2025, 10, 9), title="主题党日",
        recorded_at=_noon(ON), changed_at=_noon(ON),
    )  # fmt: skip
    assert_same(year.committee)


def test_only_so_many_boards_are_kept(year: Cast):
    for day in range(1, 9):
        board_of(year.other, YEAR, date(2025, 1, day))
    assert len(board._BOARDS) == board.KEPT


def test_the_committees_page_reads_the_board_when_there_are_many(year: Cast, as_, monkeypatch):
    monkeypatch.setattr(board, "FEW", 0)
    page = as_(year.clerk).get("/ledger/GW/below/?year=2025")
    assert page.status_code == 200
    assert "林业局第一党支部" in page.content.decode()
    assert len(board._BOARDS) == 1
