"""By when a matter must be up and how long it must stay. Pure: the catalogue and what was shown in, statuses out.

The statuses are the ledger's: met, late, missing, not-yet-due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from zhibu.disclosure.catalogue import Item
from zhibu.errors import Sentence, UserError
from zhibu.periods import Period, periods
from zhibu.rulebook.reasons import Status, day_name
from zhibu.workdays import nth_workday, working_days

ONE_DAY = timedelta(days=1)
AHEAD = timedelta(days=31)
"""How long before its deadline a matter is named."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A matter a body discloses, since when; `until` is the last day it did."""

    item: Item
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One publication: `first` the day the matter first went up, `last` the last day it is or was to be seen.

    `state` approved or ended counts; a proposal is only named; withdrawn as mistaken it was never disclosed.
    """

    id: int
    item: str
    state: str
    first: date
    last: date | None = None
    period: str = ""

    @property
    def counts(self) -> bool:
        return self.state in ("approved", "ended")

    def is_up(self, on: date) -> bool:
        return self.counts and self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Due:
    """How a matter stands: `days` is how many days late it went up, or by how many it is overdue.

    `publication` is the one that met it, or the one on its way through proposal and approval (`on_the_way`).
    """

    item: Item
    period: Period | None
    due: date
    status: Status
    days: int = 0
    publication: int | None = None
    on_the_way: str = ""

    @property
    def owed(self) -> bool:
        return self.status in ("missing", "not-yet-due")


def deadline(item: Item, period: Period) -> date:
    """The last day on which the matter of `period` goes up in time."""
    if item.due == "before":
        return period.start - ONE_DAY
    return period.end + timedelta(days=item.days)


def dues(adopted: Iterable[Adopted], shown: Iterable[Shown], since: date, on: date) -> list[Due]:
    """Every deadline of the adopted matters from `since` on, up to a month ahead of `on`; the earliest first.

    Of matters that are shown at all times one line each; those disclosed as they happen have no deadline.
    """
    known = list(shown)
    found: list[Due] = []
    for one in adopted:
        mine = [row for row in known if row.item == one.item.slug]
        start = max(since, one.since)
        if one.item.recurring:
            found += _recurring(one, mine, start, on)
        elif one.item.rhythm == "once" and one.since <= on and (one.until is None or one.until >= on):
            found.append(_always(one, mine, on))
    return sorted(found, key=lambda due: (due.due, due.item.slug))


def _recurring(one: Adopted, mine: list[Shown], since: date, on: date) -> Iterator[Due]:
    for period in _periods(one.item, since, on + AHEAD):
        due = deadline(one.item, period)
        if since <= due <= on + AHEAD and (one.until is None or due <= one.until):
            yield _judged(one.item, period, due, [row for row in mine if row.period == period.key], on)


def _periods(item: Item, since: date, until: date) -> Iterator[Period]:
    for year in range(since.year - 1, min(until.year + 1, date.max.year - 1) + 1):
        yield from periods(item.rhythm, year)


def _judged(item: Item, period: Period, due: date, mine: list[Shown], on: date) -> Due:
    went_up = min((row for row in mine if row.counts and row.first <= on), key=lambda row: row.first, default=None)
    if went_up is not None:
        late = max(0, (went_up.first - due).days)
        return Due(item, period, due, "late" if late else "met", late, went_up.id)
    coming = _coming(mine)
    overdue = max(0, (on - due).days)
    status: Status = "missing" if overdue else "not-yet-due"
    return Due(item, period, due, status, overdue, coming.id if coming else None, coming.state if coming else "")


def _coming(mine: list[Shown]) -> Shown | None:
    """The proposal that is furthest on its way."""
    order = ("draft", "proposed", "reviewed", "approved")
    on_the_way = [row for row in mine if row.state in order]
    return max(on_the_way, key=lambda row: (order.index(row.state), row.id), default=None)


def _always(one: Adopted, mine: list[Shown], on: date) -> Due:
    up = next((row for row in mine if row.is_up(on)), None)
    if up is not None:
        return Due(one.item, None, one.since, "met", 0, up.id)
    coming = _coming(mine)
    taken_down = max((row.last for row in mine if row.counts and row.last and row.last < on), default=one.since)
    due = max(one.since, taken_down)
    overdue = (on - due).days
    status: Status = "missing" if overdue else "not-yet-due"
    return Due(one.item, None, due, status, overdue, coming.id if coming else None, coming.state if coming else "")


# --- how long it is shown --------------------------------------------------------------------------------------------


def usual_end(item: Item, since: date, period: Period | None) -> date | None:
    """The last day it is usually shown; None: until something newer takes its place. Raises UserError when a year's
    working days are not known."""
    if item.shown == "open":
        return None
    if item.shown == "period":
        return max(period.end, since) if period else None
    if item.shown == "working-days":
        least = item.least_days(since)
        return nth_workday(since, least or item.working_days)
    return since + timedelta(days=int(item.shown) - 1)


def too_short(item: Item, since: date, until: date | None) -> Sentence | None:
    """What is wrong with the span, if it has fewer working days than the rule asks for.

    Raises UserError `calendar-year-unknown` when that cannot be said, unless so few days could never be enough.
    """
    least = item.least_days(since)
    if not least or until is None:
        return None
    if (until - since).days + 1 >= least and working_days(since, until) >= least:
        return None
    data = {"item": item.label, "count": least, "since": day_name(since), "until": day_name(until)}
    basis = item.basis.sentence
    try:
        enough = day_name(nth_workday(since, least))
    except UserError:
        return Sentence(
            "publicity-too-short",
            "{item}不少于{count}个工作日，{since}至{until}不够。依据：{basis}。",
            **data,
            basis=basis,
        )
    return Sentence(
        "publicity-too-short-until",
        "{item}不少于{count}个工作日。从{since}起，第{count}个工作日是{enough}，现在只到{until}。依据：{basis}。",
        **data,
        enough=enough,
        basis=basis,
    )


@dataclass(frozen=True, slots=True)
class Publicity:
    """How far a publicity with a least number of working days has come on a day."""

    day: int
    least: int
    ends: date

    @property
    def over(self) -> bool:
        return self.day > self.least


def publicity(item: Item, since: date, on: date) -> Publicity | None:
    """None for matters without such a rule and before it begins. Raises UserError when the calendar is not known."""
    least = item.least_days(since)
    if not least or on < since:
        return None
    ends = nth_workday(since, least)
    day = least + 1 if on > ends else working_days(since, on)
    return Publicity(day, least, ends)
