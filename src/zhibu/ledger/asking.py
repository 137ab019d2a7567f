"""Duties of a year as the tables that the warehouse's SQL joins: what is asked, of whom, by which records. Pure.

Whatever depends on rules and days alone is decided here, in Python, with the words of `standing.py`; the SQL only
counts. `sort` numbers the kinds and tags of records, `rank` the groups of members, `class` the kind and sector of
bodies, so that no set is compared for each of millions of records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from zhibu.ledger.standing import QUORUM_KINDS
from zhibu.periods import Period
from zhibu.rulebook.duty import AtLeast, Condition, Duty, EachMember, Holds, Quorum, Share, Within
from zhibu.rulebook.facts import Profile
from zhibu.rulebook.obligations import bounds_of, day_judged, duty_periods

MEASURES = tuple(name for name in Profile.__dataclass_fields__ if name not in ("since", "term_ends"))
"""Measures in the order of the list `figures`, counted from 1; 0 is term_overrun, which depends on the day."""
SLOTS = 16
"""More than the periods of a year: matter × SLOTS + slot is the number of a site."""
SHAPES = {
    AtLeast: "at-least",
    EachMember: "each-member",
    Within: "within",
    Holds: "holds",
    Quorum: "quorum",
    Share: "share",
}
Sort = tuple[frozenset[str], frozenset[str]]
"""Kinds and tags of a record."""
Rows = list[tuple[Any, ...]]


class Scoped(NamedTuple):
    """A duty and the bodies that may owe it, by their numbers: a subtree is a range, `last` included."""

    duty: Duty
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Ask:
    """One duty in one period: a column of the ledger. `rule` is the duty's place in the list given."""

    rule: int
    duty: Duty
    period: Period


