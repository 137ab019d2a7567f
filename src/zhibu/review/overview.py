"""What leaders look at: a committee's bodies and main duties, trends, kinds of problems, who needs help and why. Pure.

About bodies only, in the order of the tree; nothing here knows a person, and nothing is ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhibu.errors import Sentence
from zhibu.ledger.overview import Body, Overview, Sum

MAIN = 8
"""Duties of the heat map: those that most cells stand for."""
LOW = 60
"""Whole percent of what was owed below which a body is among those that need help."""
MISSING = Sentence("help-missing", "应做{owed}项，完成{done}项，完成不到{low}%。")
OVERDUE = Sentence("help-overdue", "{n}个问题超过整改时限。")
AGAIN = Sentence("help-again", "{n}个问题再次出现。")
LATE = Sentence("help-late", "述职：{why}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A body's part of a duty. `look`: the class of the colour; the text says the same."""

    done: int
    owed: int
    look: str

    @property
    def text(self) -> str:
        return f"{self.done}/{self.owed}" if self.owed else "—"


def cell_of(sum: Sum | None) -> Cell:
    if sum is None or not sum.owed:
        return Cell(0, 0, "none")
    share = sum.share or 0
    look = "met" if share == 100 else "late" if share >= 75 else "defective" if share >= LOW else "missing"
    return Cell(sum.done, sum.owed, look)


@dataclass(frozen=True, slots=True)
class Line:
    """A body in the heat map: its whole, then the main duties."""

    body: Body
    whole: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """A body that needs help, and why."""

    body: Body
    why: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Worries:
    """What else than the ledger says that a body needs help."""

    overdue: int = 0
    again: int = 0
    late: tuple[Sentence, ...] = ()


def main_duties(found: Overview) -> list[str]:
    """The duties most is owed of, in the order of the rule files."""
    most = sorted(found.duties, key=lambda pair: -pair[1].owed)[:MAIN]
    wanted = {duty for duty, sum in most if sum.owed}
    return [duty for duty, _sum in found.duties if duty in wanted]


def heat(found: Overview, duties: Sequence[str]) -> list[Line]:
    return [
        Line(body, cell_of(whole), tuple(cell_of(found.squares.get((body.id, duty))) for duty in duties))
        for body, whole in found.bodies
    ]


def needs(lines: Iterable[Line], worries: Mapping[int, Worries]) -> list[Needs]:
    """In the order of the tree."""
    found = [Needs(one.body, tuple(_reasons(one, worries.get(one.body.id, Worries())))) for one in lines]
    return [one for one in found if one.why]


def _reasons(line: Line, worries: Worries) -> Iterable[Sentence]:
    whole = line.whole
    if whole.look == "missing":
        yield Sentence(MISSING.code, MISSING.message, owed=whole.owed, done=whole.done, low=LOW)
    if worries.overdue:
        yield Sentence(OVERDUE.code, OVERDUE.message, n=worries.overdue)
    if worries.again:
        yield Sentence(AGAIN.code, AGAIN.message, n=worries.again)
    for why in worries.late:
        yield Sentence(LATE.code, LATE.message, why=why)
