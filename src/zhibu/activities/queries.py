"""What the pages, the services and the ledger ask about activities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from zhibu.activities.entry import (
    OBSERVER,
    PRESENT,
    Around,
    Attendee,
    Earlier,
    Elsewhere,
    Entry,
    ResolutionRow,
    VoteRow,
)
from zhibu.activities.entry_checks import ALIKE_MONTHS
from zhibu.activities.kinds import Kind, find_kind
from zhibu.activities.models import Activity, Attachment, Attendance, Resolution
from zhibu.activities.roster import people_on
from zhibu.org.models import (
    PRESENT_STATUSES,
    Member,
    MemberStatus,
    Organization,
)
from zhibu.periods import add_months


def around(organization: Organization, entry: Entry, kind: Kind, today: date, but: int | None = None) -> Around:
    """Everything the entry checks need. `but`: the record being corrected, which is no evidence against itself."""
    people = people_on(organization, entry.held, kind)
    mentioned = {one.member for one in entry.attendance} | {one for one in (entry.chair, entry.recorder) if one}
    return Around(
        today=today,
        founded=organization.founded,
        ended=organization.ended,
        people=people,
        strangers=_strangers(organization, mentioned - set(people), entry.held),
        elsewhere=_elsewhere(organization, entry, but),
        same=_same(organization, entry, kind, but),
        earlier=_earlier(organization, entry, but),
    )


def _strangers(organization: Organization, ids: set[int], on: date) -> dict[int, tuple[str, date | None, date | None]]:
    """Those not of the body that day: name, when they came (if later), when they left (if earlier)."""
    if not ids:
        return {}
    found: dict[int, tuple[str, date | None, date | None]] = {
        member.pk: (member.name, None, None) for member in Member.objects.filter(pk__in=ids)
    }
    rows = MemberStatus.objects.filter(member__in=ids, organization=organization, status__in=PRESENT_STATUSES)
    for row in rows.order_by("since"):
        name, since, until = found[row.member_id]
        if row.since > on and since is None and until is None:
            since = row.since
        elif row.until is not None and row.until <= on:
            until = row.until
        found[row.member_id] = (name, since, until)
    return found


def _elsewhere(organization: Organization, entry: Entry, but: int | None) -> tuple[Elsewhere, ...]:
    """Where else those present were on that day. Of what the reader may not open, only the kind is named."""
    if not entry.present or not entry.starts or not entry.ends:
        return ()
    rows = Attendance.objects.filter(
        member__in=entry.present,
        presence__in=(PRESENT, OBSERVER),
        activity__held=entry.held,
        activity__withdrawn_at__isnull=True,
        activity__starts__isnull=False,
        activity__ends__isnull=False,
    )
    found: dict[int, tuple[Activity, set[int]]] = {}
    for row in rows.exclude(activity=but).select_related("activity").defer("activity__minutes", "activity__agenda"):
        found.setdefault(row.activity_id, (row.activity, set()))[1].add(row.member_id)
    return tuple(
        Elsewhere(
            one.title if one.organization_id == organization.pk else find_kind(one.kind).label,
            one.starts, one.ends, frozenset(people),
        )
        for one, people in found.values()
    )  # fmt: skip


def _same(organization: Organization, entry: Entry, kind: Kind, but: int | None) -> int | None:
    """A record of this day that is probably the same one: of one kind, with one title or start, of a talk the pair."""
    rows = Activity.objects.filter(
        Q(title=entry.title) | Q(starts=entry.starts, starts__isnull=False),
        organization=organization,
        kind=entry.kind,
        held=entry.held,
        withdrawn_at__isnull=True,
    )
    for row in rows.exclude(pk=but).order_by("pk").only("chair", "fields"):
        if kind.attends != "pair" or _pair(row.chair_id, row.fields) == _pair(entry.chair, entry.fields):
            return row.pk
    return None


def _pair(chair: int | None, fields: Mapping[str, Any]) -> set[Any]:
    return {chair, fields.get("partner")}


def _earlier(organization: Organization, entry: Entry, but: int | None) -> tuple[Earlier, ...]:
    if not entry.minutes.strip():
        return ()
    rows = Activity.objects.filter(
        organization=organization,
        withdrawn_at__isnull=True,
        held__gte=add_months(entry.held, -ALIKE_MONTHS),
    ).exclude(pk=but).exclude(minutes="")  # fmt: skip
    return tuple(Earlier(*row) for row in rows.order_by("-held").values_list("id", "title", "held", "minutes")[:400])


def entry_of(activity: Activity) -> Entry:
    """A saved record as the entry it would be if entered now."""
    return Entry(
        kind=activity.kind,
        title=activity.title,
        held=activity.held,
        also=tuple(activity.also),
        starts=activity.starts,
        ends=activity.ends,
        place=activity.place,
        chair=activity.chair_id,
        recorder=activity.recorder_id,
        agenda=activity.agenda,
        minutes=activity.minutes,
        guests=activity.guests,
        studied=tuple(activity.studied),
        hours=activity.hours,
        fields=activity.fields,
        attendance=tuple(Attendee(one.member_id, one.presence, one.reason) for one in activity.attendance.all()),
        resolutions=tuple(
            ResolutionRow(one.text, one.owner_id, one.due, one.done, one.pk) for one in activity.resolutions.all()
        ),
        votes=tuple(
            VoteRow(one.matter, one.entitled, one.present, one.yes, one.no, one.abstain, one.written, one.passed,
                    one.rule, one.method)
            for one in activity.votes.all()
        ),
    )  # fmt: skip


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {one for one in ids if one is not None}
    return dict(Member.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def whole_activity(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """With everything a record's page shows, in a handful of queries."""
    return activities.select_related("organization", "chair", "recorder", "recorded_by__member").prefetch_related(
        Prefetch("attendance", Attendance.objects.select_related("member")),
        Prefetch("resolutions", Resolution.objects.select_related("owner")),
        Prefetch("attachments", Attachment.objects.select_related("file")),
        "votes",
    )


