"""Days, times and figures as a handbook writes them: Chinese, Arabic digits, no leading noughts. Pure."""

from __future__ import annotations

import re
from datetime import date, time


def day_text(day: date | None) -> str:
    """2025年3月5日; nothing for no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def roster_month(day: date | None) -> str:
    """1986.05, as rosters write a birth."""
    return f"{day:%Y.%m}" if day else ""


def roster_day(day: date | None) -> str:
    """2012.07.01, where many days stand side by side."""
    return f"{day:%Y.%m.%d}" if day else ""


def short_day(day: date | None) -> str:
    """3月5日, where the year is plain."""
    return f"{day.month}月{day.day}日" if day else ""


def times_text(starts: time | None, ends: time | None) -> str:
    """15:00—16:30."""
    return "—".join(f"{one:%H:%M}" for one in (starts, ends) if one)


def name_lines(name: str) -> str:
    """A long name broken at its points, as in 买买提·吐尔逊江, and nowhere else."""
    if len(name) <= LONG_NAME or "·" not in name:
        return name
    lines = [""]
    for piece in re.findall("[^·]+·?|·", name):
        lines[-1:] = [lines[-1] + piece] if len(lines[-1] + piece) <= LONG_NAME else [lines[-1], piece]
    return "\n".join(line for line in lines if line)


LONG_NAME = 6


def figure(number: float) -> str:
    """8, 8.5; nothing for nought."""
    return f"{number:g}" if number else ""
