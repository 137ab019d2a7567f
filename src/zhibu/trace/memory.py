"""Texts held in memory: two files, or a season of some hundred."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

import numpy as np

from zhibu.trace.align import Side
from zhibu.trace.grams import Hashes, winnowed
from zhibu.trace.index import NONE, marks_of, postings_of
from zhibu.trace.normal import normalise
from zhibu.trace.ranking import Ranking
from zhibu.trace.results import Text
from zhibu.trace.weights import SAMPLE, Weights, counted

FEW = 12
"""So many texts somebody chose to compare: all are looked at closely, and every passage counts."""


class Memory:
    """A library of the given texts; formulas are told by their owners, or by the weights of another library."""

    def __init__(self, texts: Sequence[Text], weights: Weights | None = None) -> None:
        self.texts = texts
        self._sides = [Side(normalise(each.text)) for each in texts]
        hashes = [each.hashes for each in self._sides]
        self.weights = weights or _weights(texts, hashes)
        each = (winnowed(found, self.weights.common(found)) for found in hashes)
        every = [postings_of(marks_of(found), key) for key, found in enumerate(each)]
        self._postings = np.sort(np.concatenate([NONE, *every]))

    def text(self, key: int) -> Text:
        return self.texts[key]

    def side(self, key: int) -> Side:
        return self._sides[key]

    def candidates(
        self, hashes: Hashes, most: int, without: Collection[str] = (), only: Collection[str] | None = None
    ) -> list[int]:
        asked = [
            key
            for key, each in enumerate(self.texts)
            if each.name not in without and (only is None or each.name in only)
        ]
        if len(asked) <= min(FEW, most):
            return asked
        wanted = winnowed(hashes, self.weights.common(hashes))
        ranking = Ranking([self._postings], wanted, self.weights.of(wanted), len(self.texts) - 1)
        ranking.keep(asked)
        return ranking.best(most)


def _weights(texts: Sequence[Text], hashes: Sequence[Hashes]) -> Weights:
    found = counted(_by_owner(texts, hashes)[:SAMPLE])
    return found if len(texts) > FEW else Weights(found.hashes, found.worth)


def _by_owner(texts: Sequence[Text], hashes: Sequence[Hashes]) -> list[Hashes]:
    """The grams of each owner; a text without an owner is one by itself."""
    owned = sorted(((each.owner or f"\0{key}", key) for key, each in enumerate(texts)))
    return [np.concatenate([hashes[key] for _, key in group]) for _, group in groupby(owned, key=lambda pair: pair[0])]
