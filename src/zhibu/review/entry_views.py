"""The reporter's and his body's pages: what is next, what was handed in, what was said about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhibu.review import queries
from zhibu.review.views import seen_entry


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
