"""Working days in China: weekends and holidays are off, the weekends worked in exchange for them (调休) count.

The days are those the State Council announces each autumn for the year to come, as the package chinesecalendar carries
them. A year it does not carry is refused: counted by weekdays, a span over the spring festival would be days too short.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays

from zhibu.errors import UserError

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=1)
def known_years() -> range:
    """The years whose holidays and working weekends are known."""
    years = {day.year for day in holidays}
    return range(min(years), max(years) + 1)


def is_workday(day: date) -> bool:
    """Raises UserError `calendar-year-unknown` for a day of a year that was not announced yet."""
    if day.year not in known_years():
        raise UserError(
            "calendar-year-unknown",
            "日历里没有{year}年的放假和调休安排，不能计算工作日。请按国务院办公厅的放假通知人工核对。",
            year=day.year,
        )
    return bool(chinese_calendar.is_workday(day))


def working_days(since: date, until: date) -> int:
    """How many there are from `since` to `until`, both included. Raises UserError as `is_workday`."""
    if since > until:
        return 0
    is_workday(since)
    is_workday(until)  # both ends are looked at first: a span to the year 9999 is not walked
    return sum(is_workday(since + ONE_DAY * n) for n in range((until - since).days + 1))


def nth_workday(since: date, count: int) -> date:
    """The day of the `count`-th working day; `since` counts if it is one. Raises UserError as `is_workday`."""
    day, left = since, count
    while True:
        left -= is_workday(day)
        if left <= 0:
            return day
        day += ONE_DAY
