"""Schemes a body may be judged by, what an evaluation comes to, and what is behind each point."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from zhibu.activities.kinds import load_kinds
from zhibu.activities.models import Activity
from zhibu.disclosure.deadlines import Due
from zhibu.disclosure.models import Publication
from zhibu.disclosure.queries import dues_of
from zhibu.duties.queries import DutyBook
from zhibu.ledger.facts import facts_of
from zhibu.ledger.queries import MANY
from zhibu.ledger.standing import Standing, stand_all
from zhibu.org.models import Organization, OrganizationKind
from zhibu.org.queries import existing_on
from zhibu.rulebook.duty import Duty, EachMember
from zhibu.rulebook.reasons import period_name
from zhibu.rulebook.regulations import all_duties
from zhibu.rulebook.yamlfile import read_yaml_text
from zhibu.scoring.models import Evaluation, EvaluationItem, Objection, OwnScheme, State
from zhibu.scoring.points import (
    Answer,
    DisclosureFact,
    Facts,
    Point,
    Ruling,
    TaskFact,
    Total,
    points,
    ruled,
    told_by_people,
    total,
)
from zhibu.scoring.reading import load_schemes, parse_scheme
from zhibu.scoring.scheme import ByDisclosure, Item, Level, Scheme
from zhibu.tasks.models import State as TaskState
from zhibu.tasks.models import Task

# --- schemes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offered:
    """A scheme a body may use. `own`: the committee that wrote it; None: shipped as a sample."""

    scheme: Scheme
    data: Mapping[str, Any]
    own: OwnScheme | None


def schemes_for(organization: Organization) -> dict[str, Offered]:
    """By slug: the samples shipped, in their place what the bodies above have written; the nearest counts.

    Two queries, and one for the local duties such a scheme may name.
    """
    found = {slug: Offered(scheme, data, None) for slug, (scheme, data) in load_schemes().items()}
    step = Organization.steplen
    paths = [organization.path[:end] for end in range(step, len(organization.path) + 1, step)]
    rows = OwnScheme.objects.filter(organization__path__in=paths).select_related("organization", "made_by__member")
    latest: dict[str, OwnScheme] = {}
    for row in rows.order_by("organization__path", "version"):
        latest[row.slug] = row
    for slug, row in latest.items():
        data = read_scheme_data(row)
        found[slug] = Offered(parse_scheme(slug, data, frozen=True), data, row)
    return found


def read_scheme_data(row: OwnScheme) -> dict[str, Any]:
    """The data of a committee's scheme, with its own number of version. It was checked when it was written."""
    return {**read_yaml_text(row.text, f"{row.slug}.yaml"), "version": row.version}


def known_duties(organization: Organization, year: int) -> dict[str, Duty]:
    """Every duty a scheme of this body may look at: of the regulations and of the bodies down to it."""
    return {duty.id: duty for duty in (*all_duties(), *DutyBook([organization], year).of(organization))}


def scheme_of(evaluation: Evaluation) -> Scheme:
    """The scheme as it was when the evaluation began."""
    return _parsed(evaluation.scheme, evaluation.scheme_data)


@lru_cache(maxsize=64)
def _parsed(slug: str, text: str) -> Scheme:
    return parse_scheme(slug, json.loads(text), frozen=True)


# --- facts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Basis:
    """What the points of one body rest on: its cells and those of its Party cells, its figures, its tasks."""

    standings: tuple[Standing, ...]
    facts: Facts


