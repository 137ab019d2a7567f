"""Hashes of eight signs in a row, and the few of them that stand for a text (winnowing)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhibu.trace.normal import Codes

LENGTH = 8
"""Signs of a gram. Shorter ones beat longer ones as long as formulas are left out (docs/benchmarks.md)."""
WINDOW = 8
"""Of so many grams in a row at least one is kept: a copy of LENGTH + WINDOW - 1 = 15 signs is always seen."""

Hashes = NDArray[np.uint64]

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_TOP = np.uint64(0xFFFFFFFFFFFFFFFF)


def grams(codes: Codes, length: int = LENGTH) -> Hashes:
    """The hash of every gram, by its first sign: `len(codes) - length + 1` of them, none for a shorter text."""
    count = len(codes) - length + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    hashes = np.zeros(count, np.uint64)
    for offset in range(length):
        hashes *= _BASE
        hashes += codes[offset : offset + count]
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(29)
    return hashes


def winnowed(hashes: Hashes, common: NDArray[np.bool_] | None = None, window: int = WINDOW) -> Hashes:
    """The smallest hash of every window, each once, sorted; those in `common` are never taken.

    Schleimer, Wilkerson, Aiken: Winnowing, local algorithms for document fingerprinting (2003).
    """
    if not len(hashes):
        return hashes
    usable = hashes if common is None else np.where(common, _TOP, hashes)
    if len(usable) > window:
        least = usable[: len(usable) - window + 1].copy()
        for offset in range(1, window):
            np.minimum(least, usable[offset : offset + len(least)], out=least)
        usable = least
    found = distinct(np.sort(distinct(usable)))
    return found[:-1] if len(found) and found[-1] == _TOP else found


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """... of each row of equal values one: all of them once, if they are sorted."""
    kept: NDArray[Any] = values[np.append(True, values[1:] != values[:-1])[: len(values)]]
    return kept
