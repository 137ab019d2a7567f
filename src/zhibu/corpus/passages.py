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


def pair(text: str, source: str, passages: Sequence[Passage]) -> Pair:
    """The two texts laid out. Passages are numbered in the order of the report."""
    ours: list[_Mark] = []
    theirs: list[_Mark] = []
    rows: list[Row] = []
    for number, each in enumerate(passages, start=1):
        here, there = text[each.start : each.end], source[each.source_start : each.source_end]
        left, right = ((), ()) if each.kind == "identical" else differences(here, there)
        ours.append(_Mark(each.start, each.end, number, each.kind, _moved(left, each.start)))
        theirs.append(_Mark(each.source_start, each.source_end, number, each.kind, _moved(right, each.source_start)))
        rows.append(
            Row(
                number, each.kind, tuple(_parts(text, ours[-1].start, ours[-1].end, ours[-1:])),
                tuple(_parts(source, theirs[-1].start, theirs[-1].end, theirs[-1:])),
                (paragraph_at(text, each.start), paragraph_at(source, each.source_start)),
            )
        )  # fmt: skip
    return Pair(tuple(laid_out(text, ours)), tuple(laid_out(source, theirs)), tuple(rows))


def own_side(text: str, passages: Sequence[Passage]) -> tuple[tuple[int, str, str], ...]:
    """Number of the paragraph, kind and words of each passage as they stand in the report; nothing of the source."""
    return tuple((paragraph_at(text, each.start), each.kind, text[each.start : each.end]) for each in passages)


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
    start: int
    end: int
    number: int
    kind: str
    differing: tuple[Range, ...]


def _moved(ranges: Sequence[Range], by: int) -> tuple[Range, ...]:
    return tuple((begin + by, end + by) for begin, end in ranges)


def laid_out(text: str, marks: Sequence[_Mark]) -> Iterator[tuple[Part, ...]]:
    """The non-blank lines of a text as parts. Where passages of a source overlap, the earlier one has the words."""
    ordered = sorted(marks, key=lambda mark: (mark.start, mark.number))
    offset = first = 0
    for line in text.split("\n"):
        end = offset + len(line)
        if line.strip():
            while first < len(ordered) and max(mark.end for mark in ordered[: first + 1]) <= offset:
                first += 1
            yield tuple(_parts(text, offset, end, [mark for mark in ordered[first:] if mark.start < end]))
        offset = end + 1


def _parts(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Iterator[Part]:
    cuts = {start, end}
    for mark in marks:
        for place in (mark.start, mark.end, *(side for each in mark.differing for side in each)):
            if start < place < end:
                cuts.add(place)
    for begin, stop in pairwise(sorted(cuts)):
        if begin == stop:
            continue
        mark = next((mark for mark in marks if mark.start <= begin and stop <= mark.end), None)
        if mark is None:
            yield Part(text[begin:stop])
            continue
        differs = any(a <= begin and stop <= b for a, b in mark.differing)
        yield Part(text[begin:stop], mark.number, mark.kind, begin == mark.start, differs)
