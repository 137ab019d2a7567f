"""What needs no log-in: the public page of a body, a place to say something, and the wall display behind its link.

Only what is up today, for the public (on the wall: for the unit too), of a body that switched the page on. Everything
else does not exist here.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.activities import files as store
from zhibu.disclosure import opinions, queries
from zhibu.disclosure.catalogue import BODIES
from zhibu.disclosure.forms import PublicCommentForm, ReceiptForm
from zhibu.disclosure.models import Audience, Publication
from zhibu.disclosure.wall import DWELL, Notice, slides
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import today
from zhibu.org.models import Organization
from zhibu.org.queries import existing_on
from zhibu.org.throttle import limit

COMMENTS_AN_HOUR, RECEIPTS_AN_HOUR = 10, 30
ON_THE_WALL = (Audience.UNIT, Audience.PUBLIC)


def _public(code: str) -> Organization:
    """A body that exists today and has switched its public page on."""
    bodies = Organization.objects.filter(existing_on(today()), kind__in=BODIES, board__public=True)
    return get_object_or_404(bodies, code=code)


def _publication(organization: Organization, pk: int) -> Publication:
    return get_object_or_404(queries.shown_on(organization, today(), (Audience.PUBLIC,)), pk=pk)


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Never kept by a cache or a search engine: what is withdrawn is gone."""
    response = render(request, template, context, status=status)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response


@login_not_required
@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """What the body shows to the public today."""
    body = _public(code)
    rows = queries.shown_on(body, today(), (Audience.PUBLIC,))
    return _answer(request, "disclosure/public.html", {"body": body, "rows": rows})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One of them, with a form for an opinion on it."""
    body = _public(code)
    publication = _publication(body, pk)
    form, receipt = _opinion(request, body, publication)
    context = {"body": body, "publication": publication, "files": publication.files.all(), "form": form}
    return _thanks(request, body, receipt) or _answer(
        request, "disclosure/public_show.html", context, 422 if form.is_bound else 200
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, code: str) -> HttpResponse:
    """A suggestion to the body, not about anything in particular."""
    body = _public(code)
    form, receipt = _opinion(request, body, None)
    return _thanks(request, body, receipt) or _answer(
        request, "disclosure/public_suggest.html", {"body": body, "form": form}, 422 if form.is_bound else 200
    )


def _opinion(request: HttpRequest, body: Organization, publication: Publication | None) -> tuple[Any, str | None]:
    """The form, and once something was sent the receipt: an empty one for a machine that filled in the trap."""
    form = PublicCommentForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return form, None
    if form.cleaned_data["website"]:
        return form, ""
    try:
        limit("comment", request.META.get("REMOTE_ADDR", ""), COMMENTS_AN_HOUR)
        given = form.cleaned_data
        row = opinions.comment(body, publication, given["text"], source="public", at=timezone.now(), name=given["name"])
    except UserError as refused:
        form.add_error(None, said(refused))
        return form, None
    return form, row.receipt


def _thanks(request: HttpRequest, body: Organization, receipt: str | None) -> HttpResponse | None:
    """The receipt is shown once, on the page that answers: no session is begun for a visitor."""
    if receipt is None:
        return None
    return _answer(request, "disclosure/public_thanks.html", {"body": body, "receipt": receipt})


@login_not_required
@require_safe
def file(request: HttpRequest, code: str, pk: int, file_pk: int) -> HttpResponseBase:
    publication = _publication(_public(code), pk)
    return store.download(get_object_or_404(publication.files, pk=file_pk))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """With the number given out: what one wrote, and the answer. Asked by POST, so that it stands in no log."""
    form, found = ReceiptForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        try:
            limit("receipt", request.META.get("REMOTE_ADDR", ""), RECEIPTS_AN_HOUR)
            found = opinions.with_receipt(form.cleaned_data["number"])
            if found is None:
                form.add_error("number", _("没有这个查询号，请核对。"))
        except UserError as refused:
            form.add_error(None, said(refused))
    context = {"form": form, "found": found}
    return _answer(request, "disclosure/receipt.html", context, 422 if form.is_bound and found is None else 200)


@login_not_required
@require_safe
def wall(request: HttpRequest, key: str) -> HttpResponse:
    """The display of the activity room: one slide at a time, the next one named in the page.

    With script the slide alone is exchanged, so that a network that fails leaves the last one standing; without, the
    page asks for the next one itself.
    """
    body = Organization.objects.filter(existing_on(today()), board__wall_key=key, kind__in=BODIES).first()
    if body is None:
        if is_htmx(request):
            return _answer(request, "disclosure/_wall_gone.html", {}, 404)
        raise Http404
    found = slides(_notice(row) for row in queries.shown_on(body, today(), ON_THE_WALL))
    number = _slide(request.GET.get("slide", ""), len(found))
    context = {
        "body": body,
        "slide": found[number - 1] if found else None,
        "number": number,
        "count": len(found),
        "next": number % len(found) + 1 if found else 1,
        "dwell": DWELL,
        "key": key,
        "today": today(),
        "dots": range(1, len(found) + 1),
    }
    return _answer(request, "disclosure/_wall_slide.html" if is_htmx(request) else "disclosure/wall.html", context)


def _slide(asked: str, count: int) -> int:
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return number if 1 <= number <= count else 1


def _notice(row: Publication) -> Notice:
    item = row.matter
    return Notice(item.wall, item.label, row.title, row.body, row.until, item.personal)
