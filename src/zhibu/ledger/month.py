"""One month of a body: what to do, what is left over, what is done, what is not asked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from zhibu.ledger.gathering import DONE, OPEN, Item, gather
from zhibu.ledger.standing import Standing
from zhibu.periods import add_months, month_end
from zhibu.rulebook.duty import AtLeast, Within

SHOWN_LEFTOVERS = 1
"""Periods that ended so many months before the month count as its leftovers; older ones stand in the year's table."""


@dataclass(frozen=True, slots=True)
class Month:
    """The items of one month. Each item stands in one list only; `older` counts what is still open from before."""

    first: date
    due: list[Item] = field(default_factory=list)
    """To be done by the end of this month, or missed in it."""
    mend: list[Item] = field(default_factory=list)
    """Recorded, but lacking something; or a figure of the roster out of bounds."""
    leftovers: list[Item] = field(default_factory=list)
    later: list[Item] = field(default_factory=list)
    """Running, due after this month."""
    done: list[Item] = field(default_factory=list)
    """Fulfilled, with a record held in this month."""
    quiet: list[Item] = field(default_factory=list)
    """Done in an earlier month of the period, not asked for, in order, or not to be told."""
    older: int = 0

    @property
    def last(self) -> date:
        return month_end(self.first.year, self.first.month)

    @property
    def previous(self) -> date:
        return add_months(self.first, -1)

    @property
    def next(self) -> date:
        return add_months(self.first, 1)


def month_of(standings: Iterable[Standing], first: date, held: Mapping[int, date]) -> Month:
    """Arrange a year's cells around the month that begins on `first`. `held`: id of each record → its day."""
    month = Month(first)
    older = 0
    since = add_months(first, -SHOWN_LEFTOVERS)
    for item in gather(standings):
        if item.period.start > month.last:
            continue
        if item.period.end >= first:
            _place(month, item, held)
        elif item.status in OPEN:
            if item.period.end >= since:
                month.leftovers.append(item)
            else:
                older += 1
    return Month(
        first=first,
        due=sorted(month.due, key=lambda item: item.period.end),
        mend=month.mend,
        leftovers=month.leftovers,
        later=sorted(month.later, key=lambda item: item.period.end),
        done=month.done,
        quiet=month.quiet,
        older=older,
    )


def _place(month: Month, item: Item, held: Mapping[int, date]) -> None:
    status = item.status
    if status == "defective":
        month.mend.append(item)
    elif status in ("missing", "not-yet-due"):
        (month.due if due_day(item) <= month.last else month.later).append(item)
    elif status in DONE and act_kinds(item) and _was_held(month, item, held):
        month.done.append(item)
    else:
        month.quiet.append(item)


def _was_held(month: Month, item: Item, held: Mapping[int, date]) -> bool:
    return any(month.first <= held[record] <= month.last for record in item.standing.evidence if record in held)


def due_day(item: Item) -> date:
    """The day by which it should be done: the limit after an event, or else the period's end."""
    limit = item.standing.reason.data.get("due") if isinstance(item.duty.shape, Within) else None
    return date(**limit.data) if limit else item.period.end


def act_kinds(item: Item) -> tuple[str, ...]:
    """Kinds of activity that would fulfil the item; none where the roster or the hours decide."""
    shape = item.duty.shape
    return shape.of if isinstance(shape, AtLeast | Within) else ()
