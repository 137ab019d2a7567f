"""Which texts are worth a closer look: those that share fingerprints, rare ones counting more."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from zhibu.trace.grams import Hashes
from zhibu.trace.index import Postings, spans, texts_of
from zhibu.trace.weights import Worth

LEAST = 0.75
"""Texts whose shared fingerprints are together worth less carry no passage: one of 13 own signs has one worth 1."""
_TEMPLATE = 0.25
"""What a fingerprint of a long row that many share counts here: such a row has at least four."""
_MANY = 2_000
"""A fingerprint of more texts is added up by itself, without lists as long as its texts are many."""


class Ranking:
    """The texts that share `fingerprints`, by their ids, of which `last` is the highest. To make one can raise
    IndexDamaged: a large index is not read through before it is used."""

    def __init__(self, parts: Sequence[Postings], fingerprints: Hashes, worth: Worth, last: int) -> None:
        found = [spans(part, fingerprints) for part in parts]
        worths = np.maximum(worth, _TEMPLATE).astype(np.float64)
        rarity = worths / np.log2(1 + np.maximum(1, sum(counts for _, counts in found)))
        few = [_few(part, *span, last) for part, span in zip(parts, found, strict=True)]
        keys, which = (np.concatenate(each) for each in zip(*few, strict=True))
        self._scores = np.bincount(keys, rarity[which], last + 1)
        sums = np.bincount(keys, worths[which], last + 1)
        for part, (begins, counts) in zip(parts, found, strict=True):
            for k in np.flatnonzero(counts > _MANY).tolist():
                many = texts_of(part[begins[k] : begins[k] + counts[k]], last)
                self._scores[many] += rarity[k]
                sums[many] += worths[k]
        self._scores[sums < LEAST] = 0

    def keep(self, keys: Collection[int]) -> None:
        """Rank these alone."""
        kept = np.zeros_like(self._scores)
        chosen = np.fromiter(keys, np.intp, len(keys))
        chosen = chosen[chosen < len(kept)]
        kept[chosen] = self._scores[chosen]
        self._scores = kept

    def best(self, most: int) -> list[int]:
        """At most so many ids, the likeliest source first; of equal ones the older."""
        keys = np.flatnonzero(self._scores)
        scores = self._scores[keys]
        if most < len(keys):
            likely = scores >= np.partition(scores, -most)[-most]
            keys, scores = keys[likely], scores[likely]
        return [int(key) for key in keys[np.argsort(-scores, kind="stable")[:most]]]


def _few(
    part: Postings, begins: NDArray[np.int64], counts: NDArray[np.int64], last: int
) -> tuple[NDArray[np.intp], ...]:
    """The id of each text that has a fingerprint of few texts, and which fingerprint it is."""
    counts = np.where(counts > _MANY, 0, counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return texts_of(part[np.repeat(begins, counts) + within], last), np.repeat(np.arange(len(counts)), counts)
