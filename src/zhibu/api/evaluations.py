"""Evaluations: what the ledger gives for each item and why, what the body says itself, handed in as on the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from zhibu.activities.kinds import load_kinds
from zhibu.activities.models import Activity
from zhibu.api.answers import PageOf, Paging, PathId, Year, answers, errors_of, invalid, page_of
from zhibu.api.keys import actor
from zhibu.errors import Sentence
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import Account, Organization
from zhibu.scoring import access, queries, services
from zhibu.scoring.forms import AnswersForm, in_language
from zhibu.scoring.models import Evaluation
from zhibu.scoring.points import Point, total
from zhibu.scoring.queries import Line
from zhibu.tasks.models import Task

router = Router(tags=["评价"])
StateName = Literal["self", "submitted", "verified", "closed", "published", "trial"]
ITEMS = 500


class EvaluationRow(Schema):
    id: int
    organization: str
    committee: str
    """Who asked for it and verifies."""
    year: int
    scheme: str
    scheme_version: int
    title: str
    member: str | None
    """Whose report it is about; null: about the body."""
    since: date | None
    until: date | None
    """First and last day of the part of the year that counts; null: from its beginning, to its end."""
    state: str
    level: str
    """As set; empty before it is published, unless the committee set it by hand."""
    objection_until: date | None
    on: date | None
    """The day whose ledger the points rest on; null while the body still evaluates itself, or it is a trial."""
    version: int


class Evaluations(PageOf):
    items: list[EvaluationRow]


class SumOut(Schema):
    low: float
    high: float
    """As long as something cannot be told, the points lie between the two."""
    full: float
    levels: list[str]


class ChoiceOut(Schema):
    choice: str
    label: str


class RecordBehind(Schema):
    id: int
    organization: str
    held: date
    kind: str
    title: str
    """Of what is private the kind's name."""


class TaskBehind(Schema):
    id: int
    organization: str
    text: str


class CellBehind(Schema):
    duty: str
    organization: str
    period: str
    status: str
    why: str
    regulation: str
    article: str
    verified: bool
    """Whether the duty's text was checked against its source."""


class LineOut(Schema):
    item: str
    part: str
    label: str
    role: str
    """scored, veto or deduction."""
    state: str
    low: float
    high: float
    full: float
    by: str
    """What tells it: ledger, records, tasks, disclosure, roster, ballot, person, opinion; verifier where the
    verification differs."""
    why: list[str]
    asked: bool
    """Whether the body is to say what no record tells."""
    choices: list[ChoiceOut]
    choice: str
    note: str
    agrees: bool | None
    """What the verification found; null: not looked at yet."""
    found: float | None
    found_reason: str
    records: list[RecordBehind]
    tasks: list[TaskBehind]
    publications: list[int]
    cells: list[CellBehind]


class EvaluationOut(EvaluationRow):
    total: SumOut
    returned: str
    """Why it was sent back."""
    snapshot: str
    """Digest of the frozen ledger it rests on."""
    submitted_at: datetime | None
    lines: list[LineOut]
    rest: list[str]
    """Items that are asked and have no answer yet."""
    may: list[str]
    """What the token's account may do with it now: answer, verify, close."""


class AnswerIn(Schema):
    item: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    choice: str = ""
    """One of the item's choices; empty: as it was."""
    note: Annotated[str, StringConstraints(max_length=500)] | None = None
    """Left out: as it was."""


class AnswersIn(Schema):
    version: int = Field(ge=0, le=1_000_000)
    """The one that was read."""
    answers: Annotated[list[AnswerIn], Field(max_length=ITEMS)]


class SubmitIn(Schema):
    version: int = Field(ge=0, le=1_000_000)


@router.get("/organizations/{code}/evaluations", response=answers(Evaluations), summary="评价")
def evaluations(
    request: HttpRequest, code: str, paging: Query[Paging], whose: Literal["own", "below"] = "own",
    year: Year | None = None, state: StateName | None = None,
) -> Any:  # fmt: skip
    """新的在前；`whose=below`：下级的，按组织树的顺序。"""
    account, on = actor(request), today()
    body = get_seen_or_404(account, code, on=on)
    if whose == "below":
        found = access.evaluations_below_seen_by(account, body, on).order_by("organization__path", "id")
    else:
        found = access.evaluations_seen_by(account, body, on)
    wanted = {"year": year, "state": state}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    shown, page = page_of(
        found.select_related("organization", "committee", "member").defer("scheme_data", "points"), paging
    )
    return {"items": [_row(one) for one in shown], **page}


def _row(one: Evaluation) -> dict[str, Any]:
    names = (
        "id", "year", "scheme", "scheme_version", "title", "since", "until", "state", "level", "objection_until", "on",
        "version",
    )  # fmt: skip
    bodies = {"organization": one.organization.code, "committee": one.committee.code}
    return bodies | {"member": one.member.name if one.member else None} | {name: getattr(one, name) for name in names}


@router.get("/organizations/{code}/evaluations/{pk}", response=answers(EvaluationOut), summary="一项评价")
def evaluation(request: HttpRequest, code: str, pk: PathId) -> Any:
    """每一项的得分、理由和依据；自评期间按当天的台账。"""
    account = actor(request)
    body = get_seen_or_404(account, code, on=today())
    return _whole(account, _evaluation(account, body, pk))


def _evaluation(account: Account, body: Organization, pk: int) -> Evaluation:
    return get_object_or_404(queries.with_items(access.evaluations_seen_by(account, body, today())), pk=pk)


