"""The dated figures of bodies (members, committee, cells …), in bulk: three queries, however many bodies are asked for.

Each span gives two changes, one when it begins and one when it ends; the changes of a body, day by day, give its
profiles. A committee's members are those of all branches below it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhibu.org.models import (
    ABOVE_BRANCHES,
    COMMITTEE_TITLES,
    GROUP_TITLES,
    PRESENT_STATUSES,
    MemberStatus,
    Organization,
    OrganizationKind,
    Post,
    Status,
    Title,
)
from zhibu.rulebook.facts import Profile

STEP = Organization.steplen
MANY = 200
"""Above so many bodies the range of their paths is read and sorted out here: shorter than naming each of them."""
LEADING = (*COMMITTEE_TITLES, *GROUP_TITLES)
SECRETARIES = frozenset({Title.SECRETARY, Title.GROUP_SECRETARY})
VOTES, FULL, MEMBER, CELL = "votes", "full", "member", "cell"
Change = tuple[date, int, str, Any]
"""(day, by how many more or fewer, what changes, whom or until when)."""


@dataclass
class _Tally:
    """The figures while the days go by."""

    counts: Counter[str] = field(default_factory=Counter)
    committee: Counter[int] = field(default_factory=Counter)
    secretaries: Counter[int] = field(default_factory=Counter)
    discipline: Counter[int] = field(default_factory=Counter)
    terms: Counter[date] = field(default_factory=Counter)

    def apply(self, sign: int, what: str, whom: Any) -> None:
        if what in (VOTES, FULL, MEMBER):
            self.counts[MEMBER] += sign
            self.counts[FULL] += sign * (what != MEMBER)
            self.counts[VOTES] += sign * (what == VOTES)
        elif what == CELL:
            self.counts[CELL] += sign
        else:
            self._post(sign, what, *whom)

    def _post(self, sign: int, title: str, member: int, term_ends: date | None) -> None:
        self.committee[member] += sign
        self.secretaries[member] += sign * (title in SECRETARIES)
        self.discipline[member] += sign * (title == Title.DISCIPLINE_MEMBER)
        if term_ends:
            self.terms[term_ends] += sign

    def profile(self, since: date, units: int) -> Profile:
        return Profile(
            since,
            members=self.counts[MEMBER],
            full_members=self.counts[FULL],
            voting_members=self.counts[VOTES],
            committee=len(+self.committee),
            cells=self.counts[CELL],
            units=units,
            secretaries=len(+self.secretaries),
            discipline_members=len(+self.discipline),
            term_ends=max(+self.terms, default=None),
        )


STATUS_COLUMNS = ("organization_id", "organization__path", "cell_id", "status", "since", "until")
POST_COLUMNS = ("organization_id", "title", "member_id", "term_ends", "since", "until")


@dataclass(frozen=True, slots=True)
class Rows:
    """What `profiles` counts, where a caller has read it already: rows of STATUS_COLUMNS and POST_COLUMNS, and cells.

    `cells`: all Party cells of the bodies asked for; None, if the caller does not know them.
    """

    statuses: Iterable[tuple[Any, ...]]
    posts: Iterable[tuple[Any, ...]]
    cells: Iterable[Organization] | None = None


def profiles(
    bodies: Iterable[Organization], year: int | None = None, on: date | None = None, rows: Rows | None = None
) -> dict[int, tuple[Profile, ...]]:
    """Body id → its profiles in order of time; nothing for a body of which nothing was ever told.

    All of history, or, with `year`, what is needed to judge that year; with `on`, as it stands on that day. The first
    profile begins when the first figure is known, not before the body was founded.
    """
    asked = list(bodies)
    changes: dict[int, list[Change]] = defaultdict(list)
    for body, change in _changes(asked, year, on, rows):
        changes[body].append(change)
    return {body.pk: _sweep(body, changes[body.pk]) for body in asked if body.pk in changes}


def _sweep(body: Organization, changes: list[Change]) -> tuple[Profile, ...]:
    tally, found = _Tally(), []
    changes.sort(key=lambda change: change[0])
    for place, (day, sign, what, whom) in enumerate(changes):
        tally.apply(sign, what, whom)
        if place + 1 == len(changes) or changes[place + 1][0] != day:
            found.append(tally.profile(max(day, body.founded), body.units))
    # What happened before the founding (a mistyped date) shows on the founding day, once.
    return tuple(
        one for one, after in zip(found, [*found[1:], None], strict=True) if not after or after.since > one.since
    )


def status_rows(asked: Sequence[Organization], year: int | None = None, on: date | None = None) -> QuerySet[Any]:
    """Statuses of members that `profiles` counts, to read together with more columns of the same rows."""
    rows = MemberStatus.objects.filter(_overlapping(year, on), _within(asked, "organization__"))
    return rows.filter(status__in=PRESENT_STATUSES).order_by()


def summed_statuses(body: Organization, year: int, on: date) -> list[tuple[Any, ...]]:
    """For the figures of one committee: STATUS_COLUMNS and how many members below it have such a row. Thousands of
    members make a few hundred rows, as most statuses begin on a few days."""
    rows = status_rows([body], year, on).values("status", "since", "until").annotate(times=Count("id"))
    return [
        (body.pk, body.path, None, *row) for row in rows.values_list("status", "since", "until", "times").iterator()
    ]


def post_rows(asked: Sequence[Organization], year: int | None = None, on: date | None = None) -> QuerySet[Any]:
    """Posts that `profiles` counts, likewise."""
    rows = Post.objects.filter(_overlapping(year, on), _within(asked, "organization__", own=True))
    return rows.filter(title__in=LEADING).order_by()


def _changes(
    asked: Sequence[Organization], year: int | None, on: date | None, rows: Rows | None
) -> Iterator[tuple[int, Change]]:
    exact = {body.pk for body in asked}
    branches = {body.path: body.pk for body in asked if body.kind == OrganizationKind.BRANCH}
    committees = {body.path: body.pk for body in asked if body.kind in ABOVE_BRANCHES}
    statuses = rows.statuses if rows else status_rows(asked, year, on).values_list(*STATUS_COLUMNS)
    for organization, path, cell, status, since, until, *times in statuses:
        what = {Status.FULL: VOTES, Status.PROBATION_IN_PARTY: FULL}.get(status, MEMBER)
        for body in {organization, cell} & exact | {*_above(path, committees)}:
            yield from _both(body, since, until, what, None, *times)
    posts = rows.posts if rows else post_rows(asked, year, on).values_list(*POST_COLUMNS)
    for organization, title, member, term_ends, since, until in posts:
        if organization in exact:
            yield from _both(organization, since, until, title, (member, term_ends))
    if rows and rows.cells is not None:
        cells: Iterable[Any] = [(one.path, one.founded, one.ended) for one in rows.cells]
    else:
        found = Organization.objects.filter(_within(asked, ""), kind=OrganizationKind.CELL)
        cells = found.order_by().values_list("path", "founded", "ended")
    for path, founded, ended in cells:
        for body in _above(path, branches):
            yield from _both(body, founded, ended, CELL, None)


def _both(
    body: int, since: date, until: date | None, what: str, whom: Any, times: int = 1
) -> Iterator[tuple[int, Change]]:
    yield body, (since, times, what, whom)
    if until:
        yield body, (until, -times, what, whom)


def _above(path: str, wanted: dict[str, int]) -> Iterator[int]:
    """The wanted bodies this path lies in, itself included."""
    return (wanted[path[:end]] for end in range(STEP, len(path) + 1, STEP) if path[:end] in wanted)


def _overlapping(year: int | None, on: date | None) -> Q:
    told = Q()
    if year is not None:
        told &= Q(until=None) | Q(until__gte=date(year, 1, 1))
    return told & Q(since__lte=on) if on else told


def _within(asked: Sequence[Organization], prefix: str, own: bool = False) -> Q:
    """Rows of the bodies and, unless `own`, of those below them; perhaps of a few more, which the caller drops.

    A cell's members hang on its branch, so a cell asks for its parent's rows too.
    """
    paths = [body.path[:-STEP] if body.kind == OrganizationKind.CELL and not own else body.path for body in asked]
    if not paths:
        return Q(**{f"{prefix}pk__in": []})
    if len(paths) > MANY:
        return Q(**{f"{prefix}path__gte": min(paths), f"{prefix}path__lte": max(paths) + "Z" * 200})
    if own:
        return Q(**{f"{prefix}pk__in": [body.pk for body in asked]})
    wanted = Q()
    for path in _outermost(paths):
        wanted |= Q(**{f"{prefix}path__startswith": path})
    return wanted


def _outermost(paths: Iterable[str]) -> list[str]:
    """Without those that lie in another."""
    found: list[str] = []
    for path in sorted(set(paths)):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return found
