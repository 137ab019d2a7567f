"""Which texts are worth a closer look: those that share fingerprints, rare ones counting more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]


def ranked(hits: Sequence[tuple[Places, Places]]) -> Places:
    """Text ids, the likeliest source first. A hit is a text's id and how many texts have that fingerprint."""
    keys = np.concatenate([np.empty(0, np.int64), *(key for key, _ in hits)])
    counts = np.concatenate([np.empty(0, np.int64), *(count for _, count in hits)])
    if not len(keys):
        return keys
    each, slots = np.unique(keys, return_inverse=True)
    scores = np.bincount(slots, weights=1 / np.log2(1 + counts))
    return each[np.argsort(-scores, kind="stable")]
