"""The pages of a season: the committee's seasons, the board of one, one reporter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import Organization
from zhibu.review import access, queries
from zhibu.review.models import Cycle, Entry


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The committee's seasons; of a body that reports, its places in the seasons above it."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    context = {
        "organization": organization,
        "cycles": access.cycles_seen_by(request.user, organization, on),
        "entries": access.entries_of(request.user, organization, on),
        "may_lead": access.may_lead(request.user, organization, on),
    }
    return render(request, "review/index.html", context)


def seen_cycle(request: HttpRequest, code: str, pk: int) -> Cycle:
    """The season, loaded and authorised in one go. A reporter may not see the committee's own pages but this one."""
    organization = get_object_or_404(Organization, code=code)
    cycles = access.cycles_seen_by(request.user, organization, today()).select_related("organization")
    return get_object_or_404(cycles, pk=min(pk, 2**63 - 1))


@require_safe
def board(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """All reporters by state."""
    on = today()
    cycle = seen_cycle(request, code, pk)
    require(access.may_read_season(request.user, cycle.organization, on))
    rows = queries.board(cycle, access.entries_seen_by(request.user, cycle, on), request.user, on)
    context = {"organization": cycle.organization, "cycle": cycle, "rows": rows, "counts": queries.counts(rows)}
    return render(request, "review/board.html", context)


def seen_entry(request: HttpRequest, code: str, pk: int, entry: int) -> Entry:
    cycle = seen_cycle(request, code, pk)
    return get_object_or_404(access.entries_seen_by(request.user, cycle, today()), pk=min(entry, 2**63 - 1))


@require_safe
def entry(request: HttpRequest, code: str, pk: int, entry: int) -> HttpResponse:
    """One reporter: what was handed in, and all that happened to it."""
    found = seen_entry(request, code, pk, entry)
    context = {
        "organization": found.organization,
        "cycle": found.cycle,
        "entry": found,
        "submission": queries.submission_in_force(found),
        "history": queries.history(found),
    }
    return render(request, "review/entry.html", context)
