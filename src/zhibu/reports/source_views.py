"""A report held against other texts: which it shares passages with, and one of them beside it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zhibu.corpus.comparing import beside
from zhibu.corpus.feeds import named
from zhibu.corpus.passages import own_side
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import today
from zhibu.reports.feed import ReportFeed, sheet_of, title_of
from zhibu.reports.queries import Text
from zhibu.reports.sources import sources_of
from zhibu.reports.views import report_page, seen_report


@require_safe
def sources(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Every text of the corpus that the report shares passages with; those the reader may not open, without name."""
    report = seen_report(request, code, pk)
    sheet = sheet_of(Text.of(report))
    try:
        found = sources_of(report, sheet, request.user, today())
    except UserError as refused:
        return report_page(request, report, "sources", status=503, problem=said(refused))
    return report_page(
        request, report, "sources", found=found, sheet=sheet,
        unseen=[(each, own_side(sheet, each.passages)) for each in found.unseen],
    )  # fmt: skip


@require_safe
def source(request: HttpRequest, code: str, pk: int, kind: str, key: int) -> HttpResponse:
    """One source beside the report."""
    report = seen_report(request, code, pk)
    name = named(kind, key)
    if name == named(ReportFeed.kind, report.pk):
        raise Http404
    found = beside(sheet_of(Text.of(report)), name, report.organization, request.user, today())
    if found is None:
        raise Http404
    return report_page(request, report, "source", found=found, title=title_of(report))
