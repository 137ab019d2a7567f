"""The notice board: read, drafted, and brought up by the same three persons as on the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field, StringConstraints

from zhibu.activities.forms import in_language
from zhibu.api.answers import Id, PageOf, Paging, PathId, answers, as_form, filled, invalid, missing, page_of
from zhibu.api.keys import actor
from zhibu.disclosure import access, queries, services
from zhibu.disclosure.catalogue import BODIES, Item, catalogue
from zhibu.disclosure.deadlines import Due
from zhibu.disclosure.forms import publication_form
from zhibu.disclosure.models import Publication
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import Account, Organization

router = Router(tags=["公开"])
StateName = Literal["draft", "proposed", "reviewed", "approved", "ended", "withdrawn"]
AudienceName = Literal["branch", "unit", "public"]
Text = Annotated[str, StringConstraints(max_length=20_000)]
STEPS = (("made", "draft"), ("proposed", "propose"), ("reviewed", "review"), ("approved", "approve"), ("ended", "end"))


class MatterOut(Schema):
    item: str
    label: str
    group: str
    rhythm: str
    audience: str
    """The usual one."""
    periods: bool
    """Whether a draft has to say which period it is of."""
    basis: str
    since: date | None
    """From when the body has it in its catalogue; null: it has not."""


class DueOut(Schema):
    item: str
    label: str
    period: str
    due: date
    status: str
    days: int
    """How many days late it went up, or by how many it is overdue."""
    publication: int | None


class Dues(PageOf):
    items: list[DueOut]


class PublicationRow(Schema):
    id: int
    organization: str
    item: str
    label: str
    period: str
    title: str
    audience: str
    since: date
    until: date | None
    state: str
    up: bool
    """Whether it is to be seen today."""
    version: int


class Publications(PageOf):
    items: list[PublicationRow]


class StepTaken(Schema):
    step: str
    by: str
    at: datetime


class PublicationOut(PublicationRow):
    body: str
    about: int | None
    """Id of the record it rests on."""
    record: int | None
    """Id of the record that stands in the ledger for it."""
    replaces: int | None
    reason: str
    """Why it was given back, taken down or withdrawn."""
    files: list[str]
    steps: list[StepTaken]
    may: list[str]
    """What the token's account may do with it now: edit, discard, propose, review, approve, give-back, correct, end."""


class PublicationIn(Schema):
    title: str
    body: Text
    audience: AudienceName
    since: date
    until: date | None = None
    """Left out: as long as is usual for the matter."""
    period: str = ""
    """For what recurs: 2025-03, 2025-Q1 …"""
    about: Id | None = None


class NewPublication(PublicationIn):
    item: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class DraftIn(PublicationIn):
    version: int = Field(ge=0, le=1_000_000)
    """The one that was read."""


class GiveBackIn(Schema):
    reason: str = ""


class EndIn(Schema):
    how: Literal["down", "withdraw"]
    """down: it was shown long enough; withdraw: it should not have been shown."""
    reason: str = ""


class Discarded(Schema):
    id: int


# --- read -------------------------------------------------------------------------------------------------------------


@router.get("/organizations/{code}/matters", response=answers(list[MatterOut]), summary="可以公开的事项")
def matters(request: HttpRequest, code: str) -> Any:
    """公开目录中的每一项；`since`：本组织从哪一天起列入目录。"""
    body = _body(actor(request), code)
    adopted = {one.item.slug: one.since for one in queries.adoption(body).in_force(today())}
    return [_matter(item, adopted.get(item.slug)) for item in catalogue().items.values()]


def _matter(item: Item, since: date | None) -> dict[str, Any]:
    return {
        "item": item.slug, "label": in_language(item), "group": item.group, "rhythm": item.rhythm,
        "audience": item.audience, "periods": item.recurring, "basis": item.basis.sentence.text(_), "since": since,
    }  # fmt: skip


@router.get("/organizations/{code}/disclosures-due", response=answers(Dues), summary="应当公开的期限")
def due(request: HttpRequest, code: str, paging: Query[Paging], owed: bool = False) -> Any:
    """近一年和以后一个月的，早的在前。`owed`：只看还没有公开的。"""
    account = actor(request)
    body = _body(account, code)
    require(access.may_see_queue(account, body, today()))
    found = [one for one in queries.disclosures_due(body, today()) if one.owed or not owed]
    shown, page = page_of(sorted(found, key=lambda one: one.due), paging)
    return {"items": [_due(one) for one in shown], **page}


