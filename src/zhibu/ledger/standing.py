"""Done against owed: the status of every cell of the ledger, with its reason and its evidence. Pure; this is the truth.

The DuckDB path repeats these decisions in SQL. Each is a list of branches tried in order over a few counts, and each
ends in one code of `rulebook.reasons`, which fixes status and sentence. `PROGRESS` orders the statuses of one cell:
a further sound record never moves a cell down.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from zhibu.errors import Sentence
from zhibu.periods import Period, add_months
from zhibu.rulebook.duty import AtLeast, Duty, EachMember, Holds, Quorum, Shape, Share, Within
from zhibu.rulebook.facts import LATE_DAYS, Event, Record, Subject
from zhibu.rulebook.obligations import Obligation, bounds_of, day_judged, obligations, within
from zhibu.rulebook.reasons import Status, bounds_name, day_name, reason, status_of, word, words

QUORUM_KINDS = frozenset({"general-meeting", "committee-meeting"})
"""Kinds that are sound only with half of those entitled present (支部工作条例 第十一、十二条); others need none."""
PROGRESS: Mapping[Status, int] = {
    "met": 4,
    "late": 3,
    "defective": 2,
    "not-yet-due": 1,
    "missing": 0,
    "unknown": 0,
    "exempt": 0,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One judged cell. `evidence` are the ids of records, by day held, then id."""

    duty: Duty
    subject_code: str
    period: Period
    status: Status
    reason: Sentence
    evidence: tuple[int, ...] = ()

    def to_json(self, translate: Callable[[str], str] = str) -> dict[str, Any]:
        """Plain data for JSON: {duty, label, subject, period, status, reason, reason_code, article, evidence, …}."""
        return {
            "duty": self.duty.id,
            "label": self.duty.label,
            "subject": self.subject_code,
            "period": self.period.key,
            "status": self.status,
            "reason": self.reason.text(translate),
            "reason_code": self.reason.code,
            "article": self.duty.article,
            "evidence": list(self.evidence),
            "confidence": self.duty.confidence,
            "strength": self.duty.strength,
        }


def stand_all(duties: Iterable[Duty], subject: Subject, year: int, on: date) -> list[Standing]:
    """Every cell of `subject` in `year` as seen on `on`, in the order of `obligations`."""
    book = _Book(subject)
    return [_stand(obligation, book, on) for obligation in obligations(duties, subject, year, on)]


def stand(obligation: Obligation, subject: Subject, on: date) -> Standing:
    """One cell, as `stand_all` judges it."""
    return _stand(obligation, _Book(subject), on)


