"""Working days as the State Council announced them: holidays off, weekends worked in exchange."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.errors import UserError
from zhibu.workdays import is_workday, known_years, nth_workday, working_days

SPRING_2026 = [date(2026, 2, day) for day in range(15, 24)]
NATIONAL_2026 = [date(2026, 10, day) for day in range(1, 8)]
SPRING_2025 = [date(2025, 1, day) for day in range(28, 32)] + [date(2025, 2, day) for day in range(1, 5)]
NATIONAL_2025 = [date(2025, 10, day) for day in range(1, 9)]
WORKED_WEEKENDS = [
    date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11),
    date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
]  # fmt: skip
KNOWN = st.dates(min_value=date(2018, 1, 1), max_value=date(2026, 11, 30))


@pytest.mark.parametrize("day", [*SPRING_2025, *NATIONAL_2025, *SPRING_2026, *NATIONAL_2026])
def test_festivals_are_off(day):
    assert not is_workday(day)


@pytest.mark.parametrize("day", WORKED_WEEKENDS)
def test_weekends_worked_in_exchange_count(day):
    assert day.weekday() >= 5
    assert is_workday(day)


@pytest.mark.parametrize(
    ("since", "end"),
    [
        (date(2026, 3, 2), date(2026, 3, 6)),  # Monday to Friday
        (date(2026, 3, 5), date(2026, 3, 11)),  # over a weekend
        (date(2026, 2, 12), date(2026, 2, 25)),  # over the spring festival, with the Saturday before it worked
        (date(2026, 9, 29), date(2026, 10, 10)),  # over the national day, ending on a Saturday that is worked
        (date(2026, 10, 1), date(2026, 10, 13)),  # put up on a holiday: the first working day is the 8th
    ],
)
def test_five_working_days(since, end):
    assert nth_workday(since, 5) == end
    assert working_days(since, end) == 5
    assert working_days(since, end - timedelta(days=1)) == 4


@pytest.mark.parametrize("year", [max(known_years()) + 1, 9999])
def test_a_year_that_is_not_known_is_refused_in_a_sentence(year):
    for asked in (lambda: is_workday(date(year, 3, 2)), lambda: working_days(date(2026, 3, 2), date(year, 3, 2)),
                  lambda: nth_workday(date(year, 3, 2), 5)):  # fmt: skip
        with pytest.raises(UserError, match=f"{year}年的放假"):
            asked()


def test_counting_into_an_unknown_year_is_refused():
    last = date(max(known_years()), 12, 31)
    with pytest.raises(UserError, match=f"{last.year + 1}年"):
        nth_workday(last, 5)


def test_a_span_the_wrong_way_round_has_none():
    assert working_days(date(2026, 3, 6), date(2026, 3, 2)) == 0


@given(KNOWN, st.integers(1, 12))
def test_the_nth_day_is_a_working_day_and_the_span_to_it_has_so_many(since, count):
    end = nth_workday(since, count)
    assert is_workday(end)
    assert working_days(since, end) == count
