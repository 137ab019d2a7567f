"""A year's reports of a committee held against each other: a picture, the groups, and every pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import ABOVE_BRANCHES, Organization
from zhibu.reports import jobs, season
from zhibu.reports.access import may_read_drafts
from zhibu.reports.models import Report
from zhibu.reports.queries import reports_below

PAGE = 50
DRAWN = 3000
"""Pairs drawn into the picture, the largest shares first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the picture: row and column from 0, share, what it tells, and where it leads."""

    row: int
    column: int
    share: float
    label: str
    url: str


def _committee(request: HttpRequest, code: str) -> Organization:
    organization = get_seen_or_404(request.user, code, on=today())
    require(organization.kind in ABOVE_BRANCHES and may_read_drafts(request.user, organization, today()))
    return organization


@require_http_methods(["GET", "HEAD", "POST"])
def between(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The reports of a year below the committee; computed again by POST."""
    organization = _committee(request, code)
    reports = list(season.season_of(organization, year))
    if request.method == "POST":
        return _compute(request, organization, year, len(reports))
    going_on = jobs.progress(organization, year) if len(reports) > season.QUICK else None
    if is_htmx(request):
        return _progress(request, organization, year, going_on)
    versions = season.versions_of(reports)
    found, problem = season.kept(organization, year), ""
    stale = found is None or bool(found.changed(versions))
    if stale and reports and len(reports) <= season.QUICK:
        try:
            found = season.compute(organization, year, at=timezone.now())
        except UserError as refused:
            problem = said(refused)
    context: dict[str, Any] = {
        "organization": organization, "year": year, "reports": reports, "problem": problem, "found": found,
        "progress": going_on, "years": _years(organization), "changed": found.changed(versions) if found else 0,
    }  # fmt: skip
    return render(request, "reports/between.html", context | (_shown(request, reports, found) if found else {}))


def _progress(
    request: HttpRequest, organization: Organization, year: int, going_on: jobs.Progress | None
) -> HttpResponse:
    """How far it is; the page itself anew when that is over."""
    context = {"organization": organization, "year": year, "progress": going_on}
    answer = render(request, "reports/_progress.html", context)
    if going_on is None or going_on.state == "failed":
        answer["HX-Refresh"] = "true"
    return answer


def _compute(request: HttpRequest, organization: Organization, year: int, count: int) -> HttpResponse:
    if count > season.QUICK:
        jobs.want(organization, year)
        messages.success(request, _("已开始在后台对照，可以先做别的。"))
        return redirect("reports:between", code=organization.code, year=year)
    try:
        season.compute(organization, year, at=timezone.now())
    except UserError as refused:
        messages.error(request, said(refused))
    else:
        messages.success(request, _("已按现在的文字重新对照。"))
    return redirect("reports:between", code=organization.code, year=year)


def _years(organization: Organization) -> list[int]:
    return list(reports_below(organization).order_by("-year").values_list("year", flat=True).distinct())


def _shown(request: HttpRequest, reports: Sequence[Report], found: season.Between) -> dict[str, Any]:
    """What was found, in words: of reports that are gone since, nothing."""
    by_key = {report.pk: report for report in reports}
    pairs = [pair for pair in found.pairs if pair.first in by_key and pair.second in by_key]
    groups = [[by_key[key] for key in group if key in by_key] for group in found.groups]
    grouped = [report for group in groups for report in group]
    rest = [report for report in reports if report not in grouped]
    page = Paginator(pairs, PAGE).get_page(request.GET.get("page"))
    return {
        "groups": groups, "order": [*grouped, *rest], "cells": _cells(pairs[:DRAWN], [*grouped, *rest]),
        "page": page, "rows": [_row(pair, by_key) for pair in page], "parameters": "",
        "touched": len({key for pair in pairs for key in (pair.first, pair.second)}),
    }  # fmt: skip


def _row(pair: season.Pair, by_key: Mapping[int, Report]) -> dict[str, Any]:
    first, second = by_key[pair.first], by_key[pair.second]
    return {"pair": pair, "first": first, "second": second, "url": _address(first, second)}


def _address(first: Report, second: Report) -> str:
    return reverse("reports:source", args=[first.organization.code, first.pk, "report", second.pk])


def _cells(pairs: Sequence[season.Pair], order: Sequence[Report]) -> list[Cell]:
    place = {report.pk: number for number, report in enumerate(order)}
    by_key = {report.pk: report for report in order}
    cells = []
    for pair in pairs:
        for one, other, share in (
            (pair.first, pair.second, pair.share), (pair.second, pair.first, pair.share_back)
        ):  # fmt: skip
            if share:
                first, second = by_key[one], by_key[other]
                label = f"{first.organization} ↔ {second.organization}"
                cells.append(Cell(place[one], place[other], share, label, _address(first, second)))
    return cells
