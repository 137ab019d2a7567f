"""A body's year as a table: acts down, months across; a quarter is one cell three months wide. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhibu.ledger.gathering import Item, act_of, gather
from zhibu.ledger.standing import Standing
from zhibu.rulebook.duty import Duty

RECURRENCES = ("month", "quarter", "half-year", "year", "event", "state")
"""Order of the table's parts: what returns most often first."""


@dataclass(frozen=True, slots=True)
class Row:
    """One act. `cells` have the width of their periods in months; `gaps` lie before a duty came into force."""

    duty: Duty
    others: tuple[Duty, ...]
    cells: tuple[tuple[int, Item | None], ...]

    @property
    def duties(self) -> tuple[Duty, ...]:
        return (self.duty, *self.others)


@dataclass(frozen=True, slots=True)
class Part:
    recurrence: str
    rows: tuple[Row, ...]


def matrix(standings: Iterable[Standing]) -> list[Part]:
    """The parts of the table, each with its rows in the order of the regulations."""
    rows: dict[tuple[Any, ...], list[Item]] = {}
    for item in gather(standings):
        rows.setdefault(act_of(item.duty), []).append(item)
    made = [_row(items) for items in rows.values()]
    parts = [Part(name, tuple(row for row in made if row.duty.recurrence == name)) for name in RECURRENCES]
    return [part for part in parts if part.rows]


def _row(items: list[Item]) -> Row:
    items = sorted(items, key=lambda item: item.period.start)
    duties = {standing.duty.id: standing.duty for item in items for standing in item.all}
    main = items[-1].duty
    others = tuple(duty for duty in duties.values() if duty is not main)
    return Row(main, others, tuple(_cells(items)))


def _cells(items: list[Item]) -> Iterable[tuple[int, Item | None]]:
    """The items with their widths; an empty cell fills months for which there is none."""
    month = 1
    for item in items:
        if item.period.start.month > month:
            yield item.period.start.month - month, None
        month = item.period.end.month + 1
        yield month - item.period.start.month, item
    if month <= 12:
        yield 13 - month, None
