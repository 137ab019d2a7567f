"""Standings, figures and answers → points, each with its reason and its evidence. Pure.

What cannot be told is not nought: a point has a `low` and a `high`, which are the same where it is certain.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from zhibu.errors import Sentence
from zhibu.ledger.standing import Standing
from zhibu.rulebook.facts import Subject
from zhibu.rulebook.reasons import STATUSES, bounds_name, day_name, word, words
from zhibu.scoring.scheme import (
    ORIGINS,
    ByBallot,
    ByDisclosure,
    ByLedger,
    ByPerson,
    ByRecords,
    ByRoster,
    ByTasks,
    Item,
    Level,
    Measure,
    Scheme,
    Step,
)

CENT = Decimal("0.01")
MOST_NAMED = 8
"""Matters named in a sentence."""
NOUGHT, ONE = Fraction(0), Fraction(1)
STATES: Mapping[str, Sentence] = {
    "full": Sentence("full", "得满分"),
    "part": Sentence("part", "得部分分"),
    "none": Sentence("none", "不得分"),
    "unknown": Sentence("unknown", "说不清"),
    "not-yet-due": Sentence("not-yet-due", "未到期"),
    "exempt": Sentence("exempt", "不适用"),
}


@dataclass(frozen=True, slots=True)
class TaskFact:
    """A task as it stands. `given`: by a body above. `done`: the day it was closed. `origin`: the form it is from."""

    id: int
    due: date
    done: date | None
    given: bool
    origin: str = ""


@dataclass(frozen=True, slots=True)
class DisclosureFact:
    """A deadline for putting up a matter: met, late, missing or not-yet-due. `id`: the publication, if there is one."""

    id: int | None
    item: str
    label: str
    due: date
    status: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is looked at besides the ledger's cells. `since`, `until`: first and last day of a part of the year.

    `ballots`: the share a vote gave, by question; a question that is not there, or None, has not been answered yet.
    """

    subject: Subject
    year: int
    on: date
    tasks: tuple[TaskFact, ...] = ()
    disclosures: tuple[DisclosureFact, ...] = ()
    ballots: Mapping[str, Fraction | None] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None

    @property
    def first(self) -> date:
        """The first day looked at."""
        return max(date(self.year, 1, 1), self.since or date.min)

    @property
    def end(self) -> date:
        """The last day looked at, whether or not it has come."""
        return min(date(self.year, 12, 31), self.until or date.max)

    @property
    def day(self) -> date:
        """The last day seen."""
        return min(self.end, self.on)

    def within(self, day: date) -> bool:
        return self.first <= day <= self.end


@dataclass(frozen=True, slots=True)
class Answer:
    """What the body says of an item, or the committee, whichever was asked."""

    choice: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the verifier found. `points` None: agreed. Of a deduction what is taken off; of a veto 1 clear, 0 struck."""

    points: Decimal | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the ledger as a point rests on it."""

    duty: str
    label: str
    article: str
    regulation: str
    verified: bool
    subject: str
    period: str
    status: str
    code: str
    why: Sentence | str


