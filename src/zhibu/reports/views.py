"""Pages of the debriefing report. A draft is shown to those who may read drafts; its text changes by services only."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.ledger.queries import years_with_records
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import ABOVE_BRANCHES
from zhibu.reports import queries, services
from zhibu.reports.access import may_edit_report, may_read_drafts, may_start_report, reports_seen_by
from zhibu.reports.beside import marked
from zhibu.reports.comparing import Row, Side
from zhibu.reports.comparing import compare as compared
from zhibu.reports.composing import gaps as gaps_of
from zhibu.reports.composing import spans
from zhibu.reports.editing import KINDS, changed_claims, checked_blocks, moved, rows_of, style_of
from zhibu.reports.forms import ComposeForm, KeepForm, RefreshForm, posted_rows, posted_version
from zhibu.reports.models import Report
from zhibu.reports.queries import Text
from zhibu.reports.services import ReportChanged
from zhibu.reports.sources import borrowed_by


def now() -> datetime:
    return timezone.now()


def seen_report(request: HttpRequest, code: str, pk: int) -> Report:
    organization = get_seen_or_404(request.user, code, on=today())
    reports = reports_seen_by(request.user, organization, today()).select_related("changed_by__member")
    return get_object_or_404(reports, pk=pk)


def _editing(request: HttpRequest, code: str, pk: int) -> Report:
    report = seen_report(request, code, pk)
    require(may_edit_report(request.user, report, today()))
    return report


def report_page(request: HttpRequest, report: Report, name: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page or fragment about one report."""
    shared = {
        "organization": report.organization,
        "report": report,
        "may_edit": may_edit_report(request.user, report, today()),
    }
    return render(request, f"reports/{name}.html", shared | context, status=status)


