"""A meeting's resolutions become tasks when the record is saved, and follow it when it is corrected or withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from zhibu.activities.access import private_kinds
from zhibu.activities.models import Activity, Resolution
from zhibu.org.models import Account
from zhibu.tasks.models import UNFINISHED, Task, TaskStep, Verb
from zhibu.tasks.services import Terms, cancel, close_by_record, give_task

DROPPED = "会议记录更正时删去了这项决议"
WITHDRAWN = "会议记录已撤回"
DONE = "会议记录中填写了完成日期"


def follow_meeting(sender: Any, *, activity: Activity, actor: Account | None, at: datetime, **_: Any) -> None:
    """Whoever may read the minutes may see the task, so what a private talk agreed on becomes none."""
    if activity.kind in private_kinds():
        return
    tasks = list(Task.objects.filter(activity=activity, state__in=UNFINISHED).select_related("resolution"))
    if activity.withdrawn_at is not None:
        _cancel(actor, tasks, WITHDRAWN, at)
        return
    by_resolution = {task.resolution_id: task for task in tasks if task.resolution_id}
    _cancel(actor, _dropped(tasks), DROPPED, at)
    for resolution in activity.resolutions.select_related("owner"):
        task = by_resolution.get(resolution.pk)
        if task is not None:
            _follow(actor, task, resolution, at)
        elif _is_to_do(resolution) and not Task.objects.filter(resolution=resolution).exists():
            terms = Terms(resolution.text, due=resolution.due, owner=resolution.owner)
            day = timezone.localdate(at)
            give_task(actor, activity.organization, terms, day, at=at, activity=activity, resolution=resolution)


def _is_to_do(resolution: Resolution) -> bool:
    return resolution.done is None


def _dropped(tasks: list[Task]) -> list[Task]:
    """Those that came from a resolution which is no longer in the record."""
    gone = [task.pk for task in tasks if task.resolution_id is None]
    given = TaskStep.objects.filter(task__in=gone, verb=Verb.GIVE).values_list("task_id", "data")
    resolved = {task for task, data in given if data.get("resolved")}
    return [task for task in tasks if task.pk in resolved]


def _follow(actor: Account | None, task: Task, resolution: Resolution, at: datetime) -> None:
    """The minutes are where the words, the owner and the deadline of a resolution stand."""
    if resolution.done is not None:
        close_by_record(actor, task, resolution.done, DONE, at=at)
        return
    task.text = resolution.text
    # Terms that the follow-up changed since, with a reason, stay.
    if not task.steps.filter(verb__in=(Verb.ASSIGN, Verb.MOVE)).exists():
        task.owner, task.due = resolution.owner, resolution.due
    task.save(update_fields=["text", "owner", "due"])


def _cancel(actor: Account | None, tasks: list[Task], reason: str, at: datetime) -> None:
    for task in tasks:
        cancel(actor, task, reason, at=at)