class Questions:
    """All that is asked in `year` as seen on `on`. `tables` are rows by table name, as COLUMNS of the warehouse say."""

    def __init__(self, duties: Sequence[Scoped], year: int, on: date) -> None:
        self.duties, self.year, self.on = tuple(duties), year, on
        self.asks = tuple(
            Ask(rule, one.duty, period)
            for rule, one in enumerate(self.duties)
            for period in duty_periods(one.duty, year)
            if one.duty.since <= period.end and (one.duty.until is None or one.duty.until >= period.end)
        )
        self._matters: dict[tuple[Any, ...], int] = {}
        self._gates: dict[tuple[tuple[Condition, ...], str, date], int] = {}
        self._rows = [self._ask(number, ask) for number, ask in enumerate(self.asks)]

    def tables(
        self, classes: Sequence[tuple[str, str]], sorts: Sequence[Sort], ranks: Sequence[frozenset[str]]
    ) -> dict[str, Rows]:
        """The small tables, for bodies, records and members of these classes, sorts and ranks."""
        return {
            "asks": self._rows,
            "concerns": [
                (rule, number)
                for rule, one in enumerate(self.duties)
                for number, (kind, sector) in enumerate(classes)
                if kind in one.duty.subject and (not one.duty.sectors or sector in one.duty.sectors)
            ],
            "gates": list(self._gate_rows()),
            "matches": list(self._matches(sorts)),
            "calendar": list(self._calendar()),
            "pursuits": [
                (number, *matter[1:4]) for matter, number in self._of_shape("within")  # event, days, months
            ],
            "bars": [
                (number, rank, matter[1])
                for matter, number in self._of_shape("each-member")
                for rank, groups in enumerate(ranks)
                if matter[2] in groups
            ],
            "shares": [
                (number, *matter[1:6]) for matter, number in self._of_shape("share", "quorum")
            ],
        }  # fmt: skip

    def _ask(self, number: int, ask: Ask) -> tuple[Any, ...]:
        duty, period, shape = ask.duty, ask.period, ask.duty.shape
        scope = self.duties[ask.rule]
        slot = duty_periods(duty, self.year).index(period)
        matter = _number(self._matters, _matter(duty))
        at_least = shape if isinstance(shape, AtLeast) else None
        bounds, judged = bounds_of(duty), day_judged(period, self.on)
        holds = bounds[-1] if isinstance(shape, Holds) else None
        gate = _number(self._gates, (duty.when, holds.measure if holds else "", judged)) if bounds else None
        return (
            number,
            ask.rule,
            SHAPES[type(shape)],
            scope.first,
            scope.last,
            period.start,
            period.end,
            period.days,
            judged,
            duty.since > period.start,
            duty.strength == "may",
            gate,
            matter,
            matter * SLOTS + slot,
            at_least.count if at_least else 0,
            sum(1 << month for month in at_least.months) if at_least else 0,
            at_least.numbered if at_least else True,
            self.on <= period.end,
            self.on <= period.end + timedelta(days=duty.grace_days),
            _measure(holds.measure) if holds else None,
            holds.at_least if holds else None,
            holds.at_most if holds else None,
            duty.id,
            period.key,
        )

    def _gate_rows(self) -> Iterator[tuple[Any, ...]]:
        """Each condition of a gate; the measure that a duty holds within bounds must be known, no more."""
        for (when, measure, day), number in self._gates.items():
            conditions = [*when, Condition(measure)] if measure else when
            for place, one in enumerate(conditions):
                yield number, place, _measure(one.measure), day, one.at_least, one.at_most

    def _of_shape(self, *shapes: str) -> list[tuple[tuple[Any, ...], int]]:
        return [(matter, number) for matter, number in self._matters.items() if matter[0] in shapes]

    def _matches(self, sorts: Sequence[Sort]) -> Iterator[tuple[int, int, bool]]:
        """Which sorts of record bear on a matter, and whether they need a quorum to be sound for it."""
        for ask in {row[12]: self.asks[row[0]] for row in self._rows}.values():
            shape = ask.duty.shape
            if isinstance(shape, EachMember | Holds):
                continue
            tags = frozenset(shape.tags) if isinstance(shape, AtLeast) else frozenset()
            matter = self._matters[_matter(ask.duty)]
            for sort, (kinds, tagged) in enumerate(sorts):
                common = kinds.intersection(shape.of)
                if common and tagged >= tags:
                    yield matter, sort, common <= QUORUM_KINDS

    def _calendar(self) -> Iterator[tuple[int, date, int, bool]]:
        """(matter, day, site, in the period itself) for every day seen on which a record counts for a period."""
        known = set()
        for row, ask in zip(self._rows, self.asks, strict=True):
            site, duty, period = row[13], ask.duty, ask.period
            if not isinstance(duty.shape, AtLeast) or site in known:
                continue
            known.add(site)
            last = min(period.end + timedelta(days=duty.grace_days), self.on)
            for ahead in range((last - period.start).days + 1):
                day = period.start + timedelta(days=ahead)
                yield row[12], day, site, day <= period.end


def _matter(duty: Duty) -> tuple[Any, ...]:
    """Equal for duties that are judged by the same records in the same way, so that these are counted once."""
    shape = duty.shape
    return _MATTERS[type(shape)](shape, duty)


_MATTERS: dict[type, Callable[[Any, Duty], tuple[Any, ...]]] = {
    AtLeast: lambda shape, duty: ("at-least", frozenset(shape.of), frozenset(shape.tags), shape.per, duty.grace_days),
    EachMember: lambda shape, duty: ("each-member", shape.hours, shape.group),
    Within: lambda shape, duty: ("within", shape.event, shape.days, shape.months, frozenset(shape.of)),
    Holds: lambda shape, duty: ("holds",),
    Quorum: lambda shape, duty: (
        "quorum",
        None,
        None,
        shape.share.numerator,
        shape.share.denominator,
        shape.strict,
        frozenset(shape.of),
    ),
    Share: lambda shape, duty: (
        "share",
        shape.part,
        shape.whole,
        shape.at_most.numerator,
        shape.at_most.denominator,
        False,
        frozenset(shape.of),
    ),
}


def _number(known: dict[Any, int], thing: Any) -> int:
    """Numbers things in the order in which they first appear."""
    return known.setdefault(thing, len(known))


def _measure(name: str) -> int:
    return 0 if name == "term_overrun" else MEASURES.index(name) + 1
