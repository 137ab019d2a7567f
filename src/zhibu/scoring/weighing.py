"""Bodies beside each other: sums of parts, other weights tried, the order, and what would change it. Pure.

A part's weight is what it counts in the whole. Another weight scales the points of the part, had and to be had alike,
so that with the scheme's own weights the sum is the scheme's own; deductions stay as they are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import isqrt

from zhibu.errors import UserError
from zhibu.scoring.points import CENT, Point
from zhibu.scoring.scheme import Item, Level, Scheme

NOUGHT = Decimal(0)
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class PartSum:
    """What a part gives of what it could give; `full` is 0 where nothing of it applies."""

    low: Decimal
    high: Decimal
    full: Decimal

    @property
    def percent(self) -> Decimal | None:
        """Of what could be had; None where nothing could, or it cannot be told."""
        certain = self.full and self.low == self.high
        return (self.low * HUNDRED / self.full).quantize(Decimal("0.1"), ROUND_HALF_UP) if certain else None


@dataclass(frozen=True, slots=True)
class Weighed:
    """One body's sums. `off`: what deductions take off, least and most; `struck`: whether a veto applies."""

    key: int
    parts: Mapping[str, PartSum]
    off: tuple[Decimal, Decimal]
    struck: bool
    points: Mapping[str, Point]


def weigh(key: int, found: Iterable[Point], scheme: Scheme) -> Weighed:
    """The points of one body, summed by part."""
    by_slug = {point.slug: point for point in found}
    parts = {
        part.slug: _sum([by_slug[item.slug] for item in part.items if item.slug in by_slug]) for part in scheme.parts
    }
    taken = _sum([by_slug[item.slug] for item in scheme.deductions if item.slug in by_slug])
    struck = any(point.role == "veto" and point.state == "none" for point in by_slug.values())
    return Weighed(key, parts, (taken.low, taken.high), struck, by_slug)


def _sum(points: Sequence[Point]) -> PartSum:
    return PartSum(*(sum((getattr(one, name) for one in points), NOUGHT) for name in ("low", "high", "full")))


def check_weights(weights: Mapping[str, Decimal], scheme: Scheme) -> None:
    """UserError unless there is a weight for each part and together they make the whole."""
    for part in scheme.parts:
        weight = weights.get(part.slug)
        if weight is None or not weight.is_finite() or not 0 <= weight <= scheme.points:
            raise UserError(
                "weight-bounds", "“{part}”的权重应在0和{total}之间。", part=part.label, total=f"{scheme.points:f}"
            )
    total = sum(weights.values(), NOUGHT)
    if total != scheme.points:
        raise UserError(
            "weights-sum", "各部分权重合计{sum}分，应为{total}分。", sum=f"{total.normalize():f}",
            total=f"{scheme.points.normalize():f}",
        )  # fmt: skip


def own_weights(scheme: Scheme) -> dict[str, Decimal]:
    return {part.slug: part.points for part in scheme.parts}


@dataclass(frozen=True, slots=True)
class Share:
    """Percent of the whole, exactly: the least and the most it can be."""

    low: Fraction
    high: Fraction

    @property
    def certain(self) -> bool:
        return self.low == self.high

    def rounded(self) -> tuple[Decimal, Decimal]:
        return _rounded(self.low), _rounded(self.high)


def _rounded(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT, ROUND_HALF_UP)


def share(one: Weighed, scheme: Scheme, weights: Mapping[str, Decimal] | None = None) -> Share:
    """Percent of the whole under the weights (None: the scheme's own)."""
    factors = _factors(scheme, weights)
    full = sum((Fraction(part.full) * factors[slug] for slug, part in one.parts.items()), Fraction(0))
    if not full:
        return Share(Fraction(0), Fraction(0))
    low = sum((Fraction(part.low) * factors[slug] for slug, part in one.parts.items()), Fraction(one.off[0]))
    high = sum((Fraction(part.high) * factors[slug] for slug, part in one.parts.items()), Fraction(one.off[1]))
    return Share(max(low, Fraction(0)) * HUNDRED / full, max(high, Fraction(0)) * HUNDRED / full)


def _factors(scheme: Scheme, weights: Mapping[str, Decimal] | None) -> dict[str, Fraction]:
    return {
        part.slug: Fraction(weights[part.slug]) / Fraction(part.points) if weights else Fraction(1)
        for part in scheme.parts
    }


def levels_of(one: Weighed, scheme: Scheme, weights: Mapping[str, Decimal] | None = None) -> tuple[Level, ...]:
    """The level, or the lowest and the highest possible."""
    if one.struck:
        return (scheme.levels[-1],)
    found = share(one, scheme, weights)
    worst, best = (_level(scheme, value) for value in (found.low, found.high))
    if any(point.role == "veto" and not point.certain for point in one.points.values()):
        worst = scheme.levels[-1]
    return (worst,) if worst == best else (worst, best)


def _level(scheme: Scheme, percent: Fraction) -> Level:
    return next(level for level in scheme.levels if percent >= level.at_least)


@dataclass(frozen=True, slots=True)
class Place:
    """The place among all: the best and the worst it can be."""

    best: int
    worst: int


