"""Which stretches of one text stand in another: shared grams, chained along diagonals over small edits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhibu.trace.grams import LENGTH, Hashes, grams
from zhibu.trace.normal import Normal
from zhibu.trace.weights import Weights, Worth

GAP = 24
"""Signs that may be rewritten between two shared runs of one passage."""
DRIFT = 10
"""... and by how many signs the rewritten place may be longer or shorter than it was."""
REPEATS = 6
"""A gram that stands more often than this in the source shows no place there."""
EVIDENCE = 13.0
"""A passage carries at least this much: 13 signs of its own, or more that others write too."""
_STEP, _RUN = 6, 4
"""At a passage's ends: up to _STEP rewritten signs are passed over when _RUN shared ones follow."""


@dataclass(frozen=True, slots=True)
class Run:
    """`length` signs that are the same from `a` in the report and from `b` in the source."""

    a: int
    b: int
    length: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage in signs: shared runs in order, with rewritten gaps between them."""

    runs: tuple[Run, ...]

    @property
    def a(self) -> tuple[int, int]:
        return self.runs[0].a, self.runs[-1].a + self.runs[-1].length

    @property
    def b(self) -> tuple[int, int]:
        return self.runs[0].b, self.runs[-1].b + self.runs[-1].length


class Prepared:
    """A report ready to be held against many sources: its grams, what they are worth, its signs as a string."""

    def __init__(self, normal: Normal, weights: Weights) -> None:
        self.normal = normal
        self.hashes = grams(normal.codes)
        self.worth: Worth = weights.of_signs(normal, self.hashes)
        self.signs = string(normal)
        self._sums = np.concatenate([[0.0], np.cumsum(self.worth, dtype=np.float64)])

    def evidence(self, stretch: Stretch) -> float:
        return float(sum(self._sums[run.a + run.length] - self._sums[run.a] for run in stretch.runs))


def string(normal: Normal) -> str:
    return normal.codes.tobytes().decode("utf-32-le", "surrogatepass")


def stretches(report: Prepared, source: Normal) -> list[Stretch]:
    """The passages of the report that stand in the source, in the report's order, none over another."""
    if np.array_equal(report.normal.codes, source.codes) and len(source):
        return [Stretch((Run(0, 0, len(source)),))]
    signs = string(source)
    found = [_extended(chain, report.signs, signs) for chain in _chains(_runs(report.hashes, grams(source.codes)))]
    return _apart(report, found)


def _runs(a: Hashes, b: Hashes) -> list[Run]:
    """Maximal shared runs of at least LENGTH signs, by place in the report."""
    order = np.argsort(b, kind="stable")
    ordered = b[order]
    left = np.searchsorted(ordered, a, "left")
    counts = np.searchsorted(ordered, a, "right") - left
    counts[counts > REPEATS] = 0
    places = np.repeat(np.arange(len(a)), counts)
    if not len(places):
        return []
    within = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    others = order[np.repeat(left, counts) + within]
    return _joined(places, others)


def _joined(a: NDArray[np.int64], b: NDArray[np.int64]) -> list[Run]:
    by_diagonal = np.lexsort((a, b - a))
    a, b = a[by_diagonal], b[by_diagonal]
    begins = np.ones(len(a), bool)
    begins[1:] = (np.diff(a) != 1) | (np.diff(b) != 1)
    first = np.flatnonzero(begins)
    lengths = np.diff(np.append(first, len(a))) + LENGTH - 1
    runs = zip(a[first].tolist(), b[first].tolist(), lengths.tolist(), strict=True)
    return [Run(*run) for run in sorted(runs)]


def _chains(runs: list[Run]) -> list[list[Run]]:
    """Runs that follow each other closely in both texts, each run in one chain."""
    chains: list[list[Run]] = []
    still: list[list[Run]] = []
    for run in runs:
        still = [chain for chain in still if run.a - chain[-1].a - chain[-1].length <= GAP]
        nearest = min(((_distance(chain[-1], run), k) for k, chain in enumerate(still)), default=(None, 0))
        if nearest[0] is not None and nearest[0] < GAP + DRIFT:
            _add(still[nearest[1]], run)
        else:
            chains.append([run])
            still.append(chains[-1])
    return chains


