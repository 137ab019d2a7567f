"""Responsibility lists, campaigns, instructions and business projects: a document broken into duties and tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhibu.activities.models import Activity
from zhibu.duties.models import Form, LocalDuty, Origin, OriginState
from zhibu.duties.services import end_duty, lay_down_duty
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Organization
from zhibu.plans.packs import Pack, PackItem
from zhibu.plans.team import end_team
from zhibu.tasks.models import UNFINISHED, Task
from zhibu.tasks.services import Terms, give_task, hand_down

FORMS = (Form.LIST, Form.CAMPAIGN, Form.INSTRUCTION, Form.PROJECT)
RECURRING = ("month", "quarter", "half-year", "year")
MOST_LINKED = 200


@dataclass(frozen=True, slots=True)
class About:
    """What the document says of itself. A list, a campaign and an instruction have an issuer; a project has people."""

    form: str
    title: str
    since: date
    until: date | None = None
    issuer: str = ""
    number: str = ""
    people: Sequence[Member] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One item. With `per` it recurs and the ledger counts it: `count` activities of `kind` each `per`; without it is a
    task with a deadline. `bodies`: to whom it is handed down; none: the body's own."""

    text: str
    asked: str = ""
    due: date | None = None
    kind: str = ""
    count: int = 1
    per: str = ""
    quote: str = ""
    """The words of the document; the item itself where none are given."""
    owner: Member | None = None
    bodies: Sequence[Organization] = ()


def found_origin(
    actor: Account,
    organization: Organization,
    about: About,
    on: date,
    *,
    at: datetime,
    pack: Pack | None = None,
    bodies: Sequence[Organization] = (),
    items: Sequence[Asked] = (),
) -> Origin:
    """Set up a list, campaign or project, with `items` or those of a template. UserError names what is wrong."""
    title = " ".join(about.title.split())
    if about.form not in FORMS:
        raise UserError("origin-form", "请选择类别。")
    if not title:
        raise UserError("origin-title", "请写明名称。")
    if about.until and about.until < about.since:
        raise UserError("origin-span", "截止日期不能早于起始日期。")
    if about.form in (Form.LIST, Form.INSTRUCTION) and not about.issuer.strip():
        raise UserError("origin-issuer", "请写明发文单位。没有出处的，不要列入清单。")
    try:
        with transaction.atomic():
            origin = Origin.objects.create(
                organization=organization, form=about.form, title=title[:200], issuer=about.issuer.strip()[:120],
                number=about.number.strip()[:60], since=about.since, until=about.until, state=OriginState.IN_FORCE,
                template=pack.slug if pack else "", made_at=at, made_by=actor,
            )  # fmt: skip
            origin.people.set(about.people)
            note(actor, organization, "found-origin", origin, origin.title)
            given = items or [_from_pack(item, about, bodies) for item in (pack.items if pack else ())]
            for item in given:
                add_asked(actor, origin, item, on, at=at)
    except IntegrityError:
        raise UserError("origin-exists", "“{title}”已经有了。", title=title) from None
    return origin


def _from_pack(item: PackItem, about: About, bodies: Sequence[Organization]) -> Asked:
    due = item.due_from(about.since, about.until)
    return Asked(item.text, item.asked, None if item.per else due, item.kind, item.count, item.per, bodies=bodies)


def add_asked(actor: Account, origin: Origin, item: Asked, on: date, *, at: datetime) -> Task | LocalDuty:
    """Break one item out of the document: a recurring duty of the bodies below, or a task, handed down or not."""
    if origin.state == OriginState.CLOSED:
        raise UserError("origin-closed", "“{title}”已经结束，不能再加事项。", title=origin.title)
    if item.per:
        return _recurring(actor, origin, item)
    if item.due and origin.until and item.due > origin.until:
        raise UserError("origin-due", "时限{due}晚于“{title}”的截止日期。", due=item.due, title=origin.title)
    terms = Terms(item.text, item.asked, item.due, item.owner, kind=item.kind)
    with transaction.atomic():
        task = give_task(actor, origin.organization, terms, on, at=at, origin=origin)
        if item.bodies:
            below = Terms(item.text, item.asked, item.due, kind=item.kind)
            hand_down(actor, task, item.bodies, below, on, at=at)
    return task


def _recurring(actor: Account, origin: Origin, item: Asked) -> LocalDuty:
    if not item.kind:
        raise UserError("origin-kind", "周期性的事项要写明以哪种活动完成，台账才能自动核对。")
    if item.per not in RECURRING or not 1 <= item.count <= 100:
        raise UserError("origin-per", "请写明每个周期几次。")
    kinds = sorted({body.kind for body in item.bodies}) or ["branch"]
    data: dict[str, Any] = {
        "label": item.text[:60], "subject": kinds, "text": (item.quote or item.text)[:120], "strength": "shall",
        "confidence": "P", "at_least": {"count": item.count, "per": item.per, "of": [item.kind]},
    }  # fmt: skip
    values = {
        "document": origin.title, "origin": origin.issuer or origin.organization.name,
        "number": origin.number or origin.title, "since": origin.since, "until": origin.until, "data": data,
    }  # fmt: skip
    with transaction.atomic():
        duty = lay_down_duty(actor, origin.organization, values)
        duty.source = origin
        duty.save(update_fields=["source"])
    return duty


def close_origin(actor: Account, origin: Origin, summary: str, on: date, *, at: datetime) -> Origin:
    """End it with a summary. Recurring duties end with it; UserError while tasks of it are open."""
    summary = summary.strip()
    if len(summary) < 5:
        raise UserError("origin-summary", "请写几句小结：做了什么，有什么成效，还有什么没做。")
    with transaction.atomic():
        current = Origin.objects.select_for_update(of=("self",)).select_related("organization").get(pk=origin.pk)
        if current.state == OriginState.CLOSED:
            raise UserError("origin-closed-already", "“{title}”已经结束。", title=current.title)
        left = current.tasks.filter(state__in=UNFINISHED).count()
        if left:
            raise UserError("origin-open", "还有{n}项任务没有办结，请先办结或取消。", n=left)
        for duty in current.duties.filter(until=None) | current.duties.filter(until__gt=on):
            end_duty(actor, duty, max(on, duty.since))
        posts = end_team(current, on)
        current.state, current.summary = OriginState.CLOSED, summary
        current.until = min(current.until or on, max(on, current.since))
        current.version += 1
        current.save()
        note(actor, current.organization, "close-origin", current, current.title, **{"posts": posts} if posts else {})
    return current


def link_activities(actor: Account, origin: Origin, activities: Iterable[Activity]) -> int:
    """Say that records belong to a campaign or project; how many were new. The ledger counts them no second time."""
    wanted = list(activities)
    if len(wanted) > MOST_LINKED:
        raise UserError("origin-links", "一次最多关联{most}条记录。", most=MOST_LINKED)
    for activity in wanted:
        if not activity.organization.path.startswith(origin.organization.path):
            raise UserError("origin-link-elsewhere", "只能关联本组织和下级组织的活动记录。")
    with transaction.atomic():
        known = set(origin.activities.filter(pk__in=[one.pk for one in wanted]).values_list("pk", flat=True))
        new = [one for one in wanted if one.pk not in known]
        origin.activities.add(*new)
        if new:
            note(actor, origin.organization, "link-activities", origin, f"{origin.title}：{len(new)}条", count=len(new))
    return len(new)
