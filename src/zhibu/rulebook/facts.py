"""What rules look at: a body with its dated figures, its records, its members' year and its events. Plain data.

The ledger stage loads these from the database; `cases.yaml` writes them by hand; the engines never see a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

LATE_DAYS = 30
"""A record written down more than so many days after the day it tells of counts, and is shown as late."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The figures of a body from `since` until the next profile. Each attribute but the dates is a *measure*."""

    since: date
    members: int = 0
    """All members, probationary ones included (what 50 counts)."""
    full_members: int = 0
    """正式党员: what the thresholds 3 and 7 count."""
    voting_members: int = 0
    """Full members whose rights are neither suspended nor under 留党察看."""
    committee: int = 0
    """Members of the body's committee, secretary included."""
    cells: int = 0
    units: int = 1
    """Units joined in a joint branch (联合党支部)."""
    secretaries: int = 0
    discipline_members: int = 0
    term_ends: date | None = None

    def figure(self, measure: str, day: date) -> int | None:
        """The measure on `day`; `term_overrun` is days since the term ended. None: not known."""
        if measure != "term_overrun":
            return int(getattr(self, measure))
        return None if self.term_ends is None else max(0, (day - self.term_ends).days)


@dataclass(frozen=True, slots=True)
class Record:
    """One recorded activity. `entitled` and `present` count those with the right to vote (应到会, 实到会)."""

    id: int
    kinds: frozenset[str]
    held: date
    recorded: date
    entitled: int = 0
    present: int = 0
    hours: float = 0.0
    """Study hours (学时) each person present earns."""
    lacks: tuple[str, ...] = ()
    """Labels of required fields left empty; a record that lacks something is defective, not missing."""
    tags: frozenset[str] = frozenset()
    """Finer facts a duty may ask for, e.g. committee-committee, committee-member, member-member for talks."""
    measures: Mapping[str, float] = field(default_factory=dict)
    """Figures of the record, e.g. appraised, excellent."""


@dataclass(frozen=True, slots=True)
class MemberYear:
    """What one member did this year as far as duties per member ask. `groups`: member, committee, new-secretary …"""

    code: str
    groups: frozenset[str] = frozenset({"member"})
    hours: float = 0.0
    exempt: bool = False
    """Old, ill or disabled (党员教育管理工作条例 第二十三条), suspended, or a member only for part of the year."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that starts a deadline, e.g. secretary-appointed, democratic-life-meeting-held, probation-begun."""

    kind: str
    on: date
    id: int = 0


@dataclass(frozen=True, slots=True)
class Subject:
    """A body (branch, committee, leading group) and all that its duties are judged by."""

    code: str
    name: str
    kind: str
    sector: str
    founded: date
    ended: date | None = None
    """The first day on which it was no more."""
    recording_since: date | None = None
    """First day for which this system kept records; earlier periods are unknown, not missing."""
    profiles: tuple[Profile, ...] = ()
    """Sorted by `since`; the first should start at `founded`."""
    records: tuple[Record, ...] = ()
    members: tuple[MemberYear, ...] = ()
    events: tuple[Event, ...] = ()
    explanations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(duty id, period key) → the reason given for a 一般 duty not done. It is shown, it does not fill the cell."""

    def known_profile(self, day: date) -> Profile | None:
        """The figures in force on `day`, or None before the first profile."""
        return next((profile for profile in reversed(self.profiles) if profile.since <= day), None)

    def profile(self, day: date) -> Profile:
        """The figures in force on `day`; zeros before the first profile."""
        return self.known_profile(day) or Profile(day)

    def figure(self, measure: str, day: date) -> int | None:
        """One measure on `day`. None: nobody has told this figure, which is not the same as nought."""
        profile = self.known_profile(day)
        return profile.figure(measure, day) if profile else None
