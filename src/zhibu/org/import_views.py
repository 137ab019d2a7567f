"""The roster's way in from Excel (upload, preview, confirm, undo) and out."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org import access, roster, roster_sheet
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.forms import day_asked
from zhibu.org.journal import note
from zhibu.org.models import ImportBatch, Organization
from zhibu.org.views import get_or_post, rights

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 20
PAGE = 200
READABLE_KINDS = ("branch", "organs-work-committee", "organ-committee", "general-branch")


def _managed(request: HttpRequest, code: str) -> Organization:
    organization = get_seen_or_404(request.user, code, on=today())
    require(access.may_manage(request.user, organization, today()) and organization.kind in READABLE_KINDS)
    return organization


@get_or_post
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Upload a file; it is looked over and shown, nobody is entered yet."""
    organization = _managed(request, code)
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problem = _("请先选择一个 Excel 文件。")
        else:
            try:
                data = file.read(settings.UPLOAD_LIMIT + 1)
                batch = roster.preview(request.user, organization, data, file.name or "", at=timezone.now())
                return redirect("org:batch", code=code, pk=batch.pk)
            except UserError as error:
                problem = said(error)
    batches = ImportBatch.objects.filter(organization=organization, what="roster").select_related("made_by__member")
    context = {
        **rights(request, organization), "problem": problem, "columns": roster.COLUMNS,
        "batches": batches.defer("rows", "created").order_by("-pk")[:SHOWN],
    }  # fmt: skip
    return render(request, "org/import.html", context, status=422 if problem else 200)


@get_or_post
def batch(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The preview with its rows; confirm, discard, or undo."""
    organization = _managed(request, code)
    found = get_object_or_404(
        ImportBatch.objects.select_related("made_by__member"), pk=pk, organization=organization, what="roster"
    )
    problem = ""
    if request.method == "POST":
        try:
            address = _act(request, organization, found)
            if address:
                return address
        except UserError as error:
            problem = said(error)
            found.refresh_from_db()
    rows = roster.shown_rows(found)
    people = [row for row in rows if row["values"]]
    context = {
        **rights(request, organization), "batch": found, "problem": problem,
        "count": sum(not row["known"] for row in people),
        "page": Paginator(people, PAGE).get_page(request.GET.get("page")), "parameters": "",
        "remarks": [text for row in rows if not row["values"] for text in row["warnings"]],
        "errors": sum(bool(row["errors"]) for row in people),
        "warnings": sum(bool(row["warnings"]) and not row["known"] for row in people),
        "known": sum(row["known"] for row in people),
        "undoing": request.GET.get("act") == "undo" and found.state == "done",
    }  # fmt: skip
    return render(request, "org/batch.html", context, status=422 if problem else 200)


def _act(request: HttpRequest, organization: Organization, found: ImportBatch) -> HttpResponse | None:
    act = request.POST.get("act")
    if act == "confirm":
        count = len(roster.confirm(request.user, found, at=timezone.now()))
        messages.success(request, _("已导入{count}名党员。").format(count=count))
        return redirect("org:batch", code=organization.code, pk=found.pk)
    if act == "undo":
        count = roster.undo(request.user, found, at=timezone.now())
        messages.success(request, _("已撤销，移除了{count}名党员。").format(count=count))
        return redirect("org:batch", code=organization.code, pk=found.pk)
    if act == "discard":
        roster.discard(request.user, found)
        messages.success(request, _("已放弃这次预览，没有导入任何人。"))
        return redirect("org:import", code=organization.code)
    return None


@require_safe
def form(request: HttpRequest, code: str) -> HttpResponse:
    organization = _managed(request, code)
    return _file(roster_sheet.form(organization), _("党员名册空白表.xlsx"))


@require_safe
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The roster of a day. Personal data leave the system here, so the journal says who took them."""
    organization = _managed(request, code)
    day: date = day_asked(request.GET.get("on", ""), today())
    data = roster_sheet.export(organization, day)
    with transaction.atomic():
        note(request.user, organization, "export-roster", organization, f"导出{organization}{day}的党员名册", on=day)
    return _file(data, _("党员名册-{name}-{day}.xlsx").format(name=organization, day=day))


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=EXCEL)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response
