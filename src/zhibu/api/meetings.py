"""Meetings: prepared, answered, their minutes put aside and made a record, as on the page."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field, StringConstraints

from zhibu.activities import files as store
from zhibu.activities.kinds import find_kind, load_kinds
from zhibu.activities.roster import people_on
from zhibu.api.activities import Recorded, RecordIn, entry_of, recorded, sheet_of
from zhibu.api.answers import Id, PageOf, Paging, PathId, Person, answers, as_form, filled, invalid, page_of, person
from zhibu.api.keys import actor
from zhibu.meetings import access, services
from zhibu.meetings.forms import MeetingForm
from zhibu.meetings.minutes import as_sent, first_draft
from zhibu.meetings.models import Meeting, MeetingState
from zhibu.org.access import get_seen_or_404, may_record, require, today
from zhibu.org.models import Account, Member, Organization

router = Router(tags=["会议"])
StateName = Literal["planned", "recorded", "cancelled"]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Value = Annotated[str, StringConstraints(max_length=services.LONGEST_DRAFT)]


class MeetingRow(Schema):
    id: int
    organization: str
    kind: str
    title: str
    day: date
    starts: time | None
    ends: time | None
    place: str
    chair: Person | None
    recorder: Person | None
    state: str
    activity: int | None
    """Id of the record it became."""


class Meetings(PageOf):
    items: list[MeetingRow]


class InvitationOut(Schema):
    member: Person
    leave: bool
    reason: str


class Confirmation(Schema):
    by: str
    at: datetime
    version: int
    """The record's version that was confirmed; a later correction asks for it again."""


class MeetingOut(MeetingRow):
    agenda: str
    words: str
    materials: list[str]
    mine: InvitationOut | None
    """The invitation of the token's own member."""
    invitations: list[InvitationOut] | None
    """Only for those who record."""
    confirmed: dict[Literal["chair", "recorder"], Confirmation]


class MeetingIn(Schema):
    title: str
    day: date
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    chair: Id | None = None
    recorder: Id | None = None
    agenda: str = ""
    """One item a line."""
    words: str = ""
    invited: Annotated[list[Id], Field(max_length=2000)] | None = None
    """Left out: who is invited already; of a new meeting all who should come."""


class NewMeeting(MeetingIn):
    kind: Annotated[str, StringConstraints(min_length=1, max_length=30)]


class CancelIn(Schema):
    reason: str = ""


class LeaveIn(Schema):
    leave: bool
    """false: will come after all."""
    reason: str = ""


class ConfirmIn(Schema):
    role: Literal["chair", "recorder"]


class EarlierDraft(Schema):
    by: str
    at: datetime
    draft: dict[str, list[str]]


class MinutesOut(Schema):
    """What was put aside: the fields of the record's form, half filled in or wrong as they may be."""

    version: int
    changed_by: str
    changed_at: datetime
    draft: dict[str, list[str]]
    earlier: list[EarlierDraft]
    """Drafts of others that a later one took the place of."""


class MinutesIn(Schema):
    version: int = Field(ge=0, le=1_000_000)
    """The one that was read."""
    draft: Annotated[dict[Name, Annotated[list[Value], Field(max_length=100)]], Field(max_length=9000)]


class MeetingRecord(RecordIn):
    version: int = Field(ge=0, le=1_000_000)
    """The version of the minutes that was read."""


# --- read -------------------------------------------------------------------------------------------------------------


@router.get("/organizations/{code}/meetings", response=answers(Meetings), summary="会议")
def meetings(
    request: HttpRequest, code: str, paging: Query[Paging], state: StateName | None = None, since: date | None = None,
    until: date | None = None,
) -> Any:  # fmt: skip
    """早的在前。记录活动的人看到本组织的全部，党员看到通知自己参加的。`since`、`until`：会议的日期。"""
    account = actor(request)
    body = get_seen_or_404(account, code, on=today())
    found = access.meetings_seen_by(account, body, today()).select_related("chair", "recorder")
    wanted = {"state": state, "day__gte": since, "day__lte": until}
    found = found.filter(**{name: value for name, value in wanted.items() if value}).defer("draft", "earlier")
    shown, page = page_of(found, paging)
    return {"items": [_row(one, body) for one in shown], **page}


def _row(meeting: Meeting, body: Organization) -> dict[str, Any]:
    names = ("id", "kind", "title", "day", "starts", "ends", "place", "state")
    people = {"chair": person(meeting.chair), "recorder": person(meeting.recorder)}
    return {"organization": body.code, "activity": meeting.activity_id, **people} | {
        name: getattr(meeting, name) for name in names
    }


@router.get("/organizations/{code}/meetings/{pk}", response=answers(MeetingOut), summary="一次会议")
def meeting(request: HttpRequest, code: str, pk: PathId) -> Any:
    account = actor(request)
    body = get_seen_or_404(account, code, on=today())
    return _whole(account, body, pk)


def _meeting(account: Account, body: Organization, pk: int) -> Meeting:
    rows = access.meetings_seen_by(account, body, today())
    return get_object_or_404(
        rows.select_related("organization", "chair", "recorder", "changed_by__member", "activity"), pk=pk
    )


def _whole(account: Account, body: Organization, pk: int) -> dict[str, Any]:
    found = _meeting(account, body, pk)
    invited = {one.member_id: _invitation(one) for one in found.invitations.select_related("member")}
    return _row(found, body) | {
        "agenda": found.agenda,
        "words": found.words,
        "materials": [one.name for one in found.materials.all()],
        "mine": invited.get(account.member_id),
        "invitations": list(invited.values()) if may_record(account, body, today()) else None,
        "confirmed": found.confirmed,
    }


