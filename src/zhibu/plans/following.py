"""An activity of the kind a plan's item asked for, held in its month, carries the item out; withdrawn, it does not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zhibu.activities.access import private_kinds
from zhibu.activities.models import Activity
from zhibu.duties.models import Form
from zhibu.org.models import Account, Organization, OrganizationKind
from zhibu.tasks.models import State, Task
from zhibu.tasks.services import close_by_record, reopen


def follow_activity(sender: Any, *, activity: Activity, actor: Account | None, at: datetime, **_: Any) -> None:
    """Items are met by records, one record for one item of a kind: two lectures planned need two held."""
    if activity.withdrawn_at is not None:
        for task in Task.objects.filter(evidence=activity, origin__form=Form.PLAN, state=State.CLOSED):
            task.evidence.remove(activity)
            if not task.evidence.exists():
                reopen(actor, task, "依据的活动记录已撤回", at=at)
        return
    kinds = activity.kinds - set(private_kinds())
    body, cell = _body_of(activity)
    items = Task.objects.filter(
        organization=body, origin__form=Form.PLAN, state__in=(State.OPEN, State.REPORTED), kind__in=kinds,
        origin__since__lte=activity.held, origin__until__gte=activity.held,
    ).exclude(evidence=activity)  # fmt: skip
    met = set(Task.objects.filter(evidence=activity, origin__form=Form.PLAN).values_list("kind", flat=True))
    for task in sorted(items, key=lambda one: (not one.text.startswith(cell), one.due or activity.held, one.pk)):
        if task.kind not in met and (not cell or task.text.startswith(cell)):
            met.add(task.kind)
            task.evidence.add(activity)
            close_by_record(actor, task, activity.held, f"{activity.held.isoformat()} {activity.title}", at=at)


def _body_of(activity: Activity) -> tuple[Organization, str]:
    """Whose plan it may carry out: what a Party cell has to do stands in its branch's plan, under the cell's name."""
    body: Organization = activity.organization
    if body.kind != OrganizationKind.CELL:
        return body, ""
    return Organization.objects.get_parent(body), f"{body}："
