"""The month's plan: proposed, edited as a table, approved by a meeting, settled item by item when the month ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zhibu.activities.models import Activity
from zhibu.duties.models import Form, Origin, OriginState
from zhibu.errors import UserError
from zhibu.ledger.month import month_of
from zhibu.ledger.queries import ledger_with_cells
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Organization
from zhibu.periods import add_months, month_end
from zhibu.plans.following import follow_activity
from zhibu.plans.proposing import Proposal, proposals
from zhibu.tasks.models import State, Task, TaskStep, Verb
from zhibu.tasks.services import Terms, give_task, people_of_body
from zhibu.tasks.telling import tell_step

AHEAD = 2
"""So many months ahead a plan may be begun."""
MOST_ITEMS = 60
APPROVING = ("committee-meeting", "general-meeting", "cell-meeting")
VERDICTS = ("met", "moved", "missed")


@dataclass(frozen=True, slots=True)
class Row:
    """An item as the table has it. `id` 0: new."""

    id: int
    text: str
    due: date
    owner: Member | None = None
    kind: str = ""
    asked: str = ""


class PlanChanged(UserError):
    """Somebody saved the plan since it was opened; `plan` is how it stands."""

    def __init__(self, plan: Origin) -> None:
        super().__init__("plan-changed", "这份计划在您编辑期间已由他人改过。请对照现在的计划，再保存您的修改。")
        self.plan = plan


def plan_of(organization: Organization, first: date) -> Origin | None:
    return Origin.objects.filter(organization=organization, form=Form.PLAN, since=first).first()


def proposed(organization: Organization, first: date, on: date) -> list[Proposal]:
    """What the ledger as of `on` would put into the plan of the month that begins on `first`."""
    ledgers, held = ledger_with_cells(organization, first.year, on)
    names = {body.code: str(body) for body, _found in ledgers if body != organization}
    month = month_of((one for _body, found in ledgers for one in found), first, held)
    return proposals(month, names)


def draft_plan(actor: Account, organization: Organization, first: date, on: date, *, at: datetime) -> Origin:
    """Begin the plan of a month with what is owed in it. UserError for a month that is over or too far off."""
    if first < on.replace(day=1):
        raise UserError("plan-month-over", "{month}已经过去，不能再拟计划。", month=_name(first))
    if first > add_months(on.replace(day=1), AHEAD):
        raise UserError("plan-too-early", "{month}还早，最多提前{n}个月拟计划。", month=_name(first), n=AHEAD)
    try:
        with transaction.atomic():
            plan = _make(actor, organization, first, at)
            _propose(actor, plan, on, at)
            note(actor, organization, "draft-plan", plan, plan.title)
    except IntegrityError:
        raise UserError("plan-exists", "{month}的计划已经有了。", month=_name(first)) from None
    return plan


def _propose(actor: Account, plan: Origin, on: date, at: datetime) -> None:
    """Put into a new plan what the ledger asks for, but for what was moved into it already."""
    moved = set(plan.tasks.values_list("duty", flat=True))
    for one in proposed(plan.organization, plan.since, on):
        if one.why != "leftover" or one.duty not in moved:
            _add(actor, plan, Row(0, one.text, max(one.due, on), None, one.kind), at, duty=one.duty)


def _make(actor: Account | None, organization: Organization, first: date, at: datetime) -> Origin:
    return Origin.objects.create(
        organization=organization, form=Form.PLAN, title=f"{_name(first)}工作计划", issuer=organization.name,
        since=first, until=month_end(first.year, first.month), made_at=at, made_by=actor,
    )  # fmt: skip


def _name(first: date) -> str:
    return f"{first.year}年{first.month}月"


def _add(
    actor: Account | None, plan: Origin, row: Row, at: datetime, *, duty: str = "", parent: Task | None = None
) -> Task:
    """An item of a draft is a task nobody has to do yet."""
    return Task.objects.create(
        organization_id=plan.organization_id, given_by_id=plan.organization_id, origin=plan, parent=parent,
        text=row.text[:300], asked=row.asked[:200], owner=row.owner, due=row.due, kind=row.kind, duty=duty,
        state=State.DRAFT, made_at=at, made_by=actor,
    )  # fmt: skip


def save_plan(actor: Account, plan: Origin, rows: Sequence[Row], version: int, on: date, *, at: datetime) -> Origin:
    """The draft's table as edited: rows that are gone are taken out. PlanChanged when somebody was quicker."""
    with transaction.atomic():
        current = _locked(plan.pk, OriginState.DRAFT)
        if current.version != version:
            raise PlanChanged(current)
        _check(current, rows, on)
        mine = {task.pk: task for task in current.tasks.filter(state=State.DRAFT)}
        for pk in set(mine) - {row.id for row in rows}:
            mine[pk].delete()
        for row in rows:
            task = mine.get(row.id)
            if task is None:
                _add(actor, current, row, at)
                continue
            task.text, task.due, task.owner, task.kind, task.asked = row.text, row.due, row.owner, row.kind, row.asked
            task.save()
        _saved(actor, current, "save-plan")
    return current


