"""Quiet hours, digests and second tries, where clocks are changed and where they are not."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.notices.timing import PAUSES, after_quiet, again, moment

SHANGHAI, BERLIN, URUMQI = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Urumqi")
NIGHT = (time(22), time(7))


def at(zone, *when):
    return datetime(*when, tzinfo=zone).astimezone(UTC)


def test_at_once_means_after_a_minute():
    now = at(SHANGHAI, 2025, 11, 24, 10)
    assert moment(now, SHANGHAI, None, None, None) == now + timedelta(minutes=1)


def test_at_night_it_waits_for_the_morning():
    assert moment(at(SHANGHAI, 2025, 11, 24, 23, 30), SHANGHAI, None, *NIGHT) == at(SHANGHAI, 2025, 11, 25, 7)
    assert moment(at(SHANGHAI, 2025, 11, 25, 3), SHANGHAI, None, *NIGHT) == at(SHANGHAI, 2025, 11, 25, 7)
    assert moment(at(SHANGHAI, 2025, 11, 25, 21, 59), SHANGHAI, None, *NIGHT) == at(SHANGHAI, 2025, 11, 26, 7)
    assert moment(at(SHANGHAI, 2025, 11, 25, 6, 59), SHANGHAI, None, *NIGHT) == at(SHANGHAI, 2025, 11, 25, 7)


def test_quiet_at_noon():
    noon = (time(12), time(14))
    assert after_quiet(at(SHANGHAI, 2025, 11, 24, 13), SHANGHAI, *noon) == at(SHANGHAI, 2025, 11, 24, 14)
    assert after_quiet(at(SHANGHAI, 2025, 11, 24, 14), SHANGHAI, *noon) == at(SHANGHAI, 2025, 11, 24, 14)


def test_the_days_digest():
    half_past_eight = time(8, 30)
    assert moment(at(SHANGHAI, 2025, 11, 24, 8), SHANGHAI, half_past_eight, *NIGHT) == at(SHANGHAI, 2025, 11, 24, 8, 30)
    assert moment(at(SHANGHAI, 2025, 11, 24, 9), SHANGHAI, half_past_eight, *NIGHT) == at(SHANGHAI, 2025, 11, 25, 8, 30)
    assert moment(at(SHANGHAI, 2025, 11, 24, 9), SHANGHAI, time(6), *NIGHT) == at(SHANGHAI, 2025, 11, 25, 7)


def test_equal_or_missing_ends_mean_no_quiet_hours():
    now = at(SHANGHAI, 2025, 11, 24, 3)
    assert after_quiet(now, SHANGHAI, time(3), time(3)) == now
    assert after_quiet(now, SHANGHAI, time(1), None) == now


def test_the_hour_that_is_left_out_in_spring():
    """Berlin, 30 March 2025: after 1:59 the clocks show 3:00. A digest at 2:30 comes when the old clock shows it."""
    assert moment(at(BERLIN, 2025, 3, 30, 1), BERLIN, time(2, 30), None, None) == datetime(
        2025, 3, 30, 1, 30, tzinfo=UTC
    )
    assert after_quiet(at(BERLIN, 2025, 3, 30, 1, 30), BERLIN, time(1), time(2, 30)) == datetime(
        2025, 3, 30, 1, 30, tzinfo=UTC
    )


def test_the_hour_that_comes_twice_in_autumn():
    """Berlin, 26 October 2025: 2:30 comes twice. The digest comes with the first, and once."""
    first = moment(at(BERLIN, 2025, 10, 26, 0), BERLIN, time(2, 30), None, None)
    assert first == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert moment(first, BERLIN, time(2, 30), None, None) == datetime(2025, 10, 27, 1, 30, tzinfo=UTC)


def test_another_zone_has_another_morning():
    late = at(SHANGHAI, 2025, 11, 24, 23)
    assert after_quiet(late, URUMQI, *NIGHT) == late  # nine in the evening there


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)).map(lambda day: day.replace(tzinfo=UTC))


@given(MOMENTS, st.times(), st.times(), st.sampled_from([SHANGHAI, BERLIN, URUMQI]))
def test_never_in_the_quiet_hours_and_never_before(now, start, end, zone):
    sent = moment(now, zone, None, start, end)
    assert now < sent <= now + timedelta(days=1, hours=2, minutes=1)
    assert after_quiet(sent, zone, start, end) == sent or zone is BERLIN


@pytest.mark.parametrize("tries", range(1, len(PAUSES) + 1))
def test_each_failure_is_followed_by_a_longer_or_equal_wait(tries):
    now = at(SHANGHAI, 2025, 11, 24, 10)
    assert again(now, tries, SHANGHAI, None, None) == now + PAUSES[tries - 1]
    assert list(PAUSES) == sorted(PAUSES)


def test_in_the_end_it_is_given_up():
    assert again(at(SHANGHAI, 2025, 11, 24, 10), len(PAUSES) + 1, SHANGHAI, None, None) is None


def test_a_second_try_keeps_the_quiet_hours():
    assert again(at(SHANGHAI, 2025, 11, 24, 21, 59), 1, SHANGHAI, *NIGHT) == at(SHANGHAI, 2025, 11, 25, 7)
