"""What a gram is worth as evidence: 1 where hardly anyone writes it, 0 where it is official formula.

A gram is counted once for each owner, so that a branch's own earlier years do not make its wording a formula. Between
the two ends the worth falls steeply with the logarithm of the number of owners; a passage that many share is evidence
if it is long, and none if it is a phrase.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from zhibu.trace.grams import LENGTH, Hashes, grams
from zhibu.trace.normal import normalise
from zhibu.trace.words import formulas

FORMULA_SHARE = 0.25
"""A gram in the texts of this share of the owners is formula."""
FEWEST_OWNERS = 6
"""... but never one that fewer owners than this have: a small corpus cannot tell a formula from a copy."""
UNSHARED = 2
"""Grams of so many owners or fewer are worth 1: a copy and its source make two."""
LONG = 48
"""Signs in a row. Honest reports that have nothing to do with each other share at most some 31; what many share at this
length is a template, not a formula, unless it stands in the list of official wording."""
SAMPLE = 2000
"""Owners counted at most; more say the same."""
EVIDENCE = 13.0
"""A passage carries at least this much: 13 signs of its own, numbers aside, or more that others write too."""
FEW_OWNERS, MANY_OWNERS = 60, 1000
PHRASES = 64.0
"""Among many owners a phrase shows itself as one. Among few it cannot be told from a copy: there a source must carry as
much as two or three phrases do."""

_PARTS = 16
_BITS = 22
_SHIFT = np.uint64(64 - _BITS)

Worth = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Weights:
    """The worth of grams. Grams that are not in the table are worth 1. A source carries `enough` evidence in all."""

    def __init__(self, hashes: Hashes, worth: Worth, enough: float = EVIDENCE) -> None:
        """`hashes` is sorted, `worth` belongs to it."""
        self.hashes, self.worth, self.enough = hashes, worth, enough
        self._seen = np.zeros(1 << _BITS, bool)
        self._seen[hashes >> _SHIFT] = True

    def of(self, hashes: Hashes) -> Worth:
        """The worth of each gram, 0 to 1."""
        found = np.ones(len(hashes), np.float32)
        # Most grams are nobody else's: looked up by their first bits, they need no bisection.
        known = np.flatnonzero(self._seen[hashes >> _SHIFT])
        if len(known):
            wanted = hashes[known]
            slots = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
            found[known] = np.where(self.hashes[slots] == wanted, self.worth[slots], np.float32(1))
        return found

    def common(self, hashes: Hashes, worth: Worth | None = None) -> Mask:
        """Which grams are formula: they are no evidence and stand for no text. `worth` is theirs, if it is known."""
        formula = (self.of(hashes) if worth is None else worth) <= 0
        rows = _in_long_rows(formula)
        return formula & ~(rows & ~np.isin(hashes, _official_grams())) if rows.any() else formula


def covered(mask: Mask, signs: int) -> Mask:
    """Which of `signs` signs stand in a gram of `mask`."""
    found = np.zeros(signs, bool)
    for offset in range(min(LENGTH, signs)):
        found[offset : offset + len(mask)] |= mask
    return found


def least(worth: Worth, signs: int) -> Worth:
    """What each of `signs` signs is worth: as much as the least gram it stands in."""
    found = np.ones(signs, np.float32)
    for offset in range(min(LENGTH, signs)):
        part = found[offset : offset + len(worth)]
        np.minimum(part, worth, out=part)
    return found


def _in_long_rows(mask: Mask) -> Mask:
    """The grams of `mask` that stand with others of it in a row of at least LONG signs."""
    if not mask.any():
        return mask
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    found = np.zeros(len(mask), bool)
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        found[begin:end] = end - begin + LENGTH - 1 >= LONG
    return found


@cache
def official() -> Weights:
    """The worth of grams where nothing is known but the list of official wording."""
    hashes = _official_grams()
    return Weights(hashes, np.zeros(len(hashes), np.float32))


@cache
def _official_grams() -> Hashes:
    return np.unique(np.concatenate([grams(normalise(each).codes) for each in formulas()]))


def counted(owners: Iterable[Hashes]) -> Weights:
    """The worth of grams by the number of owners that have them; one array of grams, repeated or not, an owner."""
    each = [np.unique(hashes) for hashes in owners]
    if len(each) < FEWEST_OWNERS:
        return Weights(official().hashes, official().worth, _enough(len(each)))
    hashes, counts = _shared(each)
    limit = max(FORMULA_SHARE * len(each), FEWEST_OWNERS)
    worth = (np.log(limit / np.minimum(counts, limit)) / np.log(limit / UNSHARED)) ** 3
    formula = _official_grams()
    rest = ~np.isin(hashes, formula)
    hashes = np.concatenate([hashes[rest], formula])
    worth = np.concatenate([np.clip(worth[rest], 0, 1), np.zeros(len(formula))])
    order = np.argsort(hashes)
    return Weights(hashes[order], worth[order].astype(np.float32), _enough(len(each)))


def _shared(owners: Sequence[Hashes]) -> tuple[Hashes, NDArray[np.int64]]:
    """The grams that more than UNSHARED owners have, in order, and how many have each; a part of all at a time, for the
    grams of all owners together fill the memory."""
    bounds = np.arange(1, _PARTS, dtype=np.uint64) * np.uint64(2**64 // _PARTS)
    found = []
    for part in zip(*(np.split(each, np.searchsorted(each, bounds)) for each in owners), strict=True):
        hashes, counts = np.unique(np.concatenate(part), return_counts=True)
        found.append((hashes[counts > UNSHARED], counts[counts > UNSHARED]))
    hashes, counts = (np.concatenate(each) for each in zip(*found, strict=True))
    return hashes, counts


def _enough(owners: int) -> float:
    """What a source must carry in all: from PHRASES among few owners down to one passage among many."""
    few = np.log(MANY_OWNERS / min(max(owners, FEW_OWNERS), MANY_OWNERS)) / np.log(MANY_OWNERS / FEW_OWNERS)
    return float(EVIDENCE + few * (PHRASES - EVIDENCE))
