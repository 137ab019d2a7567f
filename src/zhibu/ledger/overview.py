"""The roll-up of a committee, from its tallies: filtered, summed by body and by duty, a page at a time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from zhibu.rulebook.reasons import STATUSES, Status

ORDER: tuple[Status, ...] = tuple(STATUSES)
_INDEX: Mapping[str, int] = {status: index for index, status in enumerate(ORDER)}
_DONE = (_INDEX["met"], _INDEX["late"])
_OWED = (*_DONE, _INDEX["defective"], _INDEX["missing"])


class Body(NamedTuple):
    """What the roll-up shows of a body."""

    id: int
    code: str
    name: str
    kind: str
    sector: str
    below: bool
    """Whether it has bodies of its own to look into."""


Row = tuple[int, str, tuple[int, ...]]
"""As queries.rollup gives them: primary key of the body, duty id, cells in each status in the order of ORDER."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader wants to see; empty means all."""

    kind: str = ""
    sector: str = ""
    duty: str = ""
    status: str = ""


@dataclass(slots=True)
class Sum:
    """Cells in each status, added up."""

    counts: list[int] = field(default_factory=lambda: [0] * len(ORDER))

    def add(self, counts: Sequence[int]) -> None:
        self.counts = [mine + more for mine, more in zip(self.counts, counts, strict=True)]

    def __getitem__(self, status: str) -> int:
        return self.counts[_INDEX[status]]

    @property
    def owed(self) -> int:
        """Cells that could be judged: done, done late, defective or missing."""
        return sum(self.counts[index] for index in _OWED)

    @property
    def done(self) -> int:
        return sum(self.counts[index] for index in _DONE)

    @property
    def share(self) -> int | None:
        """Whole per cent of what was owed that is done, rounded down so that 100 means all; None if nothing was."""
        return 100 * self.done // self.owed if self.owed else None


@dataclass(frozen=True, slots=True)
class Overview:
    """`bodies` keep the order of the tree, `duties` that of the rule files; `squares` are those of the bodies shown."""

    total: Sum
    bodies: list[tuple[Body, Sum]]
    duties: list[tuple[str, Sum]]
    found: int
    """Bodies found in all; `bodies` is one page of them."""
    squares: Mapping[tuple[int, str], Sum]


def overview(bodies: Iterable[Body], rows: Iterable[Row], wish: Wish, page: slice) -> Overview:
    """Add up the rows that the wish asks for. A status asks for bodies with at least one such cell."""
    wanted = {body.id: body for body in bodies if wish.kind in ("", body.kind) and wish.sector in ("", body.sector)}
    kept = [row for row in rows if row[0] in wanted and wish.duty in ("", row[1])]
    by_body = _sums(kept, 0)
    if wish.status:
        index = _INDEX[wish.status]
        by_body = {pk: found for pk, found in by_body.items() if found.counts[index]}
        kept = [row for row in kept if row[0] in by_body]
    listed = [(body, by_body[pk]) for pk, body in wanted.items() if pk in by_body]
    shown = listed[page]
    on_page = {body.id for body, _ in shown}
    total = Sum()
    for found in by_body.values():
        total.add(found.counts)
    squares: dict[tuple[int, str], Sum] = {}
    for pk, duty, counts in kept:
        if pk in on_page:
            squares.setdefault((pk, duty), Sum()).add(counts)
    return Overview(total, shown, list(_sums(kept, 1).items()), len(listed), squares)


def _sums(rows: Iterable[Row], by: int) -> dict[Any, Sum]:
    """Counts added up by one column of the rows, in the order in which its values first appear."""
    found: dict[Any, list[int]] = {}
    for row in rows:
        so_far = found.get(row[by])
        found[row[by]] = [a + b for a, b in zip(so_far, row[2], strict=True)] if so_far else list(row[2])
    return {key: Sum(counts) for key, counts in found.items()}
