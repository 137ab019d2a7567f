"""Month plans, and the lists, campaigns and projects tasks come from."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
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
    errors_of,
    filled,
    invalid,
    missing,
    page_of,
    person,
)
from zhibu.api.keys import actor
from zhibu.duties.models import Form, Origin, OriginState
from zhibu.org.access import get_seen_or_404, may_record, require, today
from zhibu.org.models import Account, Organization
from zhibu.plans import queries, services
from zhibu.plans.forms import MeetingForm, item_forms, rows_of
from zhibu.tasks.models import Task

router = Router(tags=["计划"])


class OriginOut(Schema):
    id: int
    organization: str
    form: str
    title: str
    issuer: str
    number: str
    since: date
    until: date | None
    state: str
    approved_on: date | None
    version: int


class OriginRow(OriginOut):
    items: int
    done: int
    left: int
    recurring: int


class Origins(PageOf):
    items: list[OriginRow]


class ItemOut(Schema):
    id: int
    """Of the task it is."""
    text: str
    asked: str
    due: date | None
    owner: Person | None
    kind: str
    duty: str
    state: str


class OriginWhole(OriginOut):
    summary: str
    items: list[ItemOut]


class ItemIn(Schema):
    id: int = Field(0, ge=0, le=2**53 - 1)
    """0: a new one."""
    text: str
    due: date
    owner: Id | None = None
    kind: str = ""


class PlanIn(Schema):
    """The whole table: items that are left out are taken out."""

    version: int = Field(ge=0, le=1_000_000)
    items: Annotated[list[ItemIn], Field(max_length=services.MOST_ITEMS)]


class ItemsIn(Schema):
    items: Annotated[list[ItemIn], Field(min_length=1, max_length=services.MOST_ITEMS)]


class ApproveIn(Schema):
    meeting: Id
    """Id of the meeting's record."""


class VerdictIn(Schema):
    item: Id
    verdict: Literal["met", "moved", "missed"]
    reason: str = ""


class SettleIn(Schema):
    verdicts: Annotated[list[VerdictIn], Field(max_length=services.MOST_ITEMS * 2)]


@router.get("/organizations/{code}/origins", response=answers(Origins), summary="计划、清单、专项活动和项目")
def origins(
    request: HttpRequest, code: str, paging: Query[Paging],
    form: Literal["list", "campaign", "plan", "instruction", "project"] | None = None,
    state: Literal["draft", "in-force", "closed"] | None = None, year: Year | None = None,
) -> Any:  # fmt: skip
    """新的在前。月计划的 `form` 是 plan；`year`：起始的年。"""
    account = actor(request)
    body = get_seen_or_404(account, code, on=today())
    found = _seen(account, body)
    if form:
        found = found.filter(form=form)
    if state:
        found = found.filter(state=state)
    if year:
        found = found.filter(since__year=year)
    shown, page = page_of(found, paging)
    rows = {one.pk: one for one in queries.counted(Origin.objects.filter(pk__in=[one.pk for one in shown]))}
    return {"items": [_counted(rows[one.pk], body) for one in shown], **page}


def _seen(account: Account, body: Organization) -> QuerySet[Origin]:
    """As on the page: a plan in draft is for those who make it."""
    found = queries.origins_seen_by(account, body, today())
    return found if may_record(account, body, today()) else found.exclude(form=Form.PLAN, state=OriginState.DRAFT)


def _about(origin: Origin, body: Organization) -> dict[str, Any]:
    names = ("id", "form", "title", "issuer", "number", "since", "until", "state", "approved_on", "version")
    return {"organization": body.code, **{name: getattr(origin, name) for name in names}}


def _counted(origin: Any, body: Organization) -> dict[str, Any]:
    return _about(origin, body) | {name: getattr(origin, name) for name in ("items", "done", "left", "recurring")}


@router.get("/organizations/{code}/origins/{pk}", response=answers(OriginWhole), summary="一份清单、活动、项目或计划")
def origin(request: HttpRequest, code: str, pk: PathId) -> Any:
    account = actor(request)
    body = get_seen_or_404(account, code, on=today())
    return _whole(get_object_or_404(_seen(account, body), pk=pk), body)


def _whole(origin: Origin, body: Organization) -> dict[str, Any]:
    items = [_item(one) for one in queries.items_of(origin)]
    return _about(origin, body) | {"summary": origin.summary, "items": items}


