"""The facts of a day, from the ledger, the tasks and the posts: for every body, or for a few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Max, Min
from django.utils import timezone

from zhibu.disclosure.models import Publication
from zhibu.disclosure.models import State as PublicationState
from zhibu.disclosure.queries import dues_of
from zhibu.errors import Sentence
from zhibu.ledger.gathering import Item, gather
from zhibu.ledger.month import act_kinds, due_day
from zhibu.ledger.queries import ledgers_of
from zhibu.meetings.models import Meeting, MeetingState
from zhibu.org.models import COMMITTEE_TITLES, Organization, OrganizationKind, Post
from zhibu.org.queries import existing_on
from zhibu.org.spans import in_force
from zhibu.periods import add_months
from zhibu.reminders.deciding import (
    LOOKED_BACK,
    TASK_AHEAD,
    TERM_MONTHS,
    Ahead,
    Body,
    Facts,
    OpenTask,
    Shown,
    Term,
    Work,
)
from zhibu.rulebook.duty import EachMember
from zhibu.tasks.models import State, Task, Verb

UNDONE = ("missing", "not-yet-due")


def facts_on(on: date) -> Facts:
    """Everything anybody may have to be reminded of on the day."""
    bodies = list(Organization.objects.filter(existing_on(on)).order_by("path"))
    by_key = {body.pk: body for body in as_bodies(bodies)}
    return Facts(
        work=work_of(bodies, on, ahead=31),
        tasks=tasks_of(Task.objects.all(), on, ahead=max(TASK_AHEAD)),
        terms=terms_of(by_key, on),
        meetings=meetings_of(on),
        shown=publicity_of(on),
    )


def as_bodies(rows: Sequence[Organization]) -> list[Body]:
    """As reminders name them: a Party cell together with its branch, as every branch has a first one."""
    branches = {row.path: str(row) for row in rows if row.kind == OrganizationKind.BRANCH}
    return [Body(row.path, row.code, branches.get(row.path[: -row.steplen], "") + str(row), row.pk) for row in rows]


def work_of(bodies: Sequence[Organization], on: date, ahead: int) -> list[Work]:
    """What the bodies owe and have not done, due from LOOKED_BACK days ago to `ahead` days from now."""
    first, last = on - timedelta(days=LOOKED_BACK), on + timedelta(days=ahead)
    named = as_bodies(bodies)
    found = []
    for year in range(first.year, min(last.year, on.year) + 1):
        for body, (_row, standings) in zip(named, ledgers_of(bodies, year, on), strict=True):
            for item in gather(standings):
                due = day_due(item, on)
                if item.status in UNDONE and is_an_act(item) and first <= due <= last:
                    found.append(Work(body, Sentence("duty", item.duty.label), due))
    return found + _disclosures(bodies, named, on, first, last)


def _disclosures(
    bodies: Sequence[Organization], named: Sequence[Body], on: date, first: date, last: date
) -> list[Work]:
    """What the bodies' catalogues say must be on the board and is not."""
    found = dues_of(bodies, on)
    return [
        Work(body, Sentence("disclose", "公开{what}", what=one.item.label), one.due)
        for row, body in zip(bodies, named, strict=True)
        for one in found[row.pk]
        if one.owed and first <= one.due <= last
    ]


def is_an_act(item: Item) -> bool:
    """Somebody can do it: an activity or study hours; not what the roster decides."""
    return bool(act_kinds(item)) or isinstance(item.duty.shape, EachMember)


def day_due(item: Item, on: date) -> date:
    """The day it is due; while a time of grace runs, the end of that."""
    due = due_day(item)
    if item.status == "not-yet-due" and due < on:
        return due + timedelta(days=item.duty.grace_days)
    return due


def tasks_of(tasks: Iterable[Task], on: date, ahead: int) -> list[OpenTask]:
    """Unfinished ones that are due, or were, and those that wait to be verified."""
    first, last = on - timedelta(days=LOOKED_BACK), on + timedelta(days=ahead)
    rows = tasks.select_related("organization", "given_by")  # type: ignore[attr-defined]
    due = rows.filter(state=State.OPEN, due__range=(first, last))
    reported = rows.filter(state=State.REPORTED, steps__verb=Verb.REPORT).annotate(reported=Max("steps__at"))
    return [_task(row, None) for row in due.order_by("due", "pk")] + [
        _task(row, timezone.localdate(row.reported)) for row in reported.order_by("pk")
    ]


def _task(row: Task, reported: date | None) -> OpenTask:
    body, giver = as_bodies([row.organization])[0], as_bodies([row.given_by])[0]
    return OpenTask(row.pk, body, giver, row.text, row.due, reported)


def meetings_of(on: date) -> list[Ahead]:
    """Meetings of today and tomorrow that people are invited to."""
    rows = Meeting.objects.filter(state=MeetingState.PLANNED, day__range=(on, on + timedelta(days=1)))
    return [
        Ahead(
            row.pk, as_bodies([row.organization])[0], row.title, row.day,
            row.starts.strftime("%H:%M") if row.starts else "", row.place,
        )
        for row in rows.select_related("organization").order_by("day", "starts", "pk")
    ]  # fmt: skip


def publicity_of(on: date) -> list[Shown]:
    """Publicity with a least number of days whose last day is today or was a while ago; ended ones are settled."""
    span = (on - timedelta(days=LOOKED_BACK), on)
    rows = Publication.objects.filter(state=PublicationState.APPROVED, until__range=span).order_by("until", "pk")
    return [
        Shown(row.pk, as_bodies([row.organization])[0], row.title, row.until)
        for row in rows.select_related("organization")
        if row.matter.least_days(row.since)
    ]


def terms_of(bodies: dict[int, Body], on: date) -> list[Term]:
    """The end of each committee's term, where it is near or has just passed; in one query."""
    span = (on - timedelta(days=LOOKED_BACK), add_months(on, max(TERM_MONTHS)))
    posts = Post.objects.filter(in_force(on), title__in=COMMITTEE_TITLES, term_ends__range=span)
    rows = posts.order_by().values("organization").annotate(ends=Min("term_ends"))
    known = [row for row in rows if row["organization"] in bodies]
    return sorted(
        (Term(bodies[row["organization"]], row["ends"]) for row in known), key=lambda term: (term.ends, term.body)
    )
