"""What a new draft begins with: a title, and a text made only from records; where there are none, no text."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone, translation

from zhibu.activities.access import private_kinds
from zhibu.activities.models import Activity
from zhibu.disclosure.catalogue import Item
from zhibu.disclosure.queries import opinions_heard
from zhibu.duties.models import Origin, OriginState
from zhibu.org.models import Organization
from zhibu.org.queries import committee_on
from zhibu.periods import Period
from zhibu.plans.services import plan_of
from zhibu.rulebook.reasons import period_name
from zhibu.tasks.models import State as TaskState

MOST = 60
OF_THE_PLAN = ("monthly-plan", "monthly-results")
DONE = ("monthly-results", "progress", "meetings")
"""Matters that tell what was done in a period."""


def suggested_title(item: Item, period: Period | None) -> str:
    return f"{period_name(period)}{item.called}" if period else item.label


def suggested_text(organization: Organization, item: Item, period: Period | None, on: date) -> str:
    """Text from the records of the body as they are on `on`; empty where nothing is recorded. Chinese, whatever the
    reader's language: it goes on the board."""
    with translation.override("zh-hans"):
        return _text(organization, item, period, on)


def _text(organization: Organization, item: Item, period: Period | None, on: date) -> str:
    plan = _plan(organization, period) if period and item.slug in OF_THE_PLAN else None
    if plan:
        return _items(plan, results=item.slug == "monthly-results")
    if item.slug in DONE:
        first, last = (period.start, period.end) if period else (on.replace(day=1), on)
        return _done(organization, item, first, last)
    if item.slug == "set-up":
        return _committee(organization, on)
    if item.slug == "opinions" and period:
        return _opinions(organization, period)
    return ""


def _plan(organization: Organization, period: Period) -> Origin | None:
    """The month's plan, once a meeting approved it: a draft is nobody else's business."""
    plan = plan_of(organization, period.start)
    return plan if plan and plan.state != OriginState.DRAFT else None


def _items(plan: Origin, results: bool) -> str:
    """One line an item, by its deadline: until when and by whom; of the results how it stands."""
    rows = plan.tasks.filter(organization=plan.organization_id).exclude(state=TaskState.CANCELLED)
    lines = []
    for n, task in enumerate(rows.select_related("owner").order_by("due", "id")[:MOST], start=1):
        due = f"{task.due.month}月{task.due.day}日前" if task.due and not results else ""
        owner = task.owner.name if task.owner and not results else ""
        how = str(task.get_state_display()) if results else ""
        remark = "，".join(filter(None, (due, owner, how)))
        lines.append(f"{n}. {task.text}{f'（{remark}）' if remark else ''}")
    return "\n".join(lines)


def _done(organization: Organization, item: Item, first: date, last: date) -> str:
    """One line a record; of the matter's own kinds where it has any, else of all but talks and disclosures."""
    rows = Activity.objects.filter(organization=organization, held__range=(first, last), withdrawn_at=None)
    rows = rows.exclude(kind__in=[*private_kinds(), "disclosure"])
    if item.slug == "meetings":
        rows = rows.filter(kind__in=item.kinds)
    done = rows.order_by("held", "id").values_list("held", "title")[:MOST]
    return "\n".join(f"{n}. {held.month}月{held.day}日，{title}。" for n, (held, title) in enumerate(done, start=1))


def _committee(organization: Organization, on: date) -> str:
    return "\n".join(f"{post.get_title_display()}：{post.member.name}" for post in committee_on(organization, on))


def _opinions(organization: Organization, period: Period) -> str:
    zone = timezone.get_default_timezone()
    since = datetime.combine(period.start, time.min, zone)
    found = opinions_heard(organization, since, datetime.combine(period.end, time.max, zone))
    if not found["heard"]:
        return ""
    return (
        f"{period_name(period)}共收到意见建议{found['heard']}条，其中党员{found['from_members']}条，"
        f"群众{found['from_public']}条；已答复{found['answered']}条。"
    )
