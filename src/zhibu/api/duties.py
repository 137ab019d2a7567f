"""What a body owes by regulation, and what committees lay down themselves."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from zhibu.api.answers import PageOf, Paging, PathId, Year, answers, as_form, filled, page_of
from zhibu.api.keys import actor
from zhibu.duties.forms import EndForm, LocalDutyForm
from zhibu.duties.models import LocalDuty
from zhibu.duties.queries import as_duty, duties_of, local_duties
from zhibu.duties.services import end_duty, lay_down_duty
from zhibu.org.access import get_seen_or_404, may_lay_down_duties, require, today
from zhibu.rulebook.duty import Duty
from zhibu.rulebook.obligations import concerns

router = Router(tags=["职责"])


class DutyOut(Schema):
    id: str
    label: str
    regulation: str
    article: str
    text: str
    strength: str
    confidence: str
    """V: read against the regulation itself; V2, M, P: not yet."""
    recurrence: str
    kinds: list[str]
    """Kinds of activity that fulfil it."""
    subject: list[str]
    sectors: list[str]
    since: date
    until: date | None
    grace_days: int
    origin: str
    number: str
    note: str


class Duties(PageOf):
    year: int
    items: list[DutyOut]


class LocalDutyOut(DutyOut):
    pk: int


class LocalDuties(PageOf):
    items: list[LocalDutyOut]


class LocalDutyIn(Schema):
    """As on the page: with `shape` at_least go kinds, count and per; with each_member hours and group; with within
    kinds, event and limit (months)."""

    label: str
    document: str
    origin: str
    number: str
    text: str
    strength: str
    subject: list[str]
    since: date
    shape: Literal["at_least", "each_member", "within"] = "at_least"
    until: date | None = None
    cites: str = ""
    label_en: str = ""
    sectors: list[str] = []
    kinds: list[str] = []
    count: int | None = Field(None, ge=1, le=100)
    per: str = ""
    hours: float | None = None
    group: str = ""
    event: str = ""
    limit: int | None = Field(None, ge=1, le=60)
    grace_days: int = Field(0, ge=0, le=366)
    note: str = ""


class End(Schema):
    until: date


def _duty(duty: Duty) -> dict[str, Any]:
    names = (
        "id", "label", "regulation", "article", "text", "strength", "confidence", "recurrence", "since", "until",
        "grace_days", "origin", "number", "note",
    )  # fmt: skip
    return {name: getattr(duty, name) for name in names} | {
        "kinds": list(getattr(duty.shape, "of", ())),
        "subject": list(duty.subject),
        "sectors": list(duty.sectors),
    }


@router.get("/organizations/{code}/duties", response=answers(Duties), summary="一个组织一年的职责")
def duties(request: HttpRequest, code: str, paging: Query[Paging], year: Year | None = None, kind: str = "") -> Any:
    """制度规定的在前，上级和本级下达的在后。`kind`：哪种活动完成的。"""
    on = today()
    body = get_seen_or_404(actor(request), code, on=on)
    found = [one for one in duties_of(body, year or on.year) if concerns(one, body.kind, body.sector)]
    if kind:
        found = [one for one in found if kind in getattr(one.shape, "of", ())]
    shown, page = page_of(found, paging)
    return {"year": year or on.year, "items": [_duty(one) for one in shown], **page}


@router.get("/organizations/{code}/local-duties", response=answers(LocalDuties), summary="本组织下达的任务")
def local(request: HttpRequest, code: str, paging: Query[Paging]) -> Any:
    body = get_seen_or_404(actor(request), code, on=today())
    shown, page = page_of(local_duties(body).select_related("organization"), paging)
    return {"items": [_local(row) for row in shown], **page}


def _local(row: LocalDuty) -> dict[str, Any]:
    return {"pk": row.pk, **_duty(as_duty(row))}


@router.post("/organizations/{code}/local-duties", response=answers(LocalDutyOut, 201), summary="下达任务")
def lay_down(request: HttpRequest, code: str, data: LocalDutyIn) -> Any:
    account, on = actor(request), today()
    body = get_seen_or_404(account, code, on=on)
    require(may_lay_down_duties(account, body, on))
    form = LocalDutyForm(as_form(data.dict()))
    filled(form)
    return Status(201, _local(lay_down_duty(account, body, form.values())))


@router.post("/organizations/{code}/local-duties/{pk}/end", response=answers(LocalDutyOut), summary="停止任务")
def end(request: HttpRequest, code: str, pk: PathId, data: End) -> Any:
    account, on = actor(request), today()
    body = get_seen_or_404(account, code, on=on)
    require(may_lay_down_duties(account, body, on))
    row = get_object_or_404(LocalDuty.objects.select_related("organization"), organization=body, pk=pk)
    end_duty(account, row, filled(EndForm(as_form(data.dict())))["until"])
    return _local(row)