def add_item(actor: Account, plan: Origin, row: Row, on: date, *, at: datetime) -> Task:
    """A further item of a plan in force: it is to be done from now on, and its first step shows when it was added."""
    with transaction.atomic():
        current = _locked(plan.pk, OriginState.IN_FORCE)
        _check(current, [row], on)
        terms = Terms(row.text, row.asked, row.due, row.owner, kind=row.kind)
        return give_task(actor, current.organization, terms, on, at=at, origin=current)


def _check(plan: Origin, rows: Sequence[Row], on: date) -> None:
    if len(rows) > MOST_ITEMS:
        raise UserError("plan-long", "一个月的计划最多{most}项，请归并。", most=MOST_ITEMS)
    for number, row in enumerate(rows, start=1):
        if not row.text.strip():
            raise UserError("plan-item-empty", "第{n}项没有写内容。", n=number)
        if plan.until and not plan.since <= row.due <= plan.until:
            raise UserError("plan-item-outside", "“{text}”的时限{due}不在这个月里。", text=row.text[:20], due=row.due)
    people_of_body(plan.organization, [row.owner for row in rows if row.owner], on)


def approve_plan(actor: Account, plan: Origin, meeting: Activity, on: date, *, at: datetime) -> Origin:
    """A meeting approved it: its items are to be done, and the plan and the meeting's record lead to each other."""
    with transaction.atomic():
        current = _locked(plan.pk, OriginState.DRAFT)
        if meeting.organization_id != current.organization_id or not set(APPROVING) & meeting.kinds:
            raise UserError("plan-wrong-meeting", "计划应由本组织的支委会、党员大会或党小组会通过。")
        if meeting.withdrawn_at is not None or meeting.held > on:
            raise UserError("plan-no-meeting", "请选一次已经开过、没有撤回的会议。")
        if current.until and meeting.held > current.until:
            raise UserError("plan-meeting-late", "{day}的会议在这个月之后，不能通过这份计划。", day=meeting.held)
        items = list(current.tasks.filter(state=State.DRAFT).select_related("organization", "owner"))
        if not items:
            raise UserError("plan-empty", "计划里还没有事项。")
        for task in items:
            task.state = State.OPEN
            task.save(update_fields=["state"])
            _step(actor, task, Verb.GIVE, at, due=task.due.isoformat() if task.due else None)
            tell_step(actor, task, Verb.GIVE, "", at)
        current.state, current.approved_on = OriginState.IN_FORCE, meeting.held
        meeting.origins.add(current)
        _saved(actor, current, "approve-plan")
        _follow_done(actor, current, at)
    return current


def _follow_done(actor: Account, plan: Origin, at: datetime) -> None:
    """What was held in the month before the plan was in force, the meeting itself among it, carries out its items."""
    for activity in Activity.objects.filter(
        organization__path__startswith=plan.organization.path, held__range=(plan.since, plan.until),
        kind__in=[*plan.tasks.exclude(kind="").values_list("kind", flat=True)], withdrawn_at=None,
    ).select_related("organization").order_by("held", "id"):  # fmt: skip
        follow_activity(None, activity=activity, actor=actor, at=at)


