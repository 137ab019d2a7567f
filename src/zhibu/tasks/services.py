"""What is done with tasks. Each is one transaction: the task, a step that stays, and a line in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhibu.activities.models import Activity, Resolution
from zhibu.activities.services import finish_resolution
from zhibu.duties.models import Origin
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Organization
from zhibu.org.queries import members_on
from zhibu.tasks.access import may_verify
from zhibu.tasks.models import State, Task, TaskStep, Verb
from zhibu.tasks.telling import tell_step

MOST_BODIES = 500
"""Bodies one task is handed down to at a time."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked: `text` what, `asked` by what one sees that it is done, `due` until when, `owner` by whom."""

    text: str
    asked: str = ""
    due: date | None = None
    owner: Member | None = None
    helpers: Sequence[Member] = ()
    kind: str = ""
    duty: str = ""


def give_task(
    actor: Account | None,
    organization: Organization,
    terms: Terms,
    on: date,
    *,
    at: datetime,
    given_by: Organization | None = None,
    origin: Origin | None = None,
    parent: Task | None = None,
    activity: Activity | None = None,
    resolution: Resolution | None = None,
) -> Task:
    """Give a body a task. UserError for no text, a deadline in the past, people who are not of the body, or a body
    that is not below `given_by`."""
    giver = given_by or organization
    if not organization.path.startswith(giver.path):
        raise UserError("task-not-below", "“{body}”不是下级组织，不能向它交办。", body=organization.name)
    text = " ".join(terms.text.split())
    if not text:
        raise UserError("task-empty", "请写明要做什么。")
    if terms.due and terms.due < on and resolution is None:
        raise UserError("task-due-past", "完成时限{due}已经过去，请另定一天。", due=terms.due)
    if terms.owner and resolution is None:
        people_of_body(organization, [terms.owner, *terms.helpers], on)
    with transaction.atomic():
        task = Task.objects.create(
            organization=organization, given_by=giver, origin=origin, parent=parent, activity=activity,
            resolution=resolution, text=text[:300], asked=terms.asked.strip()[:200], owner=terms.owner, due=terms.due,
            kind=terms.kind, duty=terms.duty, made_at=at, made_by=actor,
        )  # fmt: skip
        task.helpers.set(one for one in terms.helpers if one != terms.owner)
        owner = terms.owner.name if terms.owner else ""
        _step(actor, task, Verb.GIVE, at, "", due=terms.due, owner=owner, resolved=resolution is not None)
    return task


def hand_down(
    actor: Account, task: Task, bodies: Iterable[Organization], terms: Terms, on: date, *, at: datetime
) -> list[Task]:
    """Give each of `bodies`, which lie below the task's own, its part. All or none. A body has one part at most."""
    wanted = list({body.pk: body for body in bodies}.values())
    if not wanted:
        raise UserError("task-no-body", "请选择下级组织。")
    if len(wanted) > MOST_BODIES:
        raise UserError("task-many-bodies", "一次最多交办给{most}个组织。", most=MOST_BODIES)
    _due_within(task, terms.due)
    with transaction.atomic():
        current = locked(task.pk)
        have = set(current.parts.exclude(state=State.CANCELLED).values_list("organization_id", flat=True))
        for body in wanted:
            if body.pk == current.organization_id or not body.path.startswith(current.organization.path):
                raise UserError("task-not-below", "“{body}”不是下级组织，不能向它交办。", body=body.name)
            if body.pk in have:
                raise UserError("task-handed-down", "“{body}”已经领了这项任务。", body=body.name)
        return [
            give_task(
                actor, body, terms, on, at=at, given_by=current.organization, origin=current.origin, parent=current
            )
            for body in wanted
        ]


def split(actor: Account, task: Task, terms: Terms, on: date, *, at: datetime) -> Task:
    """A part of the task for the same body: its own owner and deadline, not after that of the whole."""
    _due_within(task, terms.due)
    with transaction.atomic():
        current = locked(task.pk)
        return give_task(actor, current.organization, terms, on, at=at, origin=current.origin, parent=current)


