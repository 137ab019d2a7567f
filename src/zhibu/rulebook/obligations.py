"""Expands duties for one body and one year: which cells the ledger has, and which of them are not asked for and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from zhibu.errors import Sentence
from zhibu.periods import Period, periods
from zhibu.rulebook.duty import AtLeast, Condition, Duty, Holds
from zhibu.rulebook.facts import Subject
from zhibu.rulebook.reasons import bounds_name, day_name, reason, word

_Excuse = tuple[str, dict[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """One cell: a duty in a period. `exempt` says why nothing is asked for, or is None where something is."""

    duty: Duty
    period: Period
    exempt: Sentence | None = None


def obligations(duties: Iterable[Duty], subject: Subject, year: int, on: date) -> list[Obligation]:
    """The cells of `subject` in `year` as seen on `on`, in the order of `duties`, then of periods.

    A duty for other kinds or sectors, or not in force at a period's end, has no cell at all.
    """
    return [
        Obligation(duty, period, _exemption(duty, subject, period, on))
        for duty in duties
        if concerns(duty, subject.kind, subject.sector)
        for period in duty_periods(duty, year)
        if duty.since <= period.end and (duty.until is None or duty.until >= period.end)
    ]


def concerns(duty: Duty, kind: str, sector: str) -> bool:
    """Whether bodies of this kind and sector can owe the duty at all."""
    return kind in duty.subject and (not duty.sectors or sector in duty.sectors)


def duty_periods(duty: Duty, year: int) -> tuple[Period, ...]:
    """The periods in which the duty is judged; duties that do not recur within the year have one, the year."""
    return _periods(duty.shape.per if isinstance(duty.shape, AtLeast) else "year", year)


@lru_cache(maxsize=256)
def _periods(per: str, year: int) -> tuple[Period, ...]:
    return tuple(periods(per, year))


def day_judged(period: Period, on: date) -> date:
    """The day whose figures count: the period's end, or the day asked about while the period runs or lies ahead."""
    return min(period.end, on)


def bounds_of(duty: Duty) -> tuple[Condition, ...]:
    """All measures of the profile that must be known before the duty can be judged."""
    shape = duty.shape
    if not isinstance(shape, Holds):
        return duty.when
    return (*duty.when, Condition(shape.measure, shape.at_least, shape.at_most))


def within(figure: int, at_least: int | None, at_most: int | None) -> bool:
    return (at_least is None or figure >= at_least) and (at_most is None or figure <= at_most)


def _exemption(duty: Duty, subject: Subject, period: Period, on: date) -> Sentence | None:
    for rule in _EXCUSES:
        if excuse := rule(duty, subject, period, on):
            code, data = excuse
            return reason(code, duty, period, **data)
    return None


def _in_force_during_period(duty: Duty, subject: Subject, period: Period, on: date) -> _Excuse:
    if duty.since <= period.start:
        return None
    return "in-force-during-period", {"since": day_name(duty.since)}


def _not_founded_yet(duty: Duty, subject: Subject, period: Period, on: date) -> _Excuse:
    if subject.founded <= day_judged(period, on):
        return None
    return "not-founded-yet", {"subject": subject.name, "founded": day_name(subject.founded)}


def _founded_during_period(duty: Duty, subject: Subject, period: Period, on: date) -> _Excuse:
    days_left = (period.end - subject.founded).days + 1
    if 2 * days_left >= period.days:
        return None
    return "founded-during-period", {"subject": subject.name, "founded": day_name(subject.founded)}


def _ended(duty: Duty, subject: Subject, period: Period, on: date) -> _Excuse:
    if subject.ended is None or subject.ended > period.end:
        return None
    return "ended", {"subject": subject.name, "ended": day_name(subject.ended)}


def _condition_not_met(duty: Duty, subject: Subject, period: Period, on: date) -> _Excuse:
    day = day_judged(period, on)
    for condition in duty.when:
        figure = subject.figure(condition.measure, day)
        if figure is not None and not within(figure, condition.at_least, condition.at_most):
            return "condition-not-met", {
                "measure": word("measures", condition.measure),
                "bounds": bounds_name(condition.at_least, condition.at_most),
                "day": day_name(day),
                "figure": figure,
            }
    return None


_EXCUSES: tuple[Callable[[Duty, Subject, Period, date], _Excuse], ...] = (
    _in_force_during_period,
    _not_founded_yet,
    _founded_during_period,
    _ended,
    _condition_not_met,
)
"""In the order in which they are tried; the first that applies is the reason shown."""
