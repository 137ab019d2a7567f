"""Tasks: seen, given, worked on, verified, by the same hands as on the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from zhibu.api.answers import (
    Id,
    PageOf,
    Paging,
    PathId,
    Person,
    Year,
    answers,
    as_form,
    filled,
    invalid,
    page_of,
    person,
)
from zhibu.api.keys import actor
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import ABOVE_BRANCHES, Account, Organization
from zhibu.tasks import access, queries, services
from zhibu.tasks.forms import AssignForm, MoveForm, ReasonForm, TermsForm, WorkForm
from zhibu.tasks.models import Task

router = Router(tags=["督办"])
Whose = Literal["own", "given"]
StateName = Literal["open", "reported", "closed", "moved", "missed", "cancelled"]


class OriginRef(Schema):
    id: int
    title: str
    number: str


class TaskRow(Schema):
    id: int
    organization: str
    given_by: str
    text: str
    asked: str
    owner: Person | None
    responsible: Person | None
    """Who answers for it today: the owner, or while there is none the secretary."""
    due: date | None
    state: str
    closed_on: date | None
    kind: str
    origin: OriginRef | None
    version: int


class Tasks(PageOf):
    items: list[TaskRow]


class RecordRef(Schema):
    id: int
    organization: str
    held: date
    title: str


class StepOut(Schema):
    verb: str
    text: str
    data: dict[str, Any]
    at: datetime
    by: str


class PartOut(Schema):
    id: int
    organization: str
    text: str
    owner: Person | None
    due: date | None
    state: str


class TaskOut(TaskRow):
    helpers: list[Person]
    evidence: list[RecordRef]
    steps: list[StepOut]
    chain: list[PartOut]
    """The tasks it is a part of, from the top."""
    parts: list[PartOut]
    may: list[str]
    """What the token's account may do with it now: progress, report, assign, deadline, verify."""


class TermsIn(Schema):
    """A task for the body itself; with `bodies` each of these bodies below gets one like it."""

    text: str
    asked: str = ""
    due: date | None = None
    kind: str = ""
    owner: Id | None = None
    helpers: Annotated[list[Id], Field(max_length=200)] = []
    bodies: Annotated[list[str], Field(max_length=500)] = []
    """Codes of bodies directly below."""
    every_branch: bool = False


class AssignIn(Schema):
    owner: Id
    helpers: Annotated[list[Id], Field(max_length=200)] = []


class WorkIn(Schema):
    text: str = ""
    evidence: Annotated[list[Id], Field(max_length=60)] = []
    """Ids of activities that show it."""


class SaidIn(Schema):
    text: str = ""


class DeadlineIn(Schema):
    due: date
    text: str


# --- read -------------------------------------------------------------------------------------------------------------


@router.get("/organizations/{code}/tasks", response=answers(Tasks), summary="任务")
def tasks(
    request: HttpRequest, code: str, paging: Query[Paging], whose: Whose = "own", state: StateName | None = None,
    year: Year | None = None, kind: str = "", overdue: bool = False, mine: bool = False,
) -> Any:  # fmt: skip
    """时限早的在前。`whose=given`：本组织交给下级的；`year`：时限所在的年；`mine`：我负责或协办、还没办完的。"""
    account, on = actor(request), today()
    body = get_seen_or_404(account, code, on=on)
    given = whose == "given" and body.kind in ABOVE_BRANCHES
    seen = (access.tasks_given_seen_by if given else access.tasks_seen_by)(account, body, on)
    if state:
        seen = seen.filter(state=state)
    if year:
        seen = seen.filter(due__year=year)
    if kind:
        seen = seen.filter(kind=kind)
    if overdue:
        seen = queries.overdue(seen, on)
    if mine:
        seen = seen.filter(pk__in=queries.tasks_of_member(account.member_id or 0).values("pk"))
    shown, page = page_of(queries.listed(seen), paging)
    answering = queries.responsible(shown, on)
    return {"items": [_row(one, answering[one.pk]) for one in shown], **page}


def _row(task: Task, answering: queries.Responsible) -> dict[str, Any]:
    names = ("id", "text", "asked", "due", "state", "closed_on", "kind", "version")
    origin = task.origin
    return {name: getattr(task, name) for name in names} | {
        "organization": task.organization.code,
        "given_by": task.given_by.code,
        "owner": person(task.owner),
        "responsible": person(answering.member),
        "origin": {"id": origin.pk, "title": origin.title, "number": origin.number} if origin else None,
    }


