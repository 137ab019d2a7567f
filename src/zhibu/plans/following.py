"""An activity of the kind a plan's item asked for, held in its month, carries the item out; withdrawn, it does not.

Of a private talk whoever reads the plan learns that there was one, and when: not between whom, not by which record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from zhibu.activities.access import private_kinds
from zhibu.activities.kinds import find_kind
from zhibu.activities.models import Activity
from zhibu.duties.models import Form
from zhibu.duties.queries import duties_of
from zhibu.org.models import Account, Organization, OrganizationKind
from zhibu.tasks.models import State, Task
from zhibu.tasks.services import close_by_record, reopen


def follow_activity(sender: Any, *, activity: Activity, actor: Account | None, at: datetime, **_: Any) -> None:
    """Items are met by records, one record for one item of a kind: two lectures planned need two held."""
    if activity.withdrawn_at is not None:
        for task in Task.objects.filter(evidence=activity, origin__form=Form.PLAN, state=State.CLOSED):
            task.evidence.remove(activity)
            if not task.evidence.exists():
                reopen(None if _is_private(task, activity) else actor, task, "依据的活动记录已撤回", at=at)
        return
    body, cell = _body_of(activity)
    found = Task.objects.filter(
        organization=body, origin__form=Form.PLAN, state__in=(State.OPEN, State.REPORTED), kind__in=activity.kinds,
        origin__since__lte=activity.held, origin__until__gte=activity.held,
    ).exclude(evidence=activity)  # fmt: skip
    items = list(found)
    met = set(Task.objects.filter(evidence=activity, origin__form=Form.PLAN).values_list("kind", flat=True))
    asks = _asks(items, activity, body)
    for task in sorted(
        items, key=lambda one: (not one.text.startswith(cell), not asks(one), one.due or activity.held, one.pk)
    ):
        mine = asks(task).issubset(activity.tags) and task.text.startswith(cell)
        if task.kind not in met and mine:
            met.add(task.kind)
            task.evidence.add(activity)
            _close(actor, task, activity, at)


def _is_private(task: Task, activity: Activity) -> bool:
    return not {task.kind, activity.kind}.isdisjoint(private_kinds())


def _close(actor: Account | None, task: Task, activity: Activity, at: datetime) -> None:
    private = _is_private(task, activity)
    title = find_kind(task.kind).label if private else activity.title
    # Who recorded a talk was most often one of the two.
    close_by_record(None if private else actor, task, activity.held, f"{activity.held.isoformat()} {title}", at=at)


def _asks(items: Iterable[Task], activity: Activity, body: Organization) -> Callable[[Task], frozenset[str]]:
    """The tags an item's duty asks of a record: a talk among committee members is none between members. None where the
    item carries out no duty, or one that takes any record of its kinds."""
    if not any(one.duty for one in items):
        return lambda task: frozenset()
    tags = {duty.id: frozenset(getattr(duty.shape, "tags", ())) for duty in duties_of(body, activity.held.year)}
    return lambda task: tags.get(task.duty, frozenset())


def _body_of(activity: Activity) -> tuple[Organization, str]:
    """Whose plan it may carry out: what a Party cell has to do stands in its branch's plan, under the cell's name."""
    body: Organization = activity.organization
    if body.kind != OrganizationKind.CELL:
        return body, ""
    return Organization.objects.get_parent(body), f"{body}："