def listed(
    activities: QuerySet[Activity], *, kind: str = "", month: str = "", search: str = "", withdrawn: bool = False
) -> QuerySet[Activity]:
    """Rows of the list page: of a kind (or fulfilling it besides), of a month (2025-03) or a year, by words."""
    rows = activities.filter(withdrawn_at__isnull=not withdrawn)
    if kind:
        rows = rows.filter(Q(kind=kind) | Q(also__icontains=f'"{kind}"'))
    year, _, number = month.partition("-")
    if year.isdigit():
        rows = rows.filter(held__year=int(year))
    if number.isdigit():
        rows = rows.filter(held__month=int(number))
    for word in search.split()[:5]:
        rows = rows.filter(
            Q(title__icontains=word) | Q(place__icontains=word) | Q(agenda__icontains=word) | Q(minutes__icontains=word)
        )
    return rows.order_by("-held", "-id").defer("agenda", "minutes", "fields", "studied")


def counts_by_kind(activities: QuerySet[Activity], year: int) -> dict[str, int]:
    rows = activities.filter(held__year=year, withdrawn_at__isnull=True).order_by()
    return dict(rows.values_list("kind").annotate(Count("id")))


def number_in_year(activity: Activity) -> int:
    """Which one of its kind in its body and year it is (次数序号): 1 for the first."""
    same = Activity.objects.filter(
        organization=activity.organization_id,
        kind=activity.kind,
        held__year=activity.held.year,
        withdrawn_at__isnull=True,
    )
    return same.filter(Q(held__lt=activity.held) | Q(held=activity.held, pk__lte=activity.pk)).count()


def usual_values(organization: Organization, kind: Kind) -> dict[str, Any]:
    """Where the last one of this kind was held, who chaired it and who took the minutes: what a new form proposes."""
    if kind.attends == "pair":
        return {}
    last = Activity.objects.filter(organization=organization, kind=kind.slug, withdrawn_at__isnull=True)
    row = last.order_by("-held", "-id").values("place", "chair", "recorder").first()
    return {name: value for name, value in (row or {}).items() if value}
