"""Pages: list, record, read, correct, withdraw, history, files, import. Here, and nowhere below, today is asked."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.activities import files as store
from zhibu.activities import importing, queries, services
from zhibu.activities.access import activities_seen_by
from zhibu.activities.derived import empty
from zhibu.activities.entry import Entry
from zhibu.activities.forms import CorrectionForm, ListForm, WithdrawForm, in_language
from zhibu.activities.history import Difference, differences, whole
from zhibu.activities.kinds import Kind, find_kind, kinds_for, load_kinds, thresholds
from zhibu.activities.models import Activity, Attachment
from zhibu.activities.sheet import Sheet
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import get_seen_or_404, may_read_minutes, may_record, require, today
from zhibu.org.models import ImportBatch, Organization
from zhibu.org.queries import cells_of
from zhibu.rulebook.duty import Duty
from zhibu.rulebook.regulations import all_duties

PAGE = 20


def now() -> datetime:
    return timezone.now()


def _organization(request: HttpRequest, code: str) -> Organization:
    return get_seen_or_404(request.user, code, on=today())


def _recording(request: HttpRequest, code: str) -> Organization:
    organization = _organization(request, code)
    require(may_record(request.user, organization, today()))
    return organization


def _activity(request: HttpRequest, organization: Organization, pk: int) -> Activity:
    seen = activities_seen_by(request.user, organization, today())
    return get_object_or_404(queries.whole_activity(seen), pk=pk)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The list: by month, kind and words; withdrawn records on request."""
    organization = _organization(request, code)
    form = ListForm(request.GET)
    form.is_valid()
    wanted = {name: form.cleaned_data.get(name) or "" for name in ("kind", "month", "search")}
    seen = activities_seen_by(request.user, organization, today())
    rows = queries.listed(seen, **wanted, withdrawn="withdrawn" in request.GET)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context = {
        "organization": organization,
        "page": page,
        "wanted": wanted,
        "narrowed": any(wanted.values()) or "withdrawn" in request.GET,
        "withdrawn": "withdrawn" in request.GET,
        "parameters": parameters.urlencode(),
        "kinds": _kind_options(organization),
        "may_record": may_record(request.user, organization, today()),
        "may_read": may_read_minutes(request.user, organization, today()),
    }
    return render(request, "activities/_rows.html" if is_htmx(request) else "activities/index.html", context)


def _kind_options(organization: Organization) -> list[tuple[str, str]]:
    return [(kind.slug, in_language(kind)) for group in kinds_for(organization.kind) for kind in group.kinds]


