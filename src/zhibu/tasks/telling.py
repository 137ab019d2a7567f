"""Who is told when something happens to a task: those whose turn it is, never the one who did it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from zhibu.errors import Sentence
from zhibu.notices.services import tell
from zhibu.org.models import Account, Member, Post
from zhibu.org.spans import in_force
from zhibu.rulebook.reasons import day_name
from zhibu.tasks.models import Task, Verb
from zhibu.tasks.queries import LEADING

VERIFYING = (*LEADING, "clerk")
"""Who is told that something waits to be looked at: a committee's clerk does so for it."""
OLD_DAYS = 31
"""What a meeting decided so long ago is no news."""

GIVEN = Sentence("told-task-given", "有一项任务由您负责：{text}。")
GIVEN_BY = Sentence("told-task-given-by", "有一项任务由您负责，{day}到期：{text}。")
HANDED = Sentence("told-task-handed", "{giver}交办了一项任务，还没有定责任人：{text}。")
REPORTED = Sentence("told-task-reported", "{body}报告完成了任务，请核实：{text}。")
RETURNED = Sentence("told-task-returned", "任务被退回：{text}。{reason}")
CLOSED = Sentence("told-task-closed", "任务已核实办结：{text}。")
MOVED = Sentence("told-task-moved", "任务的完成时限改为{day}：{text}。")
CANCELLED = Sentence("told-task-cancelled", "任务已取消：{text}。{reason}")


def tell_step(actor: Account | None, task: Task, verb: Verb, reason: str, at: datetime) -> None:
    """Tell of one step. Progress is told to nobody, nor what an old record, taken in later, resolved."""
    if verb == Verb.GIVE and _is_history(task, at):
        return
    sentence = _sentence(task, verb, reason)
    if sentence is None:
        return
    people = [one for one in _people(task, verb, at) if actor is None or one.pk != actor.member_id]
    url = reverse("tasks:show", args=[task.organization.code, task.pk])
    if people:
        tell(people, sentence, kind="task", at=at, url=url, organization=task.organization)


def _is_history(task: Task, at: datetime) -> bool:
    day = timezone.localdate(at)
    decided = task.activity.held if task.activity else day
    return (task.due is not None and task.due < day) or (day - decided).days > OLD_DAYS


def _sentence(task: Task, verb: Verb, reason: str) -> Sentence | None:
    day = day_name(task.due) if task.due else ""
    if verb == Verb.GIVE and task.owner is None:
        form = HANDED if task.from_above else None
    elif verb in (Verb.GIVE, Verb.ASSIGN):
        form = GIVEN_BY if task.due else GIVEN
    else:
        form = {
            Verb.REPORT: REPORTED, Verb.RETURN: RETURNED, Verb.CLOSE: CLOSED, Verb.MOVE: MOVED, Verb.CANCEL: CANCELLED,
        }.get(verb)  # fmt: skip
    if form is None:
        return None
    data = {
        "text": task.text,
        "day": day,
        "reason": reason,
        "giver": str(task.given_by),
        "body": str(task.organization),
    }
    return Sentence(form.code, form.message, **data)


def _people(task: Task, verb: Verb, at: datetime) -> Sequence[Member]:
    """The owner; of what was reported, or has no owner, those who lead the body whose turn it is."""
    if verb == Verb.REPORT:
        return [one for one in _holders(task.given_by_id, VERIFYING, at) if one != task.owner]
    return [task.owner] if task.owner else _holders(task.organization_id, LEADING, at)


def _holders(organization: int, titles: Sequence[str], at: datetime) -> list[Member]:
    rows = Post.objects.filter(in_force(timezone.localdate(at)), organization=organization, title__in=titles)
    return list({row.member_id: row.member for row in rows.select_related("member").order_by("pk")}.values())
