"""Choosing a matter and drafting it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.activities import files as store
from zhibu.disclosure import queries, services
from zhibu.disclosure.access import hands
from zhibu.disclosure.catalogue import Item, catalogue
from zhibu.disclosure.checking import period_of
from zhibu.disclosure.deadlines import deadline
from zhibu.disclosure.forms import PublicationForm, publication_form
from zhibu.disclosure.frame import described, frame, items_by_group, now, read_body, read_publication
from zhibu.disclosure.models import Publication, State
from zhibu.disclosure.suggested import suggested_text, suggested_title
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import require, today
from zhibu.org.models import Organization
from zhibu.periods import Period, periods


def _proposing(request: HttpRequest, code: str) -> Organization:
    organization = read_body(request, code)
    require(hands(request.user, organization, today()).propose)
    return organization


@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Which matter to disclose: first what is due, then the whole catalogue."""
    organization = _proposing(request, code)
    due = reversed(queries.disclosures_due(organization, today()))
    context = frame(
        request,
        organization,
        due=[one for one in due if one.owed and not one.publication],
        groups=items_by_group(catalogue().items.values()),
    )
    return render(request, "disclosure/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The form for a new draft. Its title and, where there are records, its text are proposed."""
    organization = _proposing(request, code)
    item = catalogue().items.get(slug)
    if item is None:
        raise Http404
    form = _form(request, organization, item, _proposed(request, organization, item))
    kept = _kept(request, form)
    if request.method == "POST" and not form.errors:
        try:
            made = services.draft(request.user, organization, form.values(), kept, at=now())
        except UserError as refused:
            _told(form, refused)
        else:
            return _onward(request, made)
    return _form_page(request, organization, item, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Change a draft; what was handed in is given back first."""
    organization = _proposing(request, code)
    publication = read_publication(request, organization, pk)
    if publication.state != State.DRAFT:
        return redirect("disclosure:show", code, pk)
    initial = {name: getattr(publication, name) for name in services.COPIED}
    form = _form(request, organization, publication.matter, initial)
    kept = _kept(request, form)
    if request.method == "POST" and not form.errors:
        version = _number(request.POST.get("version", ""))
        drop = [_number(word) for word in request.POST.getlist("drop")]
        try:
            made = services.save_draft(request.user, publication, form.values(), version, kept, drop, at=now())
        except UserError as refused:
            _told(form, refused)
        else:
            return _onward(request, made)
    return _form_page(request, organization, publication.matter, form, publication=publication)


def _form(request: HttpRequest, organization: Organization, item: Item, initial: dict[str, Any]) -> PublicationForm:
    sent = request.POST if request.method == "POST" else None
    return publication_form(request.user, organization, item, today(), sent, initial)


def _proposed(request: HttpRequest, organization: Organization, item: Item) -> dict[str, Any]:
    period = _period(item, request.GET.get("period", ""))
    return {
        "period": period.key if period else "",
        "title": suggested_title(item, period),
        "body": suggested_text(organization, item, period, today()),
        "audience": item.audience,
        "since": today(),
    }


def _period(item: Item, asked: str) -> Period | None:
    """The period asked for, else the one whose deadline comes next."""
    if not item.recurring:
        return None
    try:
        return period_of(item, asked)
    except UserError:
        coming = (one for year in (today().year - 1, today().year, today().year + 1)
                  for one in periods(item.rhythm, year) if deadline(item, one) >= today())  # fmt: skip
        return next(coming)


def _kept(request: HttpRequest, form: PublicationForm) -> list[store.Kept]:
    """The files sent along, looked at and written, also where the form has a slip; what is wrong with one stands at the
    form's head."""
    kept = list(store.from_tickets(request.POST.getlist("ticket")))
    for upload in request.FILES.getlist("files"):
        try:
            kept.append(store.keep(upload, upload.name or ""))
        except UserError as refused:
            form.add_error(None, said(refused))
    form.kept = kept
    return kept


def _told(form: PublicationForm, refused: UserError) -> None:
    """The refusal at the field it is about."""
    fields = {
        "period-needed": "period",
        "identity-number-shown": "body",
        "until-before-since": "until",
        "publicity-too-short": "until",
        "publicity-too-short-until": "until",
        "calendar-year-unknown": "until",
    }
    field = fields.get(refused.code)
    form.add_error(field if field in form.fields else None, said(refused))


def _onward(request: HttpRequest, made: Publication) -> HttpResponse:
    """To its page; with 保存并提出 it is handed in at once."""
    if request.POST.get("act") == "propose":
        services.propose(request.user, made, at=now())
        messages.success(request, _("已提出，等待审核。"))
    else:
        messages.success(request, _("草稿已保存。"))
    return redirect("disclosure:show", made.organization.code, made.pk)


def _form_page(
    request: HttpRequest,
    organization: Organization,
    item: Item,
    form: PublicationForm,
    publication: Publication | None = None,
) -> HttpResponse:
    kept = getattr(form, "kept", [])
    context = frame(
        request,
        organization,
        form=form,
        described=described(item),
        publication=publication,
        files=publication.files.all() if publication else [],
        tickets=[(one.name, store.ticket(one)) for one in kept],
        accept=store.ACCEPT,
        there=_there_already(organization, item, form, publication),
    )
    return render(request, "disclosure/draft.html", context, status=422 if form.is_bound else 200)


def _there_already(
    organization: Organization, item: Item, form: PublicationForm, publication: Publication | None
) -> Publication | None:
    """Another publication of the same matter and period that is up or on its way."""
    period = form["period"].value() if item.recurring else ""
    if not period or (publication and publication.replaces_id):
        return None
    rows = Publication.objects.filter(organization=organization, item=item.slug, period=period)
    gone = (State.WITHDRAWN, State.ENDED)
    return rows.exclude(state__in=gone).exclude(pk=publication.pk if publication else None).first()


def _number(word: str) -> int:
    """A number of a row as sent; 0, which no row has, for anything else."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < 19 else 0