def _item(task: Task) -> dict[str, Any]:
    names = ("id", "text", "asked", "due", "kind", "duty", "state")
    return {"owner": person(task.owner), **{name: getattr(task, name) for name in names}}


# --- month plans ------------------------------------------------------------------------------------------------------


@router.get("/organizations/{code}/plans/{month}", response=answers(OriginWhole), summary="一个月的计划")
def plan(request: HttpRequest, code: str, month: str) -> Any:
    """`month`：写成 2025-03。"""
    account = actor(request)
    body = get_seen_or_404(account, code, on=today())
    found = _seen(account, body).filter(form=Form.PLAN, since=_first(month)).first()
    return _whole(found, body) if found else missing()


@router.post("/organizations/{code}/plans/{month}", response=answers(OriginWhole, 201), summary="拟订计划")
def draft(request: HttpRequest, code: str, month: str) -> Any:
    """按台账当天的情况拟出初稿。"""
    account, on = actor(request), today()
    body = _planning(account, code)
    return Status(201, _whole(services.draft_plan(account, body, _first(month), on, at=timezone.now()), body))


@router.put("/organizations/{code}/plans/{month}", response=answers(OriginWhole), summary="修改计划")
def save(request: HttpRequest, code: str, month: str, data: PlanIn) -> Any:
    """别人先改过的（409），重新读取再改。"""
    account, body, found = _plan(request, code, month)
    rows = _rows(data.items, body)
    return _whole(services.save_plan(account, found, rows, data.version, today(), at=timezone.now()), body)


@router.post("/organizations/{code}/plans/{month}/items", response=answers(OriginWhole), summary="追加事项")
def add(request: HttpRequest, code: str, month: str, data: ItemsIn) -> Any:
    """给已经生效的计划。"""
    account, body, found = _plan(request, code, month)
    rows = _rows(data.items, body)
    with transaction.atomic():
        for row in rows:
            services.add_item(account, found, row, today(), at=timezone.now())
    return _whole(found, body)


@router.post("/organizations/{code}/plans/{month}/approve", response=answers(OriginWhole), summary="会议通过计划")
def approve(request: HttpRequest, code: str, month: str, data: ApproveIn) -> Any:
    account, body, found = _plan(request, code, month)
    form = MeetingForm({"meeting": data.meeting}, meetings=queries.meetings_for(found, today()))
    meeting = filled(form)["meeting"]
    return _whole(services.approve_plan(account, found, meeting, today(), at=timezone.now()), body)


@router.post("/organizations/{code}/plans/{month}/settle", response=answers(OriginWhole), summary="小结计划")
def settle(request: HttpRequest, code: str, month: str, data: SettleIn) -> Any:
    account, body, found = _plan(request, code, month)
    verdicts = {one.item: (one.verdict, one.reason) for one in data.verdicts}
    return _whole(services.settle_plan(account, found, verdicts, today(), at=timezone.now()), body)


def _first(month: str) -> date:
    if not re.fullmatch(r"(19|2\d)\d\d-(0[1-9]|1[0-2])", month, re.ASCII):
        missing()
    return date.fromisoformat(f"{month}-01")


def _planning(account: Account, code: str) -> Organization:
    body = get_seen_or_404(account, code, on=today())
    require(may_record(account, body, today()))
    return body


def _plan(request: HttpRequest, code: str, month: str) -> tuple[Account, Organization, Origin]:
    account = actor(request)
    body = _planning(account, code)
    plans = queries.origins_seen_by(account, body, today()).select_related("organization")
    return account, body, get_object_or_404(plans, form=Form.PLAN, since=_first(month))


def _rows(items: list[ItemIn], body: Organization) -> list[services.Row]:
    """The table as the page's forms read it."""
    sent: dict[str, Any] = {"item-TOTAL_FORMS": len(items), "item-INITIAL_FORMS": 0}
    for number, item in enumerate(items):
        sent |= {f"item-{number}-{name}": "" if value is None else value for name, value in item.dict().items()}
    forms = item_forms(sent, body, today())
    if not forms.is_valid():
        found = {
            f"items.{number}.{name}": said
            for number, form in enumerate(forms)
            for name, said in errors_of(form).items()
        }
        raise invalid(found or {"items": [str(one) for one in forms.non_form_errors()]})
    return rows_of(forms)
