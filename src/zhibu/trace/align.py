"""Which stretches of one text stand in another: shared grams, chained along diagonals over small edits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhibu.trace.grams import LENGTH, Hashes, grams
from zhibu.trace.normal import NUMBER, Normal
from zhibu.trace.weights import EVIDENCE, LONG, Weights, covered, least

GAP = 24
"""Signs that may be rewritten between two shared runs of one passage."""
DRIFT = 10
"""... and by how many signs the rewritten place may be longer or shorter than it was."""
REPEATS = 6
"""A gram that stands more often than this in the source shows no place there."""
SMALL = 0.05
"""Of a short report this share is enough evidence for a source, a whole passage at least."""
HALF = EVIDENCE / 2
"""What is not worth half a passage does not become one by the few signs at its ends."""
_BITS = 18
_SHIFT = np.uint64(64 - _BITS)
_STEP, _RUN = 6, 4
"""At a passage's ends: up to _STEP rewritten signs are passed over when _RUN shared ones follow."""

Starts = NDArray[np.int64]


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


class Side:
    """A text ready to be aligned with others: its grams, and its signs as a string, both ways."""

    def __init__(self, normal: Normal) -> None:
        self.normal = normal
        self.hashes = grams(normal.codes)
        self.signs = normal.codes.tobytes().decode("utf-32-le")
        self.backwards = self.signs[::-1]


class Prepared:
    """A report ready to be held against many sources. `informative` are its signs outside official wording."""

    def __init__(self, side: Side, weights: Weights) -> None:
        self.side, self.normal = side, side.normal
        self.places = Places(side.hashes)
        self.worth = weights.of(side.hashes)
        self.common = weights.common(side.hashes, self.worth)
        self.informative = ~covered(self.common, len(side.normal))
        self.enough = max(EVIDENCE, min(weights.enough, SMALL * int(self.informative.sum())))
        # A number is compared as one sign whatever it is: that there is one is no evidence.
        is_word = side.normal.codes != ord(NUMBER)
        self._worth = _sums(is_word * least(self.worth, len(side.normal)))
        self._own = _sums(is_word & self.informative)

    def evidence(self, stretch: Stretch) -> float:
        """What the shared runs are worth in signs; in a long run every informative sign counts whole."""
        return float(sum(self._of(run) for run in stretch.runs))

    def _of(self, run: Run) -> float:
        sums = self._own if run.length >= LONG else self._worth
        return float(sums[run.a + run.length] - sums[run.a])

    def promising(self, a: Starts, lengths: Starts) -> NDArray[np.bool_]:
        """Which runs, given by place, stand near others that are together worth half a passage, or are so alone."""
        ends = a + lengths
        worth = np.where(lengths >= LONG, self._own[ends] - self._own[a], self._worth[ends] - self._worth[a])
        apart = np.ones(len(a), bool)
        apart[1:] = a[1:] - np.maximum.accumulate(ends)[:-1] > GAP
        groups = np.flatnonzero(apart)
        enough = np.add.reduceat(worth, groups) >= HALF - 1e-6 if len(a) else apart
        return np.repeat(enough, np.diff(np.append(groups, len(a))))


class Places:
    """Where each gram of a text stands in it."""

    def __init__(self, hashes: Hashes) -> None:
        self._order = np.argsort(hashes)
        ordered = hashes[self._order]
        self._first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)])
        self._grams = ordered[self._first]
        self._counts = np.diff(np.append(self._first, len(ordered)))
        self._seen = np.zeros(1 << _BITS, bool)
        self._seen[hashes >> _SHIFT] = True

    def shared(self, hashes: Hashes) -> tuple[Starts, Starts]:
        """Pairs of places, here and among `hashes`, of one gram each, which stands there at most REPEATS times."""
        # Most grams stand in one of the two only: looked up by their first bits, they need no bisection.
        there = np.flatnonzero(self._seen[hashes >> _SHIFT])
        slots = np.minimum(np.searchsorted(self._grams, hashes[there]), max(0, len(self._grams) - 1))
        same = self._grams[slots] == hashes[there]
        there, slots = there[same], slots[same]
        few = np.bincount(slots, minlength=1)[slots] <= REPEATS
        there, slots = there[few], slots[few]
        counts = self._counts[slots]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return self._order[np.repeat(self._first[slots], counts) + within], np.repeat(there, counts)


def _sums(each: NDArray[Any]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(each, dtype=np.float64)])


def stretches(report: Prepared, source: Side) -> list[Stretch]:
    """The passages of the report that stand in the source, in the report's order, none over another; none at all if
    they are not enough to call it a source."""
    if report.side.signs == source.signs and source.signs:
        return [Stretch((Run(0, 0, len(source.signs)),))]
    a, b, lengths = _joined(*report.places.shared(source.hashes))
    near = report.promising(a, lengths)
    runs = zip(a[near].tolist(), b[near].tolist(), lengths[near].tolist(), strict=True)
    chains = [Stretch(tuple(chain)) for chain in _chains([Run(*run) for run in runs])]
    worthy = [chain for chain in chains if report.evidence(chain) >= HALF]
    found = _apart(report, [_extended(chain, report.side, source) for chain in worthy])
    return found if sum(map(report.evidence, found)) >= report.enough else []


def _joined(a: Starts, b: Starts) -> tuple[Starts, Starts, Starts]:
    """Maximal shared runs of at least LENGTH signs, by place: where they begin in both texts, and their lengths."""
    # By diagonal, then by place, in one number: sorted faster than two.
    numbers = np.sort((b - a) << 32 | a)
    begins = np.ones(len(numbers), bool)
    begins[1:] = np.diff(numbers) != 1
    first = np.flatnonzero(begins)
    lengths = np.diff(np.append(first, len(numbers))) + LENGTH - 1
    a = numbers[first] & 0xFFFFFFFF
    b = (numbers[first] >> 32) + a
    order = np.lexsort((b, a))
    return a[order], b[order], lengths[order]


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


def _extended(chain: Stretch, a: Side, b: Side) -> Stretch:
    """The chain with what was rewritten at its two ends, as long as shared runs follow."""
    tail = _onward(a.signs, b.signs, chain.a[1], chain.b[1])
    length_a, length_b = len(a.signs), len(b.signs)
    back = _onward(a.backwards, b.backwards, length_a - chain.a[0], length_b - chain.b[0])
    head = [Run(length_a - run.a - run.length, length_b - run.b - run.length, run.length) for run in back]
    return Stretch((*reversed(head), *chain.runs, *tail))


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