def _due_within(task: Task, due: date | None) -> None:
    if task.due and due and due > task.due:
        raise UserError("task-due-beyond", "分解任务的时限不能晚于总任务的时限{due}。", due=task.due)


def assign(actor: Account, task: Task, owner: Member, helpers: Sequence[Member], on: date, *, at: datetime) -> Task:
    """Name who is responsible and who helps."""
    people_of_body(task.organization, [owner, *helpers], on)
    with transaction.atomic():
        current = locked(task.pk)
        before = current.owner.name if current.owner else ""
        current.owner = owner
        current.helpers.set(one for one in helpers if one != owner)
        _save(current, "owner")
        _step(actor, current, Verb.ASSIGN, at, "", owner=[before, owner.name], helpers=[one.name for one in helpers])
    return current


def note_progress(actor: Account, task: Task, text: str, *, at: datetime, evidence: Iterable[Activity] = ()) -> Task:
    """Say how far it is, and by which records one sees it."""
    shown = list(evidence)
    text = _said(text, "请写明进展。") if not shown else " ".join(text.split())[:500]
    with transaction.atomic():
        current = locked(task.pk)
        _add_evidence(current, shown)
        _step(actor, current, Verb.PROGRESS, at, text, evidence=[one.pk for one in shown])
    return current


def report_done(actor: Account, task: Task, text: str, *, at: datetime, evidence: Iterable[Activity] = ()) -> Task:
    """Say that it is done; somebody else verifies it."""
    text = _said(text, "请写明完成情况。")
    shown = list(evidence)
    with transaction.atomic():
        current = locked(task.pk)
        if current.state == State.REPORTED:
            raise UserError("task-reported", "已经报告完成，正等待核实。")
        current.state = State.REPORTED
        _add_evidence(current, shown)
        _save(current, "state")
        _step(actor, current, Verb.REPORT, at, text, evidence=[one.pk for one in shown])
    return current


def verify(actor: Account, task: Task, text: str, on: date, *, at: datetime) -> Task:
    """Close what was reported done, after a look. UserError for who is responsible or reported it."""
    with transaction.atomic():
        current = locked(task.pk)
        _by_another(actor, current, on)
        _close(current, on)
        _step(actor, current, Verb.CLOSE, at, " ".join(text.split())[:500])
    return current


def return_task(actor: Account, task: Task, text: str, on: date, *, at: datetime) -> Task:
    """Send it back with a reason: it is open again."""
    text = _said(text, "请写明退回的原因。")
    with transaction.atomic():
        current = locked(task.pk)
        _by_another(actor, current, on)
        current.state = State.OPEN
        _save(current, "state")
        _step(actor, current, Verb.RETURN, at, text)
    return current


def _by_another(actor: Account, task: Task, on: date) -> None:
    if task.state != State.REPORTED:
        raise UserError("task-not-reported", "还没有报告完成，不能核实。")
    if not may_verify(actor, task, on):
        raise UserError("task-own-verify", "责任人和报告人不能核实自己办的事，请由其他人核实。")


def move_deadline(actor: Account, task: Task, due: date, reason: str, on: date, *, at: datetime) -> Task:
    """Another deadline, with the reason."""
    reason = _said(reason, "请写明调整时限的原因。")
    if due < on:
        raise UserError("task-due-past", "完成时限{due}已经过去，请另定一天。", due=due)
    with transaction.atomic():
        current = locked(task.pk)
        if due == current.due:
            raise UserError("task-due-same", "时限没有变化。")
        if current.parent and current.parent.organization_id == current.organization_id:
            _due_within(current.parent, due)
        before, current.due = current.due, due
        _save(current, "due")
        _step(actor, current, Verb.MOVE, at, reason, due=[before, due])
    return current


def cancel(actor: Account | None, task: Task, reason: str, *, at: datetime) -> Task:
    """It need not be done any more; its parts neither. The reason stays."""
    reason = _said(reason, "请写明取消的原因。")
    with transaction.atomic():
        current = locked(task.pk)
        for part in current.parts.filter(state__in=(State.OPEN, State.REPORTED)):
            cancel(actor, part, reason, at=at)
        current.state = State.CANCELLED
        _save(current, "state")
        _step(actor, current, Verb.CANCEL, at, reason)
    return current


