"""Problems asked for: with how far each is, by body, by kind, of last year, and those that were there before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, CharField, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When

from zhibu.activities.models import Activity
from zhibu.org.models import PRESENT_STATUSES, MemberStatus, Organization
from zhibu.org.spans import in_force
from zhibu.rectify.likeness import Earlier, earlier_ones
from zhibu.rectify.models import Problem
from zhibu.rectify.states import ProblemState
from zhibu.tasks.models import State, Task, TaskStep

YEARS_BACK = 3
"""Years before its own in which a problem is looked for again."""
NONE = (State.CANCELLED, State.DRAFT)


def with_state(problems: QuerySet[Problem], on: date) -> QuerySet[Problem]:
    """Each with `state`, as `states.state_of` tells it from its measures."""
    live = Task.objects.filter(problems=OuterRef("pk")).exclude(state__in=NONE)
    left = live.exclude(state__in=(State.CLOSED, State.REPORTED))
    cases = [
        When(~Exists(live), then=Value(ProblemState.BARE.value)),
        When(Exists(left.filter(due__lt=on)), then=Value(ProblemState.OVERDUE.value)),
        When(Exists(left), then=Value(ProblemState.IN_HAND.value)),
        When(Exists(live.filter(state=State.REPORTED)), then=Value(ProblemState.REPORTED.value)),
    ]
    return problems.annotate(state=Case(*cases, default=Value(ProblemState.CLOSED.value), output_field=CharField()))


def listed(problems: QuerySet[Problem], on: date) -> QuerySet[Problem]:
    """Rows of a register: the newest list first, within it as they were entered; each with its measures that stand."""
    measures = Task.objects.exclude(state__in=NONE).select_related("owner", "organization").order_by("due", "id")
    rows = with_state(problems, on).select_related("organization", "origin", "again__origin")
    return rows.prefetch_related(Prefetch("measures", measures, to_attr="standing")).order_by(
        "-origin__year", "-origin_id", "organization__path", "id"
    )


def with_all(problems: QuerySet[Problem], on: date) -> QuerySet[Problem]:
    """With everything a problem's page and the lists show: measures, the records they rest on, every step."""
    evidence = Activity.objects.filter(withdrawn_at=None).select_related("organization").order_by("held", "id")
    measures = (
        Task.objects.select_related("owner", "organization", "given_by")
        .prefetch_related(
            "helpers",
            Prefetch("evidence", evidence, to_attr="shown_evidence"),
            Prefetch("steps", TaskStep.objects.select_related("by__member").order_by("id")),
        )
        .order_by("due", "id")
    )
    rows = with_state(problems, on).select_related(
        "organization", "origin__organization", "made_by__member", "again__origin", "again__organization"
    )
    return rows.prefetch_related(Prefetch("measures", measures))


def answered_in(organization: Organization, year: int) -> QuerySet[Problem]:
    """What the report of `year` has to answer: found in the year before, or earlier and still open when it began."""
    still = Task.objects.filter(problems=OuterRef("pk")).exclude(state__in=NONE)
    open_then = ~Exists(still) | Exists(still.exclude(state=State.CLOSED, closed_on__lt=date(year, 1, 1)))
    wanted = Q(origin__year=year - 1) | (Q(origin__year__lt=year - 1) & open_then)
    return Problem.objects.filter(wanted, organization=organization)


def of_last_year(organization: Organization, year: int, on: date | None = None) -> list[Problem]:
    """`answered_in`, each with `state` and `standing`, its measures, as the tasks stand today; `on` (the year's end if
    not given) decides what is overdue."""
    rows = listed(answered_in(organization, year), on or date(year, 12, 31))
    return list(rows.order_by("-origin__year", "origin_id", "id"))


@dataclass(frozen=True, slots=True)
class Tally:
    """Problems of one year and kind below a committee: in how many bodies, how many are how far, how many returned."""

    year: int
    kind: str
    found: int
    bodies: int
    bare: int
    overdue: int
    in_hand: int
    reported: int
    closed: int
    again: int


