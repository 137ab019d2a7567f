"""What a person hands in when recording an activity, and what is known around it. Plain data: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

PRESENT, LEAVE, ABSENT, OBSERVER = "present", "leave", "absent", "observer"


@dataclass(frozen=True, slots=True)
class Attendee:
    """One member's presence: present, leave, absent or observer (列席: there, but not counted)."""

    member: int
    presence: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResolutionRow:
    text: str
    owner: int | None = None
    due: date | None = None
    done: date | None = None
    id: int | None = None
    """The row it continues when a record is corrected."""


@dataclass(frozen=True, slots=True)
class VoteRow:
    """`rule` is a key of thresholds.yaml. `written`: opinions handed in before the meeting; they count as votes."""

    matter: str
    entitled: int
    present: int
    yes: int
    no: int = 0
    abstain: int = 0
    written: int = 0
    passed: bool = False
    rule: str = "ordinary"
    method: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole record as entered. Members by id; `fields` holds the kind's own fields by slug (JSON values)."""

    kind: str
    title: str
    held: date
    also: tuple[str, ...] = ()
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    chair: int | None = None
    recorder: int | None = None
    agenda: str = ""
    minutes: str = ""
    guests: str = ""
    """Observers who are not members of this body, in free words."""
    studied: tuple[str, ...] = ()
    hours: float | None = None
    """Study hours each person present earns; None: from the times."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    attendance: tuple[Attendee, ...] = ()
    resolutions: tuple[ResolutionRow, ...] = ()
    votes: tuple[VoteRow, ...] = ()

    @property
    def present(self) -> frozenset[int]:
        """Ids of the members who were there, observers included."""
        return frozenset(a.member for a in self.attendance if a.presence in (PRESENT, OBSERVER))


@dataclass(frozen=True, slots=True)
class Person:
    """A member as he stood on the day. `voting`: full member with his rights, or committee member in a committee."""

    id: int
    name: str
    status: str = "full"
    voting: bool = True
    committee: bool = False
    secretary: bool = False
    post: str = ""
    cared_for: bool = False
    number: str = ""
    """The number in the branch's books, which tells namesakes apart."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another activity of that day in which some of the same people took part."""

    title: str
    starts: time | None
    ends: time | None
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier record of the same body, to compare minutes with."""

    id: int
    title: str
    held: date
    minutes: str


@dataclass(frozen=True, slots=True)
class Around:
    """What the entry checks need besides the entry. `people`: all who belonged to the body on that day, by id."""

    today: date
    founded: date
    ended: date | None = None
    people: Mapping[int, Person] = field(default_factory=dict)
    strangers: Mapping[int, tuple[str, date | None, date | None]] = field(default_factory=dict)
    """Mentioned but not of the body that day: id → name, since when a member, until when (None: not known)."""
    elsewhere: tuple[Elsewhere, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    same: int | None = None
    """The id of a record there is already that is probably of the same occasion."""
