"""A scheme (评价办法) as data: parts with items, each judged in one of seven ways, vetoes, deductions, levels. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from zhibu.rulebook.duty import Condition

Role = Literal["scored", "veto", "deduction"]
Asked = Literal["body", "committee"]
ORIGINS = ("list", "campaign", "plan", "instruction", "project")
"""Forms of origin whose items a scheme may look at."""
OBJECTION_DAYS = 5
"""Working days for objections where the scheme does not say."""


@dataclass(frozen=True, slots=True)
class Step:
    """From `at_least` on, `share` of the points; below the first step there are none."""

    at_least: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class ByLedger:
    """The mean over all cells of these duties; `shares`: status → share. Cells exempt or not yet due are left out."""

    duties: tuple[str, ...]
    shares: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class ByRecords:
    """`count`: how many records of these kinds; `attendance`: present of those entitled, in percent."""

    kinds: tuple[str, ...]
    figure: Literal["count", "attendance"]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ByTasks:
    """Of the tasks due by the day, those closed in time: their very share, or the `steps` of the percentage.

    `given`: only those a body above has given; `plan`, `list` and so on: the items of such an origin.
    """

    of: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ByDisclosure:
    """The mean over the deadlines of these matters (none named: of all the body has to disclose)."""

    matters: tuple[str, ...]
    shares: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class ByBallot:
    """The weighted share of a vote on `question`, as it was told from outside."""

    question: str


@dataclass(frozen=True, slots=True)
class ByRoster:
    """A figure of the roster within bounds: all the points, else none."""

    measure: str
    at_least: int | None
    at_most: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    slug: str
    label: str
    label_en: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class ByPerson:
    """What no record can tell is asked: of the body itself, or of the committee above (its opinion).

    `evidence`: in words, where it can be seen.
    """

    question: str
    question_en: str
    choices: tuple[Choice, ...]
    evidence: str
    evidence_en: str
    asked_of: Asked = "body"


Measure = ByLedger | ByRecords | ByTasks | ByDisclosure | ByRoster | ByBallot | ByPerson
SORTS: Mapping[type[Measure], str] = {
    ByLedger: "ledger", ByRecords: "records", ByTasks: "tasks", ByDisclosure: "disclosure", ByRoster: "roster",
    ByBallot: "ballot", ByPerson: "person",
}  # fmt: skip

ANSWERS = (
    Choice("done", "做到了", "done", Fraction(1)),
    Choice("partly", "部分做到", "partly done", Fraction(1, 2)),
    Choice("not-done", "没有做到", "not done", Fraction(0)),
)
"""What is asked where records should tell and cannot."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing looked at. `points`: of a scored item its most, of a deduction the most it takes off, of a veto 0."""

    slug: str
    role: Role
    label: str
    label_en: str
    asks: str
    """What is asked, in the scheme's own words."""
    points: Decimal
    judged: Measure
    cites: str = ""
    when: tuple[Condition, ...] = ()
    """Asked only while these figures of the roster hold; otherwise its points are left out of the whole."""

    @property
    def sort(self) -> str:
        """How it is judged; what the committee is asked is its `opinion`."""
        opinion = isinstance(self.judged, ByPerson) and self.judged.asked_of == "committee"
        return "opinion" if opinion else SORTS[type(self.judged)]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What a person may answer, should a person be asked."""
        return self.judged.choices if isinstance(self.judged, ByPerson) else ANSWERS

    def choice(self, slug: str) -> Choice | None:
        return next((one for one in self.choices if one.slug == slug), None)


@dataclass(frozen=True, slots=True)
class Part:
    slug: str
    label: str
    label_en: str
    points: Decimal
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """Reached with `at_least` percent of the points that could be had.

    `quota`: at most this percentage of those assessed together may be given it.
    """

    label: str
    label_en: str
    at_least: int
    quota: int | None = None

    def most(self, count: int) -> int:
        """How many of `count` may be given the level."""
        return count if self.quota is None else count * self.quota // 100


@dataclass(frozen=True, slots=True)
class Scheme:
    slug: str
    version: int
    title: str
    title_en: str
    issuer: str
    number: str
    source: str
    confidence: str
    bodies: tuple[str, ...]
    """Kinds of organisation it is for."""
    parts: tuple[Part, ...]
    vetoes: tuple[Item, ...]
    deductions: tuple[Item, ...]
    levels: tuple[Level, ...]
    """The highest first; the last one is what remains below all others (0)."""
    about: Literal["organization", "report"] = "organization"
    """What is assessed: a body's year, or the report of one of its people."""
    self_assessed: bool = True
    """Whether the body first says itself what no record tells. Otherwise nothing is asked of it."""
    objection_days: int = OBJECTION_DAYS
    """Working days in which the body may object to the result."""
    note: str = ""

    @property
    def points(self) -> Decimal:
        return sum((part.points for part in self.parts), Decimal(0))

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order they are shown: parts, vetoes, deductions."""
        return (*(item for part in self.parts for item in part.items), *self.vetoes, *self.deductions)

    @property
    def duties(self) -> frozenset[str]:
        """Ids of the duties it looks at."""
        return frozenset(id for item in self.items if isinstance(item.judged, ByLedger) for id in item.judged.duties)

    def asked_of(self, item: Item) -> Asked | None:
        """Who says what no record tells; of a vote nobody does."""
        if item.sort in ("opinion", "ballot"):
            return "committee" if item.sort == "opinion" else None
        return "body" if self.self_assessed else None

    def named_level(self, label: str) -> Level | None:
        return next((level for level in self.levels if level.label == label), None)

    def level(self, percent: Decimal) -> Level:
        return next(level for level in self.levels if percent >= level.at_least)
