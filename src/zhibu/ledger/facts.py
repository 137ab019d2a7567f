"""Facts from the database, in bulk: what rules look at for a list of bodies, a year and a day.

The number of queries does not grow with the bodies. Everything is seen as it stood on the day asked about: activities
held and recorded by then, not yet withdrawn by then, reasons given by then. So last year can be asked again, and gives
the answer it gave. A corrected record counts as corrected, from the day it was first recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from zhibu.activities.models import Activity, Attendance, Presence
from zhibu.duties.models import Explanation
from zhibu.org.figures import profiles
from zhibu.org.models import COMMITTEE_TITLES, PRESENT_STATUSES, MemberStatus, Organization, Post, Status, Title
from zhibu.rulebook.facts import Event, MemberYear, Record, Subject
from zhibu.rulebook.yamlfile import vocabulary

ELECTED_TOGETHER = 2
"""So many committee posts beginning on one day are read as the election of a committee."""


@dataclass(frozen=True, slots=True)
class Span:
    """The year asked about, and the day on which it is asked."""

    year: int
    on: date

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """The last day of the year that has been seen."""
        return max(self.first, min(date(self.year, 12, 31), self.on))

    @property
    def evening(self) -> datetime:
        """The first moment after the day asked about."""
        return timezone.make_aware(datetime.combine(self.on + timedelta(days=1), time.min))


def subjects(bodies: Sequence[Organization], year: int, on: date) -> list[Subject]:
    """Each body with its facts, in the order given."""
    span = Span(year, on)
    ids = [body.pk for body in bodies]
    figures = profiles(bodies, year, on)
    records = _records(ids, span)
    posts, statuses = _posts(ids, span), _statuses(ids, span)
    members = _members(ids, span, statuses, posts)
    explanations = _explanations(ids, span)
    return [
        Subject(
            code=body.code,
            name=body.short_name or body.name,
            kind=body.kind,
            sector=body.sector,
            founded=body.founded,
            ended=body.ended,
            recording_since=body.recording_since,
            profiles=tuple(figures.get(body.pk, ())),
            records=tuple(records.get(body.pk, ())),
            members=tuple(members.get(body.pk, ())),
            events=_events(body, span, records.get(body.pk, []), posts.get(body.pk, []), statuses.get(body.pk, [])),
            explanations=explanations.get(body.pk, {}),
        )
        for body in bodies
    ]


def activities_as_of(bodies: Iterable[int], span: Span) -> QuerySet[Activity]:
    """Activities of the year and the one after it (deadlines run on), as they were known on the day, oldest first."""
    return Activity.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=span.evening),
        organization_id__in=list(bodies),
        held__gte=span.first,
        held__lte=min(span.on, date(span.year + 1, 12, 31)),
        recorded_at__lt=span.evening,
    ).order_by("held", "id")


def record_of(row: Mapping[str, Any]) -> Record:
    """A Record from the columns of RECORD_COLUMNS."""
    return Record(
        id=row["id"],
        kinds=frozenset({row["kind"], *row["also"]}),
        held=row["held"],
        recorded=timezone.localtime(row["recorded_at"]).date(),
        entitled=row["entitled"],
        present=row["present"],
        hours=row["hours"],
        lacks=tuple(row["lacks"]),
        tags=frozenset(row["tags"]),
        measures=_measures(row["fields"]),
    )


RECORD_COLUMNS = (
    "id",
    "kind",
    "also",
    "held",
    "recorded_at",
    "entitled",
    "present",
    "hours",
    "lacks",
    "tags",
    "fields",
)


def _measures(fields: Mapping[str, Any]) -> dict[str, float]:
    return {key: fields[key] for key in vocabulary()["record_measures"] if isinstance(fields.get(key), int | float)}


def _records(ids: list[int], span: Span) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = defaultdict(list)
    for row in activities_as_of(ids, span).values("organization_id", *RECORD_COLUMNS):
        found[row["organization_id"]].append(record_of(row))
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """A status or a post: what, who (`number` and `cared_for` of the member), from when until when."""

    id: int
    what: str
    member: int
    since: date
    until: date | None
    number: str
    cared_for: bool


HELD_COLUMNS = ("member_id", "since", "until", "member__number", "member__cared_for")


def _posts(ids: list[int], span: Span) -> dict[int, list[Held]]:
    """Committee posts held at some time of the year; one that ended as it began is kept, to tell a re-election."""
    rows = Post.objects.filter(
        Q(until__isnull=True) | Q(until__gte=span.first),
        organization_id__in=ids,
        since__lte=span.last,
        title__in=COMMITTEE_TITLES,
    )
    return _by_body(rows.values_list("organization_id", "id", "title", *HELD_COLUMNS))


def _statuses(ids: list[int], span: Span) -> dict[int, list[Held]]:
    rows = MemberStatus.objects.filter(
        Q(until__isnull=True) | Q(until__gt=span.first),
        organization_id__in=ids,
        since__lte=span.last,
        status__in=PRESENT_STATUSES,
    )
    return _by_body(rows.values_list("organization_id", "id", "status", *HELD_COLUMNS))


def _by_body(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    for body, *values in rows:
        found[body].append(Held(*values))
    return found


def _members(
    ids: list[int], span: Span, statuses: Mapping[int, list[Held]], posts: Mapping[int, list[Held]]
) -> dict[int, list[MemberYear]]:
    hours = _hours(ids, span)
    return {
        body: [
            MemberYear(
                code=spans[0].number,
                groups=_groups(member, posts.get(body, ()), span),
                hours=hours.get(member, 0.0),
                exempt=spans[0].cared_for or not _there_all_year(spans, span),
            )
            for member, spans in _grouped(held).items()
        ]
        for body, held in statuses.items()
    }


def _grouped(held: Iterable[Held]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    for one in held:
        found[one.member].append(one)
    return found


def _hours(ids: list[int], span: Span) -> dict[int, float]:
    """Study hours of each member this year, wherever held: at the branch or at a class of the committee above."""
    rows = Attendance.objects.filter(
        Q(activity__withdrawn_at__isnull=True) | Q(activity__withdrawn_at__gte=span.evening),
        member_id__in=MemberStatus.objects.filter(organization_id__in=ids).values("member_id"),
        presence=Presence.PRESENT,
        activity__hours__gt=0,
        activity__held__range=(span.first, span.last),
        activity__recorded_at__lt=span.evening,
    )
    return dict(rows.order_by().values_list("member_id").annotate(Sum("activity__hours")))


def _there_all_year(spans: Iterable[Held], span: Span) -> bool:
    """A member without a gap from the first to the last day seen; suspended members have one."""
    reached = span.first
    for one in sorted(spans, key=lambda held: held.since):
        if one.since > reached:
            return False
        if one.until is None or one.until > span.last:
            return True
        reached = max(reached, one.until)
    return False


def _groups(member: int, posts: Iterable[Held], span: Span) -> frozenset[str]:
    own = [post for post in posts if post.member == member]
    groups = {"member"}
    if any(post.until is None or post.until > span.last for post in own):
        groups.add("committee")
    if any(_newly_appointed(post, own, span) for post in own):
        groups.add("new-secretary")
    return frozenset(groups)


def _newly_appointed(post: Held, own: Iterable[Held], span: Span) -> bool:
    """A secretary's post that begins this year and does not merely go on after a re-election."""
    if post.what != Title.SECRETARY or not span.first <= post.since <= span.last:
        return False
    return not any(other.what == Title.SECRETARY and other.until == post.since for other in own)


