"""The sentence of a cell, from its reason code and the figures kept with it; made only where it is shown. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from zhibu.errors import Sentence
from zhibu.periods import Period, add_months
from zhibu.rulebook.duty import AtLeast, Duty, EachMember, Holds, Quorum, Share, Within
from zhibu.rulebook.facts import LATE_DAYS
from zhibu.rulebook.obligations import bounds_of, day_judged
from zhibu.rulebook.reasons import bounds_name, day_name, reason, word, words


@dataclass(frozen=True, slots=True)
class Told:
    """A cell as kept: `number` and `total` as its code needs them; held … lacks are of the record that speaks."""

    duty: Duty
    period: Period
    on: date
    code: str
    name: str
    founded: date
    ended: date | None
    recording_since: date | None
    number: int | None
    total: int | None
    happened: date | None
    held: date | None
    recorded: date | None
    entitled: int | None
    present: int | None
    lacks: str | None
    """JSON list of the labels of fields left empty."""
    measures: Mapping[str, float]
    explanation: str | None

    @property
    def shape(self) -> Any:
        return self.duty.shape

    @property
    def day(self) -> date:
        return day_judged(self.period, self.on)


def sentence(cell: Told) -> Sentence:
    """What `standing.py` says of the same cell, word for word."""
    data = _DATA.get(cell.code)
    extra = data(cell) if data else {}
    if isinstance(cell.shape, Within) and cell.total and cell.code in _FOLLOWED:
        extra = {"event": word("events", cell.shape.event), **extra, "total": cell.total}
    return reason(cell.code, cell.duty, cell.period, **extra)


_FOLLOWED = ("done-in-time", "done-after-limit", "lacks-fields", "no-quorum", "limit-ahead", "limit-passed")


def _day(day: date | None) -> Sentence | str:
    return day_name(day) if day else ""


def _condition(cell: Told) -> dict[str, Any]:
    condition = cell.duty.when[cell.total or 0]
    return {
        "measure": word("measures", condition.measure),
        "bounds": bounds_name(condition.at_least, condition.at_most),
        "day": day_name(cell.day),
        "figure": cell.number,
    }


def _no_figures(cell: Told) -> dict[str, Any]:
    return {"measure": word("measures", bounds_of(cell.duty)[cell.total or 0].measure)}


def _months(cell: Told) -> dict[str, Any]:
    return {"done": cell.number, "months": "、".join(f"{month}月" for month in cell.shape.months)}


def _lacks(cell: Told) -> dict[str, Any]:
    return {"held": _day(cell.held), "lacks": "、".join(json.loads(cell.lacks or "[]"))}


def _attendance(cell: Told) -> dict[str, Any]:
    return {"held": _day(cell.held), "entitled": cell.entitled, "present": cell.present}


def _hours(cell: Told) -> dict[str, Any]:
    shape: EachMember = cell.shape
    return {
        "group": word("groups", shape.group),
        "total": cell.total,
        "reached": cell.number,
        "hours": f"{shape.hours:g}",
        "due": day_name(cell.period.end),
    }


def _limit(cell: Told) -> dict[str, Any]:
    shape: Within = cell.shape
    happened = cell.happened or cell.period.start
    due = add_months(happened, shape.months) if shape.months else happened + timedelta(days=shape.days)
    return {"happened": day_name(happened), "due": day_name(due), "held": _day(cell.held)}


def _figure(cell: Told) -> dict[str, Any]:
    shape: Holds = cell.shape
    return {
        "measure": word("measures", shape.measure),
        "figure": cell.number,
        "bounds": bounds_name(shape.at_least, shape.at_most),
        "day": day_name(cell.day),
    }


def _every(cell: Told) -> dict[str, Any]:
    shape: Quorum | Share = cell.shape
    data: dict[str, Any] = {"kinds": words("kinds", shape.of), "total": cell.total}
    return data | {"part": word("record_measures", shape.part)} if isinstance(shape, Share) else data


def _above(cell: Told) -> dict[str, Any]:
    shape: Share = cell.shape
    return {
        "held": _day(cell.held),
        "part": word("record_measures", shape.part),
        "part_figure": f"{cell.measures[shape.part]:g}",
        "whole": word("record_measures", shape.whole),
        "whole_figure": f"{cell.measures[shape.whole]:g}",
        "at_most": str(shape.at_most),
    }


def _count(cell: Told) -> int:
    shape: AtLeast = cell.shape
    return shape.count


_DATA: Mapping[str, Callable[[Told], dict[str, Any]]] = {
    "in-force-during-period": lambda cell: {"since": day_name(cell.duty.since)},
    "not-founded-yet": lambda cell: {"subject": cell.name, "founded": day_name(cell.founded)},
    "founded-during-period": lambda cell: {"subject": cell.name, "founded": day_name(cell.founded)},
    "ended": lambda cell: {"subject": cell.name, "ended": _day(cell.ended)},
    "condition-not-met": _condition,
    "before-records": lambda cell: {"recording_since": _day(cell.recording_since)},
    "no-figures": _no_figures,
    "met": lambda cell: {"done": cell.number, "count": _count(cell)},
    "met-outside-usual-months": _months,
    "recorded-late": lambda cell: {
        "held": _day(cell.held),
        "recorded": _day(cell.recorded),
        "late_days": LATE_DAYS,
    },
    "held-late": lambda cell: {"held": _day(cell.held), "due": day_name(cell.period.end)},
    "lacks-fields": _lacks,
    "no-quorum": _attendance,
    "due-by": lambda cell: {"due": day_name(cell.period.end), "left": cell.number},
    "in-grace": lambda cell: {"due": day_name(cell.period.end + timedelta(days=cell.duty.grace_days))},
    "too-few": lambda cell: {"count": _count(cell), "done": cell.number},
    "missing-explained": lambda cell: {"explanation": cell.explanation},
    "nobody-in-group": _hours,
    "hours-reached": _hours,
    "hours-due-by": _hours,
    "hours-too-few": _hours,
    "no-hours": _hours,
    "no-such-event": lambda cell: {"event": word("events", cell.shape.event)},
    "done-in-time": _limit,
    "done-after-limit": _limit,
    "limit-ahead": _limit,
    "limit-passed": _limit,
    "within-bounds": _figure,
    "out-of-bounds": _figure,
    "no-such-record": _every,
    "all-quorate": _every,
    "below-quorum": _attendance,
    "within-share": _every,
    "above-share": _above,
}
"""What each sentence names beyond period, label and basis."""
