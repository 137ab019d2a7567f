"""一岗双责: what a leader in charge of bodies should know of them, and what he did about it. Derived, never typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhibu.activities.access import private_kinds
from zhibu.activities.models import Activity, Presence
from zhibu.ledger.month import Month, month_of
from zhibu.ledger.queries import ledgers_of
from zhibu.org.access import powers
from zhibu.org.models import Account, Organization, Post, Title
from zhibu.org.spans import in_force
from zhibu.tasks.models import Task, TaskStep
from zhibu.tasks.queries import overdue

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Charge:
    """One body: what is to be done this month and was left, and tasks that were decided but not done."""

    body: Organization
    month: Month
    overdue: int

    @property
    def open(self) -> int:
        return len(self.month.due) + len(self.month.mend) + len(self.month.leftovers)


@dataclass(frozen=True, slots=True)
class Done:
    """What he did in those bodies this year; of private talks only how many."""

    activities: tuple[Activity, ...]
    talks: int
    steps: tuple[TaskStep, ...]


def bodies_in_charge(account: Account, on: date) -> list[Organization]:
    """Bodies the account's holder is in charge of today."""
    member = powers(account, on).member_id
    if member is None:
        return []
    posts = Post.objects.filter(in_force(on), member=member, title=Title.IN_CHARGE).select_related("organization")
    return [post.organization for post in posts.order_by("organization__path")]


def charges(bodies: list[Organization], on: date) -> list[Charge]:
    first = on.replace(day=1)
    late = dict.fromkeys((body.pk for body in bodies), 0)
    for organization in overdue(Task.objects.filter(organization__in=bodies), on).values_list(
        "organization", flat=True
    ):
        late[organization] += 1
    return [Charge(body, month_of(found, first, {}), late[body.pk]) for body, found in ledgers_of(bodies, on.year, on)]


def done(account: Account, bodies: list[Organization], on: date) -> Done:
    """Activities he chaired or came to and steps he took on tasks, in the bodies themselves and below them."""
    within = Q(pk__in=[])
    for body in bodies:
        within |= Q(organization__path__startswith=body.path)
    mine = Q(chair=account.member_id) | Q(
        attendance__member=account.member_id, attendance__presence__in=(Presence.PRESENT, Presence.OBSERVER)
    )
    found = Activity.objects.filter(within, mine, held__year=on.year, held__lte=on, withdrawn_at=None).distinct()
    shown = found.exclude(kind__in=private_kinds()).select_related("organization").order_by("-held", "-id")[:SHOWN]
    steps = TaskStep.objects.filter(within, by=account, at__year=on.year).select_related("task__organization")
    talks = found.filter(kind__in=private_kinds()).count()
    return Done(tuple(shown), talks, tuple(steps.order_by("-id")[:SHOWN]))