def _distance(last: Run, run: Run) -> int:
    """How far `run` is from following `last`; GAP + DRIFT when it does not."""
    gap_a, gap_b = run.a - last.a - last.length, run.b - last.b - last.length
    drift = abs(gap_a - gap_b)
    # Runs may overlap by less than a gram where a repeated sign was put in or taken out.
    if min(gap_a, gap_b) <= -LENGTH or max(gap_a, gap_b) > GAP or drift > DRIFT:
        return GAP + DRIFT
    return min(max(gap_a, gap_b, 0) + drift, GAP + DRIFT - 1)


def _add(chain: list[Run], run: Run) -> None:
    last = chain[-1]
    over = max(0, last.a + last.length - run.a, last.b + last.length - run.b)
    if over < run.length:
        chain.append(Run(run.a + over, run.b + over, run.length - over))


def _extended(chain: list[Run], a: str, b: str) -> Stretch:
    """The chain with what was rewritten at its two ends, as long as shared runs follow."""
    tail = list(_onward(a, b, chain[-1].a + chain[-1].length, chain[-1].b + chain[-1].length))
    length_a, length_b = len(a), len(b)
    back = _onward(a[::-1], b[::-1], length_a - chain[0].a, length_b - chain[0].b)
    head = [Run(length_a - run.a - run.length, length_b - run.b - run.length, run.length) for run in back]
    return Stretch((*reversed(head), *chain, *tail))


def _onward(a: str, b: str, i: int, j: int) -> Iterator[Run]:
    while (step := _next(a, b, i, j)) is not None:
        i, j = step
        length = _same(a, b, i, j)
        yield Run(i, j, length)
        i, j = i + length, j + length


def _next(a: str, b: str, i: int, j: int) -> tuple[int, int] | None:
    """The nearest place beyond (i, j) where _RUN signs are the same again."""
    wanted, offered = a[i : i + _STEP + _RUN], b[j : j + _STEP + _RUN]
    if len(wanted) < _RUN or len(offered) < _RUN:
        return None
    for steps in range(2 * _STEP + 1):
        for x in range(max(0, steps - _STEP), min(steps, _STEP) + 1):
            word = wanted[x : x + _RUN]
            if len(word) == _RUN and offered.startswith(word, steps - x):
                return i + x, j + steps - x
    return None


def _same(a: str, b: str, i: int, j: int) -> int:
    length, most = 0, min(len(a) - i, len(b) - j)
    while length < most and a[i + length] == b[j + length]:
        length += 1
    return length


def _apart(report: Prepared, found: list[Stretch]) -> list[Stretch]:
    """The strongest stretches first, each cut back where a stronger one has taken the place."""
    taken = np.zeros(len(report.normal), bool)
    kept: list[Stretch] = []
    for stretch in sorted(found, key=lambda each: (-report.evidence(each), each.a, each.b)):
        for free in _free(stretch, taken):
            if report.evidence(free) >= EVIDENCE:
                kept.append(free)
                taken[slice(*free.a)] = True
    return sorted(kept, key=lambda each: each.a)


def _free(stretch: Stretch, taken: NDArray[np.bool_]) -> Iterator[Stretch]:
    begin, end = stretch.a
    if not taken[begin:end].any():
        yield stretch
        return
    runs: list[Run] = []
    for run in stretch.runs:
        if runs and taken[runs[-1].a + runs[-1].length : run.a].any():
            yield Stretch(tuple(runs))
            runs = []
        open_ = np.flatnonzero(~taken[run.a : run.a + run.length])
        # One run is cut at most once: what is left is its longest free piece.
        pieces = np.split(open_, np.flatnonzero(np.diff(open_) != 1) + 1)
        piece = max(pieces, key=len)
        if len(piece):
            if runs and int(piece[0]) > 0:
                yield Stretch(tuple(runs))
                runs = []
            runs.append(Run(run.a + int(piece[0]), run.b + int(piece[0]), len(piece)))
    if runs:
        yield Stretch(tuple(runs))