@dataclass(frozen=True, slots=True)
class Point:
    """What one item gives. `full`: the most it could give; 0 where it is exempt, a veto or a deduction."""

    slug: str
    role: str
    state: str
    low: Decimal
    high: Decimal
    full: Decimal
    by: str
    """ledger, records, tasks, disclosure, roster, ballot, person, opinion; verifier where the verification differs."""
    asked: bool
    """Whether a person is to say what no record tells."""
    why: tuple[Sentence | str, ...]
    cells: tuple[Cell, ...] = ()
    records: tuple[int, ...] = ()
    tasks: tuple[int, ...] = ()
    publications: tuple[int, ...] = ()
    before: tuple[Decimal, Decimal] | None = None
    """(low, high) before the verification, where it differs."""

    @property
    def certain(self) -> bool:
        return self.state not in ("unknown", "not-yet-due")

    @property
    def lost(self) -> Decimal:
        """Points that are not had, or may not be: of a deduction those taken off."""
        return self.full - self.low if self.role == "scored" else -self.low

    @property
    def is_gap(self) -> bool:
        return self.state not in ("full", "exempt")

    def to_json(self, translate: Callable[[str], str] = str) -> dict[str, Any]:
        """Plain data; `from_json` gives the point back, its sentences in one language."""
        return {
            **{name: getattr(self, name) for name in ("slug", "role", "state", "by", "asked")},
            **{name: str(getattr(self, name)) for name in ("low", "high", "full")},
            "why": [_said(one, translate) for one in self.why],
            "cells": [
                {**{name: getattr(cell, name) for name in _CELL}, "why": _said(cell.why, translate)}
                for cell in self.cells
            ],
            "records": list(self.records),
            "tasks": list(self.tasks),
            "publications": list(self.publications),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Point:
        cells = tuple(Cell(**cell) for cell in data["cells"])
        figures = {name: Decimal(data[name]) for name in ("low", "high", "full")}
        lists = {name: tuple(data.get(name, ())) for name in ("why", "records", "tasks", "publications")}
        return cls(**{**data, **figures, **lists, "cells": cells})


_CELL = ("duty", "label", "article", "regulation", "verified", "subject", "period", "status", "code")


def _said(sentence: Sentence | str, translate: Callable[[str], str]) -> str:
    return sentence.text(translate) if isinstance(sentence, Sentence) else sentence


def points(standings: Iterable[Standing], facts: Facts, answers: Mapping[str, Answer], scheme: Scheme) -> list[Point]:
    """One point for each item of the scheme, in its order. `standings`: of the body and of its Party cells.

    In a part of the year counts what was to be done in it: cells by the end of their period, tasks and matters by
    their deadline, records by the day they were held.
    """
    cells: dict[str, list[Standing]] = defaultdict(list)
    partly = facts.since is not None or facts.until is not None
    for standing in standings:
        if not partly or facts.within(standing.period.end):
            cells[standing.duty.id].append(standing)
    return [_point(item, _judge(item, cells, facts), answers.get(item.slug), scheme) for item in scheme.items]


def told_by_people(
    point: Point, item: Item, ballots: Mapping[str, Fraction | None], answer: Answer | None, scheme: Scheme
) -> Point:
    """A frozen point again, where what it rests on comes from people after the freezing: a vote, an opinion."""
    if point.state == "exempt" or item.sort not in ("ballot", "opinion"):
        return point
    judged = _voted(item.judged, ballots) if isinstance(item.judged, ByBallot) else _UNTOLD
    return _point(item, judged, answer, scheme)


@dataclass(frozen=True, slots=True)
class _Judged:
    """`low` and `high`: shares of the points; `state` only where it is not to be read off them."""

    low: Fraction
    high: Fraction
    why: tuple[Sentence, ...]
    state: str = ""
    cells: tuple[Cell, ...] = ()
    records: tuple[int, ...] = ()
    tasks: tuple[int, ...] = ()
    publications: tuple[int, ...] = ()


def _exempt(why: Sentence, **evidence: Any) -> _Judged:
    return _Judged(ONE, ONE, (why,), "exempt", **evidence)


def _unknown(why: Sentence, **evidence: Any) -> _Judged:
    return _Judged(NOUGHT, ONE, (why,), "unknown", **evidence)


def _point(item: Item, judged: _Judged, answer: Answer | None, scheme: Scheme) -> Point:
    by, state, low, high, why = item.sort, judged.state, judged.low, judged.high, judged.why
    asked = scheme.asked_of(item) if state == "unknown" else None
    choice = item.choice(answer.choice) if answer and asked else None
    if choice:
        low = high = low + (high - low) * choice.share
        by, state = ("person", "") if asked == "body" else ("opinion", "")
        form = _SAID_BY["body" if asked == "body" else "committee"]
        why = (*why, Sentence(form.code, form.message, choice=Sentence(choice.slug, choice.label)))
    full = item.points if item.role == "scored" and state != "exempt" else Decimal(0)
    least = _worth(item, low, state)
    most = least if low is high else _worth(item, high, state)
    return Point(
        slug=item.slug, role=item.role, state=state or _state(low), low=least, high=most, full=full, by=by,
        asked=asked is not None, why=why, cells=judged.cells, records=judged.records, tasks=judged.tasks,
        publications=judged.publications,
    )  # fmt: skip


_SAID_BY = {
    "body": Sentence("answered", "支部自评：{choice}。"),
    "committee": Sentence("opinion", "上级评定：{choice}。"),
}


def _worth(item: Item, share: Fraction, state: str) -> Decimal:
    if state == "exempt" or item.role == "veto":
        return Decimal(0)
    if share in (NOUGHT, ONE):  # most are: no fractions need be drawn
        return (item.points if share else Decimal(0)) - (0 if item.role == "scored" else item.points)
    kept = share if item.role == "scored" else share - 1
    exact = Fraction(item.points) * kept
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(CENT, ROUND_HALF_UP)


def _state(share: Fraction) -> str:
    return "full" if share == ONE else "part" if share else "none"


def _judge(item: Item, cells: Mapping[str, list[Standing]], facts: Facts) -> _Judged:
    for condition in item.when:
        figure = facts.subject.figure(condition.measure, facts.day)
        named = word("measures", condition.measure)
        if figure is None:
            return _unknown(Sentence("when-unknown", "没有登记{measure}，不知道是否适用。", measure=named))
        if not _within(figure, condition.at_least, condition.at_most):
            bounds = bounds_name(condition.at_least, condition.at_most)
            return _exempt(
                Sentence(
                    "when-not", "{measure}{bounds}时适用，现为{figure}。", measure=named, bounds=bounds, figure=figure
                )
            )
    return _JUDGES[type(item.judged)](item.judged, cells, facts)


def _within(figure: int, low: int | None, high: int | None) -> bool:
    return (low is None or figure >= low) and (high is None or figure <= high)


def _ledger(measure: ByLedger, cells: Mapping[str, list[Standing]], facts: Facts) -> _Judged:
    found = [standing for id in measure.duties for standing in cells.get(id, ())]
    told = tuple(_cell(one) for one in found if one.status != "exempt")
    evidence = tuple(dict.fromkeys(pk for one in found for pk in one.evidence))
    counts = Counter[str](one.status for one in found)
    counted = sum(counts[status] for status in measure.shares)
    unknown = counts["unknown"]
    if not counted and not unknown:
        if counts["not-yet-due"]:
            why = Sentence("all-ahead", "都还没有到期。")
            return _Judged(NOUGHT, ONE, (why,), "not-yet-due", told, evidence)
        return _exempt(Sentence("no-cells", "台账中没有对本组织的这项要求。"))
    got = sum((share * counts[status] for status, share in measure.shares.items() if counts[status]), NOUGHT)
    whole = counted + unknown
    why = Sentence("cells", "台账应有{whole}格：{counts}。", whole=whole, counts=_counts(counts))
    state = "unknown" if unknown else ""
    low = got / whole
    return _Judged(low, (got + unknown) / whole if unknown else low, (why,), state, told, evidence)


class _Listed(Sentence):
    """Several sentences joined by a comma."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        super().__init__("listed", "")
        self.data["parts"] = sentences

    def text(self, translate: Callable[[str], str] = str) -> str:
        return translate("、").join(part.text(translate) for part in self.data["parts"])


def _counts(counts: Counter[str]) -> Sentence:
    return _Listed(
        [
            Sentence("count", "{status}{number}", status=named, number=counts[status])
            for status, named in STATUSES.items()
            if counts[status] and status not in ("exempt", "not-yet-due")
        ]
    )


def _cell(standing: Standing) -> Cell:
    duty, reason = standing.duty, standing.reason
    brief = Sentence(reason.code, reason.message, **{**reason.data, "basis": ""})
    return Cell(
        duty.id, duty.label, duty.article, duty.regulation, duty.verified, standing.subject_code, standing.period.key,
        standing.status, reason.code, brief,
    )  # fmt: skip


def _records(measure: ByRecords, cells: Mapping[str, list[Standing]], facts: Facts) -> _Judged:
    first = facts.first
    found = [
        one
        for one in facts.subject.records
        if first <= one.held <= facts.day and not one.kinds.isdisjoint(measure.kinds)
    ]
    ids = tuple(one.id for one in found)
    kinds = words("kinds", measure.kinds)
    if measure.figure == "attendance":
        entitled = sum(one.entitled for one in found)
        if not entitled:
            return _unknown(
                Sentence("no-attendance", "没有{kinds}的到会人数，算不出到会率。", kinds=kinds), records=ids
            )
        rate = sum(one.present for one in found) * 100 // entitled
        share = _stepped(measure.steps, rate)
        why = Sentence("attendance", "{kinds}{count}次，平均到会率{rate}%。", kinds=kinds, count=len(found), rate=rate)
        return _Judged(share, share, (why,), records=ids)
    share = _stepped(measure.steps, len(found))
    why = Sentence("records", "{day}前有{kinds}记录{count}次。", day=day_name(facts.day), kinds=kinds, count=len(found))
    since = facts.subject.recording_since
    if share < 1 and since and since > first:
        gap = Sentence("records-gap", "本系统从{since}开始记录，以前的无从查考。", since=day_name(since))
        return _Judged(share, ONE, (why, gap), "unknown", records=ids)
    if share < 1 and facts.on < facts.end:
        return _Judged(share, ONE, (why,), "not-yet-due", records=ids)
    return _Judged(share, share, (why,), records=ids)


def _stepped(steps: tuple[Step, ...], figure: int) -> Fraction:
    return max((step.share for step in steps if figure >= step.at_least), default=NOUGHT)


def _tasks(measure: ByTasks, cells: Mapping[str, list[Standing]], facts: Facts) -> _Judged:
    due = [one for one in facts.tasks if facts.within(one.due) and (one.due < facts.on or one.done)]
    if measure.of in ORIGINS:
        due = [one for one in due if one.origin == measure.of]
    elif measure.of == "given":
        due = [one for one in due if one.given]
    if not due:
        return _exempt(Sentence("no-tasks", "没有到期的任务。"))
    timely = sum(one.done is not None and one.done <= one.due for one in due)
    late = sum(one.done is not None and one.done > one.due for one in due)
    share = _stepped(measure.steps, timely * 100 // len(due)) if measure.steps else Fraction(timely, len(due))
    why = Sentence(
        "tasks", "到期任务{all}项，按时办结{timely}项，超期办结{late}项，没有办结{open}项。",
        all=len(due), timely=timely, late=late, open=len(due) - timely - late,
    )  # fmt: skip
    return _Judged(share, share, (why,), tasks=tuple(one.id for one in due))


def _disclosure(measure: ByDisclosure, cells: Mapping[str, list[Standing]], facts: Facts) -> _Judged:
    found = [
        one
        for one in facts.disclosures
        if facts.within(one.due) and (not measure.matters or one.item in measure.matters)
    ]
    counts = Counter[str](one.status for one in found)
    whole = sum(counts[status] for status in measure.shares)
    ids = tuple(one.id for one in found if one.id is not None)
    if not whole:
        if found:
            ahead = Sentence("all-ahead", "都还没有到期。")
            return _Judged(NOUGHT, ONE, (ahead,), "not-yet-due", publications=ids)
        return _exempt(Sentence("no-matters", "没有按目录到期的公开事项。"))
    share = sum((share * counts[status] for status, share in measure.shares.items()), NOUGHT) / whole
    why = [
        Sentence(
            "disclosures", "到期公开事项{all}项，按时公开{met}项，迟公开{late}项，没有公开{missing}项。",
            all=whole, met=counts["met"], late=counts["late"], missing=counts["missing"],
        )
    ]  # fmt: skip
    if missing := [one.label for one in found if one.status == "missing"]:
        named = "、".join(missing[:MOST_NAMED]) + ("等" if len(missing) > MOST_NAMED else "")
        why.append(Sentence("not-disclosed", "没有公开：{matters}。", matters=named))
    return _Judged(share, share, tuple(why), publications=ids)


def _ballot(measure: ByBallot, cells: Mapping[str, list[Standing]], facts: Facts) -> _Judged:
    return _voted(measure, facts.ballots)


def _voted(measure: ByBallot, ballots: Mapping[str, Fraction | None]) -> _Judged:
    share = ballots.get(measure.question)
    if share is None:
        return _unknown(Sentence("no-ballot", "表决还没有结果。"))
    if not NOUGHT <= share <= ONE:
        raise ValueError(f"the share of a vote is between 0 and 1, not {share}")
    shown = (Decimal(share.numerator) * 100 / Decimal(share.denominator)).quantize(CENT, ROUND_HALF_UP)
    return _Judged(share, share, (Sentence("ballot", "民主测评加权得分率{rate}%。", rate=f"{shown.normalize():f}"),))


def _roster(measure: ByRoster, cells: Mapping[str, list[Standing]], facts: Facts) -> _Judged:
    figure = facts.subject.figure(measure.measure, facts.day)
    named, bounds = word("measures", measure.measure), bounds_name(measure.at_least, measure.at_most)
    if figure is None:
        return _unknown(Sentence("roster-unknown", "没有登记{measure}。", measure=named))
    share = Fraction(_within(figure, measure.at_least, measure.at_most))
    why = Sentence("roster", "{day}{measure}为{figure}，要求{bounds}。", day=day_name(facts.day), measure=named,
                   figure=figure, bounds=bounds)  # fmt: skip
    return _Judged(share, share, (why,))


_UNTOLD = _Judged(NOUGHT, ONE, (), "unknown")


def _person(measure: ByPerson, cells: Mapping[str, list[Standing]], facts: Facts) -> _Judged:
    return _UNTOLD


_JUDGES: Mapping[type[Measure], Callable[..., _Judged]] = {
    ByLedger: _ledger, ByRecords: _records, ByTasks: _tasks, ByDisclosure: _disclosure, ByRoster: _roster,
    ByBallot: _ballot, ByPerson: _person,
}  # fmt: skip


def ruled(point: Point, ruling: Ruling | None) -> Point:
    """The point after the verification: as it was where the verifier agreed, else what he found."""
    if ruling is None or ruling.points is None:
        return point
    given = ruling.points.quantize(CENT, ROUND_HALF_UP)
    why = (*point.why, Sentence("ruled", "核实认定：{reason}", reason=ruling.reason))
    if point.role == "veto":
        state, worth = "full" if given else "none", Decimal(0)
    elif point.role == "deduction":
        state, worth = "part" if given else "full", -given
    else:
        state, worth = "full" if given >= point.full else "part" if given else "none", given
    before = (point.low, point.high)
    return replace(point, state=state, low=worth, high=worth, by="verifier", why=why, before=before)


@dataclass(frozen=True, slots=True)
class Total:
    """The sum, line by line. `struck`: vetoes that apply; `open`: items that cannot be told yet."""

    low: Decimal
    high: Decimal
    full: Decimal
    struck: tuple[str, ...]
    open: tuple[str, ...]
    levels: tuple[Level, ...] = field(default=())
    """The level, or the range of levels from the lowest possible to the highest."""

    @property
    def certain(self) -> bool:
        return not self.open

    @property
    def percent(self) -> tuple[Decimal, Decimal]:
        return _percent(self.low, self.full), _percent(self.high, self.full)


def _percent(points: Decimal, full: Decimal) -> Decimal:
    return (max(points, Decimal(0)) * 100 / full).quantize(Decimal("0.1"), ROUND_HALF_UP) if full else Decimal(0)


def total(found: Iterable[Point], scheme: Scheme) -> Total:
    """What the points come to. Exempt items are out of the whole; a veto puts the body on the lowest level."""
    lines = list(found)
    low, high, full = (sum((getattr(one, name) for one in lines), Decimal(0)) for name in ("low", "high", "full"))
    struck = tuple(one.slug for one in lines if one.role == "veto" and one.state == "none")
    open = tuple(one.slug for one in lines if not one.certain)
    lowest = scheme.levels[-1]
    may_strike = any(one.role == "veto" and not one.certain for one in lines)
    worst = lowest if struck or may_strike else scheme.level(_exact(low, full))
    best = lowest if struck else scheme.level(_exact(high, full))
    return Total(low, high, full, struck, open, (worst,) if worst == best else (worst, best))


def _exact(points: Decimal, full: Decimal) -> Decimal:
    """Percent without rounding: 79.96 is not 80."""
    return max(points, Decimal(0)) * 100 / full if full else Decimal(0)
