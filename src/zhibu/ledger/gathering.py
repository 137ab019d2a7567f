"""Two regulations may ask for the same act: it is done once and shown once, with every article behind it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhibu.ledger.standing import PROGRESS, Standing
from zhibu.periods import Period
from zhibu.rulebook.duty import AtLeast, Duty, EachMember, Holds, Strength
from zhibu.rulebook.reasons import Status

FORCE: tuple[Strength, ...] = ("must", "shall", "at-least", "usually", "may")
"""Strongest word first: of two articles on one act, the stronger speaks."""
OPEN: tuple[Status, ...] = ("missing", "defective")
"""Statuses in which something is left to mend."""
DONE: tuple[Status, ...] = ("met", "late")
ASKED: tuple[Status, ...] = ("met", "late", "defective", "missing", "not-yet-due", "unknown")


@dataclass(frozen=True, slots=True)
class Item:
    """What one act in one period stands at: the standing that speaks, and the others it answers as well."""

    standing: Standing
    others: tuple[Standing, ...] = ()

    @property
    def duty(self) -> Duty:
        return self.standing.duty

    @property
    def status(self) -> Status:
        return self.standing.status

    @property
    def period(self) -> Period:
        return self.standing.period

    @property
    def all(self) -> tuple[Standing, ...]:
        return (self.standing, *self.others)


def act_of(duty: Duty) -> tuple[Any, ...]:
    """Equal for duties that one and the same act fulfils; usual months and words differ without asking for more."""
    shape = duty.shape
    if isinstance(shape, AtLeast):
        return ("at-least", shape.count, shape.per, shape.of, tuple(sorted(shape.tags)))
    if isinstance(shape, EachMember):
        return ("each-member", shape.hours, shape.group)
    if isinstance(shape, Holds):
        return ("holds", shape.measure, shape.at_least, shape.at_most)
    return (shape,)


def gather(standings: Iterable[Standing]) -> list[Item]:
    """Items in the order in which their acts first appear, then of their periods."""
    found: dict[tuple[Any, ...], list[Standing]] = {}
    for standing in standings:
        found.setdefault((act_of(standing.duty), standing.subject_code, standing.period), []).append(standing)
    return [_item(same) for same in found.values()]


def _item(same: list[Standing]) -> Item:
    speaking = min(same, key=_precedence)
    return Item(speaking, tuple(one for one in same if one is not speaking))


def _precedence(standing: Standing) -> tuple[bool, int, bool, int]:
    """What is asked before what is not, worse before better, verified before the rest, the stronger word first."""
    duty = standing.duty
    asked = standing.status in ASKED
    return (not asked, PROGRESS[standing.status], not duty.verified, FORCE.index(duty.strength))
