"""What a month's plan should hold: what the ledger asks for in it, and what earlier months left. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhibu.ledger.gathering import Item
from zhibu.ledger.month import Month, act_kinds, due_day

Why = Literal["due", "leftover"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One item: what, by when, of which kind of activity, for which duty; `leftover`: an earlier month left it."""

    text: str
    due: date
    kind: str
    duty: str
    why: Why


def proposals(month: Month, bodies: dict[str, str] | None = None) -> list[Proposal]:
    """Acts to be done by the month's end, and those missed just before. What only the roster decides is no act.

    `bodies`: names of Party cells by code, put before the label of what a cell has to do.
    """
    found = [*_of(month, month.due, "due", bodies or {}), *_of(month, month.leftovers, "leftover", bodies or {})]
    return sorted(found, key=lambda one: (one.why != "leftover", one.due))


def _of(month: Month, items: Iterable[Item], why: Why, bodies: dict[str, str]) -> Iterable[Proposal]:
    for item in items:
        kinds = act_kinds(item)
        if not kinds:
            continue
        name = bodies.get(item.standing.subject_code, "")
        text = f"{name}：{item.duty.label}" if name else item.duty.label
        due = month.last if why == "leftover" else max(min(due_day(item), month.last), month.first)
        yield Proposal(text, due, kinds[0], item.duty.id, why)
