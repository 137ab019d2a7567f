"""What was done to a passage: nothing, only its numbers, dates and names changed, rewritten in part, moved."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np

from zhibu.trace.align import Stretch
from zhibu.trace.normal import Normal, folded
from zhibu.trace.results import Kind, Passage
from zhibu.trace.words import name_signs

LONGEST_NAME = 8
"""Signs. A longer rewritten place is taken for rewritten words."""


def passage(report: Normal, source: Normal, stretch: Stretch) -> Passage:
    start, end = report.span(*stretch.a)
    source_start, source_end = source.span(*stretch.b)
    excerpt = report.text[start:end]
    kind = _kind(report, source, stretch, excerpt, source.text[source_start:source_end])
    return Passage(start, end, source_start, source_end, kind, excerpt)


def _kind(report: Normal, source: Normal, stretch: Stretch, here: str, there: str) -> Kind:
    if here == there or folded(here) == folded(there):
        return "identical"
    for run in stretch.runs:
        words = report.plain[run.a : run.a + run.length]
        if not np.array_equal(words, source.plain[run.b : run.b + run.length]):
            return "edited"
    for before, after in pairwise(stretch.runs):
        ours = (before.a + before.length, after.a)
        theirs = (before.b + before.length, after.b)
        if not _only_names(report, source, ours, theirs):
            return "edited"
    return "values"


def _only_names(report: Normal, source: Normal, ours: tuple[int, int], theirs: tuple[int, int]) -> bool:
    """Is what was rewritten between two runs a name, or several with the same words between them?"""
    if _is_name(report, *ours) and _is_name(source, *theirs):
        return True
    words = SequenceMatcher(None, _plain(report, *ours), _plain(source, *theirs), autojunk=False)
    return all(
        _is_name(report, ours[0] + i, ours[0] + i_end) and _is_name(source, theirs[0] + j, theirs[0] + j_end)
        for tag, i, i_end, j, j_end in words.get_opcodes()
        if tag != "equal"
    )


def _plain(normal: Normal, begin: int, end: int) -> str:
    return normal.plain[max(0, begin) : end].tobytes().decode("utf-32-le")


def _is_name(normal: Normal, begin: int, end: int) -> bool:
    """Does what stands there look like a name, by its length and by the words around it?"""
    if not 0 < end - begin <= LONGEST_NAME:
        return False
    around = _plain(normal, begin - 2, end + 2)
    lead = begin - max(0, begin - 2)
    before, rest = around[:lead], around[lead + 1 :]
    signs = name_signs()
    return before.endswith(signs.before) or any(word in rest for word in signs.after)


def with_moves(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages, in the report's order, those marked as reordered that break the order of the source.

    The heaviest run of passages in one order is what stayed; the rest was moved.
    """
    ends = sorted({each.source_end for each in passages})
    # A tree of maxima (Fenwick) over the source's ends: the heaviest order so far that ends by there, and its last.
    heaviest = [(0, -1)] * (len(ends) + 1)
    previous = []
    for k, each in enumerate(passages):
        weight, before = _heaviest(heaviest, bisect_right(ends, each.source_start))
        previous.append(before)
        slot = bisect_right(ends, each.source_end)
        while slot < len(heaviest):
            heaviest[slot] = max(heaviest[slot], (weight + each.end - each.start, k))
            slot += slot & -slot
    stayed = set()
    at = _heaviest(heaviest, len(ends))[1]
    while at >= 0:
        stayed.add(at)
        at = previous[at]
    return tuple(each if k in stayed else replace(each, kind="reordered") for k, each in enumerate(passages))


def _heaviest(tree: Sequence[tuple[int, int]], slot: int) -> tuple[int, int]:
    found = (0, -1)
    while slot:
        found = max(found, tree[slot])
        slot -= slot & -slot
    return found
