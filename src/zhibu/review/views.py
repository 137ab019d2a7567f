"""What the pages of a season share: the season or one reporter in it, loaded and authorised in one go."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from zhibu.org.access import today
from zhibu.org.models import Organization
from zhibu.review import access
from zhibu.review.models import Cycle, Entry

LARGEST = 2**63 - 1
"""An address may hold a larger number than a database can be asked for."""


def now() -> datetime:
    return timezone.now()


def seen_cycle(request: HttpRequest, code: str, pk: int) -> Cycle:
    """The season, for those who lead or read it and for those who report in it."""
    organization = get_object_or_404(Organization, code=code)
    cycles = access.cycles_seen_by(request.user, organization, today()).select_related("organization", "plan")
    return get_object_or_404(cycles, pk=min(pk, LARGEST))


def seen_entry(request: HttpRequest, code: str, pk: int, entry: int) -> Entry:
    cycle = seen_cycle(request, code, pk)
    entries = access.entries_seen_by(request.user, cycle, today()).select_related(
        "cycle__plan", "report__organization", "report__writer", "report__snapshot"
    )
    return get_object_or_404(entries, pk=min(entry, LARGEST))