def _due(one: Due) -> dict[str, Any]:
    period = one.period.key if one.period else ""
    return {"item": one.item.slug, "label": in_language(one.item), "period": period} | {
        name: getattr(one, name) for name in ("due", "status", "days", "publication")
    }


@router.get("/organizations/{code}/publications", response=answers(Publications), summary="公开的事项")
def publications(
    request: HttpRequest, code: str, paging: Query[Paging], state: StateName | None = None, item: str = "",
    audience: AudienceName | None = None, up: bool = False,
) -> Any:  # fmt: skip
    """公开起始日晚的在前。支委会看到全部；党员看到公开过的和自己起草的。`up`：只看今天公开着的。"""
    account = actor(request)
    body = _body(account, code)
    found = _seen(account, body).defer("body")
    if up:
        found = found.filter(queries.up(today()))
    wanted = {"state": state, "item": item[:40], "audience": audience}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    shown, page = page_of(found, paging)
    return {"items": [_row(one, body) for one in shown], **page}


def _body(account: Account, code: str) -> Organization:
    """As on the page: a body that discloses, and whose board the account reads."""
    body = get_seen_or_404(account, code, on=today())
    if body.kind not in BODIES:
        missing()
    require(access.may_comment(account, body, today()))
    return body


def _seen(account: Account, body: Organization) -> QuerySet[Publication]:
    return access.publications_seen_by(account, body, today())


def _row(one: Publication, body: Organization) -> dict[str, Any]:
    names = ("id", "item", "period", "title", "audience", "since", "until", "state", "version")
    item = catalogue().items.get(one.item)
    own = {"organization": body.code, "label": in_language(item) if item else one.item, "up": one.is_up(today())}
    return own | {name: getattr(one, name) for name in names}


@router.get("/organizations/{code}/publications/{pk}", response=answers(PublicationOut), summary="一件公开的事项")
def publication(request: HttpRequest, code: str, pk: PathId) -> Any:
    account = actor(request)
    body = _body(account, code)
    return _whole(account, body, pk)


def _whole(account: Account, body: Organization, pk: int) -> dict[str, Any]:
    found = _publication(account, body, pk)
    can = access.hands(account, body, today())
    may = access.actions(found, can, account, access.may_see_queue(account, body, today()))
    taken = [(name, getattr(found, f"{verb}_by"), getattr(found, f"{verb}_at")) for verb, name in STEPS]
    return _row(found, body) | {
        "body": found.body,
        "reason": found.reason,
        "about": found.about_id,
        "record": found.record_id,
        "replaces": found.replaces_id,
        "files": [one.name for one in found.files.all()],
        "steps": [{"step": name, "by": str(by), "at": at} for name, by, at in taken if by is not None and at],
        "may": sorted(may),
    }


def _publication(account: Account, body: Organization, pk: int) -> Publication:
    rows = _seen(account, body).select_related("organization", "record", "about", "replaces")
    return get_object_or_404(queries.with_steps(rows), pk=pk)


# --- drafted ----------------------------------------------------------------------------------------------------------


@router.post("/organizations/{code}/publications", response=answers(PublicationOut, 201), summary="起草公开事项")
def draft(request: HttpRequest, code: str, data: NewPublication) -> Any:
    """`item`：/matters 中的一项。附件在网页上添加。"""
    account = actor(request)
    body = _body(account, code)
    require(access.hands(account, body, today()).propose)
    item = catalogue().items.get(data.item)
    if item is None:
        raise invalid({"item": [_("公开目录中没有这一项。")]})
    values = _values(account, body, item, data)
    made = services.draft(account, body, values, at=timezone.now())
    return Status(201, _whole(account, body, made.pk))


@router.put("/organizations/{code}/publications/{pk}", response=answers(PublicationOut), summary="修改公开草稿")
def edit(request: HttpRequest, code: str, pk: PathId, data: DraftIn) -> Any:
    """整份替换，附件不变；已经提出的，先退回。别人先改过的（409），重新读取再改。"""

    def act(account: Account, found: Publication, at: datetime) -> None:
        values = _values(account, found.organization, found.matter, data)
        services.save_draft(account, found, values, data.version, at=at)

    return _do(request, code, pk, "edit", act)