@router.get("/organizations/{code}/tasks/{pk}", response=answers(TaskOut), summary="一项任务")
def task(request: HttpRequest, code: str, pk: PathId) -> Any:
    account = actor(request)
    return _whole(account, _task(account, get_seen_or_404(account, code, on=today()), pk))


def _task(account: Account, body: Organization, pk: int) -> Task:
    """A task of the body, or one that the body has given and whose reader may record there."""
    seen, given = (
        rows(account, body, today()).filter(pk=pk).values("pk")
        for rows in (access.tasks_seen_by, access.tasks_given_seen_by)
    )
    return get_object_or_404(queries.with_all(Task.objects.filter(Q(pk__in=seen) | Q(pk__in=given))))


def _whole(account: Account, task: Task) -> dict[str, Any]:
    on = today()
    may = {
        "progress": access.may_note_progress, "report": access.may_work_on, "assign": access.may_assign,
        "deadline": access.may_set_terms, "verify": access.may_verify,
    }  # fmt: skip
    return {
        **_row(task, queries.responsible([task], on)[task.pk]),
        "helpers": [person(one) for one in task.helpers.all()],
        "evidence": [
            {"id": one.pk, "organization": one.organization.code, "held": one.held, "title": one.title}
            for one in task.shown_evidence  # type: ignore[attr-defined]
        ],
        "steps": [
            {"verb": one.verb, "text": one.text, "data": one.data, "at": one.at, "by": str(one.by or "")}
            for one in task.steps.all()
        ],
        "chain": [_part(one) for one in queries.chain_above(task)],
        "parts": [_part(one) for one in task.parts.all()],
        "may": [name for name, allowed in may.items() if allowed(account, task, on)],
    }


def _part(task: Task) -> dict[str, Any]:
    names = ("id", "text", "due", "state")
    return {name: getattr(task, name) for name in names} | {
        "organization": task.organization.code,
        "owner": person(task.owner),
    }


# --- give and split ---------------------------------------------------------------------------------------------------


@router.post("/organizations/{code}/tasks", response=answers(TaskOut, 201), summary="立项，或交给下级")
def give(request: HttpRequest, code: str, data: TermsIn) -> Any:
    account, on, at = actor(request), today(), timezone.now()
    body = get_seen_or_404(account, code, on=on)
    require(access.may_give_tasks(account, body, on))
    form = _terms(data, body, on)
    chosen = form.chosen_bodies()
    with transaction.atomic():
        made = services.give_task(account, body, form.terms(), on, at=at)
        if chosen:
            services.hand_down(account, made, chosen, form.terms(with_people=False), on, at=at)
    return Status(201, _whole(account, _task(account, body, made.pk)))


@router.post("/organizations/{code}/tasks/{pk}/parts", response=answers(TaskOut, 201), summary="分解任务")
def part(request: HttpRequest, code: str, pk: PathId, data: TermsIn) -> Any:
    """不给 `bodies` 的，分给本组织自己。"""
    account, on, at = actor(request), today(), timezone.now()
    body = get_seen_or_404(account, code, on=on)
    found = _task(account, body, pk)
    require(access.may_assign(account, found, on))
    form = _terms(data, found.organization, on)
    chosen = form.chosen_bodies()
    if chosen:
        services.hand_down(account, found, chosen, form.terms(with_people=False), on, at=at)
    else:
        services.split(account, found, form.terms(), on, at=at)
    return Status(201, _whole(account, _task(account, body, pk)))


def _terms(data: TermsIn, body: Organization, on: date) -> TermsForm:
    """The page's form; bodies are named by their codes."""
    form = TermsForm({}, organization=body, on=on)
    offered = form.fields.get("bodies")
    if offered is None and (data.bodies or data.every_branch):
        raise invalid({"bodies": [_("本组织没有下级可以交办。")]})
    known = dict(offered.queryset.values_list("code", "pk")) if offered is not None and data.bodies else {}
    unknown = [code for code in data.bodies if code not in known]
    if unknown:
        raise invalid({"bodies": [_("没有这个下级组织：{codes}").format(codes="、".join(unknown[:10]))]})
    sent = as_form(data.dict()) | {"bodies": [known[code] for code in data.bodies]}
    form.data = sent  # bound already, to nothing yet: choices and codes are asked for once
    filled(form)
    return form


