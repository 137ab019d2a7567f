"""Counting tries: per person and matter, within a time, two at once as two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from zhibu.errors import UserError
from zhibu.org.models import Tries
from zhibu.org.throttle import HOUR, count, limit, tried

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 3, 20, 4, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """`clock(minutes)` sets the time so long after noon."""

    def put(minutes):
        monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(minutes=minutes))

    put(0)
    return put


def test_counted_apart_and_for_a_time(clock):
    assert [count("x", "a", HOUR) for _ in range(3)] == [1, 2, 3]
    assert count("x", "b", HOUR) == count("y", "a", HOUR) == 1
    clock(59)
    assert tried("x", "a") == 3
    clock(61)
    assert tried("x", "a") == 0
    assert count("x", "a", HOUR) == 1


def test_what_is_over_is_forgotten(clock):
    count("x", "10.7.7.7", HOUR)
    assert "10.7.7.7" not in str(list(Tries.objects.values()))
    clock(61)
    count("x", "b", HOUR)
    assert Tries.objects.count() == 1


def test_a_row_that_another_process_let_run_out(clock, monkeypatch):
    """It is begun anew, not counted on."""
    count("x", "a", HOUR)
    count("x", "a", HOUR)
    clock(61)
    monkeypatch.setattr("zhibu.org.throttle._forget", lambda now: None)
    assert count("x", "a", HOUR) == 1


def test_the_limit_is_told(clock):
    limit("x", "a", 2)
    limit("x", "a", 2)
    with pytest.raises(UserError, match="太频繁"):
        limit("x", "a", 2)