def settle_plan(
    actor: Account, plan: Origin, verdicts: Mapping[int, tuple[str, str]], on: date, *, at: datetime
) -> Origin:
    """At the month's end: of every item that is not done, whether it was met, is moved to the next month, or missed.

    `verdicts`: id of each such item → (met, moved or missed; reason). A reason is needed unless it was met.
    """
    with transaction.atomic():
        current = _locked(plan.pk, OriginState.IN_FORCE)
        if current.until and on < current.until:
            raise UserError("plan-not-over", "{month}还没有结束。", month=_name(current.since))
        first = add_months(current.since, 1)
        begun = plan_of(current.organization, first) is not None
        for task in current.tasks.filter(state__in=(State.OPEN, State.REPORTED)):
            verdict, reason = verdicts.get(task.pk, ("", ""))
            _settle(actor, current, task, verdict, " ".join(reason.split())[:500], on, at)
        following = plan_of(current.organization, first)
        if following is not None and not begun:
            _propose(actor, following, on, at)
        current.state = OriginState.CLOSED
        _saved(actor, current, "settle-plan")
    return current


def _settle(actor: Account, plan: Origin, task: Task, verdict: str, reason: str, on: date, at: datetime) -> None:
    if verdict not in VERDICTS:
        raise UserError("plan-undecided", "请说明“{text}”办得怎样。", text=task.text[:30])
    if verdict != "met" and len(reason) < 2:
        raise UserError("plan-reason", "请写明“{text}”没有办完的原因。", text=task.text[:30])
    if verdict == "met" and not task.evidence.exists() and len(reason) < 2:
        raise UserError("plan-shown-by", "“{text}”没有活动记录，请写明怎样办完的。", text=task.text[:30])
    state, verb = {
        "met": (State.CLOSED, Verb.CLOSE), "moved": (State.MOVED, Verb.MOVE), "missed": (State.MISSED, Verb.CANCEL)
    }[verdict]  # fmt: skip
    task.state, task.closed_on = state, on if verdict == "met" else None
    task.save(update_fields=["state", "closed_on"])
    _step(actor, task, verb, at, text=reason)
    if verdict == "moved":
        _move(actor, plan, task, at)


def _move(actor: Account, plan: Origin, task: Task, at: datetime) -> None:
    """It goes on as an item of the next month's plan, which is begun where there is none."""
    first = add_months(plan.since, 1)
    following = plan_of(plan.organization, first) or _make(actor, plan.organization, first, at)
    row = Row(0, task.text, month_end(first.year, first.month), task.owner, task.kind, task.asked)
    again = _add(actor, following, row, at, duty=task.duty, parent=task)
    if following.state == OriginState.IN_FORCE:
        again.state = State.OPEN
        again.save(update_fields=["state"])
        _step(actor, again, Verb.GIVE, at, due=row.due.isoformat())
        tell_step(actor, again, Verb.GIVE, "", at)
    elif following.state == OriginState.CLOSED:
        raise UserError("plan-next-closed", "{month}的计划已经结束，不能再转入。", month=_name(first))


def _locked(pk: int, state: OriginState) -> Origin:
    plan = Origin.objects.select_for_update(of=("self",)).select_related("organization").get(pk=pk)
    if plan.state != state:
        raise UserError("plan-state", "这份计划{state}，不能这样改。", state=plan.get_state_display())
    return plan


def _saved(actor: Account, plan: Origin, verb: str) -> None:
    plan.version += 1
    plan.save()
    note(actor, plan.organization, verb, plan, plan.title)


def _step(actor: Account | None, task: Task, verb: Verb, at: datetime, *, text: str = "", **data: object) -> None:
    TaskStep.objects.create(
        organization_id=task.organization_id, task=task, verb=verb, text=text,
        data={key: value for key, value in data.items() if value}, at=at, by=actor,
    )  # fmt: skip
