"""减负: what a committee asked of the bodies below it, month by month, and whether it was known already.

Counted, never typed: a request is a task given to a body, or a recurring duty laid down that concerns it; a piece of
material is a request that asks to see something; notice is the days between the request and its deadline.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from statistics import median

from django.utils import timezone

from zhibu.duties.models import LocalDuty
from zhibu.duties.queries import as_duty
from zhibu.org.models import Organization
from zhibu.org.queries import existing_on
from zhibu.tasks.models import Task

SHORT_NOTICE = 5
"""Days. A request with less notice than this is shown as such: no rule, a mirror."""


@dataclass
class Asked:
    """What was asked in one month, of one body or of all."""

    requests: int = 0
    materials: int = 0
    notices: list[int] = field(default_factory=list)

    def add(self, other: Asked) -> None:
        self.requests += other.requests
        self.materials += other.materials
        self.notices += other.notices

    @property
    def notice(self) -> int | None:
        """Median days of notice; None where nothing had a deadline."""
        return int(median(self.notices)) if self.notices else None

    @property
    def short(self) -> int:
        return sum(days < SHORT_NOTICE for days in self.notices)


@dataclass(frozen=True, slots=True)
class Burden:
    """A committee's year: `months[m]` of all bodies together, `bodies` of each in the month asked for."""

    months: tuple[Asked, ...]
    bodies: tuple[tuple[Organization, Asked], ...]


def burden(committee: Organization, year: int, month: int, on: date) -> Burden:
    """Four queries, whatever the number of bodies."""
    below = Organization.objects.filter(existing_on(on), path__startswith=committee.path, depth__gt=committee.depth)
    bodies = {body.pk: body for body in below.order_by("path")}
    each: dict[tuple[int, int], Asked] = defaultdict(Asked)
    for body, made, due, asked in _tasks(committee, year):
        row = each[made.month, body]
        row.requests += 1
        row.materials += bool(asked)
        if due:
            row.notices.append(max(0, (due - made).days))
    for made, kinds in _duties(committee, year):
        for body in bodies.values():
            if body.kind in kinds:
                each[made.month, body.pk].requests += 1
    months = [Asked() for _ in range(12)]
    for (number, _body), row in each.items():
        months[number - 1].add(row)
    shown = [(bodies[pk], row) for (number, pk), row in each.items() if number == month and pk in bodies]
    shown.sort(key=lambda pair: (-pair[1].requests, pair[0].path))
    return Burden(tuple(months), tuple(shown))


def _tasks(committee: Organization, year: int) -> Iterable[tuple[int, date, date | None, str]]:
    rows = Task.objects.filter(given_by=committee, made_at__year=year).exclude(organization=committee)
    localdate = lru_cache(timezone.localdate)  # what is handed down to many bodies was made at one moment
    for body, made, due, asked in rows.order_by().values_list("organization_id", "made_at", "due", "asked"):
        yield body, localdate(made), due, asked


def _duties(committee: Organization, year: int) -> Iterable[tuple[date, tuple[str, ...]]]:
    for row in LocalDuty.objects.filter(organization=committee, made_at__year=year).select_related("organization"):
        yield timezone.localdate(row.made_at), as_duty(row).subject