def places(shares: Mapping[int, Share]) -> dict[int, Place]:
    """By key. Equal shares have the same place; where a share is a range, so is the place."""
    lows, highs = sorted(one.low for one in shares.values()), sorted(one.high for one in shares.values())
    count = len(shares)
    found = {}
    for key, one in shares.items():
        above = count - bisect_right(lows, one.high)
        perhaps = count - bisect_right(highs, one.low) - (one.high > one.low)
        found[key] = Place(above + 1, perhaps + 1)
    return found


@dataclass(frozen=True, slots=True)
class WeightChange:
    """The smallest change of one part's weight that puts the lower body before the upper; the others stay."""

    part: str
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Swap:
    """What would change the order of two neighbours. `gap` in percent; `points`: what the lower one would need more;
    `items`: of it those in which that many points are still to be had."""

    upper: int
    lower: int
    gap: Decimal
    weight: WeightChange | None
    points: Decimal
    items: tuple[Item, ...]


def swaps(rows: Sequence[Weighed], scheme: Scheme) -> list[Swap]:
    """For each two neighbours in the order, the highest first. Bodies whose sum is a range, or on which a veto lies,
    have no place in it."""
    shares = {one.key: share(one, scheme) for one in rows if not one.struck}
    settled = [one for one in rows if one.key in shares and shares[one.key].certain]
    ordered = sorted(settled, key=lambda one: -shares[one.key].low)
    return [_swap(upper, lower, scheme) for upper, lower in pairwise(ordered)]


def _swap(upper: Weighed, lower: Weighed, scheme: Scheme) -> Swap:
    first, second = share(upper, scheme).low, share(lower, scheme).low
    full = sum((Fraction(part.full) for part in lower.parts.values()), Fraction(0))
    needed = _next_cent((first - second) * full / HUNDRED)
    scored = [item for part in scheme.parts for item in part.items]
    items = sorted(
        (
            item
            for item in (*scored, *scheme.deductions)
            if item.slug in lower.points and lower.points[item.slug].lost >= needed
        ),
        key=lambda item: (-lower.points[item.slug].lost, item.slug),
    )
    changes = [
        change for part in scheme.parts if (change := _weight_change(upper, lower, part.slug, scheme)) is not None
    ]
    weight = min(changes, key=lambda one: (abs(one.change), one.part), default=None)
    return Swap(upper.key, lower.key, _rounded(first - second), weight, needed, tuple(items))


def _next_cent(value: Fraction) -> Decimal:
    """More than `value` by at most a hundredth."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    cents = exact.quantize(CENT, ROUND_CEILING)
    return cents if Fraction(cents) > value else cents + CENT


def _weight_change(upper: Weighed, lower: Weighed, part: str, scheme: Scheme) -> WeightChange | None:
    """Within nought and the whole, to a hundredth of a point."""
    before = next(one.points for one in scheme.parts if one.slug == part)
    candidates = []
    for root in _crossings(upper, lower, part):
        exact = root * Fraction(before)
        for cent in _cents_beside(exact):
            weights = {**own_weights(scheme), part: cent}
            if 0 <= cent <= scheme.points and cent != before and _is_before(lower, upper, scheme, weights):
                candidates.append(cent)
    if not candidates:
        return None
    return WeightChange(part, before, min(candidates, key=lambda cent: (abs(cent - before), cent)))


def _is_before(one: Weighed, other: Weighed, scheme: Scheme, weights: Mapping[str, Decimal]) -> bool:
    return share(one, scheme, weights).low > share(other, scheme, weights).low


def _cents_beside(value: Fraction) -> list[Decimal]:
    below = Decimal(value.numerator * HUNDRED // value.denominator) / HUNDRED
    return [below - CENT, below, below + CENT, below + 2 * CENT]


PRECISION = 10**12
"""Roots are looked for this finely; whether the order changes is then decided exactly."""


def _crossings(upper: Weighed, lower: Weighed, part: str) -> list[Fraction]:
    """Factors of the part's weight at which both have the same share: (a + p·f)/(F + P·f) = (b + q·f)/(G + Q·f)."""
    a, p, whole_a, part_a = _line(upper, part)
    b, q, whole_b, part_b = _line(lower, part)
    square = p * part_b - q * part_a
    linear = a * part_b + p * whole_b - b * part_a - q * whole_a
    constant = a * whole_b - b * whole_a
    if not square:
        return [-constant / linear] if linear else []
    inside = linear * linear - 4 * square * constant
    if inside < 0:
        return []
    root = Fraction(isqrt(int(inside * PRECISION * PRECISION)), PRECISION)
    return [(-linear + sign * root) / (2 * square) for sign in (1, -1)]


def _line(one: Weighed, part: str) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Points had besides the part and in it; points to be had besides the part and in it."""
    inside = one.parts[part]
    had = sum((Fraction(each.low) for each in one.parts.values()), Fraction(one.off[0])) - Fraction(inside.low)
    full = sum((Fraction(each.full) for each in one.parts.values()), Fraction(0)) - Fraction(inside.full)
    return had, Fraction(inside.low), full, Fraction(inside.full)


def within_quota(counts: Mapping[str, int], scheme: Scheme) -> list[tuple[Level, int, int | None]]:
    """Each level, how often it is given, and how often at most (None: as often as may be)."""
    everyone = sum(counts.values())
    return [
        (level, counts.get(level.label, 0), None if level.quota is None else level.most(everyone))
        for level in scheme.levels
    ]