def _whole(account: Account, one: Evaluation) -> dict[str, Any]:
    on, scheme = today(), queries.scheme_of(one)
    found = queries.points_of(one, on)
    sum_ = total(found, scheme)
    records, tasks = queries.evidence_of(found), queries.tasks_behind(found)
    may = {"answer": access.may_answer, "verify": access.may_verify, "close": access.may_close}
    return _row(one) | {
        "total": {
            "low": float(sum_.low), "high": float(sum_.high), "full": float(sum_.full),
            "levels": [in_language(level) for level in sum_.levels],
        },
        "returned": one.returned,
        "snapshot": one.snapshot.digest if one.snapshot else "",
        "submitted_at": one.submitted_at,
        "lines": [
            _line(section.slug, line, records, tasks)
            for section in queries.sections(one, scheme, found)
            for line in section.lines
        ],
        "rest": [item.slug for item in queries.unanswered(scheme, found)],
        "may": [name for name, allowed in may.items() if allowed(account, one, on)],
    }  # fmt: skip


def _line(part: str, line: Line, records: Mapping[int, Activity], tasks: Mapping[int, Task]) -> dict[str, Any]:
    point, said = line.point, line.said
    ruled = said.points if said else None
    return {
        "item": line.item.slug,
        "part": part,
        "label": in_language(line.item),
        **{name: getattr(point, name) for name in ("role", "state", "by")},
        "asked": _asked(line),
        **{name: float(getattr(point, name)) for name in ("low", "high", "full")},
        "why": [_said(one) for one in point.why],
        "choices": [{"choice": one.slug, "label": in_language(one)} for one in line.item.choices]
        if _asked(line)
        else [],
        "choice": said.choice if said else "",
        "note": said.note if said else "",
        "agrees": said.agrees if said else None,
        "found": None if ruled is None else float(ruled),
        "found_reason": said.reason if said else "",
        **_behind(point, records, tasks),
    }


def _asked(line: Line) -> bool:
    """Of the body, not of the committee."""
    return line.point.asked and line.item.sort != "opinion"


def _behind(point: Point, records: Mapping[int, Activity], tasks: Mapping[int, Task]) -> dict[str, Any]:
    """What a point rests on, as far as its page tells."""
    return {
        "records": [] if point.cells else [_record(records[pk]) for pk in point.records if pk in records],
        "tasks": [
            {"id": pk, "organization": tasks[pk].organization.code, "text": tasks[pk].text}
            for pk in point.tasks
            if pk in tasks
        ],
        "publications": list(point.publications),
        "cells": [
            {"organization": cell.subject, "why": _said(cell.why)}
            | {name: getattr(cell, name) for name in ("duty", "period", "status", "regulation", "article", "verified")}
            for cell in point.cells
        ],
    }


def _record(record: Activity) -> dict[str, Any]:
    kind = load_kinds().get(record.kind)
    title = _(kind.label) if kind and queries.is_private(record) else record.title
    own = {"organization": record.organization.code, "title": title}
    return own | {name: getattr(record, name) for name in ("id", "held", "kind")}


def _said(sentence: Sentence | str) -> str:
    return sentence.text(_) if isinstance(sentence, Sentence) else sentence


@router.put("/organizations/{code}/evaluations/{pk}/answers", response=answers(EvaluationOut), summary="填写自评")
def answer(request: HttpRequest, code: str, pk: PathId, data: AnswersIn) -> Any:
    """只改所列的各项；台账能判定的，只能写说明。别人先改过的（409），重新读取再填。"""
    account, body, found = _answering(request, code, pk)
    said = _answers(found, data)
    services.save_answers(account, found, said, data.version, at=timezone.now())
    return _whole(account, _evaluation(account, body, pk))


@router.post("/organizations/{code}/evaluations/{pk}/submit", response=answers(EvaluationOut), summary="提交自评")
def submit(request: HttpRequest, code: str, pk: PathId, data: SubmitIn) -> Any:
    """得分按当天的台账固定下来，由上级核实。"""
    account, body, found = _answering(request, code, pk)
    services.submit(account, found, data.version, today(), at=timezone.now())
    return _whole(account, _evaluation(account, body, pk))


def _answering(request: HttpRequest, code: str, pk: int) -> tuple[Account, Organization, Evaluation]:
    account = actor(request)
    body = get_seen_or_404(account, code, on=today())
    found = _evaluation(account, body, pk)
    require(access.may_answer(account, found, today()))
    return account, body, found


def _answers(one: Evaluation, data: AnswersIn) -> dict[str, services.Said]:
    """What the page's form makes of it. Unknown items, and choices of what is not asked, are refused by name."""
    scheme = queries.scheme_of(one)
    found = queries.sections(one, scheme, queries.points_of(one, today()))
    lines = {line.item.slug: line for section in found for line in section.lines}
    sent: dict[str, Any] = {"version": data.version}
    wrong: dict[str, list[str]] = {}
    for number, given in enumerate(data.answers):
        line = lines.get(given.item)
        if line is None:
            wrong[f"answers.{number}.item"] = [_("办法中没有这个项目。")]
        elif line.item.sort == "opinion":
            wrong[f"answers.{number}.item"] = [_("这一项由上级评定，不由支部填写。")]
        elif given.choice and not line.point.asked:
            wrong[f"answers.{number}.choice"] = [_("这一项由台账判定，不用选择。")]
        else:
            note = given.note if given.note is not None else line.said.note if line.said else ""
            sent |= {f"{given.item}-choice": given.choice, f"{given.item}-note": note}
    if wrong:
        raise invalid(wrong)
    named = {given.item for given in data.answers}
    form = AnswersForm(sent, lines=[line for slug, line in lines.items() if slug in named], version=one.version)
    if not form.is_valid():
        raise invalid(errors_of(form))
    return form.said()
