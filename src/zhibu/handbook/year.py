"""A branch's year as plain data: what the handbook is made of. Pure.

What its reader may not see is not in it: `queries.branch_year` leaves it out, and the tables leave out its columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from zhibu.ledger.gathering import Item


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a handbook is made. Nobody, unless told otherwise.

    `records`: may record in the branch, so reads all of it; else only what every member may read, and his own.
    `keeps`: keeps the roster, so reads the personal data in it.
    """

    member: int | None = None
    records: bool = False
    keeps: bool = False


EVERYTHING = Reader(records=True, keeps=True)
"""The operator at the command line."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The roster counted on the last day seen."""

    members: int = 0
    full: int = 0
    probationary: int = 0
    committee: int = 0
    cells: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """A member on the last day seen; the personal fields are empty for readers who do not keep the roster."""

    number: str
    name: str
    status: str
    post: str = ""
    cell: str = ""
    gender: str = ""
    born: date | None = None
    education: str = ""
    job: str = ""
    joined: date | None = None
    confirmed: date | None = None


@dataclass(frozen=True, slots=True)
class Studied:
    """Study hours of a member in the year, and how often."""

    number: str
    name: str
    hours: float
    times: int


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in the roster: admitted, confirmed, moved-in, moved-out or another status."""

    day: date
    what: str
    label: str
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A post held in the year or a part of it."""

    title: str
    name: str
    since: date
    until: date | None
    term_ends: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    leader: str
    members: int
    founded: date
    ended: date | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolution and what became of it by the last day seen."""

    text: str
    owner: str
    due: date | None
    done: date | None


@dataclass(frozen=True, slots=True)
class Voted:
    matter: str
    rule: str
    rule_label: str
    method: str
    entitled: int
    present: int
    yes: int
    no: int
    abstain: int
    written: int
    passed: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A field of the kind's own that was filled in."""

    slug: str
    label: str
    text: str
    long: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """An activity as it is printed. Of a private one only day, title, kind and pair are here: see `Talk`."""

    id: int
    body: str
    """The cell's name where it is a cell's; empty for the branch's own."""
    kind: str
    label: str
    also: tuple[str, ...]
    title: str
    number: int
    """Which one of its kind in its body and year."""
    held: date
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    chair: str = ""
    recorder: str = ""
    entitled: int = 0
    present: int = 0
    attended: int = 0
    hours: float = 0
    agenda: str = ""
    minutes: str = ""
    guests: str = ""
    studied: tuple[str, ...] = ()
    there: tuple[str, ...] = ()
    """Names of those present; only where one record is printed by itself."""
    away: tuple[tuple[str, str, str], ...] = ()
    """Those on leave or absent: name, which of the two, reason."""
    observers: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    resolutions: tuple[Resolved, ...] = ()
    votes: tuple[Voted, ...] = ()
    lacks: tuple[str, ...] = ()
    signed: Mapping[str, str] = field(default_factory=dict)
    """chair, recorder → who confirmed this version of the record, and when."""

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset({self.kind, *self.also})

    def value(self, *slugs: str) -> str:
        """The first of these own fields that was filled in."""
        return next((one.text for slug in slugs for one in self.values if one.slug == slug), "")


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk without anything said at it, nor who talked: its day, what it was about, between whom by their posts."""

    day: date
    subject: str
    label: str
    kind: str
    between: str


@dataclass(frozen=True, slots=True)
class ToDo:
    """An item of a plan or list, or another task of the branch, and what became of it by the last day seen."""

    text: str
    source: str
    form: str
    """Form of its origin (plan, list …); empty for one that comes from a meeting, a visit or by itself."""
    owner: str
    due: date | None
    state: str
    closed: date | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A month's plan: approved on, and how many of its items came to which end."""

    title: str
    state: str
    approved: date | None
    items: int
    done: int
    moved: int
    missed: int


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a secretary did, as the records have it; `group` is a slug of responsibility.yaml.

    `record` or `task` is what it opens: the body's code and the number; neither for what is only counted.
    """

    group: str
    label: str
    label_en: str
    day: date
    text: str
    record: tuple[str, int] | None = None
    task: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class DutyRecord:
    """The record of duty of one secretary in one year."""

    name: str
    post: str
    since: date
    until: date | None
    deeds: tuple[Deed, ...] = ()
    talks: int = 0


@dataclass(frozen=True, slots=True)
class BranchYear:
    """Everything about one branch and year that one reader may see, as of `on`."""

    code: str
    name: str
    kind: str
    sector: str
    superior: str
    founded: date
    ended: date | None
    units: int
    year: int
    on: date
    reader: Reader
    figures: Figures = Figures()
    members: tuple[Person, ...] = ()
    studied: tuple[Studied, ...] = ()
    changes: tuple[Change, ...] = ()
    posts: tuple[Held, ...] = ()
    cells: tuple[Cell, ...] = ()
    items: tuple[Item, ...] = ()
    """The ledger, an act once."""
    records: tuple[Record, ...] = ()
    """All activities but private ones, oldest first."""
    talks: tuple[Talk, ...] = ()
    plans: tuple[Planned, ...] = ()
    todos: tuple[ToDo, ...] = ()
    duty_records: tuple[DutyRecord, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many changes of the roster there were of each sort; also for readers who do not see whose."""

    @property
    def whole(self) -> bool:
        return self.reader.records