# --- work on ----------------------------------------------------------------------------------------------------------


@router.post("/organizations/{code}/tasks/{pk}/assign", response=answers(TaskOut), summary="确定责任人")
def assign(request: HttpRequest, code: str, pk: PathId, data: AssignIn) -> Any:
    def act(account: Account, task: Task, on: date, at: datetime) -> None:
        given = filled(AssignForm(as_form(data.dict(), "assign"), task=task, on=on))
        services.assign(account, task, given["owner"], list(given["helpers"]), on, at=at)

    return _do(request, code, pk, access.may_assign, act)


@router.post("/organizations/{code}/tasks/{pk}/progress", response=answers(TaskOut), summary="记进展")
def progress(request: HttpRequest, code: str, pk: PathId, data: WorkIn) -> Any:
    def act(account: Account, task: Task, on: date, at: datetime) -> None:
        given = filled(WorkForm(as_form(data.dict(), "work"), task=task, on=on))
        services.note_progress(account, task, given["text"], at=at, evidence=given["evidence"])

    return _do(request, code, pk, access.may_note_progress, act)


@router.post("/organizations/{code}/tasks/{pk}/report", response=answers(TaskOut), summary="报告完成")
def report(request: HttpRequest, code: str, pk: PathId, data: WorkIn) -> Any:
    def act(account: Account, task: Task, on: date, at: datetime) -> None:
        given = filled(WorkForm(as_form(data.dict(), "work"), task=task, on=on))
        services.report_done(account, task, given["text"], at=at, evidence=given["evidence"])

    return _do(request, code, pk, access.may_work_on, act)


@router.post("/organizations/{code}/tasks/{pk}/verify", response=answers(TaskOut), summary="核实办结")
def verify(request: HttpRequest, code: str, pk: PathId, data: SaidIn) -> Any:
    def act(account: Account, task: Task, on: date, at: datetime) -> None:
        services.verify(account, task, filled(ReasonForm(as_form(data.dict())))["text"], on, at=at)

    return _do(request, code, pk, access.may_verify, act)


@router.post("/organizations/{code}/tasks/{pk}/return", response=answers(TaskOut), summary="退回")
def send_back(request: HttpRequest, code: str, pk: PathId, data: SaidIn) -> Any:
    def act(account: Account, task: Task, on: date, at: datetime) -> None:
        services.return_task(account, task, filled(ReasonForm(as_form(data.dict())))["text"], on, at=at)

    return _do(request, code, pk, access.may_verify, act)


@router.post("/organizations/{code}/tasks/{pk}/deadline", response=answers(TaskOut), summary="调整时限")
def deadline(request: HttpRequest, code: str, pk: PathId, data: DeadlineIn) -> Any:
    def act(account: Account, task: Task, on: date, at: datetime) -> None:
        given = filled(MoveForm(as_form(data.dict(), "move"), prefix="move"))
        services.move_deadline(account, task, given["due"], given["text"], on, at=at)

    return _do(request, code, pk, access.may_set_terms, act)


@router.post("/organizations/{code}/tasks/{pk}/cancel", response=answers(TaskOut), summary="取消任务")
def cancel(request: HttpRequest, code: str, pk: PathId, data: SaidIn) -> Any:
    def act(account: Account, task: Task, on: date, at: datetime) -> None:
        services.cancel(account, task, filled(ReasonForm(as_form(data.dict())))["text"], at=at)

    return _do(request, code, pk, access.may_set_terms, act)


def _do(
    request: HttpRequest, code: str, pk: int, may: Callable[[Account, Task, date], bool],
    act: Callable[[Account, Task, date, datetime], None],
) -> Any:  # fmt: skip
    """Find the task, see whether the account may, do it, and tell how it stands then."""
    account, on = actor(request), today()
    body = get_seen_or_404(account, code, on=on)
    found = _task(account, body, pk)
    require(may(account, found, on))
    act(account, found, on, timezone.now())
    return _whole(account, _task(account, body, pk))