class _Book:
    """The records of a subject by day held, looked up by kinds once for all periods."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._records = sorted(subject.records, key=lambda record: (record.held, record.id))
        self._of: dict[tuple[str, ...], tuple[list[date], list[Record]]] = {}

    def of(self, kinds: tuple[str, ...], first: date, last: date) -> list[Record]:
        """Records of any of `kinds` held from `first` to `last`, in order."""
        if kinds not in self._of:
            records = [record for record in self._records if not record.kinds.isdisjoint(kinds)]
            self._of[kinds] = ([record.held for record in records], records)
        days, records = self._of[kinds]
        return records[bisect_left(days, first) : bisect_right(days, last)]

    def with_hours(self, first: date, last: date) -> list[Record]:
        return [record for record in self._records if record.hours > 0 and first <= record.held <= last]


class _Cell(NamedTuple):
    """What a decision may look at."""

    duty: Duty
    period: Period
    book: _Book
    on: date

    @property
    def until(self) -> date:
        """The last day of the period that has been seen."""
        return min(self.period.end, self.on)


class _Verdict(NamedTuple):
    code: str
    data: Mapping[str, Any]
    evidence: Sequence[Record] = ()


def _stand(obligation: Obligation, book: _Book, on: date) -> Standing:
    duty, period = obligation.duty, obligation.period
    if obligation.exempt:
        return Standing(duty, book.subject.code, period, "exempt", obligation.exempt)
    cell = _Cell(duty, period, book, on)
    verdict = _cannot_be_told(cell) or _allowed(cell, _DECISIONS[type(duty.shape)](duty.shape, cell))
    because = reason(verdict.code, duty, period, **verdict.data)
    evidence = tuple(record.id for record in verdict.evidence)
    return Standing(duty, book.subject.code, period, status_of(verdict.code), because, evidence)


def _cannot_be_told(cell: _Cell) -> _Verdict | None:
    """Before the records begin; or a figure nobody has told, which is not the same as nought."""
    since = cell.book.subject.recording_since
    if since is not None and cell.period.end < since:
        return _Verdict("before-records", {"recording_since": day_name(since)})
    day = day_judged(cell.period, cell.on)
    for bounds in bounds_of(cell.duty):
        if cell.book.subject.figure(bounds.measure, day) is None:
            return _Verdict("no-figures", {"measure": word("measures", bounds.measure)})
    return None


def _allowed(cell: _Cell, verdict: _Verdict) -> _Verdict:
    """What is permitted (可以) is never owed; and what is missing may have been explained."""
    status = status_of(verdict.code)
    if cell.duty.strength == "may" and (status in ("missing", "not-yet-due") or verdict.code == "out-of-bounds"):
        return _Verdict("optional", {}, verdict.evidence)
    explanation = cell.book.subject.explanations.get((cell.duty.id, cell.period.key))
    if status == "missing" and explanation:
        return _Verdict("missing-explained", {"explanation": explanation}, verdict.evidence)
    return verdict


def is_quorate(record: Record, of: tuple[str, ...]) -> bool:
    """Whether the record counts for one of the kinds `of`: by a kind that needs no quorum, or with half present."""
    return not QUORUM_KINDS.issuperset(record.kinds.intersection(of)) or 2 * record.present >= record.entitled


def is_sound(record: Record, of: tuple[str, ...]) -> bool:
    """Nothing lacking, and quorate: it fulfils the duty."""
    return not record.lacks and is_quorate(record, of)


def is_recorded_late(record: Record) -> bool:
    return (record.recorded - record.held).days > LATE_DAYS


def _fault(record: Record) -> _Verdict:
    """What makes an unsound record unsound; lacking fields come before the quorum."""
    if record.lacks:
        return _Verdict("lacks-fields", {"held": day_name(record.held), "lacks": "、".join(record.lacks)})
    figures = {"entitled": record.entitled, "present": record.present}
    return _Verdict("no-quorum", {"held": day_name(record.held), **figures})


def _at_least(shape: AtLeast, cell: _Cell) -> _Verdict:
    """So many sound records in the period. Counts, tried in order:

    prompt (sound, in the period, recorded in time), in the period (sound), sound (days of grace included), all.
    """
    count, end = shape.count, cell.period.end
    deadline = end + timedelta(days=cell.duty.grace_days)
    found = cell.book.of(shape.of, cell.period.start, min(deadline, cell.on))
    tagged = [record for record in found if record.tags.issuperset(shape.tags)]
    sound = [record for record in tagged if is_sound(record, shape.of)]
    sound_in_period = [record for record in sound if record.held <= end]
    prompt = [record for record in sound_in_period if not is_recorded_late(record)]
    in_period = [record for record in tagged if record.held <= end]
    # In the days of grace only a sound record counts; an unsound one belongs to its own period.
    counted = in_period + sound[len(sound_in_period) :]
    if len(prompt) >= count:
        return _Verdict(*_prompt(shape, prompt), in_period)
    if len(sound_in_period) >= count:
        return _Verdict("recorded-late", _recorded_late(sound_in_period), in_period)
    if len(sound) >= count:
        held = sound[len(sound_in_period)].held
        return _Verdict("held-late", {"held": day_name(held), "due": day_name(end)}, counted)
    if len(counted) >= count:
        fault = _fault(next(record for record in in_period if not is_sound(record, shape.of)))
        return fault._replace(evidence=counted)
    if cell.on <= end:
        return _Verdict("due-by", {"due": day_name(end), "left": count - len(sound)}, counted)
    if cell.on <= deadline:
        return _Verdict("in-grace", {"due": day_name(deadline)}, counted)
    if not counted:
        return _Verdict("none-recorded" if shape.numbered else "no-number-in-text", {})
    return _Verdict("too-few", {"count": count, "done": len(counted)}, counted)


def _prompt(shape: AtLeast, prompt: list[Record]) -> tuple[str, dict[str, Any]]:
    if shape.months and not any(record.held.month in shape.months for record in prompt):
        months = "、".join(f"{month}月" for month in shape.months)
        return "met-outside-usual-months", {"done": len(prompt), "months": months}
    return "met", {"done": len(prompt), "count": shape.count}


def _recorded_late(records: list[Record]) -> dict[str, Any]:
    record = next(record for record in records if is_recorded_late(record))
    return {"held": day_name(record.held), "recorded": day_name(record.recorded), "late_days": LATE_DAYS}


def _each_member(shape: EachMember, cell: _Cell) -> _Verdict:
    """Everybody of the group reaches the hours. The evidence are all records that give hours."""
    people = [one for one in cell.book.subject.members if shape.group in one.groups and not one.exempt]
    total, reached = len(people), sum(one.hours >= shape.hours for one in people)
    group = word("groups", shape.group)
    data: dict[str, Any] = {"group": group, "total": total, "reached": reached, "hours": f"{shape.hours:g}"}
    evidence = cell.book.with_hours(cell.period.start, cell.until)
    if total == 0:
        return _Verdict("nobody-in-group", data)
    if reached == total:
        return _Verdict("hours-reached", data, evidence)
    if cell.on <= cell.period.end:
        return _Verdict("hours-due-by", {**data, "due": day_name(cell.period.end)}, evidence)
    if any(one.hours > 0 for one in people):
        return _Verdict("hours-too-few", data, evidence)
    return _Verdict("no-hours", data, evidence)


def _within(shape: Within, cell: _Cell) -> _Verdict:
    """Each event of the year is followed in time. The event that stands worst (by PROGRESS, then day, id) speaks."""
    happened = sorted(
        (event for event in cell.book.subject.events if event.kind == shape.event and event.on in cell.period),
        key=lambda event: (event.on, event.id),
    )
    verdicts = [_after(event, shape, cell) for event in happened if event.on <= cell.on]
    event_name = word("events", shape.event)
    if not verdicts:
        return _Verdict("no-such-event", {"event": event_name})
    evidence = {record.id: record for verdict in verdicts for record in verdict.evidence}
    ordered = sorted(evidence.values(), key=lambda record: (record.held, record.id))
    worst = min(verdicts, key=lambda verdict: PROGRESS[status_of(verdict.code)])
    data = {"event": event_name, **worst.data, "total": len(verdicts)}
    return _Verdict(worst.code, data, ordered)


def _after(event: Event, shape: Within, cell: _Cell) -> _Verdict:
    """One event: a sound record within its limit, or after it; an unsound one within it; still time; nothing."""
    limit = add_months(event.on, shape.months) if shape.months else event.on + timedelta(days=shape.days)
    records = cell.book.of(shape.of, event.on, cell.on)
    in_time = [record for record in records if record.held <= limit]
    after = next((record for record in records if record.held > limit and is_sound(record, shape.of)), None)
    data = {"happened": day_name(event.on), "due": day_name(limit)}
    if any(is_sound(record, shape.of) for record in in_time):
        return _Verdict("done-in-time", data, in_time)
    if after:
        return _Verdict("done-after-limit", {**data, "held": day_name(after.held)}, [*in_time, after])
    if in_time:
        return _fault(in_time[0])._replace(evidence=in_time)
    return _Verdict("limit-ahead" if cell.on <= limit else "limit-passed", data)


def _holds(shape: Holds, cell: _Cell) -> _Verdict:
    """A figure lies within bounds on the day judged; that it is known has been seen to."""
    day = day_judged(cell.period, cell.on)
    figure = cell.book.subject.figure(shape.measure, day) or 0
    data = {
        "measure": word("measures", shape.measure),
        "figure": figure,
        "bounds": bounds_name(shape.at_least, shape.at_most),
        "day": day_name(day),
    }
    return _Verdict("within-bounds" if within(figure, shape.at_least, shape.at_most) else "out-of-bounds", data)


def _quorum(shape: Quorum, cell: _Cell) -> _Verdict:
    """Every record with somebody entitled has its share present."""
    found = cell.book.of(shape.of, cell.period.start, cell.until)
    counted = [record for record in found if record.entitled > 0]
    below = [record for record in counted if not _reaches(record, shape)]
    kinds = words("kinds", shape.of)
    if not counted:
        return _Verdict("no-such-record", {"kinds": kinds})
    if not below:
        return _Verdict("all-quorate", {"kinds": kinds, "total": len(counted)}, counted)
    first = below[0]
    figures = {"entitled": first.entitled, "present": first.present}
    return _Verdict("below-quorum", {"held": day_name(first.held), **figures}, below)


def _reaches(record: Record, shape: Quorum) -> bool:
    present = record.present * shape.share.denominator
    needed = record.entitled * shape.share.numerator
    return present > needed if shape.strict else present >= needed


def _share(shape: Share, cell: _Cell) -> _Verdict:
    """In every record that has both figures, the part is at most its share of the whole."""
    found = cell.book.of(shape.of, cell.period.start, cell.until)
    counted = [record for record in found if shape.part in record.measures and record.measures.get(shape.whole, 0) > 0]
    above = [record for record in counted if _exceeds(record, shape)]
    kinds, part = words("kinds", shape.of), word("record_measures", shape.part)
    if not counted:
        return _Verdict("no-such-record", {"kinds": kinds})
    if not above:
        return _Verdict("within-share", {"kinds": kinds, "total": len(counted), "part": part}, counted)
    data = {
        "held": day_name(above[0].held),
        "part": part,
        "part_figure": f"{above[0].measures[shape.part]:g}",
        "whole": word("record_measures", shape.whole),
        "whole_figure": f"{above[0].measures[shape.whole]:g}",
        "at_most": str(shape.at_most),
    }
    return _Verdict("above-share", data, above)


def _exceeds(record: Record, shape: Share) -> bool:
    part = record.measures[shape.part] * shape.at_most.denominator
    return part > record.measures[shape.whole] * shape.at_most.numerator


_DECISIONS: Mapping[type[Shape], Callable[[Any, _Cell], _Verdict]] = {
    AtLeast: _at_least,
    EachMember: _each_member,
    Within: _within,
    Holds: _holds,
    Quorum: _quorum,
    Share: _share,
}