def _values(account: Account, body: Organization, item: Item, data: PublicationIn) -> dict[str, Any]:
    """What the page's form makes of it; a period or record the matter has no room for is refused, not dropped."""
    form = publication_form(account, body, item, today(), as_form(data.dict()), {"period": data.period})
    dropped = [name for name in ("period", "about") if getattr(data, name) and name not in form.fields]
    if dropped:
        raise invalid({name: [_("这件事项没有这一项。")] for name in dropped})
    filled(form)
    return form.values()


# --- step by step -----------------------------------------------------------------------------------------------------


@router.post("/organizations/{code}/publications/{pk}/propose", response=answers(PublicationOut), summary="提出公开")
def propose(request: HttpRequest, code: str, pk: PathId) -> Any:
    """提出、审核、审批应是三个人。"""
    return _do(request, code, pk, "propose", lambda who, found, at: services.propose(who, found, at=at))


@router.post("/organizations/{code}/publications/{pk}/review", response=answers(PublicationOut), summary="审核通过")
def review(request: HttpRequest, code: str, pk: PathId) -> Any:
    return _do(request, code, pk, "review", lambda who, found, at: services.review(who, found, at=at))


@router.post("/organizations/{code}/publications/{pk}/approve", response=answers(PublicationOut), summary="批准公开")
def approve(request: HttpRequest, code: str, pk: PathId) -> Any:
    """批准后按日期公开，并记入活动。"""
    return _do(request, code, pk, "approve", lambda who, found, at: services.approve(who, found, at=at))


@router.post(
    "/organizations/{code}/publications/{pk}/give-back", response=answers(PublicationOut), summary="退回公开事项"
)
def give_back(request: HttpRequest, code: str, pk: PathId, data: GiveBackIn) -> Any:
    """退回成草稿，写明原因。"""
    return _do(
        request, code, pk, "give-back", lambda who, found, at: services.give_back(who, found, data.reason, at=at)
    )


@router.post("/organizations/{code}/publications/{pk}/end", response=answers(PublicationOut), summary="撤下或撤回")
def end(request: HttpRequest, code: str, pk: PathId, data: EndIn) -> Any:
    """`down`：已经公开够了，台账里的记录保留；`withdraw`：内容有误或不应公开，记录一并撤回。"""
    service = services.withdraw if data.how == "withdraw" else services.take_down
    return _do(request, code, pk, "end", lambda who, found, at: service(who, found, data.reason, at=at))


@router.post(
    "/organizations/{code}/publications/{pk}/correct", response=answers(PublicationOut, 201), summary="起草更正稿"
)
def correct(request: HttpRequest, code: str, pk: PathId) -> Any:
    """答复的是新的草稿；批准之前，原来的继续公开。"""
    account, body, found = _for_step(request, code, pk, "correct")
    made = services.correct(account, found, at=timezone.now())
    return Status(201, _whole(account, body, made.pk))


@router.post("/organizations/{code}/publications/{pk}/discard", response=answers(Discarded), summary="删除公开草稿")
def discard(request: HttpRequest, code: str, pk: PathId) -> Any:
    """还没有提出过的草稿。"""
    account, _organization, found = _for_step(request, code, pk, "discard")
    services.discard(account, found)
    return {"id": pk}


def _for_step(request: HttpRequest, code: str, pk: int, step: str) -> tuple[Account, Organization, Publication]:
    """By post, as on the page; that the steps are three people's the services see to."""
    account = actor(request)
    body = _body(account, code)
    found = _publication(account, body, pk)
    can, committee = access.hands(account, body, today()), access.may_see_queue(account, body, today())
    require(access.may_try(step, found, can, account, committee))
    return account, body, found


def _do(
    request: HttpRequest, code: str, pk: int, step: str, act: Callable[[Account, Publication, datetime], Any]
) -> Any:
    account, body, found = _for_step(request, code, pk, step)
    act(account, found, timezone.now())
    return _whole(account, body, pk)