def basis_of(bodies: Iterable[Organization], scheme: Scheme, year: int, on: date) -> dict[int, Basis]:
    """By the body's key: what the scheme looks at. The number of queries does not grow with the bodies."""
    asked, wanted = list({body.pk: body for body in bodies}.values()), scheme.duties
    cells = _cells_below(asked) if asked else []
    by_parent: dict[str, list[Organization]] = defaultdict(list)
    for cell in cells:
        by_parent[cell.path[: -Organization.steplen]].append(cell)
    tasks, disclosures = _tasks_of(asked, year), _disclosures_of(asked, scheme, year, on)
    book = DutyBook([*asked, *cells], year)
    found: dict[int, Basis] = {}
    for start in range(0, len(asked), MANY):
        some = asked[start : start + MANY]
        group = [one for body in some for one in (body, *by_parent[body.path])]
        standings = {}
        subjects = {}
        for one, subject in zip(group, facts_of(group, year, on, hours=_hours(book, wanted)).subjects, strict=True):
            subjects[one.pk] = subject
            standings[one.pk] = stand_all([d for d in book.of(one) if d.id in wanted], subject, year, on)
        for body in some:
            own = [*standings[body.pk]] + [s for cell in by_parent[body.path] for s in standings[cell.pk]]
            facts = Facts(subjects[body.pk], year, on, tuple(tasks[body.pk]), tuple(disclosures[body.pk]))
            found[body.pk] = Basis(tuple(own), facts)
    return found


def _hours(book: DutyBook, wanted: frozenset[str]) -> bool:
    return any(isinstance(duty.shape, EachMember) for id, duty in book.by_id().items() if id in wanted)


def _cells_below(bodies: Sequence[Organization]) -> list[Organization]:
    """Party cells of the branches among the bodies, in the order of the tree."""
    branches = {body.path for body in bodies if body.kind == OrganizationKind.BRANCH and body.numchild}
    if not branches:
        return []
    rows = Organization.objects.filter(
        kind=OrganizationKind.CELL, path__gt=min(branches), path__lt=max(branches) + "Z" * Organization.steplen * 2
    ).order_by("path")
    return [row for row in rows if row.path[: -Organization.steplen] in branches]


def _tasks_of(bodies: Sequence[Organization], year: int) -> dict[int, list[TaskFact]]:
    """Tasks with a deadline in the year, of each body; an item of a plan without one is due when the plan ends."""
    found: dict[int, list[TaskFact]] = defaultdict(list)
    rows = Task.objects.annotate(by=Coalesce("due", "origin__until")).filter(
        organization__in=[body.pk for body in bodies], by__range=(date(year, 1, 1), date(year, 12, 31))
    )
    rows = rows.exclude(state__in=(TaskState.DRAFT, TaskState.CANCELLED)).order_by("by", "id")
    for pk, body, giver, due, done, state, form in rows.values_list(
        "id", "organization_id", "given_by_id", "by", "closed_on", "state", "origin__form"
    ):
        closed = done if state == TaskState.CLOSED else None
        found[body].append(TaskFact(pk, due, closed, giver != body, form or ""))
    return found


def _disclosures_of(
    bodies: Sequence[Organization], scheme: Scheme, year: int, on: date
) -> dict[int, list[DisclosureFact]]:
    """Deadlines of the year for putting up a matter, of each body, if the scheme asks for them."""
    found: dict[int, list[DisclosureFact]] = defaultdict(list)
    if any(isinstance(item.judged, ByDisclosure) for item in scheme.items):
        for pk, dues in dues_of(bodies, on, since=date(year, 1, 1)).items():
            found[pk] = [
                DisclosureFact(due.publication, due.item.slug, _matter(due), due.due, due.status)
                for due in dues
                if due.due.year == year
            ]
    return found


def _matter(due: Due) -> str:
    return f"{period_name(due.period)}{due.item.called}" if due.period else due.item.label


# --- points ----------------------------------------------------------------------------------------------------------


