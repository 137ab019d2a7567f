"""Pages: the handbook of a year and its files, the sheet of a record, a secretary's record of duty."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from zhibu.activities.access import activities_seen_by
from zhibu.documents.printing import Printed
from zhibu.errors import UserError
from zhibu.handbook import services
from zhibu.handbook.access import may_read_duty_record, may_read_handbook, reader_of
from zhibu.handbook.composing import sections_for
from zhibu.handbook.deeds import duty_record_of, heads_of
from zhibu.handbook.forms import HandbookForm
from zhibu.handbook.outline import outline_in_use
from zhibu.handbook.queries import KEPT_KINDS
from zhibu.handbook.responsibility import groups, of_group
from zhibu.http import said
from zhibu.ledger.facts import Span
from zhibu.ledger.queries import years_with_records
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import Organization, Post


def _branch(request: HttpRequest, code: str) -> Organization:
    organization = get_seen_or_404(request.user, code, on=today())
    if organization.kind not in KEPT_KINDS:
        raise Http404
    require(may_read_handbook(request.user, organization, today()))
    return organization


def _page(request: HttpRequest, organization: Organization, *, status: int = 200, **extra: Any) -> HttpResponse:
    reader = reader_of(request.user, organization, today())
    sections = sections_for(reader, outline_in_use(settings.HANDBOOK_OUTLINE))
    years = years_with_records(organization, today())
    data = request.GET if extra.get("asked") else None
    context = {
        "organization": organization,
        "form": HandbookForm(data, years=years, sections=sections, today=today()),
        "whole": reader.records,
        "keeps": reader.keeps,
        **extra,
    }
    return render(request, "handbook/index.html", context, status=status)


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the year and the sections, and download the handbook."""
    return _page(request, _branch(request, code))


@require_safe
def export(request: HttpRequest, code: str, format: str) -> HttpResponse:
    """The handbook as .docx or .pdf. Characters no font has are named before the file is handed out."""
    organization = _branch(request, code)
    reader = reader_of(request.user, organization, today())
    sections = sections_for(reader, outline_in_use(settings.HANDBOOK_OUTLINE))
    form = HandbookForm(request.GET, years=years_with_records(organization, today()), sections=sections, today=today())
    if not form.is_valid():
        return _page(request, organization, status=422, asked=True)
    year, chosen = form.cleaned_data["year"], form.cleaned_data["section"]
    try:
        made = services.export_handbook(request.user, organization, year, today(), format, reader, chosen)
    except UserError as refused:
        return _page(request, organization, status=422, asked=True, problem=said(refused))
    if made.missing and request.GET.get("anyway") != "1":
        return _page(request, organization, asked=True, missing=made.missing, anyway=_anyway(request))
    return _file(made)


@require_safe
def record(request: HttpRequest, code: str, pk: int, format: str) -> HttpResponse:
    """The sheet of one record, for those who may read it."""
    organization = get_seen_or_404(request.user, code, on=today())
    seen = activities_seen_by(request.user, organization, today()).filter(withdrawn_at__isnull=True)
    activity = get_object_or_404(seen.select_related("organization", "chair", "recorder"), pk=pk)
    try:
        made = services.export_record(request.user, activity, format, today())
    except UserError as refused:
        context = {"organization": organization, "activity": activity, "problem": said(refused)}
        return render(request, "handbook/record.html", context, status=422)
    if made.missing and request.GET.get("anyway") != "1":
        context = {"organization": organization, "activity": activity, "missing": made.missing}
        return render(request, "handbook/record.html", context)
    return _file(made)


def _anyway(request: HttpRequest) -> str:
    parameters = request.GET.copy()
    parameters["anyway"] = "1"
    return parameters.urlencode()


def _file(made: Printed) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=made.name) or "attachment"
    }
    return HttpResponse(made.data, content_type=made.media_type, headers=headers)


@require_safe
def duty(request: HttpRequest, code: str) -> HttpResponse:
    """What a secretary did in a year, each act with its record: 亲自部署、过问、协调、督办."""
    organization = get_seen_or_404(request.user, code, on=today())
    years = years_with_records(organization, today())
    year = _number(request, "year", years, today().year)
    span = Span(year, today())
    posts = [post for post in heads_of(organization, span) if _may_read(request, post)]
    if not posts:
        require(may_read_duty_record(request.user, organization, 0, today()))
    chosen = _number(request, "post", [post.pk for post in posts], posts[0].pk if posts else 0)
    found = next((duty_record_of(post, span) for post in posts if post.pk == chosen), None)
    context = {
        "organization": organization,
        "year": year,
        "years": years,
        "posts": posts,
        "chosen": chosen,
        "record": found,
        "groups": [(group, of_group(found, slug)) for slug, group in groups().items()] if found else [],
    }
    return render(request, "handbook/duty.html", context)


def _may_read(request: HttpRequest, post: Post) -> bool:
    return may_read_duty_record(request.user, post.organization, post.member_id, today())


def _number(request: HttpRequest, name: str, known: list[int], otherwise: int) -> int:
    """A number of the address that is one of those known; 404 for another."""
    digits = request.GET.get(name, "")
    if not digits:
        return otherwise
    asked = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else -1
    if asked not in known:
        raise Http404
    return asked
