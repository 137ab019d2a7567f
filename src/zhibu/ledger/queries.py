"""The ledger asked for: of one body, of many, of a committee in sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from zhibu.activities.models import Activity
from zhibu.duties.queries import DutyBook, duties_of
from zhibu.ledger.facts import facts_of
from zhibu.ledger.models import Snapshot
from zhibu.ledger.standing import Standing, stand_all
from zhibu.org.models import Organization, OrganizationKind
from zhibu.rulebook.duty import Duty, EachMember, Holds, Within
from zhibu.rulebook.reasons import STATUSES

MANY = 500
"""Bodies judged at a time, so that a county's facts are never in memory all at once."""
STATUS_ORDER: tuple[str, ...] = tuple(STATUSES)
"""met, late, defective, missing, not-yet-due, exempt, unknown: the order of `Tally.counts`."""


class Tally(NamedTuple):
    """How many cells of one duty one body has in each status; `counts` follow STATUS_ORDER."""

    organization: int
    """Primary key of the body."""
    duty: str
    counts: tuple[int, ...]


def ledger_of(organization: Organization, year: int, on: date) -> list[Standing]:
    """Every cell of one body's year as seen on `on`. The number of queries does not depend on its records."""
    return ledger_and_records(organization, year, on)[0]


def ledger_and_records(
    organization: Organization, year: int, on: date
) -> tuple[list[Standing], Mapping[int, Mapping[str, Any]]]:
    """The ledger and, by primary key, the columns of the records it rests on."""
    facts = facts_of([organization], year, on, None if organization.numchild else ())
    return stand_all(duties_of(organization, year), facts.subjects[0], year, on), facts.activities


def ledger_with_cells(
    organization: Organization, year: int, on: date
) -> tuple[list[tuple[Organization, list[Standing]]], Mapping[int, date]]:
    """The body and, if it is a branch, its Party cells, each with its ledger; and the day each record was held."""
    cells = cells_below(organization)
    bodies = [organization, *cells]
    book = DutyBook(bodies, year)
    known = cells if organization.kind == OrganizationKind.BRANCH else None
    facts = facts_of(bodies, year, on, known)
    pairs = zip(bodies, facts.subjects, strict=True)
    ledgers = [(body, stand_all(book.of(body), subject, year, on)) for body, subject in pairs]
    return ledgers, {pk: row["held"] for pk, row in facts.activities.items()}


def ledgers_of(bodies: Iterable[Organization], year: int, on: date) -> Iterable[tuple[Organization, list[Standing]]]:
    """Body by body, in the order given, reading MANY at a time."""
    waiting = list(bodies)
    book = DutyBook(waiting, year)
    for start in range(0, len(waiting), MANY):
        some = waiting[start : start + MANY]
        for body, subject in zip(some, facts_of(some, year, on).subjects, strict=True):
            yield body, stand_all(book.of(body), subject, year, on)


def bodies_below(committee: Organization) -> QuerySet[Organization]:
    """All bodies under `committee`, in the order of the tree, without itself."""
    return Organization.objects.filter(path__startswith=committee.path, depth__gt=committee.depth).order_by("path")


def cells_below(branch: Organization) -> list[Organization]:
    """The Party cells of a branch; none for other bodies, so that their pages ask nothing."""
    if branch.kind != OrganizationKind.BRANCH or not branch.numchild:
        return []
    return list(bodies_below(branch).filter(kind=OrganizationKind.CELL))


def rollup(committee: Organization, year: int, on: date) -> Sequence[Tally]:
    """One row for each body below `committee` and each duty it has, in the order of the tree, then of the duties."""
    return [
        row for body, standings in ledgers_of(bodies_below(committee), year, on) for row in tallies(body, standings)
    ]


def tallies(body: Organization, standings: Iterable[Standing]) -> list[Tally]:
    counts: dict[str, Counter[str]] = {}
    for standing in standings:
        counts.setdefault(standing.duty.id, Counter())[standing.status] += 1
    return [Tally(body.pk, duty, tuple(found[status] for status in STATUS_ORDER)) for duty, found in counts.items()]


def is_touched(duty: Duty, activity: Activity) -> bool:
    """Whether a newly recorded activity can change any cell of the duty, by itself or by a deadline it starts."""
    shape = duty.shape
    if isinstance(shape, Holds):
        return False
    if isinstance(shape, EachMember):
        return activity.hours > 0
    starts = isinstance(shape, Within) and shape.event.removesuffix("-held") in activity.kinds
    return starts or not activity.kinds.isdisjoint(shape.of)


def snapshots_of(organization: Organization) -> QuerySet[Snapshot]:
    """Newest first, without the frozen text itself."""
    return (
        Snapshot.objects.filter(organization=organization)
        .defer("data")
        .select_related("made_by__member")
        .order_by("-id")
    )


def years_with_records(organization: Organization, on: date) -> list[int]:
    """Years that can be asked for, newest first: from the day recording began, or else the first record there or below.

    A query where nobody said when recording began.
    """
    first = organization.recording_since
    if first is None:
        rows = Activity.objects.filter(organization__path__startswith=organization.path, withdrawn_at__isnull=True)
        first = rows.order_by("held").values_list("held", flat=True).first()
    return list(range(on.year, min(first or on, on).year - 1, -1))