def with_items(rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    """With what people said of each item, and who."""
    items = EvaluationItem.objects.select_related("answered_by__member", "verified_by__member")
    return rows.select_related(
        "organization",
        "committee",
        "member",
        "snapshot",
        "submitted_by__member",
        "verified_by__member",
        "level_by__member",
    ).prefetch_related(
        Prefetch("items", items),
        Prefetch("objections", Objection.objects.select_related("made_by__member", "answered_by__member")),
    )


def answers_of(evaluation: Evaluation) -> dict[str, Answer]:
    return {one.item: Answer(one.choice, one.note) for one in evaluation.items.all() if one.choice}


def rulings_of(evaluation: Evaluation) -> dict[str, Ruling]:
    """What has been looked at; `points` None where the verifier agreed."""
    return {
        one.item: Ruling(None if one.agrees else one.points, one.reason)
        for one in evaluation.items.all()
        if one.agrees is not None
    }


def points_of(evaluation: Evaluation, on: date) -> list[Point]:
    """As they stand: of the day's ledger while the body evaluates itself, else as frozen, with what was found."""
    return points_of_all([evaluation], on)[evaluation.pk]


def points_of_all(evaluations: Iterable[Evaluation], on: date) -> dict[int, list[Point]]:
    """By the evaluation's key; those of one year and one scheme are read together."""
    found: dict[int, list[Point]] = {}
    live: dict[tuple[int, str, str], list[Evaluation]] = defaultdict(list)
    for one in evaluations:
        if one.state in (State.SELF, State.TRIAL):
            # Slug and version do not say enough: two committees may have written a scheme of the same name.
            live[one.year, one.scheme, one.scheme_data].append(one)
        else:
            rulings = rulings_of(one)
            found[one.pk] = [ruled(point, rulings.get(point.slug)) for point in unruled_points(one)]
    for (year, *_scheme), group in live.items():
        found |= live_points(group, scheme_of(group[0]), year, on)
    return found


def live_points(group: Sequence[Evaluation], scheme: Scheme, year: int, on: date) -> dict[int, list[Point]]:
    """Evaluations of one scheme and year, from the ledger as it stands on the day."""
    basis = basis_of([one.organization for one in group], scheme, year, on)
    return {
        one.pk: points(
            basis[one.organization_id].standings, _facts_of(one, basis[one.organization_id]), answers_of(one), scheme
        )
        for one in group
    }


def _facts_of(evaluation: Evaluation, basis: Basis) -> Facts:
    """The body's facts, for the part of the year and with the votes of this evaluation."""
    ballots = ballots_of(evaluation)
    return replace(basis.facts, ballots=ballots, since=evaluation.since, until=evaluation.until)


def ballots_of(evaluation: Evaluation) -> dict[str, Fraction | None]:
    """What votes gave, by question."""
    shares = {question: told["share"] for question, told in evaluation.ballots.items()}
    return {question: None if share is None else Fraction(share) for question, share in shares.items()}


def unruled_points(evaluation: Evaluation) -> list[Point]:
    """The frozen points, with votes and opinions as they stand, without what the verification found."""
    scheme = scheme_of(evaluation)
    items = {item.slug: item for item in scheme.items}
    answers, ballots = answers_of(evaluation), ballots_of(evaluation)
    frozen = [Point.from_json(data) for data in evaluation.points]
    return [told_by_people(one, items[one.slug], ballots, answers.get(one.slug), scheme) for one in frozen]


@dataclass(frozen=True, slots=True)
class Grade:
    """What an evaluation comes to. `proposed`: the level the sum gives; None while that cannot be told.

    `level`: as the committee has set it, else as proposed; "" while neither is there.
    """

    total: Total
    proposed: Level | None
    level: str
    changed: bool

    @property
    def certain(self) -> bool:
        return self.total.certain


def grade_of(evaluation: Evaluation, found: Iterable[Point]) -> Grade:
    whole = total(found, scheme_of(evaluation))
    proposed = whole.levels[0] if len(whole.levels) == 1 else None
    label = evaluation.level or (proposed.label if proposed else "")
    return Grade(whole, proposed, label, bool(evaluation.level and (proposed is None or label != proposed.label)))


def grades_of(evaluations: Iterable[Evaluation], on: date) -> dict[int, Grade]:
    """By the evaluation's key; as many queries for three hundred as for one. `with_items` loads the evaluations."""
    rows = list(evaluations)
    found = points_of_all(rows, on)
    return {one.pk: grade_of(one, found[one.pk]) for one in rows}


@dataclass(frozen=True, slots=True)
class Line:
    """An item on a page: what it asks, what it gives, what people said."""

    item: Item
    point: Point
    said: EvaluationItem | None

    @property
    def answer(self) -> Any:
        return self.item.choice(self.said.choice) if self.said and self.said.choice else None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the scheme on a page, with its sum."""

    slug: str
    label: Any
    lines: tuple[Line, ...]
    total: Total | None


def sections(evaluation: Evaluation, scheme: Scheme, found: Sequence[Point]) -> list[Section]:
    """Part by part; the vetoes and the deductions at the end."""
    by_slug = {point.slug: point for point in found}
    said = {one.item: one for one in evaluation.items.all()}

    def lines(items: Iterable[Item]) -> tuple[Line, ...]:
        return tuple(Line(item, by_slug[item.slug], said.get(item.slug)) for item in items)

    parts = [
        Section(part.slug, part, (own := lines(part.items)), total([line.point for line in own], scheme))
        for part in scheme.parts
    ]
    return [
        *parts,
        *([Section("vetoes", None, lines(scheme.vetoes), None)] if scheme.vetoes else []),
        *([Section("deductions", None, lines(scheme.deductions), None)] if scheme.deductions else []),
    ]


def unanswered(scheme: Scheme, found: Sequence[Point], asked: str = "body") -> list[Item]:
    """Items the body (or the committee) is asked about and has not answered."""
    items = {item.slug: item for item in scheme.items}
    return [
        items[point.slug]
        for point in found
        if point.asked and point.state == "unknown" and scheme.asked_of(items[point.slug]) == asked
    ]


# --- evidence --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """A record or a task a point rests on."""

    label: str
    code: str
    pk: int


def evidence_of(found: Iterable[Point]) -> dict[int, Activity]:
    """The records behind the points that count records, by key; withdrawn ones are left out. One query."""
    wanted = {pk for point in found if not point.cells for pk in point.records}
    rows = Activity.objects.filter(pk__in=wanted, withdrawn_at=None).select_related("organization")
    return {row.pk: row for row in rows.only("title", "kind", "held", "organization__code")} if wanted else {}


def tasks_behind(found: Iterable[Point]) -> dict[int, Task]:
    wanted = {pk for point in found for pk in point.tasks}
    return {row.pk: row for row in Task.objects.filter(pk__in=wanted).select_related("organization")} if wanted else {}


def publications_behind(found: Iterable[Point]) -> dict[int, Publication]:
    wanted = {pk for point in found for pk in point.publications}
    rows = Publication.objects.filter(pk__in=wanted).select_related("organization").defer("body")
    return {row.pk: row for row in rows} if wanted else {}


def is_private(activity: Activity) -> bool:
    kind = load_kinds().get(activity.kind)
    return bool(kind and kind.private)


# --- a committee's table ---------------------------------------------------------------------------------------------


def bodies_to_ask(committee: Organization, scheme: Scheme, year: int, on: date) -> QuerySet[Organization]:
    """Bodies below that the scheme is for and that have no evaluation under it for the year yet."""
    have = Evaluation.objects.filter(scheme=scheme.slug, year=year, member=None).values("organization")
    return (
        Organization.objects.filter(existing_on(on), path__startswith=committee.path, kind__in=scheme.bodies)
        .exclude(pk=committee.pk)
        .exclude(pk__in=have)
        .order_by("path")
    )


def state_counts(rows: QuerySet[Evaluation]) -> dict[str, int]:
    counts = Counter(rows.order_by().values_list("state", flat=True))
    return {state: counts[state] for state in State.values}


def searched(rows: QuerySet[Evaluation], text: str) -> QuerySet[Evaluation]:
    return rows.filter(Q(organization__name__icontains=text) | Q(organization__code=text)) if text else rows
