"""Which texts are worth a closer look: those that share fingerprints, rare ones counting more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhibu.trace.weights import Worth

LEAST = 0.75
"""Texts whose shared fingerprints are together worth less carry no passage: one of 13 own signs has one worth 1."""
_TEMPLATE = 0.25
"""What a fingerprint of a long row that many share counts here: such a row has at least four."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Shared fingerprints: the text's id, the fingerprint's worth, and how many texts have it."""

    keys: NDArray[np.int64]
    worth: Worth
    counts: NDArray[np.int64]


def ranked(hits: Sequence[Hits]) -> NDArray[np.int64]:
    """Text ids, the likeliest source first."""
    keys = np.concatenate([each.keys for each in hits])
    if not len(keys):
        return keys
    worth = np.maximum(np.concatenate([each.worth for each in hits]), _TEMPLATE)
    rarity = worth / np.log2(1 + np.concatenate([each.counts for each in hits]))
    each, slots = np.unique(keys, return_inverse=True)
    scores = np.bincount(slots, weights=rarity)
    scores[np.bincount(slots, weights=worth) < LEAST] = 0
    order = np.argsort(-scores, kind="stable")
    return each[order[: np.count_nonzero(scores)]]
