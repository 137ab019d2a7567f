"""Plans, lists, campaigns and projects asked for."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from zhibu.activities.access import private_kinds
from zhibu.activities.models import Activity
from zhibu.duties.models import Form, Origin
from zhibu.org.access import may_read_minutes
from zhibu.org.models import Account, Organization
from zhibu.plans.services import APPROVING
from zhibu.tasks.models import UNFINISHED, State, Task

MEETINGS_BACK = 45
"""Days before the month in which the meeting that approves its plan is looked for."""
LINKABLE = 100


def origins_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Origin]:
    """The body's own plans, lists, campaigns and projects, but for lists of problems, which have their own pages: for
    those who may read its minutes. Never an office."""
    origins = Origin.objects.filter(organization=organization).exclude(form=Form.RECTIFICATION)
    return origins if may_read_minutes(account, organization, on) else origins.none()


def counted(origins: QuerySet[Origin]) -> QuerySet[Origin]:
    """With how many items each has, how many are done and how many still to do."""
    return origins.annotate(
        items=Count("tasks", filter=~Q(tasks__state=State.CANCELLED), distinct=True),
        done=Count("tasks", filter=Q(tasks__state=State.CLOSED), distinct=True),
        left=Count("tasks", filter=Q(tasks__state__in=UNFINISHED), distinct=True),
        recurring=Count("duties", distinct=True),
    )


def from_above(organization: Organization) -> QuerySet[Origin]:
    """Lists and campaigns of bodies above of which this body has a task."""
    tasks = Task.objects.filter(organization=organization, origin__isnull=False).exclude(
        origin__organization=organization
    )
    rows = Origin.objects.filter(pk__in=tasks.values("origin")).exclude(form=Form.RECTIFICATION)
    rows = rows.select_related("organization")
    return rows.annotate(
        items=Count("tasks", filter=Q(tasks__organization=organization) & ~Q(tasks__state=State.CANCELLED)),
        left=Count("tasks", filter=Q(tasks__organization=organization, tasks__state__in=UNFINISHED)),
    )


def items_of(origin: Origin) -> QuerySet[Task]:
    """The items as they were broken out, without parts handed down; in the order they were written."""
    own = origin.tasks.filter(organization_id=origin.organization_id)
    own = own if origin.form == Form.PLAN else own.filter(parent=None)
    rows = own.select_related("organization", "owner", "origin", "given_by", "activity")
    return rows.annotate(
        parts_all=Count("parts", filter=~Q(parts__state=State.CANCELLED)),
        parts_done=Count("parts", filter=Q(parts__state=State.CLOSED)),
    ).order_by("id" if origin.form != Form.PLAN else "due", "id")


def meetings_for(plan: Origin, on: date) -> QuerySet[Activity]:
    """Meetings that may have approved the plan, the newest first."""
    kinds = Q(kind__in=APPROVING)
    last = min(on, plan.until) if plan.until else on
    found = Activity.objects.filter(
        kinds, organization=plan.organization_id, withdrawn_at=None, held__lte=last,
        held__gte=plan.since - timedelta(days=MEETINGS_BACK),
    )  # fmt: skip
    return found.order_by("-held", "-id")


def linkable(origin: Origin, on: date) -> QuerySet[Activity]:
    """Records of the body and those below, in the origin's time, that are not linked yet and not private."""
    last = min(on, origin.until) if origin.until else on
    found = Activity.objects.filter(
        organization__path__startswith=origin.organization.path, held__gte=origin.since, held__lte=last,
        withdrawn_at=None,
    ).exclude(kind__in=private_kinds()).exclude(origins=origin)  # fmt: skip
    newest = list(found.order_by("-held", "-id").values_list("pk", flat=True)[:LINKABLE])
    return Activity.objects.filter(pk__in=newest).order_by("-held", "-id")
