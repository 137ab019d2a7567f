"""Points made ready for pages: what each rests on, as links, and what to do about what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.activities.kinds import load_kinds
from zhibu.activities.models import Activity
from zhibu.disclosure.catalogue import catalogue
from zhibu.disclosure.models import Publication
from zhibu.errors import Sentence
from zhibu.ledger.lines import NEXT_STEPS, page
from zhibu.org.models import Organization
from zhibu.scoring import queries
from zhibu.scoring.models import Evaluation
from zhibu.scoring.points import Cell, Point
from zhibu.scoring.scheme import ByBallot, ByRecords, ByRoster, Item
from zhibu.tasks.models import Task

MOST_RECORDS = 30
"""Records shown below a point; further ones are in the list of activities."""
BAD = ("missing", "defective", "unknown", "late")


@dataclass(frozen=True, slots=True)
class CellLink:
    cell: Cell
    url: str
    where: str
    """The Party cell's name where it is not the body's own."""
    next: Sentence | None


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind one point."""

    cells: Sequence[CellLink]
    bad: Sequence[CellLink]
    records: Sequence[Link]
    more: int
    tasks: Sequence[Link]
    publications: Sequence[Link]
    votes: Sequence[Link]
    places: Sequence[Link]
    """Pages to look at: the roster, the posts, where to record."""
    unverified: bool
    """Whether a duty it rests on is told at second hand."""


def behind(evaluation: Evaluation, found: Iterable[Point], items: Iterable[Item]) -> dict[str, Behind]:
    """By the item's slug. Four queries, however many points."""
    lines, organization = list(found), evaluation.organization
    judged = {item.slug: item for item in items}
    rows = _Rows(queries.evidence_of(lines), queries.tasks_behind(lines), queries.publications_behind(lines))
    codes = {cell.subject for point in lines for cell in point.cells} - {organization.code}
    names = dict(Organization.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return {point.slug: _behind(evaluation, point, judged[point.slug], rows, names) for point in lines}


@dataclass(frozen=True, slots=True)
class _Rows:
    activities: Mapping[int, Activity]
    tasks: Mapping[int, Task]
    publications: Mapping[int, Publication]


def _behind(evaluation: Evaluation, point: Point, item: Item, rows: _Rows, names: Mapping[str, str]) -> Behind:
    cells = [_cell(evaluation.year, cell, names) for cell in point.cells]
    records = [] if point.cells else [rows.activities[pk] for pk in point.records if pk in rows.activities]
    return Behind(
        cells=cells,
        bad=[one for one in cells if one.cell.status in BAD],
        records=[_record(one) for one in records[:MOST_RECORDS]],
        more=max(0, len(records) - MOST_RECORDS),
        tasks=[
            Link(row.text, reverse("tasks:show", args=(row.organization.code, row.pk)))
            for row in _those(rows.tasks, point.tasks)
        ],
        publications=[
            Link(_publication(row), reverse("disclosure:show", args=(row.organization.code, row.pk)))
            for row in _those(rows.publications, point.publications)
        ],
        votes=_votes(evaluation, item),
        places=_places(evaluation.organization, item),
        unverified=any(not cell.verified for cell in point.cells),
    )


def _those(rows: Mapping[int, Any], keys: Iterable[int]) -> list[Any]:
    return [rows[pk] for pk in keys if pk in rows]


def _publication(row: Publication) -> str:
    """The matter and its period; a title may name people."""
    named = catalogue().items[row.item].label if row.item in catalogue().items else row.item
    return f"{row.first_shown or row.since} {row.period} {named}".replace("  ", " ")


def _votes(evaluation: Evaluation, item: Item) -> list[Link]:
    if not isinstance(item.judged, ByBallot):
        return []
    told = evaluation.ballots.get(item.judged.question)
    return [Link(told["label"] or _("表决结果"), told["url"])] if told and told["url"] else []


def _cell(year: int, cell: Cell, names: Mapping[str, str]) -> CellLink:
    slug, _slash, key = cell.duty.rpartition("/")
    url = page("ledger:cell", cell.subject, year, slug, key, cell.period)
    return CellLink(cell, url, names.get(cell.subject, ""), NEXT_STEPS.get(cell.code))


def _record(activity: Activity) -> Link:
    kind = load_kinds().get(activity.kind)
    named = _(kind.label) if kind and kind.private else activity.title
    return Link(f"{activity.held} {named}", reverse("activities:show", args=(activity.organization.code, activity.pk)))


def _places(organization: Organization, item: Item) -> list[Link]:
    code = organization.code
    if isinstance(item.judged, ByRoster):
        links = [Link(_("任职"), page("org:posts", code)), Link(_("党员名册"), page("org:members", code))]
    elif isinstance(item.judged, ByRecords):
        kinds = [load_kinds()[slug] for slug in item.judged.kinds if slug in load_kinds()]
        links = [
            Link(_("记录{kind}").format(kind=_(kind.label)), page("activities:record", code, kind.slug))
            for kind in kinds[:3]
            if organization.kind in kind.bodies
        ]
    elif item.sort == "disclosure":
        links = [Link(_("公开栏"), page("disclosure:due", code))]
    elif item.sort == "tasks":
        links = [Link(_("督办"), page("tasks:index", code))]
    else:
        links = []
    return [link for link in links if link.url]
