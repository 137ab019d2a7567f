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
from typing import Any, TypeVar

from django.db.models import Case, FloatField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.utils import timezone

from zhibu.activities.models import Activity, Attendance, Presence
from zhibu.duties.models import Explanation
from zhibu.org.figures import (
    POST_COLUMNS,
    STATUS_COLUMNS,
    Rows,
    post_rows,
    profiles,
    status_rows,
    summed_statuses,
)
from zhibu.org.models import ABOVE_BRANCHES, COMMITTEE_TITLES, Organization, Status, Title
from zhibu.rulebook.facts import Event, MemberYear, Record, Subject
from zhibu.rulebook.yamlfile import vocabulary

T = TypeVar("T")
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


@dataclass(frozen=True, slots=True)
class Facts:
    """`subjects` in the order of the bodies; `activities` by primary key: the columns of RECORD_COLUMNS."""

    subjects: list[Subject]
    activities: Mapping[int, Mapping[str, Any]]


def subjects(bodies: Sequence[Organization], year: int, on: date) -> list[Subject]:
    """Each body with its facts, in the order given."""
    return facts_of(bodies, year, on).subjects


def facts_of(
    bodies: Sequence[Organization],
    year: int,
    on: date,
    cells: Sequence[Organization] | None = None,
    hours: bool = True,
) -> Facts:
    """All facts of the bodies. `cells`: all their Party cells, where the caller has read them; saves a query.

    Without `hours` nobody's study hours are added up, for callers that judge no duty per member.
    """
    span = Span(year, on)
    ids = {body.pk for body in bodies}
    rows = {row["id"]: row for row in activities_as_of(ids, span).values("organization_id", *RECORD_COLUMNS)}
    records = _by_body(ids, ((row["organization_id"], record_of(row)) for row in rows.values()))
    counted_posts = _post_rows(bodies, span)
    if len(bodies) == 1 and bodies[0].kind in ABOVE_BRANCHES:
        own = Q(organization_id=bodies[0].pk)
        counted_statuses, figured = _status_rows(bodies, span, hours, own), summed_statuses(bodies[0], year, on)
    else:
        counted_statuses = _status_rows(bodies, span, hours)
        figured = [row[:6] for row in counted_statuses]
    figures = profiles(bodies, year, on, Rows(figured, [row[:6] for row in counted_posts], cells))
    statuses = _by_body(ids, ((row[0], _status(row)) for row in counted_statuses if _in(row, span)))
    posts = _by_body(ids, ((row[0], _post(row)) for row in counted_posts if _in(row, span)))
    studied = {row[7]: row[10] or 0.0 for row in counted_statuses}
    explanations = _explanations(ids, span)
    found = [
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
            members=_members(statuses.get(body.pk, []), posts.get(body.pk, []), studied, span),
            events=_events(body, span, records.get(body.pk, []), posts.get(body.pk, []), statuses.get(body.pk, [])),
            explanations=explanations.get(body.pk, {}),
        )
        for body in bodies
    ]
    return Facts(found, rows)


def activities_as_of(bodies: Iterable[int], span: Span) -> QuerySet[Activity]:
    """Activities of the year and the one after it (deadlines run on), as they were known on the day, oldest first."""
    return Activity.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=span.evening),
        organization_id__in=bodies,
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
    "title",
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


@dataclass(frozen=True, slots=True)
class Held:
    """A status or a post: what, who (`number` and `cared_for` of the member), from when until when."""

    id: int
    what: str
    member: int
    since: date
    until: date | None
    number: str = ""
    cared_for: bool = False


def _status_rows(bodies: Sequence[Organization], span: Span, hours: bool, of: Q | None = None) -> list[tuple[Any, ...]]:
    """STATUS_COLUMNS, then id, member, number, cared_for and the member's study hours of the year."""
    rows = (
        status_rows(bodies, span.year, span.on)
        .filter(of or Q())
        .annotate(hours=_hours(bodies, span) if hours else _NO_HOURS)
    )
    return list(rows.values_list(*STATUS_COLUMNS, "id", "member_id", "member__number", "member__cared_for", "hours"))


def _post_rows(bodies: Sequence[Organization], span: Span) -> list[tuple[Any, ...]]:
    """POST_COLUMNS, then id."""
    return list(post_rows(bodies, span.year, span.on).order_by("since", "id").values_list(*POST_COLUMNS, "id"))


def _status(row: tuple[Any, ...]) -> Held:
    return Held(row[6], row[3], row[7], row[4], row[5], row[8], row[9])


def _post(row: tuple[Any, ...]) -> Held:
    return Held(row[6], row[1], row[2], row[4], row[5])


def _in(row: tuple[Any, ...], span: Span) -> bool:
    """Begun by the last day seen of the year; both kinds of row have `since` in the same place."""
    return bool(row[4] <= span.last)


def _by_body(ids: set[int], pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for body, one in pairs:
        if body in ids:
            found[body].append(one)
    return found


def _hours(bodies: Sequence[Organization], span: Span) -> Case:
    """Study hours of a member this year, wherever held: at the branch or at a class of the committee above.

    Only for the bodies' own members: a committee's figures count the members of all branches below it.
    """
    rows = Attendance.objects.filter(
        Q(activity__withdrawn_at__isnull=True) | Q(activity__withdrawn_at__gte=span.evening),
        member_id=OuterRef("member_id"),
        presence=Presence.PRESENT,
        activity__hours__gt=0,
        activity__held__range=(span.first, span.last),
        activity__recorded_at__lt=span.evening,
    )
    summed = rows.order_by().values("member_id").annotate(total=Sum("activity__hours")).values("total")
    own = Q(organization_id__in=[body.pk for body in bodies])
    return Case(When(own, then=Subquery(summed)), default=None, output_field=FloatField())


_NO_HOURS = Value(0.0, output_field=FloatField())


def _members(statuses: list[Held], posts: list[Held], hours: Mapping[int, float], span: Span) -> tuple[MemberYear, ...]:
    return tuple(
        MemberYear(
            code=spans[0].number,
            groups=_groups(member, posts, span),
            hours=hours.get(member, 0.0),
            exempt=spans[0].cared_for or not _there_all_year(spans, span),
        )
        for member, spans in _grouped(statuses).items()
    )


def _grouped(held: Iterable[Held]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    for one in held:
        found[one.member].append(one)
    return found


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
    own = [post for post in posts if post.member == member and post.what in COMMITTEE_TITLES]
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
    elected = [post.since for post in posts if post.what in COMMITTEE_TITLES]
    starts = [day for day in elected if span.first <= day <= span.last]
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


def _explanations(ids: set[int], span: Span) -> dict[int, dict[tuple[str, str], str]]:
    found: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    rows = Explanation.objects.filter(organization_id__in=ids, made_at__lt=span.evening, period__startswith=span.year)
    for body, duty, period, reason in rows.values_list("organization_id", "duty", "period", "reason"):
        found[body][duty, period] = reason
    return found
