"""A calendar the walk can turn: the pages believe it is the day it was set to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

Turn = Callable[[date], None]


def calendar(monkeypatch: Any) -> Turn:
    """`turn(day)`: from now on it is ten in the morning of that day, for every page and every record."""

    def turn(day: date) -> None:
        moment = timezone.make_aware(datetime.combine(day, time(10)))
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return turn
