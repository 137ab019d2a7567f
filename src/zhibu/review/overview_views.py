"""The leaders' overview: one page a committee and year, and the same as a short PDF."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.journal import note
from zhibu.org.models import ABOVE_BRANCHES
from zhibu.review import access
from zhibu.review.overview import LOW
from zhibu.review.overview_paper import overview_pdf
from zhibu.review.overview_queries import YEARS, Picture, picture

FIRST = 2000


def _picture(request: HttpRequest, code: str, year: int) -> Picture:
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    if organization.kind not in ABOVE_BRANCHES or not FIRST + YEARS <= year <= on.year:
        raise Http404
    require(access.may_read_season(request.user, organization, on))
    return picture(organization, year, on)


@require_safe
def show(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Heat map, trends, kinds of problems, who needs help; each opens what it rests on."""
    found = _picture(request, code, year)
    context = {
        "organization": found.committee, "picture": found, "low": LOW, "before": year - 1,
        "after": year + 1 if year < found.on.year else None,
        "most": max((one.tally.found for one in found.kinds), default=1),
    }  # fmt: skip
    return render(request, "review/overview.html", context)


@require_safe
def paper(request: HttpRequest, code: str, year: int) -> HttpResponse:
    found = _picture(request, code, year)
    try:
        with translation.override(settings.LANGUAGE_CODE):
            made = overview_pdf(found)
    except UserError as refused:
        messages.error(request, said(refused))
        return redirect("review:overview", code=code, year=year)
    title = f"{found.committee.name}{year}年度党建工作概览"
    with transaction.atomic():
        note(request.user, found.committee, "print-overview", found.committee, title)
    name = content_disposition_header(True, f"{title}.pdf") or "attachment"
    return HttpResponse(made.data, content_type="application/pdf", headers={"Content-Disposition": name})
