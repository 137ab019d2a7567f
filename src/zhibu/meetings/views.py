"""Pages of meetings: what is coming, one meeting for those invited, its preparation, its minutes."""

from __future__ import annotations

from datetime import date, datetime
from secrets import token_hex
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.activities import files as store
from zhibu.activities.forms import first_title, in_language
from zhibu.activities.kinds import find_kind, kinds_for, load_kinds
from zhibu.activities.roster import people_on
from zhibu.activities.sheet import Sheet
from zhibu.activities.views import act_on, sheet_context, to_be_saved
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.meetings import access, services
from zhibu.meetings.forms import LeaveForm, MeetingForm
from zhibu.meetings.minutes import as_sent, first_draft
from zhibu.meetings.models import Meeting, MeetingState
from zhibu.org.access import get_seen_or_404, may_record, require, today
from zhibu.org.models import Organization

SHOWN = 20


def now() -> datetime:
    return timezone.now()


def _recording(request: HttpRequest, code: str) -> Organization:
    organization = get_seen_or_404(request.user, code, on=today())
    require(may_record(request.user, organization, today()))
    return organization


def _meeting(request: HttpRequest, organization: Organization, pk: int) -> Meeting:
    seen = access.meetings_seen_by(request.user, organization, today())
    rows = seen.select_related("organization", "chair", "recorder", "activity", "changed_by__member")
    return get_object_or_404(rows, pk=pk)


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """What is coming, and what was prepared and is not recorded yet."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    seen = access.meetings_seen_by(request.user, organization, on).select_related("chair")
    records = may_record(request.user, organization, on)
    kinds = [kind for group in kinds_for(organization.kind) for kind in group.kinds]
    context = {
        "organization": organization,
        "coming": list(seen.filter(state=MeetingState.PLANNED, day__gte=on)[:SHOWN]),
        "waiting": list(seen.filter(state=MeetingState.PLANNED, day__lt=on)[:SHOWN]) if records else [],
        "kinds": [
            (kind.slug, in_language(kind)) for kind in kinds if services.can_be_prepared(kind.slug, organization)
        ] if records else [],
    }  # fmt: skip
    return render(request, "meetings/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Prepare one; the last of its kind lends when, where and who."""
    organization = _recording(request, code)
    slug = request.GET.get("kind", "")
    if slug not in load_kinds() or not services.can_be_prepared(slug, organization):
        raise Http404
    day = _day(request.GET.get("day", "")) or today()
    return _form(request, organization, slug, None, day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    organization = _recording(request, code)
    meeting = _meeting(request, organization, pk)
    if meeting.state != MeetingState.PLANNED:
        return redirect("meetings:show", code=code, pk=pk)
    return _form(request, organization, meeting.kind, meeting, meeting.day)


def _form(
    request: HttpRequest, organization: Organization, slug: str, meeting: Meeting | None, day: date
) -> HttpResponse:
    kind = find_kind(slug)
    people = people_on(organization, day, kind)
    if meeting:
        initial = {name: getattr(meeting, name) for name in services.FIELDS}
        initial |= {"chair": meeting.chair_id, "recorder": meeting.recorder_id}
        initial["invited"] = [str(pk) for pk in meeting.invitations.values_list("member_id", flat=True)]
    else:
        invited = [] if kind.attends == "chosen" else [str(pk) for pk in people]
        initial = {"title": first_title(kind, day), "day": day, "invited": invited}
        initial |= services.usual_of(organization, slug, day)
    form = MeetingForm(request.POST or None, people=people, today=today(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = [store.keep(file, file.name or "") for file in request.FILES.getlist("files")]
            given = (form.cleaned_data, form.invited_members(), kept)
            if meeting:
                saved = services.change_meeting(request.user, meeting, *given, at=now())
            else:
                saved = services.prepare_meeting(request.user, organization, slug, *given, at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已保存。可以把通知文字发给参加人员。"))
            return redirect("meetings:show", code=organization.code, pk=saved.pk)
    context = {"organization": organization, "form": form, "kind": kind, "meeting": meeting, "accept": store.ACCEPT}
    return render(request, "meetings/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One meeting: for those invited what they need to know; for those who prepare it who asked for leave."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    meeting = _meeting(request, organization, pk)
    problem = _show_act(request, meeting) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        return redirect("meetings:show", code=code, pk=pk)
    invitations = list(meeting.invitations.select_related("member"))
    confirmed = {
        role: {**row, "at": datetime.fromisoformat(row["at"])} if (row := meeting.confirmed.get(role)) else None
        for role in ("chair", "recorder")
    }
    context = {
        "organization": organization,
        "meeting": meeting,
        "kind": find_kind(meeting.kind),
        "invitations": invitations,
        "mine": next((one for one in invitations if one.member_id == request.user.member_id), None),
        "leave": LeaveForm(),
        "confirmations": [
            (role, label, confirmed[role], access.may_confirm(request.user, meeting, role))
            for role, label in (("chair", _("主持人")), ("recorder", _("记录人")))
        ],
        "may_record": may_record(request.user, organization, on),
        "earlier": _earlier(meeting) if may_record(request.user, organization, on) else [],
        "problem": problem,
    }
    return render(request, "meetings/show.html", context, status=422 if problem else 200)


def _show_act(request: HttpRequest, meeting: Meeting) -> str:
    act, actor = request.POST.get("act", ""), request.user
    try:
        if act in ("leave", "come"):
            services.ask_leave(actor, meeting, act == "leave", request.POST.get("reason", ""))
        elif act in ("confirm-chair", "confirm-recorder"):
            services.confirm_record(actor, meeting, act.partition("-")[2], at=now())
        elif act == "cancel":
            require(may_record(actor, meeting.organization, today()))
            services.cancel_meeting(actor, meeting, request.POST.get("reason", ""), at=now())
        else:
            raise Http404
    except UserError as refused:
        return said(refused)
    messages.success(request, _("已记下。"))
    return ""


@require_safe
def material(request: HttpRequest, code: str, pk: int, file: int) -> HttpResponseBase:
    """A paper for the meeting: for those invited and those who prepare it."""
    organization = get_seen_or_404(request.user, code, on=today())
    meeting = _meeting(request, organization, pk)
    return store.download(get_object_or_404(meeting.materials, pk=file))


# --- minutes ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The record's form over what was put aside; put aside again every few seconds, recorded by the button."""
    organization = _recording(request, code)
    meeting = _meeting(request, organization, pk)
    if meeting.state != MeetingState.PLANNED:
        return redirect("meetings:show", code=code, pk=pk)
    posted = request.method == "POST"
    if posted and request.POST.get("act") == "draft":
        return _put_aside(request, meeting)
    data = request.POST if posted else as_sent(meeting.draft or first_draft(meeting))
    sheet = Sheet(organization, find_kind(meeting.kind), today=today(), data=data)
    fragment = act_on(request, sheet)
    if fragment:
        return render(request, fragment, sheet_context(sheet))
    if to_be_saved(request, sheet):
        try:
            entry = sheet.entry()
            assert entry is not None  # a valid sheet has a day
            activity = services.record_meeting(
                request.user, meeting, entry, sheet.kept,
                version=_version(request), window=_window(request), over=_over(request), at=now(),
            )  # fmt: skip
        except services.MeetingChanged as other:
            theirs = _words(other.meeting.draft)
            return _minutes_page(request, other.meeting, sheet, 409, problem=said(other), theirs=theirs, own=other.own)
        except UserError as refused:
            sheet.form.add_error(None, said(refused))
        else:
            messages.success(request, _("已记录：{title}").format(title=activity.title))
            return redirect("meetings:show", code=code, pk=pk)
    return _minutes_page(request, meeting, sheet)


def _minutes_page(request: HttpRequest, meeting: Meeting, sheet: Sheet, status: int = 200, **more: Any) -> HttpResponse:
    tried = request.POST.get("act") in ("save", "check")
    if tried and (sheet.form.errors or sheet.errors or not sheet.is_valid()):
        status = 422
    context = sheet_context(sheet) | {
        "meeting": meeting,
        "version": request.POST.get("version") or meeting.version,
        "window": _window(request),
        "judged": tried,
        "draft_part": "meetings/_draft.html",
        "on_leave": list(meeting.invitations.filter(leave=True).select_related("member")),
        "earlier": _earlier(meeting),
        **more,
    }
    return render(request, "meetings/minutes.html", context, status=status)


def _earlier(meeting: Meeting) -> list[tuple[str, datetime, str]]:
    """By whom, when and what was put aside before a later text took its place; the newest first."""
    return [(one["by"], datetime.fromisoformat(one["at"]), _words(one["draft"])) for one in reversed(meeting.earlier)]


def _window(request: HttpRequest) -> str:
    """Names the open window: made with the page, sent back by it."""
    return request.POST.get(services.WINDOW, "")[:40] or token_hex(8)


def _over(request: HttpRequest) -> bool:
    """Another hand's text was shown, and this one shall stand."""
    return request.POST.get("over") == "1"


def _version(request: HttpRequest) -> int:
    """The version the minutes were opened as; 0, which is never current, where it is no number."""
    digits = request.POST.get("version", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0


def _put_aside(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    version = _version(request)
    context: dict[str, Any] = {
        "organization": meeting.organization, "meeting": meeting, "version": version, "window": _window(request)
    }  # fmt: skip
    status = 200
    try:
        draft = services.plain_draft(request.POST)
        if request.FILES:  # only without script: they are kept, and a ticket for each stands in the draft
            sheet = Sheet(meeting.organization, find_kind(meeting.kind), today=today(), data=request.POST)
            sheet.take(request.FILES.getlist("files"))
            draft["kept"] = [ticket for _kept, ticket in sheet.tickets]
        saved = services.put_aside(request.user, meeting, draft, version, at=now(), over=_over(request))
        context |= {"meeting": saved, "version": saved.version, "saved_at": saved.changed_at}
    except services.MeetingChanged as other:
        status = 409
        context |= {"meeting": other.meeting, "problem": said(other), "theirs": _words(other.meeting.draft)}
        context |= {"own": other.own}
    except UserError as refused:
        status = 422
        context |= {"problem": said(refused)}
    if is_htmx(request):
        return render(request, "meetings/_draft.html", context, status=status)
    if status == 200:
        messages.success(request, _("已暂存。"))
        return redirect("meetings:minutes", code=meeting.organization.code, pk=meeting.pk)
    sheet = Sheet(meeting.organization, find_kind(meeting.kind), today=today(), data=request.POST)
    return _minutes_page(
        request, meeting, sheet, status, **{k: context[k] for k in ("problem", "theirs", "own") if k in context}
    )


def _words(draft: dict[str, list[str]]) -> str:
    """What was written in a draft, to be read and copied: its longer texts, the agenda first."""
    texts = [value for key in ("agenda", "minutes") for value in draft.get(key, ())]
    texts += [
        value for key, values in sorted(draft.items()) if key.startswith(("resolution-", "f-")) for value in values
    ]
    return "\n\n".join(text for text in texts if len(text) > 1)
