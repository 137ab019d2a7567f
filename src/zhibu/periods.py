"""Calendar periods in which a duty recurs. Months are calendar months; every period ends on a month's last day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTHS_IN = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
"""Length in months of each recurrence a rule file may name with `per`."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of whole months within one year, both ends included. `key` reads 2025, 2025-H1, 2025-Q3 or 2025-07."""

    start: date
    end: date
    key: str

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def periods(per: str, year: int) -> Iterator[Period]:
    """The periods of `year`, in order. `per` is a key of MONTHS_IN; anything else raises KeyError."""
    length = MONTHS_IN[per]
    for number, first in enumerate(range(1, 13, length), start=1):
        key = {
            "month": f"{year}-{number:02}",
            "quarter": f"{year}-Q{number}",
            "half-year": f"{year}-H{number}",
            "year": str(year),
        }[per]
        yield Period(date(year, first, 1), month_end(year, first + length - 1), key)


def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier), clipped to the month's end: 31 January + 1 month = 28 February."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
