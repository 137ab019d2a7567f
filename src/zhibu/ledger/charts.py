"""Data for the two heat maps; ledger/charts.js draws them. The tables below them say the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhibu.ledger.overview import Overview
from zhibu.rulebook.duty import Duty
from zhibu.rulebook.reasons import STATUSES

WITHIN_A_YEAR = ("month", "quarter", "half-year")
"""What a heat map of months can show; duties of the whole year would only be one long bar."""
LEVELS = {status: level for level, status in enumerate(STATUSES)}


def duty_name(duty: Duty) -> str:
    return duty.label_en if get_language() == "en" and duty.label_en else duty.label


def matrix_chart(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Acts that recur (rows) by month (columns); each square is [month 0–11, row, level, address]."""
    rows = [one for part in parts for one in part["rows"] if one["row"].duty.recurrence in WITHIN_A_YEAR]
    squares = [
        [item.period.start.month - 1 + month, index, LEVELS[item.status], url]
        for index, one in enumerate(rows)
        for width, item, url in one["cells"]
        if item
        for month in range(width)
    ]
    return {
        "kind": "year",
        "rows": [duty_name(one["row"].duty) for one in rows],
        "columns": [_("{month}月").format(month=month) for month in range(1, 13)],
        "squares": squares,
        "statuses": list(STATUSES),
        "names": [sentence.text(_) for sentence in STATUSES.values()],
    }


def rollup_chart(found: Overview, duties: Mapping[str, Duty], links: list[str]) -> dict[str, Any]:
    """Bodies (rows, with their addresses) by duties something is left of (columns).

    Each square is [column, row, per cent, done, owed]. Duties fulfilled everywhere would only fill the picture.
    """
    shown = [one for one, total in found.duties if total.done < total.owed and one in duties]
    squares = []
    for row, (body, _total) in enumerate(found.bodies):
        for column, duty in enumerate(shown):
            total = found.squares.get((body.id, duty))
            if total and total.share is not None:
                squares.append([column, row, total.share, total.done, total.owed])
    return {
        "kind": "rollup",
        "rows": [body.name for body, _total in found.bodies],
        "columns": [duty_name(duties[one]) for one in shown],
        "squares": squares,
        "links": links,
        "done": _("已完成"),
    }
