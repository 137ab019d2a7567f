"""The leaders' overview read from the ledger, the register of problems and the season."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from zhibu.duties.queries import DutyBook
from zhibu.ledger.board import overviews_below
from zhibu.ledger.overview import Body, Sum, Wish
from zhibu.ledger.queries import bodies_below
from zhibu.org.models import Organization, OrganizationKind
from zhibu.rectify.kinds import problem_kinds
from zhibu.rectify.models import Problem
from zhibu.rectify.queries import Tally, statistics, with_state
from zhibu.rectify.states import ProblemState
from zhibu.review.models import Cycle, CycleState, Entry
from zhibu.review.overview import Line, Needs, Worries, heat, main_duties, needs
from zhibu.review.steps import days_of, late
from zhibu.rulebook.duty import Duty

YEARS = 3
MOST = 3000


@dataclass(frozen=True, slots=True)
class Trend:
    """A year as a whole: what was owed and done, problems found and closed, reporters and letters."""

    year: int
    sum: Sum
    problems: int
    closed: int
    reporters: int
    answered: int


@dataclass(frozen=True, slots=True)
class Kind:
    label: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the page and the paper show."""

    committee: Organization
    year: int
    on: date
    total: Sum
    duties: Sequence[Duty]
    lines: Sequence[Line]
    trend: Sequence[Trend]
    kinds: Sequence[Kind]
    needs: Sequence[Needs]
    cut: int
    """Bodies beyond those shown."""


def picture(committee: Organization, year: int, on: date) -> Picture:
    """As many queries for three hundred bodies as for thirty."""
    below = [one for one in bodies_below(committee) if one.kind != OrganizationKind.CELL]
    bodies = [Body(one.pk, one.code, one.name, one.kind, one.sector, bool(one.numchild)) for one in below]
    looks = {each: overviews_below(committee, each, on, bodies, Wish()) for each in range(year - YEARS + 1, year + 1)}
    found = looks[year](slice(0, MOST))
    chosen, book = main_duties(found), DutyBook(below, year).by_id()
    duties = [duty for duty in chosen if duty in book]
    lines = heat(found, duties)
    tallies = statistics(committee, looks, on)
    sums = {each: look(slice(0, 0)).total for each, look in looks.items()}
    return Picture(
        committee, year, on, found.total, [book[one] for one in duties], lines,
        _trend(committee, sums, tallies), [_kind(one) for one in tallies if one.year == year],
        needs(lines, _worries(committee, year, on)), max(found.found - MOST, 0),
    )  # fmt: skip


def _trend(committee: Organization, sums: dict[int, Sum], tallies: Sequence[Tally]) -> list[Trend]:
    rows = Entry.objects.filter(cycle__organization=committee, cycle__year__in=sums)
    rows = rows.exclude(cycle__state=CycleState.DRAFT).order_by()
    counted = rows.values("cycle__year").annotate(all=Count("pk"), out=Count("pk", filter=Q(letter_at__isnull=False)))
    seasons = {row["cycle__year"]: (row["all"], row["out"]) for row in counted}
    return [
        Trend(
            year, sum, _added(tallies, year, "found"), _added(tallies, year, "closed"), *seasons.get(year, (0, 0))
        )
        for year, sum in sums.items()
    ]  # fmt: skip


def _added(tallies: Sequence[Tally], year: int, what: str) -> int:
    return sum(getattr(one, what) for one in tallies if one.year == year)


def _kind(tally: Tally) -> Kind:
    known = problem_kinds().get(tally.kind)
    return Kind(known.label if known else tally.kind, tally)


def _worries(committee: Organization, year: int, on: date) -> dict[int, Worries]:
    """By the body's key: problems of the year and of open years before, and what is late in the year's season."""
    rows = with_state(Problem.objects.filter(organization__path__startswith=committee.path), on)
    counted = rows.order_by().values("organization_id").annotate(
        overdue=Count("pk", filter=Q(state=ProblemState.OVERDUE.value)),
        back=Count("pk", filter=Q(again__isnull=False, origin__year=year)),
    )  # fmt: skip
    found = {row["organization_id"]: Worries(row["overdue"], row["back"]) for row in counted}
    cycles = Cycle.objects.filter(organization=committee, year=year, state=CycleState.OPEN)
    for entry in Entry.objects.filter(cycle__in=cycles).select_related("cycle"):
        if why := late(entry.stage, days_of(entry.cycle.days), on):
            before = found.get(entry.organization_id, Worries())
            found[entry.organization_id] = Worries(before.overdue, before.again, (*before.late, why.why))
    return found