def statistics(committee: Organization, years: Iterable[int], on: date | None = None) -> list[Tally]:
    """By year and kind, the years in order, the most frequent kinds first. `on`: what is overdue, the last year's end
    if not given. One query."""
    wanted = sorted(set(years))
    if not wanted:
        return []
    problems = Problem.objects.filter(organization__path__startswith=committee.path, origin__year__in=wanted)
    return tallies(problems, on or date(wanted[-1], 12, 31))


def tallies(problems: QuerySet[Problem], on: date) -> list[Tally]:
    rows = with_state(problems, on).order_by().values("origin__year", "kind")
    counted = rows.annotate(
        found=Count("pk"),
        bodies=Count("organization", distinct=True),
        again_=Count("again"),
        **{f"n_{state.name.lower()}": Count("pk", filter=Q(state=state.value)) for state in ProblemState},
    )
    found = [
        Tally(
            row["origin__year"], row["kind"], row["found"], row["bodies"], row["n_bare"], row["n_overdue"],
            row["n_in_hand"], row["n_reported"], row["n_closed"], row["again_"],
        )
        for row in counted
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.year, -one.found, one.kind))


def earlier_of(organization: Organization, text: str, year: int, without: Sequence[int] = ()) -> list[Earlier[Problem]]:
    """What the body's lists of the three years before held that says the same: proposed, for a person to decide."""
    before = Problem.objects.filter(
        organization=organization, origin__year__lt=year, origin__year__gte=year - YEARS_BACK
    ).exclude(pk__in=without)
    rows = before.select_related("origin", "organization").order_by("-origin__year", "id")
    return earlier_ones(text, [(row, row.text) for row in rows])


def earlier_in(texts: Sequence[tuple[Organization | None, str]], year: int) -> list[list[Earlier[Problem]]]:
    """`earlier_of` for many texts, each with whose it is, in one query; none for a text of nobody."""
    bodies = {body.pk for body, _text in texts if body}
    before = Problem.objects.filter(
        organization__in=bodies, origin__year__lt=year, origin__year__gte=year - YEARS_BACK
    ).select_related("origin")
    known: dict[int, list[tuple[Problem, str]]] = {}
    for row in before.order_by("-origin__year", "id"):
        known.setdefault(row.organization_id, []).append((row, row.text))
    return [earlier_ones(text, known.get(body.pk, ())) if body else [] for body, text in texts]


def proposed_again(problem: Problem) -> list[Earlier[Problem]]:
    """Earlier problems that this one may be; none once a person has said which."""
    if problem.again_id is not None:
        return []
    return earlier_of(problem.organization, problem.text, problem.origin.year or problem.found_on.year, [problem.pk])


def orphaned(committee: Organization, on: date) -> QuerySet[Organization]:
    """Bodies below that were ended while problems of theirs are not closed."""
    open_ones = with_state(Problem.objects.filter(organization=OuterRef("pk")), on).exclude(
        state=ProblemState.CLOSED.value
    )
    ended = Organization.objects.filter(path__startswith=committee.path, ended__lte=on)
    return ended.filter(Exists(open_ones)).order_by("path")


def likely_successor(ended: Organization, on: date) -> int | None:
    """The body to which most of those who belonged to one that was ended belong now; nobody knows better but people."""
    were = MemberStatus.objects.filter(organization=ended, status__in=PRESENT_STATUSES).values("member")
    now = MemberStatus.objects.filter(in_force(on), member__in=were, status__in=PRESENT_STATUSES)
    counted = now.exclude(organization=ended).order_by().values("organization").annotate(n=Count("member"))
    found = counted.order_by("-n", "organization").first()
    return found["organization"] if found else None


def what_was_done(problem: Problem, on: date) -> Problem:
    """An earlier problem with its state and its measures (`standing`), for the page of the one that returned."""
    return listed(Problem.objects.filter(pk=problem.pk), on).get()
