"""Who sees a body's tasks, who works on them, and who may say that one is done: never the one who did it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.org.access import may_read_minutes, may_record, powers
from zhibu.org.models import Account, Organization, Title
from zhibu.tasks.models import State, Task, Verb


def tasks_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Task]:
    """The body's tasks, not those of a plan still in draft: for those who may read its minutes. Never an office."""
    tasks = Task.objects.filter(organization=organization).exclude(state=State.DRAFT)
    return tasks if may_read_minutes(account, organization, on) else tasks.none()


def tasks_given_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Task]:
    """What a committee has given to bodies below it: for those who may record there."""
    tasks = Task.objects.filter(given_by=organization).exclude(organization=organization)
    return tasks if may_record(account, organization, on) else tasks.none()


def may_give_tasks(account: Account, organization: Organization, on: date) -> bool:
    return may_record(account, organization, on)


def may_assign(account: Account, task: Task, on: date) -> bool:
    """Name who is responsible, split, hand down: those who may record in the body."""
    return task.unfinished and may_record(account, task.organization, on)


def may_work_on(account: Account, task: Task, on: date) -> bool:
    """Note progress, report it done: who is responsible or helps, and those who may record in the body."""
    if not task.unfinished:
        return False
    mine = powers(account, on).member_id
    # An office has no member; whoever left the branch may no longer see the body at all.
    is_owner = mine is not None and (mine == task.owner_id or any(one.pk == mine for one in task.helpers.all()))
    return (is_owner and may_read_minutes(account, task.organization, on)) or may_record(account, task.organization, on)


def may_note_progress(account: Account, task: Task, on: date) -> bool:
    """Say how far it is, ask after it: those who work on it, and the leader in charge of the body."""
    in_charge = frozenset({Title.IN_CHARGE})
    return may_work_on(account, task, on) or (
        task.unfinished and powers(account, on).holds(in_charge, task.organization)
    )


def may_set_terms(account: Account, task: Task, on: date) -> bool:
    """Change the deadline, cancel: those who may record in the body that asked for it."""
    return task.unfinished and may_record(account, task.given_by, on)


def may_verify(account: Account, task: Task, on: date) -> bool:
    """Verify or return what was reported: in the body that asked for it, but not who is responsible or reported."""
    if task.state != State.REPORTED or not may_record(account, task.given_by, on):
        return False
    if account.member_id is not None and account.member_id == task.owner_id:
        return False
    return reporter_of(task) != account.pk


def reporter_of(task: Task) -> int | None:
    """The account that last reported the task done."""
    reports = [step.by_id for step in task.steps.all() if step.verb == Verb.REPORT]
    return reports[-1] if reports else None
