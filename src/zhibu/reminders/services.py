"""Reminding: the facts of a day, what follows from them, and who hears it. Asking twice tells nobody twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from zhibu.meetings.models import Invitation
from zhibu.notices.models import Notice
from zhibu.notices.services import announce, tell
from zhibu.org.journal import note
from zhibu.org.models import ABOVE_BRANCHES, Member, Organization, Post, Title
from zhibu.org.spans import in_force
from zhibu.reminders.deciding import STEP, Reminder, decide
from zhibu.reminders.gathering import facts_on
from zhibu.tasks.access import reporter_of
from zhibu.tasks.models import Task
from zhibu.tasks.queries import Responsible, responsible

LEADING = (Title.SECRETARY, Title.DEPUTY_SECRETARY, Title.GROUP_SECRETARY, Title.CELL_LEADER, Title.CLERK)
"""Posts whose holders are reminded of what their body owes."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A reminder with those it is for, whether or not they have an account."""

    reminder: Reminder
    body: Organization
    """The body it is about; of what is told about several, the one above them."""
    people: tuple[Member, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one run told: notices to people, notices to groups, and how many people."""

    notices: int
    groups: int
    people: int


def reminders_on(on: date) -> list[Addressed]:
    """What is to be told on the day, and to whom; a fixed number of queries for all bodies."""
    found = decide(on, facts_on(on))
    leaders = _leaders(on)
    tasks = _tasks(found)
    invited = _invited(found)
    owners = responsible(list(tasks.values()), on)
    bodies = {row.path: row for row in Organization.objects.all()}
    return [_addressed(one, bodies, _people(one, leaders, tasks, owners, invited)) for one in found]


def _addressed(one: Reminder, bodies: dict[str, Organization], people: Sequence[Member]) -> Addressed:
    """What is told to those above about several bodies leads to the page on which they see them."""
    name, *given = one.page
    if name != "ledger:rollup":
        return Addressed(one, bodies[one.body.path], tuple(people), reverse(name, args=given))
    above = bodies[one.body.path[:-STEP]]
    name = "ledger:rollup" if above.kind in ABOVE_BRANCHES else "ledger:month"
    return Addressed(one, above, tuple(people), reverse(name, args=[above.code]))


def remind(on: date, at: datetime) -> Told:
    """Tell what has not been told yet. Each reminder is its own transaction: a run that is cut off is made good."""
    notices = groups = 0
    told: set[int] = set()
    for one in reminders_on(on):
        with transaction.atomic():
            count = tell(
                one.people, one.reminder.sentence, kind=one.reminder.kind, at=at, url=one.url,
                about=one.reminder.about, organization=one.body,
            )  # fmt: skip
            if count:
                told |= {person.pk for person in one.people}
            notices += count
            if one.reminder.group:
                groups += announce(
                    one.body,
                    one.reminder.sentence,
                    kind=one.reminder.kind,
                    at=at,
                    url=one.url,
                    about=one.reminder.about,
                )
    if notices or groups:
        with transaction.atomic():
            last = Notice.objects.order_by("-pk").first()
            note(None, None, "remind", last, f"{on}到期提醒：{notices}条，群提醒{groups}条", on=on)
    return Told(notices, groups, len(told))


def _leaders(on: date) -> dict[str, list[Member]]:
    """Path of each body → holders of the posts that lead it."""
    found: dict[str, list[Member]] = defaultdict(list)
    rows = Post.objects.filter(in_force(on), title__in=LEADING).select_related("member__account", "organization")
    for post in rows.order_by("pk"):
        if post.member not in found[post.organization.path]:
            found[post.organization.path].append(post.member)
    return found


def _tasks(reminders: Iterable[Reminder]) -> dict[int, Task]:
    keys = {one.task for one in reminders if one.task}
    rows = (
        Task.objects.filter(pk__in=keys).select_related("organization", "given_by", "owner").prefetch_related("steps")
    )
    return {row.pk: row for row in rows}


def _invited(reminders: Iterable[Reminder]) -> dict[int, list[Member]]:
    """Meeting → those asked to come who have not asked for leave."""
    keys = {one.meeting for one in reminders if one.meeting}
    found: dict[int, list[Member]] = defaultdict(list)
    for row in Invitation.objects.filter(meeting__in=keys, leave=False).select_related("member").order_by("pk"):
        found[row.meeting_id].append(row.member)
    return found


def _people(
    one: Reminder, leaders: Mapping[str, list[Member]], tasks: Mapping[int, Task], owners: Mapping[int, Responsible],
    invited: Mapping[int, list[Member]],
) -> Sequence[Member]:  # fmt: skip
    if one.audience == "invited":
        return invited.get(one.meeting, [])
    if one.audience == "leaders":
        return leaders.get(one.body.path, [])
    if one.audience == "above":
        return leaders.get(one.body.path[:-STEP], [])
    task, owner = tasks[one.task], owners[one.task].member
    if one.audience == "responsible":
        return [owner] if owner else []
    return _givers(task, owner, leaders)


def _givers(task: Task, owner: Member | None, leaders: Mapping[str, list[Member]]) -> Sequence[Member]:
    """Who leads the body that asked for it, but not who answers for it or reported it, as neither may verify it; if
    nobody is left, who leads the body above."""
    reporter = reporter_of(task)
    for path in (task.given_by.path, task.given_by.path[:-STEP]):
        found = [one for one in leaders.get(path, []) if one != owner and _account_of(one) != reporter]
        if found:
            return found
    return []


def _account_of(member: Member) -> int:
    """The key of the member's account, or 0."""
    return member.account.pk if hasattr(member, "account") else 0
