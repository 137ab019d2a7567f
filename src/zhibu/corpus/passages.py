"""Two texts beside each other: their paragraphs cut where passages begin and end, differing words marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from zhibu.trace.results import Kind, Passage

Range = tuple[int, int]
CLAUSE = re.compile(r"[^，。；：！？、\n]*[，。；：！？、\n]?")
CLOSELY = 160_000
"""Clauses are compared sign by sign while their lengths multiplied stay below this; longer ones differ as a whole."""
HOLE = re.compile(r"[　\n]{4,}")
ELIDED = "……"
ISLAND = 2
"""Equal signs between two differing places are told only in a run of so many: shorter ones are chance."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a paragraph. `passage` counts from 1, 0 outside of every passage; `first`: the passage begins here;
    `differs`: the other side has other words."""

    text: str
    passage: int = 0
    kind: str = ""
    first: bool = False
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A passage by itself, both sides with what differs; `place` is the number of its paragraph on each side."""

    number: int
    kind: Kind
    ours: tuple[Part, ...]
    theirs: tuple[Part, ...]
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two whole texts by paragraphs, and their passages one by one."""

    ours: tuple[tuple[Part, ...], ...]
    theirs: tuple[tuple[Part, ...], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text as it is compared, and as people read it, at the same places. What is compared may have holes: words
    nobody counts, which are blank there; a passage runs on over them, and they are not marked."""

    compared: str
    shown: str

    @classmethod
    def plain(cls, text: str) -> Sheet:
        return cls(text, text)


def pair(ours: Sheet, theirs: Sheet, passages: Sequence[Passage]) -> Pair:
    """The two texts laid out. Passages are numbered in the order of the report."""
    left: list[_Mark] = []
    right: list[_Mark] = []
    rows: list[Row] = []
    for number, each in enumerate(passages, start=1):
        here, there = ours.compared[each.start : each.end], theirs.compared[each.source_start : each.source_end]
        differing = ((), ()) if each.kind == "identical" else differences(here, there)
        left.append(_mark(ours, each.start, each.end, number, each.kind, differing[0]))
        right.append(_mark(theirs, each.source_start, each.source_end, number, each.kind, differing[1]))
        place = paragraph_at(ours.shown, each.start), paragraph_at(theirs.shown, each.source_start)
        rows.append(Row(number, each.kind, alone(ours.shown, left[-1]), alone(theirs.shown, right[-1]), place))
    return Pair(tuple(laid_out(ours.shown, left)), tuple(laid_out(theirs.shown, right)), tuple(rows))


def own_side(sheet: Sheet, passages: Sequence[Passage]) -> tuple[tuple[int, str, tuple[Part, ...]], ...]:
    """Number of the paragraph, kind and words of each passage as they stand in the report; nothing of the source."""
    return tuple(
        (
            paragraph_at(sheet.shown, each.start), each.kind,
            alone(sheet.shown, _mark(sheet, each.start, each.end, number, each.kind, ())),
        )
        for number, each in enumerate(passages, start=1)
    )  # fmt: skip


def solid(text: str, start: int, end: int) -> list[Range]:
    """start..end without its holes."""
    found, at = [], start
    for hole in HOLE.finditer(text, start, end):
        if at < hole.start():
            found.append((at, hole.start()))
        at = hole.end()
    return [*found, (at, end)] if at < end else found


def paragraph_at(text: str, offset: int) -> int:
    """Which line an offset stands in, from 1; blank lines do not count."""
    return max(1, sum(bool(line.strip()) for line in text[: offset + 1].split("\n")))


def differences(ours: str, theirs: str) -> tuple[tuple[Range, ...], tuple[Range, ...]]:
    """The ranges of either side that the other one does not have: clauses first, then signs within changed clauses."""
    left, right = CLAUSE.findall(ours), CLAUSE.findall(theirs)
    starts, others = _starts(left), _starts(right)
    here: list[Range] = []
    there: list[Range] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        a, b = (starts[i], starts[i_end]), (others[j], others[j_end])
        closer = _closer(ours[slice(*a)], theirs[slice(*b)])
        here += [(a[0] + begin, a[0] + end) for begin, end in closer[0]]
        there += [(b[0] + begin, b[0] + end) for begin, end in closer[1]]
    return tuple(_joined(here)), tuple(_joined(there))


def _closer(ours: str, theirs: str) -> tuple[list[Range], list[Range]]:
    whole = [(0, len(ours))] if ours else [], [(0, len(theirs))] if theirs else []
    if not ours or not theirs or len(ours) * len(theirs) > CLOSELY:
        return whole
    here: list[Range] = []
    there: list[Range] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        inside = i > 0 and i_end < len(ours)
        if tag == "equal" and not (inside and i_end - i < ISLAND):
            continue
        here.append((i, i_end))
        there.append((j, j_end))
    return _joined(here), _joined(there)


def _starts(clauses: Sequence[str]) -> list[int]:
    found = [0]
    for clause in clauses:
        found.append(found[-1] + len(clause))
    return found


def _joined(ranges: Sequence[Range]) -> list[Range]:
    """Empty ranges dropped, touching ones made one."""
    found: list[Range] = []
    for begin, end in ranges:
        if begin == end:
            continue
        if found and found[-1][1] >= begin:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


@dataclass(frozen=True, slots=True)
class _Mark:
    """A passage on one side: the ranges it stands in, and those of them that differ."""

    start: int
    end: int
    number: int
    kind: str
    ranges: tuple[Range, ...]
    differing: tuple[Range, ...]


def _mark(sheet: Sheet, start: int, end: int, number: int, kind: str, differing: Sequence[Range]) -> _Mark:
    moved = tuple((start + begin, start + stop) for begin, stop in differing)
    return _Mark(start, end, number, kind, tuple(solid(sheet.compared, start, end)), moved)


def alone(text: str, mark: _Mark) -> tuple[Part, ...]:
    """A passage by itself, with dots for what was passed over."""
    parts: list[Part] = []
    for begin, end in mark.ranges:
        parts += [Part(ELIDED)] if parts else []
        parts += _parts(text, begin, end, [mark])
    return tuple(parts)


def laid_out(text: str, marks: Sequence[_Mark]) -> Iterator[tuple[Part, ...]]:
    """The non-blank lines of a text as parts. Where passages of a source overlap, the earlier one has the words."""
    ordered = sorted(marks, key=lambda mark: (mark.start, mark.number))
    offset = 0
    for line in text.split("\n"):
        end = offset + len(line)
        if line.strip():
            yield tuple(_parts(text, offset, end, [mark for mark in ordered if mark.start < end and offset < mark.end]))
        offset = end + 1


def _parts(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Iterator[Part]:
    edges = (side for mark in marks for each in (*mark.ranges, *mark.differing) for side in each)
    cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
    for begin, stop in pairwise(cuts):
        mark = next((mark for mark in marks if _within(begin, stop, mark.ranges)), None)
        if mark is None:
            yield Part(text[begin:stop])
            continue
        first = begin == mark.start
        yield Part(text[begin:stop], mark.number, mark.kind, first, _within(begin, stop, mark.differing))


def _within(begin: int, end: int, ranges: Sequence[Range]) -> bool:
    return any(a <= begin and end <= b for a, b in ranges)
