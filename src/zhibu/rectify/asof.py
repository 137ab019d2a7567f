"""Last year's problems as they stood on a day, for the snapshot a report rests on: told from what happened by then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from zhibu.org.models import Organization
from zhibu.rectify.kinds import problem_kinds
from zhibu.rectify.models import Problem
from zhibu.rectify.queries import with_all
from zhibu.rectify.states import Measure, ProblemState, state_of
from zhibu.tasks.models import State, Task, TaskStep, Verb


@dataclass(frozen=True, slots=True)
class Stood:
    """A measure as it stood: `said` is what was last reported of it, `returned` why it was sent back since, `closed`
    the day somebody verified it."""

    state: str
    due: date | None
    said: str = ""
    returned: str = ""
    closed: date | None = None
    evidence: tuple[int, ...] = ()


def problems_as_of(organization: Organization, year: int, on: date) -> list[dict[str, Any]]:
    """The problems the report of `year` has to answer, with their measures, as known on `on`; docs/snapshot.md."""
    before = Problem.objects.filter(organization=organization, origin__year__lt=year, found_on__lte=on)
    rows = with_all(before, on).order_by("-origin__year", "origin_id", "id")
    known = [row for row in rows if timezone.localdate(row.made_at) <= on]
    return [_problem(row, on) for row in known if row.origin.year == year - 1 or _was_open(row, date(year - 1, 12, 31))]


def _was_open(problem: Problem, on: date) -> bool:
    return _state(_stood(problem, on), on) != ProblemState.CLOSED


def _stood(problem: Problem, on: date) -> list[tuple[Task, Stood]]:
    return [(task, found) for task in problem.measures.all() if (found := stood_on(task, on)) is not None]


def _state(stood: Iterable[tuple[Task, Stood]], on: date) -> ProblemState:
    return state_of([Measure(one.state, one.due) for _task, one in stood], on)


def _problem(problem: Problem, on: date) -> dict[str, Any]:
    stood = _stood(problem, on)
    state = _state(stood, on)
    live = [(task, one) for task, one in stood if one.state != State.CANCELLED]
    kind = problem_kinds().get(problem.kind)
    return {
        "id": problem.pk,
        "text": problem.text,
        "kind": kind.label if kind else problem.kind,
        "source": problem.origin.source,
        "list": problem.origin.title,
        "year": problem.origin.year,
        "found": problem.found_on.isoformat(),
        "again": problem.again.origin.year if problem.again else None,
        "state": str(state),
        "closed": max(_days(live)) if state == ProblemState.CLOSED else None,
        "measures": [_measure(task, one) for task, one in live],
    }


def _days(stood: Iterable[tuple[Task, Stood]]) -> list[str]:
    return [one.closed.isoformat() for _task, one in stood if one.closed]


def _measure(task: Task, stood: Stood) -> dict[str, Any]:
    return {
        "text": task.text,
        "owner": task.owner.name if task.owner else "",
        "due": stood.due.isoformat() if stood.due else None,
        "state": stood.state,
        "said": stood.said,
        "returned": stood.returned,
        "closed": stood.closed.isoformat() if stood.closed else None,
        "evidence": list(stood.evidence),
    }


def stood_on(task: Task, on: date) -> Stood | None:
    """The task as its steps up to `on` leave it; None while it was not there yet, or its plan in draft."""
    there = {one.pk for one in task.shown_evidence}
    found: Stood | None = None
    for step in task.steps.all():
        if timezone.localdate(step.at) <= on:
            found = _after(found or Stood(State.OPEN, None), step, there)
    return found


_STATE = {Verb.REPORT: State.REPORTED, Verb.RETURN: State.OPEN, Verb.CLOSE: State.CLOSED, Verb.CANCEL: State.CANCELLED}


def _after(before: Stood, step: TaskStep, there: Collection[int]) -> Stood:
    due = _due(step.data) or before.due
    said, returned = _told(before, step)
    shown = [pk for pk in step.data.get("evidence", ()) if pk in there and pk not in before.evidence]
    state = _STATE.get(Verb(step.verb), before.state)
    closed = timezone.localdate(step.at) if step.verb == Verb.CLOSE else before.closed
    return replace(
        before, state=str(state), due=due, said=said, returned=returned,
        closed=closed if state == State.CLOSED else None, evidence=(*before.evidence, *shown),
    )  # fmt: skip


def _told(before: Stood, step: TaskStep) -> tuple[str, str]:
    """What was last reported, and why it was sent back: what was returned is no longer said to be done."""
    if step.verb == Verb.RETURN:
        return "", step.text
    if step.verb in (Verb.REPORT, Verb.PROGRESS):
        return step.text or before.said, ""
    return before.said, before.returned


def _due(data: Mapping[str, Any]) -> date | None:
    """The deadline a step sets: the first one, or [before, after] where it was moved."""
    given = data.get("due")
    if isinstance(given, list):
        given = given[-1]
    return date.fromisoformat(given) if given else None
