"""The columns of a record that follow from its rows, in one pure place. The ledger reads them, nobody types them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from zhibu.activities.entry import ABSENT, LEAVE, OBSERVER, PRESENT, Entry, Person
from zhibu.activities.kinds import Field, Kind

DAY_HOURS = 8.0
"""One hour of study counts one, a day eight at most: the usual conversion, not a national rule."""


@dataclass(frozen=True, slots=True)
class Derived:
    """`entitled` and `present` count those with a vote (应到, 实到); `attended` everybody there but observers."""

    entitled: int
    present: int
    attended: int
    hours: float
    lacks: tuple[str, ...]
    tags: tuple[str, ...]


def derive(entry: Entry, kind: Kind, people: Mapping[int, Person], attachments: int = 0) -> Derived:
    """All derived columns of `entry`. `people` are those of the body on that day; who is not among them has no vote."""
    counted = [one for one in entry.attendance if one.presence != OBSERVER]
    entitled = [one for one in counted if one.member in people and people[one.member].voting]
    return Derived(
        entitled=len(entitled),
        present=sum(one.presence == PRESENT for one in entitled),
        attended=sum(one.presence == PRESENT for one in counted),
        hours=study_hours(entry, kind),
        lacks=tuple(lacks(entry, kind)),
        tags=tuple(tags(entry, kind, people)),
    )


def study_hours(entry: Entry, kind: Kind) -> float:
    """Hours entered; else, where the kind has hours, the length of the activity in halves, at most a day's eight."""
    if entry.hours is not None:
        return entry.hours
    if not kind.has("hours") or entry.starts is None or entry.ends is None:
        return 0.0
    return min(DAY_HOURS, round(minutes_between(entry.starts, entry.ends) / 30) / 2)


def minutes_between(starts: time, ends: time) -> float:
    return max(0.0, (ends.hour - starts.hour) * 60 + ends.minute - starts.minute)


def lacks(entry: Entry, kind: Kind) -> Iterator[str]:
    """Labels of required parts and fields left empty, in the order of the kind's file."""
    for slug, column in kind.columns.items():
        if column.required and not _has(slug, entry, kind):
            yield column.label
    for field in kind.fields:
        if field.required and empty(entry.fields.get(field.slug)) and not _excused(field, entry):
            yield field.label


def _excused(field: Field, entry: Entry) -> bool:
    return bool(field.either) and not empty(entry.fields.get(field.either))


def empty(value: Any) -> bool:
    """Nothing was entered; nought and "no" are answers."""
    return value is None or value == "" or value == []


def _has(slug: str, entry: Entry, kind: Kind) -> bool:
    if slug == "times":
        return entry.starts is not None and entry.ends is not None
    if slug in ("chair", "recorder"):
        return getattr(entry, slug) is not None
    if slug == "attendance":
        return bool(entry.present)
    if slug == "reasons":
        return all(one.reason.strip() for one in entry.attendance if one.presence in (LEAVE, ABSENT))
    if slug == "outcome":
        return bool(entry.resolutions or entry.votes or str(entry.fields.get("conclusion") or "").strip())
    if slug == "hours":
        return study_hours(entry, kind) > 0
    if slug in ("resolutions", "votes"):
        return bool(getattr(entry, slug))
    return bool(getattr(entry, slug).strip())


def tags(entry: Entry, kind: Kind, people: Mapping[int, Person]) -> Iterator[str]:
    """Between whom a talk was, by the posts of that day: committee-committee, committee-member, member-member …

    And what was chosen as `item`, where the kind knows it as a tag: which matter was disclosed.
    """
    if (chosen := entry.fields.get("item")) in kind.tags:
        yield str(chosen)
    if kind.attends != "pair" or not kind.tags:
        return
    pair = [people[one.member] for one in entry.attendance if one.presence == PRESENT and one.member in people]
    if len(pair) != 2:
        return
    yield ("member-member", "committee-member", "committee-committee")[sum(one.committee for one in pair)]
    if any(one.secretary for one in pair):
        yield "secretary-talk"


def measures(fields: Mapping[str, Any], kind: Kind) -> dict[str, float]:
    """The kind's number fields that were filled in, e.g. appraised and excellent."""
    numbers = {field.slug for field in kind.fields if field.type == "number"}
    return {slug: float(value) for slug, value in fields.items() if slug in numbers and not empty(value)}
