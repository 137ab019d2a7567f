"""What a regulation asks, as data: a duty with its citation, its strength and one of a few shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

Strength = Literal["must", "shall", "at-least", "usually", "may"]
STRENGTHS: Mapping[str, str] = {"must": "必须", "shall": "应当", "at-least": "至少", "usually": "一般", "may": "可以"}

Confidence = Literal["V", "V2", "M", "P"]
CONFIDENCES: Mapping[str, str] = {"V": "条文已核对", "V2": "据转述，条文未核对", "M": "未核对", "P": "地方或习惯做法"}


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`count` activities of any kind in `of`, each `per` period. `months`: the usual months (一般在第四季度).

    `numbered` is False where the text gives no number (按期, 定期): one is looked for, none is unknown, not missing.
    `tags`: only records carrying all these tags count.
    """

    count: int
    per: str
    of: tuple[str, ...]
    months: tuple[int, ...] = ()
    numbered: bool = True
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EachMember:
    """Every member of `group` reaches `hours` study hours per year."""

    hours: float
    group: str = "member"


@dataclass(frozen=True, slots=True)
class Within:
    """After each event of kind `event`, an activity of a kind in `of` within `days` or `months` (one of them)."""

    event: str
    of: tuple[str, ...]
    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class Holds:
    """A measure of the profile stays within bounds, judged at the end of the year or on the day asked about.

    `measure` is an attribute of Profile, or `term_overrun`: days since the committee's term ended (0 while it runs).
    """

    measure: str
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Quorum:
    """Every record of a kind in `of` has at least (or, if `strict`, more than) `share` of those entitled present."""

    of: tuple[str, ...]
    share: Fraction
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """In every record of a kind in `of`, measure `part` is at most `at_most` of measure `whole`."""

    of: tuple[str, ...]
    part: str
    whole: str
    at_most: Fraction


Shape = AtLeast | EachMember | Within | Holds | Quorum | Share


RECURRENCES: Mapping[type[Shape], str] = {
    EachMember: "year",
    Within: "event",
    Holds: "state",
    Quorum: "event",
    Share: "event",
}
"""How often a shape is looked at; AtLeast says it itself with `per`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Applies only while a measure lies within bounds, e.g. full_members at_least 7."""

    measure: str
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing owed. `id` is `<regulation slug>/<key>`; a local duty's slug is `local-<number>`."""

    id: str
    label: str
    label_en: str
    regulation: str
    """Title of the regulation or local document."""
    article: str
    """第十一条; several are joined by 、; empty for a local document without articles."""
    text: str
    """The operative phrase, quoted: 一般每季度召开1次. Nothing longer."""
    strength: Strength
    confidence: Confidence
    subject: tuple[str, ...]
    """Kinds of organisation that owe it, e.g. branch or leading-group: `organisations` in vocabulary.yaml."""
    shape: Shape
    sectors: tuple[str, ...] = ()
    """organ, village, community, enterprise, school; empty: all."""
    when: tuple[Condition, ...] = ()
    since: date = date(1921, 7, 23)
    until: date | None = None
    grace_days: int = 0
    """Days after the period in which it still counts, as late."""
    record: tuple[str, ...] = ()
    """Field sets asked for as evidence: R0, RV, RT, RL, RO, RH …"""
    origin: str = ""
    """Who laid it down (issuer or local committee) and, for local duties, …"""
    number: str = ""
    """… its document number."""
    note: str = ""
    note_en: str = ""

    @property
    def key(self) -> str:
        """The id without the regulation's slug."""
        return self.id.rpartition("/")[2]

    @property
    def recurrence(self) -> str:
        """month, quarter, half-year, year, event or state."""
        return self.shape.per if isinstance(self.shape, AtLeast) else RECURRENCES[type(self.shape)]

    @property
    def verified(self) -> bool:
        return self.confidence == "V"


@dataclass(frozen=True, slots=True)
class Regulation:
    """`articles` maps 第十一条 to the confidence with which its text was read."""

    slug: str
    title: str
    title_en: str
    issuer: str
    number: str
    source: str
    since: date
    until: date | None
    duties: tuple[Duty, ...]
    articles: Mapping[str, str] = field(default_factory=dict)
