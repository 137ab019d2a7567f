"""The catalogue a body follows, its public page and its wall display."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhibu.disclosure import boards, queries
from zhibu.disclosure.access import may_keep_board
from zhibu.disclosure.catalogue import catalogue
from zhibu.disclosure.forms import CatalogueForm
from zhibu.disclosure.frame import frame, items_by_group, read_body
from zhibu.disclosure.models import Board
from zhibu.org.access import require, today


@require_http_methods(["GET", "HEAD", "POST"])
def catalogue_page(request: HttpRequest, code: str) -> HttpResponse:
    """Which matters this body discloses, with the rule behind each; those who keep the board adopt them."""
    organization = read_body(request, code)
    adoption = queries.adoption(organization)
    chosen = [one.item.slug for one in adoption.in_force(today())] if adoption.of else usual_items()
    may_keep = may_keep_board(request.user, organization, today())
    if request.method == "POST":
        require(may_keep)
    form = CatalogueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        boards.adopt(request.user, organization, form.cleaned_data["items"], on=today())
        messages.success(request, _("公开目录已定，从今天起按它提醒期限。"))
        return redirect("disclosure:catalogue", code)
    context = frame(
        request,
        organization,
        form=form,
        groups=items_by_group(catalogue().items.values()),
        chosen=request.POST.getlist("items") if request.method == "POST" else chosen,
        since={one.item.slug: one.since for one in adoption.in_force(today())},
        follows=adoption.of,
    )
    return render(request, "disclosure/catalogue.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def ways(request: HttpRequest, code: str) -> HttpResponse:
    """The public page and the wall display: on, off, and their addresses."""
    organization = read_body(request, code)
    require(may_keep_board(request.user, organization, today()))
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act in ("open", "close"):
            boards.open_to_public(request.user, organization, act == "open")
        elif act in ("renew", "stop"):
            boards.renew_wall(request.user, organization, act == "renew")
        return redirect("disclosure:ways", code)
    found = Board.objects.filter(organization=organization).first()
    wall = reverse("public:wall", args=[found.wall_key]) if found and found.wall_key else ""
    context = frame(
        request,
        organization,
        public=bool(found and found.public),
        public_page=reverse("public:index", args=[code]),
        wall_page=wall,
        site=request.build_absolute_uri("/")[:-1],
    )
    return render(request, "disclosure/ways.html", context)


def usual_items() -> list[str]:
    """What is ticked where nobody has adopted anything: what a regulation names, verified or not; no local habit."""
    return [item.slug for item in catalogue().items.values() if item.basis.confidence != "P"]
