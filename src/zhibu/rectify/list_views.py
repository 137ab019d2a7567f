"""The three lists as pages and as files, from the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from zhibu.documents.printing import MEDIA, printed_as
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import get_seen_or_404, may_read_minutes, may_record, require, today
from zhibu.org.journal import note
from zhibu.org.models import ABOVE_BRANCHES, Organization
from zhibu.rectify import access, queries
from zhibu.rectify.lists import NAMES, document, sheet
from zhibu.rectify.models import Problem
from zhibu.rectify.wish import Wish

MOST = 2000


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which problems of which body the reader wants to see."""

    organization: Organization
    on: date
    below: bool
    wish: Wish
    problems: list[Problem]


def _asked(request: HttpRequest, code: str, which: str) -> _Asked:
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    if which not in NAMES:
        raise Http404
    below = request.GET.get("whose") == "below" and organization.kind in ABOVE_BRANCHES
    require((may_record if below else may_read_minutes)(request.user, organization, on))
    seen: QuerySet[Problem] = (access.problems_below_seen_by if below else access.problems_seen_by)(
        request.user, organization, on
    )
    wish = Wish.of(request.GET)
    order = ("organization__path", "-origin__year", "origin_id", "id")
    problems = list(queries.with_all(wish.among(seen, on), on).order_by(*order)[: MOST + 1])
    return _Asked(organization, on, below, wish, problems)


@require_safe
def lists(request: HttpRequest, code: str, which: str) -> HttpResponse:
    asked = _asked(request, code, which)
    return _page(request, asked, which)


def _page(request: HttpRequest, asked: _Asked, which: str, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "organization": asked.organization, "which": which, "given": asked.below, "wish": asked.wish,
        "names": list(NAMES.items()), "sheet": sheet(which, asked.problems[:MOST], bodies=asked.below),
        "count": len(asked.problems), "too_many": len(asked.problems) > MOST, "most": MOST, **more,
    }  # fmt: skip
    return render(request, "rectify/lists.html", context, status=status)


@require_safe
def export(request: HttpRequest, code: str, which: str, form: str) -> HttpResponse:
    """The list as .docx or .pdf, in the official format."""
    asked = _asked(request, code, which)
    if form not in MEDIA:
        raise Http404
    if len(asked.problems) > MOST:
        return _page(request, asked, which, status=422)
    try:
        with translation.override(settings.LANGUAGE_CODE):  # papers are Chinese, whatever language the pages are in
            paper = document(which, asked.problems, asked.organization, asked.wish.year, asked.on, bodies=asked.below)
            made = printed_as(paper, form)
    except UserError as refused:
        return _page(request, asked, which, status=422, problem=said(refused))
    if made.missing and request.GET.get("anyway") != "1":
        return _page(request, asked, which, missing=made.missing, anyway=request.get_full_path())
    with transaction.atomic():
        words = f"导出{paper.title}（{form}）"
        note(
            request.user, asked.organization, "print-problems", asked.organization, words, problems=len(asked.problems)
        )
    headers = {"Content-Disposition": content_disposition_header(True, made.name) or "attachment"}
    return HttpResponse(made.data, content_type=made.media_type, headers=headers)