def _events(
    body: Organization, span: Span, records: Iterable[Record], posts: list[Held], statuses: list[Held]
) -> tuple[Event, ...]:
    """What starts a deadline. An admission is the first status of somebody who is probationary."""
    events = [
        Event("secretary-appointed", post.since, post.id)
        for post in posts
        if _newly_appointed(post, [other for other in posts if other.member == post.member], span)
    ]
    starts = [post.since for post in posts if span.first <= post.since <= span.last]
    together = sorted({day for day in starts if starts.count(day) >= ELECTED_TOGETHER})
    events += [Event("committee-elected", day) for day in together]
    if span.first <= body.founded <= span.last:
        events.append(Event("branch-founded", body.founded))
    events += [
        Event("democratic-life-meeting-held", record.held, record.id)
        for record in records
        if "democratic-life-meeting" in record.kinds and record.held.year == span.year
    ]
    events += [Event("member-admitted", one.since, one.id) for one in admissions(statuses, span)]
    return tuple(sorted(events, key=lambda event: (event.on, event.kind, event.id)))


def admissions(statuses: Iterable[Held], span: Span) -> list[Held]:
    """Probationary statuses that begin this year and follow no other in the branch."""
    known = list(statuses)
    return [
        one
        for one in known
        if one.what == Status.PROBATIONARY
        and span.first <= one.since <= span.last
        and not any(other.member == one.member and other.since < one.since for other in known)
    ]


def _explanations(ids: list[int], span: Span) -> dict[int, dict[tuple[str, str], str]]:
    found: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    rows = Explanation.objects.filter(organization_id__in=ids, made_at__lt=span.evening, period__startswith=span.year)
    for body, duty, period, reason in rows.values_list("organization_id", "duty", "period", "reason"):
        found[body][duty, period] = reason
    return found
