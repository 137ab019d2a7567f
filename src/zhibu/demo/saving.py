"""The year's happenings as rows, in bulk: activities, who came, resolutions, votes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from zhibu.activities.derived import derive
from zhibu.activities.entry import Attendee, Entry, Person, ResolutionRow, VoteRow
from zhibu.activities.kinds import find_kind
from zhibu.activities.models import Activity, Attendance, Resolution, Vote
from zhibu.demo.county import Branch
from zhibu.demo.year import Happening
from zhibu.org.models import PRESENT_STATUSES, Account, Status

LEAVE_REASONS = ("出差", "因公外出", "生病", "探亲", "参加业务培训")
RECORDED_AT = time(16, 20)


class Roll:
    """Who belonged to a branch on a day, and who of them could vote."""

    def __init__(self, branch: Branch) -> None:
        self.committee = {person.pk for person in branch.committee}
        self.secretary = branch.secretary.pk
        self.names = {person.pk: person.name for person in branch.people}
        self.spans: dict[int, list[tuple[date, date, bool]]] = {}
        for row in branch.statuses:
            if row.status in PRESENT_STATUSES:
                span = (row.since, row.until or date.max, row.status == Status.FULL)
                self.spans.setdefault(row.member_id, []).append(span)

    def person(self, member: int, day: date) -> Person | None:
        """The member as he stood on that day; None for somebody who did not belong to the branch."""
        for since, until, votes in self.spans.get(member, ()):
            if since <= day < until:
                return Person(
                    member,
                    self.names[member],
                    voting=votes,
                    committee=member in self.committee,
                    secretary=member == self.secretary,
                )
        return None


Row = tuple[Activity, Happening, tuple[Attendee, ...], dict[int, Person]]


def attendance(happening: Happening, people: Mapping[int, Person], draw: random.Random) -> tuple[Attendee, ...]:
    """Whether each of those due came: most do, some are on leave, now and then one is absent."""
    rows = []
    sure = {person.pk for person in (happening.chair, happening.recorder) if person}
    for member in people:
        chance = draw.random()
        if member in sure or chance < 0.94:
            rows.append(Attendee(member, "present"))
        elif chance < 0.99:
            rows.append(Attendee(member, "leave", draw.choice(LEAVE_REASONS)))
        else:
            rows.append(Attendee(member, "absent", "未说明"))
    return tuple(rows)


def save_year(
    branch: Branch, happenings: Iterable[Happening], on: date, account: Account | None, seed: int
) -> Iterator[Row]:
    """Unsaved activities of what was held and written down by `on`, each with those who were due."""
    roll = Roll(branch)
    draw = random.Random(f"{seed}/{branch.organization.code}/attendance")  # noqa: S311 (made-up data, no secret)
    for happening in happenings:
        due = {person.pk: roll.person(person.pk, happening.held) for person in happening.due}
        people = {member: person for member, person in due.items() if person}
        rows = attendance(happening, people, draw)
        if happening.recorded <= on and (people or not happening.due):
            yield _activity(happening, rows, people, account), happening, rows, people


def _activity(
    happening: Happening, rows: tuple[Attendee, ...], people: Mapping[int, Person], account: Account | None
) -> Activity:
    recorded_at = datetime.combine(happening.recorded, RECORDED_AT, tzinfo=timezone.get_default_timezone())
    here = {
        person.pk for person in (happening.chair, happening.recorder) if person and (not rows or person.pk in people)
    }
    kind = find_kind(happening.kind)
    entry = Entry(
        happening.kind,
        happening.title,
        happening.held,
        also=happening.also,
        starts=happening.starts if kind.has("times") else None,
        ends=happening.ends if kind.has("times") else None,
        place=happening.place if kind.has("place") else "",
        agenda=happening.agenda if kind.has("agenda") else "",
        minutes=happening.minutes,
        studied=happening.studied,
        chair=happening.chair.pk if happening.chair and happening.chair.pk in here and kind.has("chair") else None,
        recorder=(
            happening.recorder.pk
            if happening.recorder and happening.recorder.pk in here and kind.has("recorder")
            else None
        ),
        hours=happening.hours,
        fields=happening.fields,
        attendance=rows,
        resolutions=tuple(ResolutionRow(text) for text in happening.resolutions),
        votes=(VoteRow(happening.vote, 0, 0, 0),) if happening.vote else (),
    )
    facts = derive(entry, kind, people)
    return Activity(
        organization=happening.organization,
        kind=entry.kind,
        also=list(entry.also),
        title=entry.title,
        held=entry.held,
        starts=entry.starts,
        ends=entry.ends,
        place=entry.place,
        chair_id=entry.chair,
        recorder_id=entry.recorder,
        agenda=entry.agenda,
        minutes=entry.minutes,
        studied=list(entry.studied),
        fields=dict(entry.fields),
        entitled=facts.entitled,
        present=facts.present,
        attended=facts.attended,
        hours=facts.hours,
        lacks=list(facts.lacks),
        tags=list(facts.tags),
        recorded_at=recorded_at,
        recorded_by=account,
        changed_at=recorded_at,
    )


def save_rows(made: list[Row], on: date) -> None:
    """Save a batch of activities with everything that hangs on them."""
    Activity.objects.bulk_create([activity for activity, *_ in made], batch_size=2000)
    insert(
        Attendance,
        ("organization_id", "activity_id", "member_id", "presence", "voting", "reason"),
        [
            (activity.organization_id, activity.pk, one.member, one.presence, people[one.member].voting, one.reason)
            for activity, _, rows, people in made
            for one in rows
        ],
    )
    Resolution.objects.bulk_create(
        [_resolution(row[0], text, index, on) for row in made for index, text in enumerate(row[1].resolutions)],
        batch_size=2000,
    )
    Vote.objects.bulk_create([_vote(row[0], row[1]) for row in made if row[1].vote], batch_size=2000)


def _resolution(activity: Activity, text: str, index: int, on: date) -> Resolution:
    """Four of five are carried out in time; the rest stay open, for the list 议而未决 later on."""
    due = activity.held + timedelta(days=30)
    done = due - timedelta(days=4) if (activity.pk + index) % 5 and due <= on else None
    return Resolution(
        organization=activity.organization, activity=activity, text=text, owner=activity.chair, due=due, done=done
    )


def _vote(activity: Activity, happening: Happening) -> Vote:
    yes = max(activity.present - 1, 0)
    return Vote(
        organization=activity.organization,
        activity=activity,
        matter=happening.vote,
        method="举手表决",
        entitled=activity.entitled,
        present=activity.present,
        yes=yes,
        no=0,
        abstain=activity.present - yes,
        passed=2 * yes > activity.entitled,
    )


def insert(model: type[Any], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Many narrow rows at once; model instances for a million attendances would cost minutes."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 (our own names)
