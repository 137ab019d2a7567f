"""Whether a problem was there before: the words of two problems held against each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from zhibu.trace.normal import normalise

LIKE = 0.45
"""Share of sign pairs two problems have in common from which the earlier one is proposed; a person decides."""
MOST = 3

Pairs = frozenset[tuple[int, int]]
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Earlier(Generic[One]):
    """An earlier problem that says the same. `verbatim`: word for word, but for signs, spaces and figures."""

    problem: One
    share: float
    verbatim: bool


def _signs(text: str) -> tuple[int, ...]:
    """The text as it is compared: no punctuation, figures all alike, synonyms as one."""
    return tuple(normalise(text).codes.tolist())


def _pairs(signs: tuple[int, ...]) -> Pairs:
    return frozenset(pairwise(signs))


def earlier_ones(text: str, before: Iterable[tuple[One, str]]) -> list[Earlier[One]]:
    """Those of `before`, given with their words, that say what `text` says; the most alike first, at most three."""
    plain = tuple(normalise(text).plain.tolist())
    mine = _pairs(_signs(text))
    found = []
    for problem, words in before:
        verbatim = bool(plain) and plain == tuple(normalise(words).plain.tolist())
        theirs = _pairs(_signs(words))
        share = 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0
        if verbatim or share >= LIKE:
            found.append(Earlier(problem, 1.0 if verbatim else share, verbatim))
    return sorted(found, key=lambda one: -one.share)[:MOST]