def _invitation(row: Any) -> dict[str, Any]:
    return {"member": person(row.member), "leave": row.leave, "reason": row.reason}


# --- prepared ---------------------------------------------------------------------------------------------------------


@router.post("/organizations/{code}/meetings", response=answers(MeetingOut, 201), summary="准备会议")
def prepare(request: HttpRequest, code: str, data: NewMeeting) -> Any:
    """被通知的人会收到提醒。会议材料在网页上添加。"""
    account, body = _recording(request, code)
    if data.kind not in load_kinds() or not services.can_be_prepared(data.kind, body):
        raise invalid({"kind": [_("这一类活动不用会前准备。")]})
    values, invited = _values(body, data.kind, data, None)
    made = services.prepare_meeting(account, body, data.kind, values, invited, at=timezone.now())
    return Status(201, _whole(account, body, made.pk))


@router.put("/organizations/{code}/meetings/{pk}", response=answers(MeetingOut), summary="修改会议安排")
def change(request: HttpRequest, code: str, pk: PathId, data: MeetingIn) -> Any:
    """整份替换；继续通知的人，请假的答复不变，并会再收到提醒。"""
    account, body = _recording(request, code)
    found = _meeting(account, body, pk)
    already = None if data.invited is not None else list(found.invitations.values_list("member_id", flat=True))
    values, invited = _values(body, found.kind, data, already)
    services.change_meeting(account, found, values, invited, at=timezone.now())
    return _whole(account, body, pk)


def _values(
    body: Organization, slug: str, data: MeetingIn, already: list[int] | None
) -> tuple[dict[str, Any], list[Member]]:
    """What the page's form makes of it; to a new meeting all are invited who should come, unless said otherwise."""
    kind = find_kind(slug)
    people = people_on(body, data.day, kind)
    invited = data.invited
    if invited is None:
        invited = [pk for pk in already if pk in people] if already is not None else []
        if already is None and kind.attends != "chosen":
            invited = list(people)
    form = MeetingForm(as_form(data.dict()) | {"invited": invited}, people=people, today=today())
    return filled(form), form.invited_members()


@router.post("/organizations/{code}/meetings/{pk}/cancel", response=answers(MeetingOut), summary="取消会议")
def cancel(request: HttpRequest, code: str, pk: PathId, data: CancelIn) -> Any:
    account, body = _recording(request, code)
    services.cancel_meeting(account, _meeting(account, body, pk), data.reason, at=timezone.now())
    return _whole(account, body, pk)


@router.post("/organizations/{code}/meetings/{pk}/leave", response=answers(MeetingOut), summary="会议请假")
def leave(request: HttpRequest, code: str, pk: PathId, data: LeaveIn) -> Any:
    """为自己请假，写明原因；`leave: false`：不请假了。"""
    account = actor(request)
    body = get_seen_or_404(account, code, on=today())
    services.ask_leave(account, _meeting(account, body, pk), data.leave, data.reason)
    return _whole(account, body, pk)


@router.post("/organizations/{code}/meetings/{pk}/confirm", response=answers(MeetingOut), summary="确认会议记录")
def confirm(request: HttpRequest, code: str, pk: PathId, data: ConfirmIn) -> Any:
    """只有主持人、记录人本人能确认。"""
    account = actor(request)
    body = get_seen_or_404(account, code, on=today())
    services.confirm_record(account, _meeting(account, body, pk), data.role, at=timezone.now())
    return _whole(account, body, pk)


def _recording(request: HttpRequest, code: str) -> tuple[Account, Organization]:
    account = actor(request)
    body = get_seen_or_404(account, code, on=today())
    require(may_record(account, body, today()))
    return account, body


# --- minutes ----------------------------------------------------------------------------------------------------------


@router.get("/organizations/{code}/meetings/{pk}/minutes", response=answers(MinutesOut), summary="暂存的会议记录")
def minutes(request: HttpRequest, code: str, pk: PathId) -> Any:
    """记录表上的各项，写到哪里是哪里；还没有写的，按会前的安排预填。已经记录的会议，记录在活动中。"""
    account, body = _recording(request, code)
    return _minutes(_meeting(account, body, pk))


def _minutes(found: Meeting) -> dict[str, Any]:
    draft = found.draft or (first_draft(found) if found.state == MeetingState.PLANNED else {})
    return {
        "version": found.version, "changed_by": str(found.changed_by), "changed_at": found.changed_at,
        "draft": draft, "earlier": found.earlier,
    }  # fmt: skip


@router.put("/organizations/{code}/meetings/{pk}/minutes", response=answers(MinutesOut), summary="暂存会议记录")
def put_aside(request: HttpRequest, code: str, pk: PathId, data: MinutesIn) -> Any:
    """整份替换。别人先暂存过的（409），重新读取再写。"""
    account, body = _recording(request, code)
    found = _meeting(account, body, pk)
    draft = services.plain_draft(as_sent(data.draft))
    return _minutes(services.put_aside(account, found, draft, data.version, at=timezone.now()))


@router.post("/organizations/{code}/meetings/{pk}/record", response=answers(Recorded, 201), summary="会议记录成活动")
def record(request: HttpRequest, code: str, pk: PathId, data: MeetingRecord) -> Any:
    """写法和核对与记录活动相同；在网页上暂存的附件一并留下。别人先暂存过的（409），重新读取再记录。"""
    account, body = _recording(request, code)
    found = _meeting(account, body, pk)
    sheet = sheet_of(body, find_kind(found.kind), data)
    kept = list(store.from_tickets(found.draft.get("kept", [])))
    saved = services.record_meeting(
        account, found, entry_of(sheet, data), kept, version=data.version, at=timezone.now()
    )
    return Status(201, recorded(account, body, saved, sheet))
