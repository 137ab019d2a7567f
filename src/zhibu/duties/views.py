"""Regulations and what they mean for one body; local duties. How a duty stands is for the ledger to say."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.duties.examples import examples_of
from zhibu.duties.forms import EndForm, LocalDutyForm
from zhibu.duties.models import LocalDuty
from zhibu.duties.queries import as_duty, duties_of, in_force_in, local_duties
from zhibu.duties.services import end_duty, lay_down_duty
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import get_seen_or_404, may_lay_down_duties, require, today
from zhibu.org.models import Organization
from zhibu.rulebook.duty import Duty, Regulation
from zhibu.rulebook.obligations import concerns
from zhibu.rulebook.regulations import load_regulations

ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one regulation means for one body: the duties it has, and how many of all there are."""

    regulation: Regulation
    own: tuple[Duty, ...]

    @property
    def unverified(self) -> int:
        return sum(not duty.verified for duty in self.own)


@require_safe
def regulations(request: HttpRequest, code: str) -> HttpResponse:
    """All regulations, those that ask something of this body first; and the local duties it has."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    duties = [
        duty for duty in duties_of(organization, on.year) if concerns(duty, organization.kind, organization.sector)
    ]
    meanings = [_meaning(one, duties) for one in load_regulations()]
    context = {
        "organization": organization,
        "year": on.year,
        "own": [one for one in meanings if one.own],
        "others": [one for one in meanings if not one.own],
        "local": [duty for duty in duties if duty.id.startswith("local-")],
        "may_lay_down": may_lay_down_duties(request.user, organization, on),
    }
    return render(request, "duties/regulations.html", context)


def _meaning(regulation: Regulation, duties: list[Duty]) -> Meaning:
    return Meaning(regulation, tuple(duty for duty in duties if duty.id.startswith(f"{regulation.slug}/")))


@require_safe
def regulation(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """One regulation: its duties for this body, its words, how sure the text is; the rest of it folded away."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    found = next((one for one in load_regulations() if one.slug == slug), None)
    if found is None:
        raise Http404
    own = [
        duty
        for duty in found.duties
        if concerns(duty, organization.kind, organization.sector) and in_force_in(duty, on.year)
    ]
    context = {
        "organization": organization,
        "year": on.year,
        "regulation": found,
        "own": own,
        "others": [duty for duty in found.duties if duty not in own],
    }
    return render(request, "duties/regulation.html", context)


@require_safe
def duty(request: HttpRequest, code: str, slug: str, key: str) -> HttpResponse:
    """One duty in plain words, with the cases that test it."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    every = (*duties_of(organization, on.year), *(one for rule in load_regulations() for one in rule.duties))
    found = next((one for one in every if one.id == f"{slug}/{key}"), None)
    if found is None:
        raise Http404
    context = {
        "organization": organization,
        "year": on.year,
        "duty": found,
        "slug": slug,
        "local": slug.startswith("local-"),
        "concerned": concerns(found, organization.kind, organization.sector),
        "examples": examples_of(slug, key),
    }
    return render(request, "duties/duty.html", context)


@require_safe
def local(request: HttpRequest, code: str) -> HttpResponse:
    """What this body has laid down for those below it, and what has come down to it from above."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    page = Paginator(local_duties(organization), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "organization": organization,
        "page": page,
        "rows": [(row, as_duty(row)) for row in page],
        "inherited": _inherited(organization, on.year, {row.pk for row in page}),
        "may_lay_down": may_lay_down_duties(request.user, organization, on),
        "today": on,
    }
    return render(request, "duties/local.html", context)


def _inherited(organization: Organization, year: int, own: set[int]) -> list[Duty]:
    ids = {f"local-{pk}/duty" for pk in own}
    return [one for one in duties_of(organization, year) if one.id.startswith("local-") and one.id not in ids]


@require_http_methods(["GET", "HEAD", "POST"])
def local_new(request: HttpRequest, code: str) -> HttpResponse:
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    require(may_lay_down_duties(request.user, organization, on))
    form = LocalDutyForm(request.POST or None, initial={"origin": organization.name})
    if request.method == "POST" and form.is_valid():
        try:
            lay_down_duty(request.user, organization, form.values())
        except UserError as error:
            form.add_error(None, said(error))
        else:
            messages.success(request, _("任务已下达，下级组织的台账从施行之日起按它计算。"))
            return redirect("duties:local", code)
    return render(request, "duties/local_new.html", {"organization": organization, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def local_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Confirm the end of a local duty on a page of its own."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    require(may_lay_down_duties(request.user, organization, on))
    row = get_object_or_404(LocalDuty, organization=organization, pk=pk)
    form = EndForm(request.POST or None, initial={"until": on})
    if request.method == "POST" and form.is_valid():
        try:
            end_duty(request.user, row, form.cleaned_data["until"])
        except UserError as error:
            form.add_error("until", said(error))
        else:
            messages.success(request, _("已定截止日期；以前的台账不变。"))
            return redirect("duties:local", code)
    return render(request, "duties/local_end.html", {"organization": organization, "row": row, "form": form})
