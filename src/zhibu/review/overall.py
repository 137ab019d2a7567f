"""The overall grade of a season: an evaluation of each reporter's part of the year, fed with the vote, settled, told.

Points, limits, publication, objections and freezing are `zhibu.scoring`; here they are begun and followed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhibu.ballots import queries as ballots
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account
from zhibu.review.models import Cycle, CycleState, Entry, Stage
from zhibu.review.season import locked
from zhibu.review.voting import ballot_of, votes_of
from zhibu.scoring import grading, settling
from zhibu.scoring.access import evaluations_below_seen_by
from zhibu.scoring.models import TOLD, Evaluation, State
from zhibu.scoring.queries import Grade, grades_of, scheme_of, schemes_for, with_items
from zhibu.scoring.scheme import ByBallot, Level, Scheme

READY = (Stage.ACCEPTED, Stage.PRESENTED, Stage.VOTED)


def begin(actor: Account, cycle: Cycle, *, at: datetime) -> list[Evaluation]:
    """An evaluation for each whose report passed and who has none. UserError without a scheme about reports."""
    with transaction.atomic():
        current = _open(cycle)
        offered = schemes_for(current.organization).get(current.scheme)
        if offered is None or offered.scheme.about != "report":
            raise UserError("season-no-scheme", "请先在方案里选定评述职的评价办法。")
        rows = list(current.entries.filter(evaluation=None, stage__in=READY).select_related("organization", "reporter"))
        if not rows:
            raise UserError("season-none-to-grade", "没有可以开始评价的人：报告要先通过审阅。")
        first, last = date(current.year, 1, 1), date(current.year, 12, 31)
        parts = [
            grading.Part(
                one.organization, one.reporter, None if one.since == first else one.since,
                None if one.until == last else one.until,
            )
            for one in rows
        ]  # fmt: skip
        made = grading.begin_reports(actor, current.organization, offered, current.year, parts, at=at)
        for entry, evaluation in zip(rows, made, strict=True):
            entry.evaluation = evaluation
        Entry.objects.bulk_update(rows, ["evaluation"], 200)
        _take_votes(actor, current, rows, at)
        note(actor, current.organization, "begin-grading", current, f"{current.title}：开始综合评价{len(made)}人")
    return made


def take_votes(actor: Account, cycle: Cycle, *, at: datetime) -> int:
    """Hand what the ballot gave to the evaluations that are not published. The number of reporters it concerns."""
    with transaction.atomic():
        current = _open(cycle)
        rows = current.entries.filter(evaluation__state__in=(State.TRIAL, State.VERIFIED))
        return _take_votes(actor, current, list(rows.select_related("organization", "reporter", "evaluation")), at)


def _take_votes(actor: Account, cycle: Cycle, rows: Collection[Entry], at: datetime) -> int:
    ballot = ballot_of(cycle)
    results = ballots.results(ballot) if ballot else None
    if ballot is None or results is None:
        return 0
    votes = {}
    for entry in rows:
        if entry.evaluation is None:
            continue
        known = votes_of(cycle, ballot, results, entry)
        wanted = _questions(scheme_of(entry.evaluation))
        if found := {question: vote for question, vote in known.items() if question in wanted}:
            votes[entry.evaluation.pk] = found
    if votes:
        grading.set_ballots(actor, votes, at=at)
    return len(votes)


def _questions(scheme: Scheme) -> set[str]:
    return {item.judged.question for item in scheme.items if isinstance(item.judged, ByBallot)}


def freeze(actor: Account, cycle: Cycle, on: date, *, at: datetime) -> int:
    """The points rest on the ledger of the day from now on."""
    with transaction.atomic():
        keys = _keys(_open(cycle), State.TRIAL)
        if not keys:
            raise UserError("season-nothing-to-freeze", "没有还在试算的评价。")
        return len(grading.freeze(actor, keys, on, at=at))


def publish(actor: Account, cycle: Cycle, on: date, *, at: datetime, until: date | None = None) -> int:
    """Tell the results of the season, all together; the reporters are graded."""
    with transaction.atomic():
        current = _open(cycle)
        done = settling.publish(actor, current.organization, _keys(current, State.VERIFIED), on, at=at, until=until)
        follow(actor, current)
    return len(done)


def close(actor: Account, cycle: Cycle, on: date, *, at: datetime) -> int:
    """Make final what may be: the time for objections over, none open."""
    with transaction.atomic():
        current = _open(cycle)
        rows = with_items(Evaluation.objects.filter(review_entry__cycle=current, state=State.PUBLISHED))
        ready = settling.may_be_closed(rows, on)
        if not ready:
            raise UserError("season-none-to-close", "还没有可以定下来的：异议期没有过，或异议没有答复。")
        return len(settling.close_evaluations(actor, [one.pk for one in ready], on, at=at))


def follow(actor: Account, cycle: Cycle) -> int:
    """Those whose result was published are GRADED, wherever it was published."""
    rows = list(cycle.entries.filter(stage__in=READY, evaluation__state__in=TOLD))
    for entry in rows:
        entry.stage, entry.version = Stage.GRADED, entry.version + 1
    Entry.objects.bulk_update(rows, ["stage", "version"], 200)
    if rows:
        note(actor, cycle.organization, "season-graded", cycle, f"{cycle.title}：已定等次{len(rows)}人")
    return len(rows)


def _keys(cycle: Cycle, state: str) -> list[int]:
    rows = cycle.entries.filter(evaluation__state=state)
    return [pk for pk in rows.values_list("evaluation_id", flat=True) if pk is not None]


def _open(cycle: Cycle) -> Cycle:
    current = locked(cycle.pk, cycle.version)
    if current.state != CycleState.OPEN:
        state = str(current.get_state_display())
        raise UserError("cycle-not-open", "“{title}”{state}，现在不能办理。", title=current.title, state=state)
    return current


# --- the table -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One reporter; `grade` is None before it was begun, and for one's own report until it is published."""

    entry: Entry
    grade: Grade | None


def table(account: Account, cycle: Cycle, on: date) -> list[Row]:
    """In the order of the tree, never of grades. As many queries for three hundred as for one."""
    entries = list(
        cycle.entries.select_related("organization", "reporter", "evaluation").order_by("organization__path", "since")
    )
    seen = evaluations_below_seen_by(account, cycle.organization, on).filter(review_entry__cycle=cycle)
    grades: Mapping[int, Grade] = grades_of(with_items(seen), on)
    return [Row(entry, grades.get(entry.evaluation_id or 0)) for entry in entries]


def limits(rows: Collection[Row]) -> list[tuple[Level, int, int]]:
    """Each level, how often it is given as things stand, how often it may be; nothing before it was begun."""
    begun = [row for row in rows if row.grade is not None and row.entry.evaluation is not None]
    if not begun:
        return []
    newest = max(
        (row.entry.evaluation for row in begun if row.entry.evaluation), key=lambda one: (one.scheme_version, one.pk)
    )
    given = [row.grade.level for row in begun if row.grade]
    return [(level, given.count(level.label), level.most(len(begun))) for level in scheme_of(newest).levels]
