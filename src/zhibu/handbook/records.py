"""Activities read from the database as records ready to print: six queries, however many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from zhibu.activities.access import without_others_talks
from zhibu.activities.derived import empty
from zhibu.activities.kinds import Field, load_kinds, thresholds
from zhibu.activities.models import Activity, Attendance, Presence, Resolution, Vote
from zhibu.activities.queries import names_of, number_in_year
from zhibu.handbook.words import day_text
from zhibu.handbook.year import Reader, Record, Resolved, Talk, Value, Voted
from zhibu.ledger.facts import Span, activities_as_of
from zhibu.meetings.models import Meeting
from zhibu.org.models import Organization, OrganizationKind
from zhibu.rulebook.yamlfile import label


def activities_of(bodies: Iterable[Organization], span: Span, reader: Reader) -> QuerySet[Activity]:
    """The year's activities of the bodies that the reader may read, oldest first."""
    found = activities_as_of([body.pk for body in bodies], span).filter(held__lte=span.last)
    found = found.select_related("chair", "recorder")
    return found if reader.records else without_others_talks(found, reader.member)


def records_of(
    activities: Sequence[Activity], cells: Mapping[int, str], span: Span, names: bool = False
) -> tuple[Record, ...]:
    """The activities as records, in order. `names`: with those present by name."""
    ids = [one.pk for one in activities]
    attendance = _attendance(ids, names)
    resolutions, votes = _resolutions(ids, span), _votes(ids)
    signed = _signed({one.pk: one.version for one in activities})
    fields = {one.pk: _fields_of(one) for one in activities}
    members = names_of(
        one.fields.get(field.slug)
        for one in activities
        for field in fields[one.pk]
        if field.type == "member" and isinstance(one.fields.get(field.slug), int)
    )
    numbers: Counter[tuple[int, str]] = Counter()
    found = []
    for one in activities:
        numbers[one.organization_id, one.kind] += 1
        record = _record(one, cells.get(one.organization_id, ""), numbers[one.organization_id, one.kind])
        found.append(
            replace(
                record,
                values=tuple(_values(one, fields[one.pk], members)),
                resolutions=tuple(resolutions[one.pk]),
                votes=tuple(votes[one.pk]),
                signed=signed.get(one.pk, {}),
                **attendance[one.pk],
            )
        )
    return tuple(found)


def _record(activity: Activity, body: str, number: int) -> Record:
    kind = load_kinds().get(activity.kind)
    return Record(
        id=activity.pk,
        body=body,
        kind=activity.kind,
        label=kind.label if kind else activity.kind,
        also=tuple(slug for slug in activity.also if slug in load_kinds()),
        title=activity.title,
        number=number,
        held=activity.held,
        starts=activity.starts,
        ends=activity.ends,
        place=activity.place,
        chair=activity.chair.name if activity.chair else "",
        recorder=activity.recorder.name if activity.recorder else "",
        entitled=activity.entitled,
        present=activity.present,
        attended=activity.attended,
        hours=activity.hours,
        agenda=activity.agenda,
        minutes=activity.minutes,
        guests=activity.guests,
        studied=tuple(str(title) for title in activity.studied),
        lacks=tuple(activity.lacks),
    )


def _fields_of(activity: Activity) -> list[Field]:
    """The fields of all its kinds, each once."""
    kinds = [load_kinds().get(slug) for slug in (activity.kind, *activity.also)]
    return list({field.slug: field for kind in kinds if kind for field in kind.fields}.values())


def _values(activity: Activity, fields: Iterable[Field], members: Mapping[int, str]) -> Iterable[Value]:
    for field in fields:
        value = activity.fields.get(field.slug)
        if not empty(value):
            yield Value(field.slug, field.label, _text(field, value, members), field.type == "long")


def _text(field: Field, value: Any, members: Mapping[int, str]) -> str:
    if field.type == "member":
        return members.get(value, "")
    if field.type == "choice":
        return field.choice_label(str(value))
    if field.type == "yes-no":
        return "是" if value else "否"
    if field.type == "date":
        return day_text(_day(value)) or str(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _attendance(activities: Sequence[int], names: bool) -> dict[int, dict[str, Any]]:
    """Who was away or observed, and with `names` who was there; activity → fields of a Record."""
    found: dict[int, dict[str, list[Any]]] = defaultdict(lambda: {"there": [], "away": [], "observers": []})
    rows = Attendance.objects.filter(activity__in=activities).order_by("id")
    rows = rows if names else rows.exclude(presence=Presence.PRESENT)
    for activity, name, presence, reason in rows.values_list("activity_id", "member__name", "presence", "reason"):
        lists = found[activity]
        if presence == Presence.PRESENT:
            lists["there"].append(name)
        elif presence == Presence.OBSERVER:
            lists["observers"].append(name)
        else:
            lists["away"].append((name, str(Presence(presence).label), reason))
    empty_: dict[str, Any] = {"there": (), "away": (), "observers": ()}
    return defaultdict(
        lambda: empty_, {key: {name: tuple(rows) for name, rows in lists.items()} for key, lists in found.items()}
    )


def _resolutions(activities: Sequence[int], span: Span) -> dict[int, list[Resolved]]:
    found: dict[int, list[Resolved]] = defaultdict(list)
    rows = Resolution.objects.filter(activity__in=activities).order_by("id")
    for activity, text, owner, due, done in rows.values_list("activity_id", "text", "owner__name", "due", "done"):
        found[activity].append(Resolved(text, owner or "", due, done if done and done <= span.on else None))
    return found


METHODS = {"secret": "无记名投票", "hands": "举手表决"}


def _votes(activities: Sequence[int]) -> dict[int, list[Voted]]:
    found: dict[int, list[Voted]] = defaultdict(list)
    for vote in Vote.objects.filter(activity__in=activities).order_by("id"):
        found[vote.activity_id].append(
            Voted(
                vote.matter, vote.rule, thresholds().get(vote.rule, {}).get("label", vote.rule),
                METHODS.get(vote.method, vote.method), vote.entitled, vote.present, vote.yes, vote.no, vote.abstain,
                vote.written, vote.passed,
            )
        )  # fmt: skip
    return found


def _signed(versions: Mapping[int, int]) -> dict[int, dict[str, str]]:
    """Who confirmed the record as it now stands; a correction undoes a confirmation."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Meeting.objects.filter(activity__in=versions).values_list("activity_id", "confirmed")
    for activity, confirmed in rows:
        for role, one in confirmed.items():
            if one["version"] == versions[activity]:
                day = timezone.localdate(datetime.fromisoformat(one["at"]))
                found[activity][role] = f"{one['by']}，{day_text(day)}确认"
    return found


def talk_of(activity: Activity) -> Talk:
    """Its day and what it was about; nothing of what was said, nor by whom."""
    kind = load_kinds()[activity.kind]
    between = "、".join(label("tags", tag) for tag in activity.tags if tag != "secretary-talk")
    return Talk(activity.held, activity.title, kind.label, activity.kind, between)


def record_alone(activity: Activity, on: date) -> Record:
    """One record with the names of those present, private or not: who calls has seen to it that it may be read."""
    span = Span(activity.held.year, on)
    (record,) = records_of([activity], {}, span, names=True)
    body = activity.organization
    return replace(
        record, number=number_in_year(activity), body=body.name if body.kind == OrganizationKind.CELL else ""
    )
