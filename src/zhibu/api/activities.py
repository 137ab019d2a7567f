"""Activities: read, recorded, corrected, withdrawn, judged by the same sheet as on the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field, StringConstraints

from zhibu.activities import queries, services
from zhibu.activities.access import activities_seen_by
from zhibu.activities.entry import Entry
from zhibu.activities.kinds import Kind, find_kind, load_kinds
from zhibu.activities.models import Activity
from zhibu.activities.roster import people_on
from zhibu.activities.sheet import Sheet
from zhibu.api.answers import (
    Id,
    PageOf,
    Paging,
    PathId,
    Person,
    Refusal,
    Year,
    answers,
    errors_of,
    invalid,
    page_of,
    person,
    remarks_of,
)
from zhibu.api.keys import actor
from zhibu.org.access import get_seen_or_404, may_record, require, today
from zhibu.org.models import Account, Organization

router = Router(tags=["活动"])
Value = str | bool | int | float | None
Text = Annotated[str, StringConstraints(max_length=20_000)]
ROWS = 60
"""Resolutions, and votes, of one record."""


class FieldOut(Schema):
    slug: str
    label: str
    type: str
    required: bool
    choices: list[str]


class KindOut(Schema):
    slug: str
    label: str
    bodies: list[str]
    attends: str
    parts: list[str]
    """Parts its record has: times, place, attendance, minutes, resolutions, votes …"""
    fields: list[FieldOut]
    also: list[str]
    private: bool


class AttendanceRow(Schema):
    member: Id
    presence: Literal["present", "leave", "absent", "observer"]
    reason: Annotated[str, StringConstraints(max_length=100)] = ""


class ResolutionIn(Schema):
    id: Id | None = None
    """When correcting: the resolution it continues."""
    text: str
    owner: Id | None = None
    due: date | None = None
    done: date | None = None


class VoteRow(Schema):
    matter: str
    entitled: int
    present: int
    yes: int
    no: int = 0
    abstain: int = 0
    written: int = 0
    passed: bool = False
    rule: str = "ordinary"
    method: str = ""


class RecordIn(Schema):
    """A whole record. What the kind does not ask for is refused, not dropped; members are given by id."""

    title: str
    held: date
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    chair: Id | None = None
    recorder: Id | None = None
    hours: float | None = None
    also: Annotated[list[str], Field(max_length=20)] = []
    guests: str = ""
    agenda: Text = ""
    minutes: Text = ""
    studied: Annotated[list[str], Field(max_length=30)] = []
    fields: Annotated[dict[str, Value], Field(max_length=100)] = {}
    attendance: Annotated[list[AttendanceRow], Field(max_length=2000)] = []
    resolutions: Annotated[list[ResolutionIn], Field(max_length=ROWS)] = []
    votes: Annotated[list[VoteRow], Field(max_length=ROWS)] = []
    seen: bool = False
    """Save in spite of warnings, which have been read."""


class NewRecord(RecordIn):
    kind: str


class Correction(RecordIn):
    version: int = Field(ge=0, le=1_000_000)
    """The one that was read."""
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Reason(Schema):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ActivityRow(Schema):
    id: int
    organization: str
    kind: str
    also: list[str]
    title: str
    held: date
    starts: time | None
    ends: time | None
    place: str
    entitled: int
    present: int
    attended: int
    hours: float
    lacks: list[str]
    recorded_at: datetime
    version: int
    withdrawn: bool


class Activities(PageOf):
    items: list[ActivityRow]


class AttendanceOut(Schema):
    member: Person
    presence: str
    voting: bool
    reason: str


class ResolutionOut(Schema):
    id: int
    text: str
    owner: Person | None
    due: date | None
    done: date | None


class ActivityOut(ActivityRow):
    chair: Person | None
    recorder: Person | None
    agenda: str
    minutes: str
    guests: str
    studied: list[str]
    fields: dict[str, Value]
    attendance: list[AttendanceOut]
    resolutions: list[ResolutionOut]
    votes: list[VoteRow]
    files: list[str]
    withdrawn_reason: str


class Remark(Schema):
    severity: str
    code: str
    message: str
    part: str


class Recorded(Schema):
    activity: ActivityOut
    remarks: list[Remark]


@router.get("/kinds", response=answers(list[KindOut]), summary="活动的种类")
def kinds(request: HttpRequest) -> Any:
    """每一种的记录有哪些部分、哪些自有项目。"""
    return [_kind(one) for one in load_kinds().values()]


def _kind(kind: Kind) -> dict[str, Any]:
    fields = [
        {"slug": one.slug, "label": one.label, "type": one.type, "required": one.required,
         "choices": [choice.slug for choice in one.choices]}
        for one in kind.fields
    ]  # fmt: skip
    return {
        "slug": kind.slug, "label": kind.label, "bodies": list(kind.bodies), "attends": kind.attends,
        "parts": list(kind.columns), "fields": fields, "also": list(kind.also), "private": kind.private,
    }  # fmt: skip


@router.get("/organizations/{code}/activities", response=answers(Activities), summary="活动记录")
def activities(
    request: HttpRequest, code: str, paging: Query[Paging], kind: str = "", year: Year | None = None,
    month: Annotated[int | None, Field(ge=1, le=12)] = None, search: str = "", withdrawn: bool = False,
) -> Any:  # fmt: skip
    """新的在前。`withdrawn`：只看已撤回的。"""
    account, on = actor(request), today()
    body = get_seen_or_404(account, code, on=on)
    seen = activities_seen_by(account, body, on)
    rows = queries.listed(seen, kind=kind[:40], search=search[:60], withdrawn=withdrawn)
    if year:
        rows = rows.filter(held__year=year)
    if month:
        rows = rows.filter(held__month=month)
    shown, page = page_of(rows, paging)
    return {"items": [_row(one, body) for one in shown], **page}


def _row(activity: Activity, body: Organization) -> dict[str, Any]:
    names = (
        "id", "kind", "also", "title", "held", "starts", "ends", "place", "entitled", "present", "attended", "hours",
        "lacks", "recorded_at", "version",
    )  # fmt: skip
    values = {name: getattr(activity, name) for name in names}
    return {"organization": body.code, "withdrawn": activity.withdrawn_at is not None, **values}


@router.get("/organizations/{code}/activities/{pk}", response=answers(ActivityOut), summary="一条活动记录")
def activity(request: HttpRequest, code: str, pk: PathId) -> Any:
    account = actor(request)
    return whole(_activity(account, get_seen_or_404(account, code, on=today()), pk))


def _activity(account: Account, body: Organization, pk: int) -> Activity:
    return get_object_or_404(queries.whole_activity(activities_seen_by(account, body, today())), pk=pk)


def whole(activity: Activity) -> dict[str, Any]:
    names = ("agenda", "minutes", "guests", "studied", "fields", "withdrawn_reason")
    return {
        **_row(activity, activity.organization),
        **{name: getattr(activity, name) for name in names},
        "chair": person(activity.chair),
        "recorder": person(activity.recorder),
        "attendance": [
            {"member": person(one.member), "presence": one.presence, "voting": one.voting, "reason": one.reason}
            for one in activity.attendance.all()
        ],
        "resolutions": [
            {"id": one.pk, "text": one.text, "owner": person(one.owner), "due": one.due, "done": one.done}
            for one in activity.resolutions.all()
        ],
        "votes": [{name: getattr(one, name) for name in VoteRow.model_fields} for one in activity.votes.all()],
        "files": [one.file.name for one in activity.attachments.all()],
    }


@router.post("/organizations/{code}/activities", response=answers(Recorded, 201), summary="记录活动")
def record(request: HttpRequest, code: str, data: NewRecord) -> Any:
    """核对结果和网页上一样：有错误不能保存（422）；有提示的，看过以后以 `seen: true` 再次提交（409）。"""
    account, body = _recording(request, code)
    if data.kind not in load_kinds():
        raise invalid({"kind": [_("没有这种活动。")]})
    sheet = sheet_of(body, find_kind(data.kind), data)
    saved = services.record_activity(account, body, entry_of(sheet, data), at=timezone.now())
    return Status(201, recorded(account, body, saved, sheet))


@router.put("/organizations/{code}/activities/{pk}", response=answers(Recorded), summary="更正活动")
def correct(request: HttpRequest, code: str, pk: PathId, data: Correction) -> Any:
    """整条替换，更正前的版本保留；附件不变。别人先改过的（409），重新读取再更正。"""
    account, body = _recording(request, code)
    activity = _activity(account, body, pk)
    sheet = sheet_of(body, find_kind(activity.kind), data, activity)
    entry = entry_of(sheet, data)
    saved = services.correct_activity(account, activity, entry, data.version, data.reason, at=timezone.now())
    return recorded(account, body, saved, sheet)


@router.post("/organizations/{code}/activities/{pk}/withdraw", response=answers(ActivityOut), summary="撤回活动")
def withdraw(request: HttpRequest, code: str, pk: PathId, data: Reason) -> Any:
    account, body = _recording(request, code)
    services.withdraw_activity(account, _activity(account, body, pk), data.reason, at=timezone.now())
    return whole(_activity(account, body, pk))


def _recording(request: HttpRequest, code: str) -> tuple[Account, Organization]:
    account, on = actor(request), today()
    body = get_seen_or_404(account, code, on=on)
    require(may_record(account, body, on))
    return account, body


def recorded(account: Account, body: Organization, saved: Activity, sheet: Sheet) -> dict[str, Any]:
    return {"activity": whole(_activity(account, body, saved.pk)), "remarks": remarks_of(sheet.remarks)}


def entry_of(sheet: Sheet, data: RecordIn) -> Entry:
    """The entry the sheet makes of it. Errors are left to the service; warnings want to have been seen."""
    entry = sheet.entry()
    if not sheet.is_valid() or entry is None:
        raise invalid(_errors(sheet))
    if sheet.warnings and not sheet.errors and not data.seen:
        raise Refusal(
            409, "warnings", "请先看核对提示；确认无误的，以 seen: true 再次提交。", remarks=remarks_of(sheet.remarks)
        )
    return entry


def _errors(sheet: Sheet) -> dict[str, list[str]]:
    found = {name.replace("f-", "fields.", 1) if name.startswith("f-") else name: said
             for name, said in errors_of(sheet.form).items()}  # fmt: skip
    for part, rows in (("resolutions", sheet.resolutions), ("votes", sheet.votes)):
        for row in rows:
            number = row.prefix.rpartition("-")[2]
            found |= {f"{part}.{number}.{name}": said for name, said in errors_of(row).items()}
    return found


def sheet_of(body: Organization, kind: Kind, data: RecordIn, activity: Activity | None = None) -> Sheet:
    """The page's own sheet, filled with what was sent as the page's form would send it."""
    if body.kind not in kind.bodies:
        services.prepare(body, Entry(kind.slug, data.title, data.held), kind, timezone.now())  # refuses in its words
    people = people_on(body, data.held, kind)
    strangers = [str(n) for n, one in enumerate(data.attendance) if one.member not in people]
    if strangers:
        said = [_("这一天不是应当参加的人。")]
        raise invalid({f"attendance.{number}.member": said for number in strangers})
    sent = QueryDict(mutable=True)
    for name, value in _plain(data).items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    for pk in people:
        sent[f"presence-{pk}"] = ""
    for one in data.attendance:
        sent[f"presence-{one.member}"], sent[f"reason-{one.member}"] = one.presence, one.reason
    sheet = Sheet(body, kind, today=today(), data=sent, activity=activity)
    _nothing_dropped(sheet, data)
    return sheet


def _plain(data: RecordIn) -> dict[str, Any]:
    names = ("title", "held", "place", "chair", "recorder", "hours", "guests", "agenda", "minutes")
    sent: dict[str, Any] = {name: _text(getattr(data, name)) for name in names}
    sent |= {name: _text(getattr(data, name)) for name in ("starts", "ends")}
    sent |= {"also": data.also, "studied": data.studied}
    sent |= {f"f-{slug}": _text(value) for slug, value in data.fields.items()}
    for what, rows in (("resolution", data.resolutions), ("vote", data.votes)):
        for number, row in enumerate(rows):
            sent |= {
                f"{what}-{number}-{name}": _text(value) for name, value in row.dict().items() if value is not False
            }
    return sent


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


def _nothing_dropped(sheet: Sheet, data: RecordIn) -> None:
    """A part the kind has no room for is refused by name, as dropping it would lose what somebody wrote."""
    own = {field.slug for field in sheet.kind.fields}
    simple = ("starts", "ends", "place", "chair", "recorder", "hours", "guests", "agenda", "minutes", "also")
    unknown = [name for name in simple if getattr(data, name) and name not in sheet.form.fields]
    unknown += [f"fields.{slug}" for slug, value in data.fields.items() if slug not in own and value not in (None, "")]
    held: Mapping[str, tuple[Any, bool]] = {
        "resolutions": (data.resolutions, sheet.kind.has("resolutions")),
        "votes": (data.votes, sheet.kind.has("votes")),
        "attendance": (data.attendance, sheet.roster.shown),
    }
    unknown += [name for name, (rows, has) in held.items() if rows and not has]
    if unknown:
        raise invalid({name: [_("这种活动没有这一项。")] for name in unknown})