# --- a body's reports ---------------------------------------------------------------------------------------------


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The body's reports by year; for a committee those below it too."""
    organization = get_seen_or_404(request.user, code, on=today())
    reports = (
        reports_seen_by(request.user, organization, today()).defer("body", "snapshot__data").order_by("-year", "pk")
    )
    below = []
    if organization.kind in ABOVE_BRANCHES and may_read_drafts(request.user, organization, today()):
        below = list(queries.reports_below(organization))
    context = {
        "organization": organization,
        "years": [(year, list(rows)) for year, rows in groupby(reports, key=lambda one: one.year)],
        "below": [(year, list(rows)) for year, rows in groupby(below, key=lambda one: one.year)],
        "may_start": may_start_report(request.user, organization, today()),
        "may_read": may_read_drafts(request.user, organization, today()),
    }
    return render(request, "reports/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, code: str) -> HttpResponse:
    """Start a report: the year is frozen and drafted from."""
    organization = get_seen_or_404(request.user, code, on=today())
    require(may_start_report(request.user, organization, today()))
    posts = queries.possible_writers(organization, today())
    form = ComposeForm(
        request.POST if request.method == "POST" else None,
        years=years_with_records(organization, today()), writers=posts, today=today(),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        writer = next(post.member for post in posts if post.member_id == asked["writer"])
        try:
            report = services.start_report(request.user, organization, asked["year"], writer, asked["on"], at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("初稿已由台账生成。标出的“待补”请逐处写上。"))
            return redirect("reports:edit", code=code, pk=report.pk)
    context = {"organization": organization, "form": form, "posts": posts}
    return render(request, "reports/compose.html", context, status=422 if form.errors else 200)


# --- editing ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The text in an editor; saved by the button, or every few seconds by its script."""
    report = _editing(request, code, pk)
    if request.method == "POST":
        return _save(request, report)
    return _editor(request, report, rows_of(report.body))


def _editor(request: HttpRequest, report: Report, rows: Any, problem: str = "", version: int = 0) -> HttpResponse:
    text = Text.of(report)
    shown = [{"style": row["style"], "text": row["text"], "lines": 1 + len(row["text"]) // 34} for row in rows]
    used = [number for number in text.body["claims"] if any(f"[[{number}]]" in row["text"] for row in rows)]
    legend = [_legend(text, number) for number in text.body["claims"]]
    offered = [(group, list(found)) for group, found in groupby(text.offers(), key=lambda offer: str(offer.group))]
    return report_page(
        request, report, "edit", status=422 if problem else 200,
        rows=shown, styles=_styles(), legend=legend, used=used, offers=offered, problem=problem,
        version=version or report.version, gaps=gaps_of(report.body), refresh=RefreshForm(initial={"on": today()}),
        chips={row["number"]: {"text": row["text"], "label": row["label"], "url": row["url"]} for row in legend},
    )  # fmt: skip


def _styles() -> list[tuple[str, str]]:
    labels = [
        _("标题"), _("署名"), _("称呼"), _("一级标题 一、"), _("二级标题 （一）"), _("三级标题 1."),
        _("四级标题 （1）"), _("正文"), _("落款"), _("日期"),
    ]  # fmt: skip
    return list(zip(KINDS, labels, strict=True))


def _legend(text: Text, number: str) -> dict[str, str]:
    claim = text.found[number]
    return {
        "number": number,
        "text": claim.text if claim else _("此处所据记录已不存在"),
        "label": text.label(number).text(_),
        "url": reverse("reports:evidence", args=[text.report.organization.code, text.report.pk, number]),
    }


def _save(request: HttpRequest, report: Report) -> HttpResponse:
    act, version = request.POST.get("act", ""), posted_version(request.POST)
    rows: Any = []
    try:
        rows = posted_rows(request.POST)
        if act == "theirs":
            services.keep_aside(request.user, report, rows, at=now())
            messages.success(request, _("您的文字已另存为一个版本，可以在“版本”中找到。"))
            return redirect("reports:edit", code=report.organization.code, pk=report.pk)
        rows = moved(rows, act)
        saved = services.save_report(request.user, report, rows, version, at=now(), by_hand=not is_htmx(request))
    except ReportChanged as other:
        return _conflict(request, other)
    except UserError as refused:
        if is_htmx(request):
            return report_page(request, report, "_refused", status=422, problem=said(refused))
        return _editor(request, report, rows, said(refused), version)
    if is_htmx(request):
        return report_page(request, saved, "_saved", version=saved.version)
    messages.success(request, _("已保存。"))
    place = f"#block-{act.partition('-')[2]}" if "-" in act else ""
    return redirect(reverse("reports:edit", args=[saved.organization.code, saved.pk]) + place)


def _conflict(request: HttpRequest, other: ReportChanged) -> HttpResponse:
    """Both texts beside each other, with what was typed in a form, so that nothing is lost whatever is chosen."""
    report = other.report
    text = Text.of(report)
    mine = {"blocks": other.blocks, "claims": report.body["claims"]}
    rows = compared(Side(report.body, text.found), Side(mine, text.found))
    return report_page(
        request, report, "_conflict" if is_htmx(request) else "conflict", status=409,
        problem=said(other), groups=_folded(rows), rows=rows_of(mine),
    )  # fmt: skip


@require_POST
def claim(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Quote one more figure: its token can be put into the text from now on."""
    report = _editing(request, code, pk)
    try:
        report, number = services.add_claim(request.user, report, request.POST.get("query", ""))
    except UserError as refused:
        if is_htmx(request):
            return report_page(request, report, "_refused", status=422, problem=said(refused))
        messages.error(request, said(refused))
        return redirect("reports:edit", code=code, pk=pk)
    row = _legend(Text.of(report), number)
    if is_htmx(request):
        return report_page(request, report, "_legend_row", row=row)
    messages.success(
        request,
        _("可以引用了：在文中写“[[{number}]]”，显示为“{text}”。").format(number=number, text=row["text"]),
    )
    return redirect("reports:edit", code=code, pk=pk)


@require_POST
def refresh(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Rest the report on the ledger as it stands on a newer day, and show what changed."""
    report = _editing(request, code, pk)
    form = RefreshForm(request.POST)
    if not form.is_valid() or form.cleaned_data["on"] > today():
        messages.error(request, _("请填写今天或以前的一个日期。"))
        return redirect("reports:edit", code=code, pk=pk)
    try:
        changes = services.refresh_snapshot(request.user, report, form.cleaned_data["on"], at=now())
    except UserError as refused:
        messages.error(request, said(refused))
        return redirect("reports:edit", code=code, pk=pk)
    if not changes:
        messages.info(request, _("报告引用的数据没有变化。"))
        return redirect("reports:edit", code=code, pk=pk)
    messages.success(request, _("{count}处数据有变化，列在下面。").format(count=len(changes)))
    return redirect("reports:compare", code=code, pk=pk)


# --- reading ------------------------------------------------------------------------------------------------------


@require_safe
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The report as it reads; every figure is a link to what it rests on."""
    report = seen_report(request, code, pk)
    text = Text.of(report)
    blocks = [(style_of(block), spans(block["text"], text.found)) for block in report.body["blocks"]]
    return report_page(request, report, "show", blocks=blocks, gaps=gaps_of(report.body))


@require_safe
def evidence(request: HttpRequest, code: str, pk: int, claim: str) -> HttpResponse:
    """What one figure rests on: records and cells of the ledger."""
    report = seen_report(request, code, pk)
    if claim not in report.body["claims"]:
        raise Http404
    found = queries.evidence_of(Text.of(report), claim)
    return report_page(request, report, "_evidence" if is_htmx(request) else "evidence", evidence=found)


@require_safe
def check(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What is still to be done: gaps, figures typed by hand, findings at their places."""
    return _review_page(request, Text.of(seen_report(request, code, pk)))


@require_POST
def recheck(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The text as it stands in the editor, checked and not saved."""
    report = _editing(request, code, pk)
    try:
        blocks = checked_blocks(posted_rows(request.POST), report.body["claims"])
    except UserError as refused:
        return report_page(request, report, "_refused", status=422, problem=said(refused))
    return _review_page(request, Text(report, {**report.body, "blocks": blocks}, report.snapshot))


def _review_page(request: HttpRequest, text: Text, problem: str = "") -> HttpResponse:
    """The whole page; for the editor its side panel, for the page itself what a waiver changed."""
    name = "check"
    if is_htmx(request):
        name = "_check" if request.headers.get("HX-Target") == "checked" else "_panel"
    found = text.review(borrowed_by(text, request.user, today()))
    only = {name: request.GET.get(name, "") for name in ("severity", "family", "rule")}
    return report_page(
        request, text.report, name, status=422 if problem else 200, review=found, problem=problem,
        marked=marked(found.text, found.findings, only=only), only=only,
    )  # fmt: skip


@require_POST
def waive(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Let a finding stand with a reason, or take that back."""
    report = _editing(request, code, pk)
    asked = request.POST
    rule, excerpt = asked.get("code", ""), asked.get("excerpt", "")
    try:
        if asked.get("act") == "undo":
            services.unwaive(request.user, report, rule, excerpt)
        else:
            services.waive(request.user, report, rule, excerpt, asked.get("reason", ""), at=now())
    except UserError as refused:
        return _review_page(request, Text.of(report), said(refused))
    return _review_page(request, Text.of(report)) if is_htmx(request) else redirect("reports:check", code=code, pk=pk)


# --- versions -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Kept texts, newest first; keep the present one."""
    report = seen_report(request, code, pk)
    form = KeepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(may_edit_report(request.user, report, today()))
        try:
            if form.is_valid():
                kept = services.keep_version(request.user, report, form.cleaned_data["note"], at=now())
                messages.success(request, _("已留存为第{number}版。").format(number=kept.number))
                return redirect("reports:versions", code=code, pk=pk)
        except UserError as refused:
            form.add_error("note", said(refused))
    found = list(queries.versions_of(report))
    return report_page(request, report, "versions", status=422 if form.errors else 200, versions=found, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, code: str, pk: int, number: int) -> HttpResponse:
    """Take up a kept text again, after a page that says what will happen."""
    report = _editing(request, code, pk)
    version = get_object_or_404(report.versions.select_related("made_by__member", "snapshot"), number=number)
    if request.method != "POST":
        return report_page(request, report, "restore", version=version)
    services.restore_version(request.user, report, number, at=now())
    messages.success(request, _("已恢复第{number}版。恢复前的文字也留存了。").format(number=number))
    return redirect("reports:edit", code=code, pk=pk)


@require_safe
def compare(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Two texts beside each other; by default the newest kept one and the present one."""
    report = seen_report(request, code, pk)
    found = list(queries.versions_of(report))
    if not found:
        return report_page(request, report, "compare", versions=[])
    numbers = [version.number for version in found]
    left = _chosen(request, "left", numbers, numbers[0])
    right = _chosen(request, "right", numbers, 0)
    old, new = (_text(report, number) for number in (left, right))
    changes = changed_claims(new.body, old.data, new.data, report.writer.name) if old.snapshot != new.snapshot else []
    rows = compared(Side(old.body, old.found), Side(new.body, new.found))
    return report_page(
        request, report, "compare", versions=found, left=left, right=right, groups=_folded(rows),
        differing=sum(row.change != "same" for row in rows), old=old, new=new,
        changes=[(new.label(number), before, after) for number, before, after in changes],
    )  # fmt: skip


def _chosen(request: HttpRequest, name: str, numbers: list[int], default: int) -> int:
    digits = request.GET.get(name, "")
    asked = int(digits) if digits.isdecimal() and len(digits) < 9 else default
    if asked not in (0, *numbers):
        raise Http404
    return asked


def _text(report: Report, number: int) -> Text:
    """The text of a version; 0 is the present one."""
    if number == 0:
        return Text.of(report)
    return Text.of_version(report.versions.select_related("snapshot").get(number=number), report)


def _folded(rows: list[Row]) -> list[tuple[bool, list[Row]]]:
    """Runs of equal paragraphs, to be folded, and of changed ones, to be shown."""
    return [(same, list(some)) for same, some in groupby(rows, key=lambda row: row.change == "same")]


# --- files --------------------------------------------------------------------------------------------------------


@require_safe
def exports(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Which file, with or without the annex."""
    report = seen_report(request, code, pk)
    return report_page(request, report, "exports", gaps=gaps_of(report.body))


@require_safe
def export(request: HttpRequest, code: str, pk: int, format: str) -> HttpResponse:
    """The report as .docx or .pdf. Characters no font has are named before the file is handed out."""
    report = seen_report(request, code, pk)
    annex = request.GET.get("annex") == "1"
    try:
        made = services.export_report(request.user, report, format, annex=annex)
    except UserError as refused:
        return report_page(
            request, report, "exports", status=422, problem=said(refused), annex=annex, gaps=gaps_of(report.body)
        )
    if made.missing and request.GET.get("anyway") != "1":
        return report_page(request, report, "exports", missing=made.missing, annex=annex, gaps=gaps_of(report.body))
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=made.name) or "attachment"
    }
    return HttpResponse(made.data, content_type=made.media_type, headers=headers)
