"""What stands in one person's calendar: meetings of the own branch, and one's own deadlines. Nothing of anybody else's,
no talks, no minutes, no names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhibu.activities.kinds import load_kinds
from zhibu.activities.models import Activity
from zhibu.meetings.models import Meeting, MeetingState
from zhibu.org.access import powers
from zhibu.org.models import Account, Organization
from zhibu.reminders.calendar import Entry
from zhibu.reminders.deciding import Work
from zhibu.reminders.gathering import as_bodies, terms_of, work_of
from zhibu.reminders.services import LEADING
from zhibu.tasks.queries import tasks_of_member

AHEAD = 92
"""Days of deadlines shown."""
BEHIND = 92
"""Days of meetings shown."""
REPORTING = "reporting"


def agenda_of(account: Account, on: date, zone: ZoneInfo, site: str) -> list[Entry]:
    """The entries of an account's calendar on a day, by what the account is on that day. `site` in front of links."""
    mine = powers(account, on)
    led = {post.path for post in mine.posts if post.title in LEADING}
    bodies = list(Organization.objects.filter(path__in=led).order_by("path")) if led else []
    return [
        *_invitations(mine.member_id, on, zone, site),
        *_meetings(mine.home_id, mine.home_path, on, zone, site),
        *_work(work_of(bodies, on, AHEAD), site),
        *_terms(bodies, on, site),
        *_tasks(mine.member_id, on, site),
    ]


def _invitations(member: int | None, on: date, zone: ZoneInfo, site: str) -> Iterator[Entry]:
    """Meetings to come to which one is invited, or which one chairs or records."""
    if member is None:
        return
    mine = Q(invitations__member=member, invitations__leave=False) | Q(chair=member) | Q(recorder=member)
    rows = Meeting.objects.filter(mine, state=MeetingState.PLANNED, day__gte=on - timedelta(days=BEHIND)).distinct()
    for row in rows.select_related("organization").order_by("day", "pk"):
        url = _whole(site, reverse("meetings:show", args=[row.organization.code, row.pk]))
        yield _at(f"meeting-{row.pk}", row.title, row.day, row.starts, row.ends, row.place, url, zone)


def _at(
    uid: str, title: str, day: date, starts: time | None, ends: time | None, place: str, url: str, zone: ZoneInfo
) -> Entry:
    begins = datetime.combine(day, starts, tzinfo=zone) if starts else None
    finishes = datetime.combine(day, ends, tzinfo=zone) if starts and ends else None
    return Entry(uid, title, day, begins, finishes, place, url)


def _meetings(home: int | None, path: str, on: date, zone: ZoneInfo, site: str) -> Iterator[Entry]:
    """Of the own branch and its Party cells; talks and what is only reported or shown not at all."""
    if home is None:
        return
    kinds = [kind.slug for kind in load_kinds().values() if kind.group != REPORTING and not kind.private]
    rows = Activity.objects.filter(
        Q(organization=home) | Q(organization__path__startswith=path, organization__kind="cell"),
        kind__in=kinds, held__gte=on - timedelta(days=BEHIND), withdrawn_at=None,
    )  # fmt: skip
    for row in rows.select_related("organization").order_by("held", "pk"):
        url = _whole(site, reverse("activities:show", args=[row.organization.code, row.pk]))
        yield _at(f"activity-{row.pk}", row.title, row.held, row.starts, row.ends, row.place, url, zone)


def _work(work: list[Work], site: str) -> Iterator[Entry]:
    gathered: dict[tuple[str, date], list[Work]] = defaultdict(list)
    for one in work:
        gathered[one.body.code, one.due].append(one)
    for (code, due), some in sorted(gathered.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        labels = list(dict.fromkeys(one.label.text(_) for one in some))
        title = _("到期：{what}（{body}）").format(what=pgettext("list", "、").join(labels), body=some[0].body.name)
        yield Entry(f"due-{code}-{due}", title, due, url=_whole(site, reverse("ledger:month", args=[code])))


def _terms(bodies: list[Organization], on: date, site: str) -> Iterator[Entry]:
    for term in terms_of({body.pk: body for body in as_bodies(bodies)}, on):
        title = _("{body}本届任期届满").format(body=term.body.name)
        url = _whole(site, reverse("org:posts", args=[term.body.code]))
        yield Entry(f"term-{term.body.code}-{term.ends}", title, term.ends, url=url)


def _tasks(member: int | None, on: date, site: str) -> Iterator[Entry]:
    """What one is responsible for, or helps with, and is not done."""
    if member is None:
        return
    rows = tasks_of_member(member).filter(due__isnull=False, due__gte=on - timedelta(days=BEHIND))
    for row in rows.select_related("organization").order_by("due", "pk"):
        url = _whole(site, reverse("tasks:show", args=[row.organization.code, row.pk]))
        yield Entry(f"task-{row.pk}", _("任务：{text}").format(text=row.text), row.due, url=url)


def _whole(site: str, path: str) -> str:
    return f"{site}{path}" if site else ""