def close_by_record(actor: Account | None, task: Task, on: date, reason: str, *, at: datetime) -> Task:
    """Close what a record shows as done: the minutes say so, or the ledger has the activity."""
    with transaction.atomic():
        current = locked(task.pk)
        _close(current, on)
        # Whoever recorded it knows.
        _step(actor, current, Verb.CLOSE, at, reason, told=False, by_record=True)
    return current


def reopen(actor: Account | None, task: Task, reason: str, *, at: datetime, by_record: bool = True) -> Task:
    """A closed task is to be done again: its record was taken back, or (not `by_record`) a person found it undone."""
    with transaction.atomic():
        task.state, task.closed_on = State.OPEN, None
        _save(task, "state", "closed_on")
        _step(actor, task, Verb.RETURN, at, reason, by_record=by_record)
    return task


def move_to(actor: Account | None, task: Task, successor: Organization, reason: str, *, at: datetime) -> Task:
    """Another body goes on with it, as its own was ended; who is responsible there is for that body to say."""
    with transaction.atomic():
        current = locked(task.pk)
        if current.given_by_id == current.organization_id:
            current.given_by = successor
        current.organization = successor
        _save(current, "organization", "given_by")
        _step(actor, current, Verb.PROGRESS, at, reason)
    return current


def _close(task: Task, on: date) -> None:
    task.state, task.closed_on = State.CLOSED, on
    _save(task, "state", "closed_on")
    if task.resolution and task.resolution.done is None:
        finish_resolution(task.resolution, on)


def locked(pk: int) -> Task:
    """The task as it stands, locked until the transaction ends. UserError when it is over."""
    rows = Task.objects.select_for_update(of=("self",)).select_related(
        "organization", "given_by", "origin", "owner", "resolution", "parent"
    )
    task = rows.get(pk=pk)
    if not task.unfinished:
        raise UserError("task-over", "这项任务{state}，不能再改。", state=task.get_state_display())
    return task


def _save(task: Task, *fields: str) -> None:
    task.version += 1
    task.save(update_fields=[*fields, "version"])


def _step(
    actor: Account | None, task: Task, verb: Verb, at: datetime, text: str, *, told: bool = True, **data: Any
) -> None:
    plain = {key: _plain(value) for key, value in data.items() if value}
    TaskStep.objects.create(
        organization_id=task.organization_id, task=task, verb=verb, text=text, data=plain, at=at, by=actor
    )
    note(actor, task.organization, f"task-{verb.value}", task, f"{task.text}：{text}" if text else task.text, **data)
    if told:
        tell_step(actor, task, verb, text, at)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _add_evidence(task: Task, activities: Iterable[Activity]) -> None:
    for activity in activities:
        if activity.organization_id != task.organization_id and not activity.organization.path.startswith(
            task.organization.path
        ):
            raise UserError("task-evidence-elsewhere", "只能用本组织和下级组织的活动记录作依据。")
        task.evidence.add(activity)


def people_of_body(organization: Organization, people: Sequence[Member], on: date) -> None:
    """People who may be charged: members of the body, or holders of a post in it."""
    wanted = {one.pk: one.name for one in people}
    if not wanted:
        return
    known = set(members_on(organization, on).filter(pk__in=wanted).values_list("pk", flat=True))
    known |= set(
        organization.posts.filter(member__in=wanted, since__lte=on)
        .exclude(until__lte=on)
        .values_list("member_id", flat=True)
    )
    for pk, name in wanted.items():
        if pk not in known:
            raise UserError(
                "task-not-of-body", "{name}不是“{body}”的人，不能作责任人。", name=name, body=organization.name
            )


def _said(text: str, sentence: str) -> str:
    text = " ".join(text.split())
    if len(text) < 2:
        raise UserError("task-says-nothing", sentence)
    if len(text) > 500:
        raise UserError("task-says-much", "说明有{n}字，请压缩到500字以内。", n=len(text))
    return text