@require_safe
def kinds(request: HttpRequest, code: str) -> HttpResponse:
    """Choose what to record."""
    organization = _recording(request, code)
    held = _day(request.GET.get("date", ""))
    if request.GET.get("kind") in load_kinds():
        address = redirect("activities:record", code=code, kind=request.GET["kind"])
        address["Location"] += f"?{request.GET.urlencode()}"
        return address
    seen = activities_seen_by(request.user, organization, today())
    context = {
        "organization": organization,
        "groups": kinds_for(organization.kind),
        "counts": queries.counts_by_kind(seen, today().year),
        "cells": cells_of(organization, today()) if organization.kind == "branch" else [],
        "held": held,
    }
    return render(request, "activities/kinds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The form for a new record."""
    organization = _recording(request, code)
    found = load_kinds().get(kind)
    if found is None or organization.kind not in found.bodies:
        raise Http404
    sheet = Sheet(
        organization,
        found,
        today=today(),
        held=_day(request.GET.get("date", "")),
        data=request.POST if request.method == "POST" else None,
    )
    fragment = act_on(request, sheet)
    if fragment:
        return render(request, fragment, sheet_context(sheet))
    if to_be_saved(request, sheet):
        entry = sheet.entry()
        try:
            activity = services.record_activity(request.user, organization, _given(entry), sheet.kept, at=now())
        except UserError as refused:
            sheet.form.add_error(None, said(refused))
        else:
            messages.success(request, _("已记录：{title}").format(title=activity.title))
            return _onward(request, activity)
    return _sheet_page(request, sheet, "activities/record.html", duty=_duty(request.GET.get("duty", "")))


def _onward(request: HttpRequest, activity: Activity) -> HttpResponse:
    """To the page that asked for the record (`?then=`, an address of this site), which is told its number."""
    then = request.GET.get("then", "")
    if then.startswith("/") and url_has_allowed_host_and_scheme(then, allowed_hosts=None):
        return redirect(f"{then}{'&' if '?' in then else '?'}activity={activity.pk}")
    return redirect("activities:show", code=activity.organization.code, pk=activity.pk)


def _duty(wanted: str) -> Duty | None:
    """The duty somebody came from, to be named above the form; an unknown one is passed over."""
    return next((duty for duty in all_duties() if duty.id == wanted), None) if wanted else None


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The same form over a saved record, with a reason; a quicker hand's version is shown beside one's own."""
    organization = _recording(request, code)
    activity = _activity(request, organization, pk)
    if activity.withdrawn_at:
        return redirect("activities:show", code=code, pk=pk)
    data = request.POST if request.method == "POST" else None
    sheet = Sheet(organization, find_kind(activity.kind), today=today(), data=data, activity=activity)
    reason = _reason(data, activity)
    fragment = act_on(request, sheet)
    if fragment:
        return render(request, fragment, sheet_context(sheet))
    conflict: list[Difference] = []
    if to_be_saved(request, sheet) and reason.is_valid():
        entry = _given(sheet.entry())
        try:
            services.correct_activity(
                request.user, activity, entry, reason.cleaned_data["version"], reason.cleaned_data["reason"],
                sheet.kept, at=now(), drop=sheet.dropped,
            )  # fmt: skip
        except services.SavedByOther as other:
            conflict = _both_versions(other.activity, entry)
            reason = CorrectionForm({"version": other.activity.version, "reason": reason.cleaned_data["reason"]})
            sheet.form.add_error(None, said(other))
        except UserError as refused:
            sheet.form.add_error(None, said(refused))
        else:
            messages.success(request, _("已更正，更正前的记录保留在“历次版本”中。"))
            return redirect("activities:show", code=code, pk=pk)
    extra = {"reason": reason, "activity": activity, "conflict": conflict}
    return _sheet_page(request, sheet, "activities/correct.html", **extra)


def _reason(data: QueryDict | None, activity: Activity) -> CorrectionForm:
    """Judged only when saving: whoever adds a row has not come to the reason yet."""
    if data is None or data.get("act", "save") == "save":
        return CorrectionForm(data, initial={"version": activity.version})
    return CorrectionForm(initial={"version": data.get("version", ""), "reason": data.get("reason", "")})


def _both_versions(current: Activity, entry: Entry) -> list[Difference]:
    mine = whole(entry, services.names_in(entry), [one.file.name for one in current.attachments.all()])
    return differences(services.whole_of(current), mine)


def _given(entry: Entry | None) -> Entry:
    if entry is None:  # a valid sheet has a day
        raise Http404
    return entry


FRAGMENTS = {
    "roster": "activities/_roster.html",
    "check": "activities/_remarks.html",
    "add-studied": "activities/_studied.html",
}
ROWS = {"resolution": "activities/_resolutions.html", "vote": "activities/_votes.html"}


def act_on(request: HttpRequest, sheet: Sheet) -> str:
    """Do what the pressed button says to the sheet; for HTMX the name of the fragment to answer with."""
    if request.method != "POST":
        return ""
    act = request.POST.get("act", "save")
    sheet.take(request.FILES.getlist("files"))
    verb, _dash, rest = act.partition("-")
    what = rest.partition("-")[0]
    if verb == "add" and what in ROWS:
        sheet.add_row(what)
    elif verb == "drop" and what in ROWS:
        sheet.drop_row(rest)
    if not is_htmx(request):
        return ""
    if verb in ("add", "drop") and what in ROWS:
        return ROWS[what]
    return FRAGMENTS.get(act, "")


def to_be_saved(request: HttpRequest, sheet: Sheet) -> bool:
    """Whether saving was asked for and may go on: nothing wrong, and every warning was seen."""
    if request.method != "POST" or request.POST.get("act", "save") != "save":
        return False
    if not sheet.is_valid() or sheet.errors:
        return False
    return not sheet.seen or request.POST.get("seen") == sheet.seen


def sheet_context(sheet: Sheet) -> dict[str, object]:
    return {
        "sheet": sheet,
        "form": sheet.form,
        "kind": sheet.kind,
        "organization": sheet.organization,
        "accept": store.ACCEPT,
    }


def _sheet_page(request: HttpRequest, sheet: Sheet, template: str, **extra: object) -> HttpResponse:
    act = request.POST.get("act", "save") if request.method == "POST" else ""
    tried = act in ("save", "check")
    context = {**sheet_context(sheet), **extra, "judged": tried}
    refused = tried and (bool(sheet.form.errors) or not sheet.is_valid() or bool(sheet.errors))
    return render(request, template, context, status=409 if extra.get("conflict") else 422 if refused else 200)


@require_safe
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The minutes, for reading and printing."""
    organization = _organization(request, code)
    activity = _activity(request, organization, pk)
    kind = find_kind(activity.kind)
    lists: dict[str, list[object]] = {"present": [], "leave": [], "absent": [], "observer": []}
    for one in activity.attendance.all():
        lists[one.presence].append(one)
    context = {
        "organization": organization,
        "activity": activity,
        "kind": kind,
        "lists": lists,
        "number": queries.number_in_year(activity),
        "own": _own_values(activity, kind),
        "also": [in_language(load_kinds()[slug]) for slug in activity.also if slug in load_kinds()],
        "votes": [(vote, in_language(thresholds()[vote.rule])) for vote in activity.votes.all()],
        "may_record": may_record(request.user, organization, today()),
    }
    return render(request, "activities/show.html", context)


def _own_values(activity: Activity, kind: Kind) -> list[tuple[str, object, bool]]:
    """Label, value as text, and whether it is long, of the kind's own fields that were filled in."""
    members = [activity.fields.get(field.slug) for field in kind.fields if field.type == "member"]
    names = queries.names_of(members)
    rows = []
    for field in kind.fields:
        value = activity.fields.get(field.slug)
        if empty(value):
            continue
        if field.type == "member":
            value = names.get(value, "")
        elif field.type == "choice":
            value = next((in_language(one) for one in field.choices if one.slug == value), value)
        elif field.type == "yes-no":
            value = _("是") if value else _("否")
        rows.append((in_language(field), value, field.type == "long"))
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a record back, with a reason, on a page of its own."""
    organization = _recording(request, code)
    activity = get_object_or_404(activities_seen_by(request.user, organization, today()), pk=pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_activity(request.user, activity, form.cleaned_data["reason"], at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已撤回：{title}").format(title=activity.title))
            return redirect("activities:index", code=code)
    return render(
        request, "activities/withdraw.html", {"organization": organization, "activity": activity, "form": form}
    )


@require_safe
def history(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Every version with what changed, newest first."""
    organization = _organization(request, code)
    activity = _activity(request, organization, pk)
    revisions = list(activity.revisions.select_related("made_by__member"))
    states = [*(one.data for one in revisions), services.whole_of(activity)]
    changes = [
        {"revision": one, "version": one.number + 1, "differences": differences(states[n], states[n + 1])}
        for n, one in enumerate(revisions)
    ]
    context = {"organization": organization, "activity": activity, "changes": changes[::-1]}
    return render(request, "activities/history.html", context)


@require_safe
def file(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """An attachment, as a download; who may see the record may have it."""
    organization = _organization(request, code)
    seen = activities_seen_by(request.user, organization, today())
    found = get_object_or_404(Attachment.objects.select_related("file"), pk=pk, activity__in=seen)
    return store.download(found.file)


@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: HttpRequest, code: str) -> HttpResponse:
    """Upload a year's activities from Excel."""
    organization = _recording(request, code)
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise UserError("no-file", "请选择一个 Excel 文件。")
            importing.fits(upload.size or 0)
            batch = importing.preview(request.user, organization, upload.read(), upload.name or "", at=now())
        except UserError as refused:
            problem = said(refused)
        else:
            return redirect("activities:batch", code=code, pk=batch.pk)
    batches = ImportBatch.objects.filter(organization=organization, what="activities").order_by("-id")
    context = {
        "organization": organization,
        "problem": problem,
        "batches": batches.defer("rows").select_related("made_by__member")[:10],
        "columns": importing.COLUMNS,
    }
    return render(request, "activities/import.html", context, status=422 if problem else 200)


@require_safe
def template(request: HttpRequest, code: str) -> HttpResponse:
    """The empty Excel file to fill in."""
    organization = _recording(request, code)
    response = HttpResponse(importing.template(organization), content_type=store.TYPES["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="activities-{organization.code}.xlsx"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Look an import over, confirm it, or undo it."""
    organization = _recording(request, code)
    found = get_object_or_404(ImportBatch, pk=pk, organization=organization, what="activities")
    problem = ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "undo":
                importing.undo(request.user, found, at=now())
                messages.success(request, _("已撤销这次导入。"))
            else:
                made = importing.confirm(request.user, found, at=now())
                messages.success(request, _("已导入{count}条活动记录。").format(count=len(made)))
        except UserError as refused:
            problem = said(refused)
        else:
            return redirect("activities:batch", code=code, pk=pk)
    context = {
        "organization": organization,
        "batch": found,
        "rows": importing.shown_rows(found),
        "errors": sum(bool(row["errors"]) for row in found.rows),
        "warnings": sum(bool(row["warnings"]) for row in found.rows),
        "problem": problem,
    }
    return render(request, "activities/batch.html", context, status=422 if problem else 200)
