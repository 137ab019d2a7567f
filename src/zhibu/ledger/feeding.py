"""Facts from the database for the warehouse: the same as `facts.py` reads, in bulk and without a model instance.

The ORM writes the SQL, a plain cursor runs it: a dozen queries, however many bodies. Days stay text until DuckDB reads
them. What belongs to which year and which day is decided as in `facts.py` and `org.figures`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Case, CharField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Concat, Substr
from django.utils import timezone

from zhibu.activities.models import Activity, Attendance, Presence
from zhibu.duties.models import Explanation, LocalDuty
from zhibu.duties.queries import as_duty, in_force_in
from zhibu.ledger.asking import Questions, Scoped, Sort
from zhibu.ledger.bulk import columns
from zhibu.ledger.facts import Span
from zhibu.ledger.packing import Facts, column_table, table_of
from zhibu.ledger.warehouse import Warehouse
from zhibu.org.figures import LEADING
from zhibu.org.models import (
    ABOVE_BRANCHES,
    PRESENT_STATUSES,
    Member,
    MemberStatus,
    Organization,
    OrganizationKind,
    Post,
)
from zhibu.rulebook.duty import Duty, EachMember, Holds, Share
from zhibu.rulebook.regulations import all_duties
from zhibu.rulebook.yamlfile import vocabulary

STEP = Organization.steplen
RANKS = tuple(
    frozenset({"member"} | ({"committee"} if rank & 1 else set()) | ({"new-secretary"} if rank & 2 else set()))
    for rank in range(4)
)
"""Groups of members by the two bits that members_from_roster.sql gives."""
TO_THE_MINUTE = 16
"""2025-05-19 08:20: so many characters of a moment decide its day here."""
WORD = "\x1e"


@dataclass(frozen=True)
class Tree:
    """`root` and all bodies below it, numbered depth first; root is 0."""

    rows: Sequence[tuple[Any, ...]]

    @classmethod
    def below(cls, root: Organization) -> Tree:
        columns = ("pk", "path", "code", "name", "short_name", "kind", "sector", "founded", "ended",
                   "recording_since", "units")  # fmt: skip
        found = Organization.objects.filter(path__startswith=root.path).order_by("path")
        return cls(list(found.values_list(*columns)))

    @cached_property
    def numbers(self) -> dict[int, int]:
        """Primary key → number."""
        return {row[0]: number for number, row in enumerate(self.rows)}

    @cached_property
    def by_path(self) -> dict[str, int]:
        return {row[1]: number for number, row in enumerate(self.rows)}

    @cached_property
    def parents(self) -> list[int | None]:
        return [self.by_path.get(row[1][:-STEP]) for row in self.rows]

    @cached_property
    def last(self) -> list[int]:
        """Number of the last body below each, its own where there is none."""
        last = list(range(len(self.rows)))
        for number in range(len(last) - 1, 0, -1):
            parent = self.parents[number]
            if parent is not None:
                last[parent] = max(last[parent], last[number])
        return last

    def numbered(self, keys: pa.ChunkedArray) -> pa.ChunkedArray:
        """The numbers of bodies; null for one that is not below the root."""
        return pc.index_in(keys, pa.array([row[0] for row in self.rows], pa.int64()))

    @cached_property
    def is_whole(self) -> bool:
        """Whether there are no other bodies, so that rows need not be asked for theirs."""
        return Organization.objects.count() == len(self.rows)

    def below_root(self, prefix: str = "organization__") -> Q:
        """Rows of the root and of bodies below it."""
        return Q() if self.is_whole else Q(**{f"{prefix}path__startswith": self.rows[0][1]})

    def above(self, number: int) -> Iterator[int]:
        """The body itself and all above it, up to root."""
        here: int | None = number
        while here is not None:
            yield here
            here = self.parents[here]


def scoped_duties(tree: Tree, year: int) -> list[Scoped]:
    """Duties of the regulations, then local ones from the top of the tree down, each with the bodies it is for."""
    last = len(tree.rows) - 1
    general = [Scoped(duty, 0, last) for duty in all_duties() if in_force_in(duty, year)]
    local = []
    for row in LocalDuty.objects.select_related("organization").order_by("organization__path", "id"):
        path, duty = row.organization.path, as_duty(row)
        if not in_force_in(duty, year):
            continue
        if path in tree.by_path:
            number = tree.by_path[path]
            local.append(Scoped(duty, number, tree.last[number]))
        elif tree.rows[0][1].startswith(path):
            local.append(Scoped(duty, 0, last))
    return [*general, *local]


def facts_below(tree: Tree, duties: Sequence[Scoped], year: int, on: date) -> Facts:
    """All that the duties of the bodies below the root are judged by. The root itself owes nothing here."""
    span = Span(year, on)
    classes: dict[tuple[str, str], int] = {}
    for row in tree.rows[1:]:
        classes.setdefault((row[5], row[6]), len(classes))
    records, measures, sorts = _records(tree, span, [one.duty for one in duties])
    tables = {
        "bodies": column_table(
            "bodies",
            (
                (number, classes[row[5], row[6]] if number else None, *row[7:10], parent, last)
                for number, (row, parent, last) in enumerate(zip(tree.rows, tree.parents, tree.last, strict=True))
            ),
        ),
        "records": records,
        "measures": measures,
        "events": _meetings_held(records, sorts, span),
        "explanations": _explanations(tree, span),
        **_roster(tree, span),
    }  # fmt: skip
    labels = [(row[2], row[4] or row[3]) for row in tree.rows]
    return Facts(tables, list(classes), sorts, RANKS, labels)


def from_database(tree: Tree, year: int, on: date) -> Warehouse:
    """All cells of the bodies below the root of `tree`. Close it after use."""
    duties = scoped_duties(tree, year)
    return Warehouse(facts_below(tree, duties, year, on), Questions(duties, year, on))


def _fetched(rows: QuerySet[Any], *columns: Any) -> list[tuple[Any, ...]]:
    """Rows of these columns by a plain cursor; days and moments as text."""
    sql, params = rows.order_by().values_list(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _text(column: str) -> Cast:
    return Cast(column, CharField())


def _records(tree: Tree, span: Span, duties: Sequence[Duty]) -> tuple[pa.Table, pa.Table, list[Sort]]:
    """Activities as `facts.activities_as_of` chooses them, numbered by day held, then id; and their figures.

    Those that no duty can ask for stay behind.
    """
    shapes = [duty.shape for duty in duties if not isinstance(duty.shape, EachMember | Holds)]
    asked = {"democratic-life-meeting", *(kind for shape in shapes for kind in shape.of)}
    shared = {kind for shape in shapes if isinstance(shape, Share) for kind in shape.of}
    chosen = Activity.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=span.evening),
        tree.below_root(),
        held__gte=span.first,
        held__lte=min(span.on, date(span.year + 1, 12, 31)),
        recorded_at__lt=span.evening,
    ).annotate(further=_text("also"))
    bearing = chosen.filter(Q(kind__in=asked) | Q(hours__gt=0) | ~Q(further="[]"))
    sharing = Q(kind__in=shared)
    for kind in shared:
        sharing |= Q(further__contains=f'"{kind}"')
    read = columns(
        bearing,
        "held",
        {
            "organization": ("organization_id", pa.int64()),
            "id": ("id", pa.int64()),
            "words": (Concat("kind", Value(WORD), _text("also"), Value(WORD), _text("tags")), pa.string()),
            "held": ("held", pa.date32()),
            "moment": (Substr(_text("recorded_at"), 1, TO_THE_MINUTE), pa.string()),
            "entitled": ("entitled", pa.int32()),
            "present": ("present", pa.int32()),
            "hours": ("hours", pa.float64()),
            "lacks": ("lacks", pa.string()),
            "fields": (Case(When(sharing, then=_text("fields")), default=Value("")), pa.string()),
        },
    ).sort_by([("held", "ascending"), ("id", "ascending")])
    words, moments = _numbered(read["words"]), _numbered(read["moment"])
    days = pa.array([_local_day(moment) for moment in moments.dictionary.to_pylist()], pa.date32())
    numbers = pa.array(range(len(read)), pa.int64())
    table = table_of(
        "records",
        [
            tree.numbered(read["organization"]), numbers, read["id"], words.indices, read["held"],
            days.take(moments.indices), read["entitled"], read["present"], read["hours"],
            pc.not_equal(read["lacks"], "[]"), read["lacks"],
        ],
    )  # fmt: skip
    sorts = [_sort(*text.split(WORD)) for text in words.dictionary.to_pylist()]
    return table, _measures(read["fields"]), sorts


def _numbered(texts: pa.ChunkedArray) -> pa.DictionaryArray:
    """Each different text once, and its number for every row."""
    return texts.combine_chunks().dictionary_encode()


def _sort(kind: str, also: str, tags: str) -> Sort:
    return frozenset({kind, *json.loads(also)}), frozenset(json.loads(tags))


def _local_day(moment: str) -> date:
    """The day here of a moment that the database gives in UTC."""
    return timezone.localtime(datetime.fromisoformat(moment + "+00:00")).date()


def _measures(fields: pa.ChunkedArray) -> pa.Table:
    """The figures that shares are made of, of the few records whose fields were read."""
    names = tuple(vocabulary()["record_measures"])
    found = []
    for record in pc.indices_nonzero(pc.not_equal(fields, "")).to_pylist():
        given = json.loads(fields[record].as_py())
        found += [(record, name, float(given[name])) for name in names if isinstance(given.get(name), int | float)]
    return column_table("measures", found)


def _meetings_held(records: pa.Table, sorts: Sequence[Sort], span: Span) -> pa.Table:
    """Democratic life meetings of the year are events; the SQL adds those that the roster tells."""
    kind = "democratic-life-meeting"
    wanted = [number for number, (kinds, _) in enumerate(sorts) if kind in kinds]
    some = records.filter(pc.is_in(records["sort"], pa.array(wanted, pa.int32()))) if wanted else records[:0]
    held = zip(some["body"].to_pylist(), some["held"].to_pylist(), some["id"].to_pylist(), strict=True)
    return column_table("events", [(body, f"{kind}-held", day, id) for body, day, id in held if day.year == span.year])


def _explanations(tree: Tree, span: Span) -> pa.Table:
    rows = Explanation.objects.filter(tree.below_root(), made_at__lt=span.evening, period__startswith=span.year)
    found = _fetched(rows, "organization_id", "duty", "period", "reason")
    return column_table("explanations", [(tree.numbers[body], *rest) for body, *rest in found if rest[-1]])


def _roster(tree: Tree, span: Span) -> dict[str, pa.Table]:
    """Statuses, posts, study hours and what counts for whom; members, events and figures follow from them in SQL."""
    kinds = [row[5] for row in tree.rows]
    told = Q(until__isnull=True) | Q(until__gte=span.first)
    statuses = columns(
        MemberStatus.objects.filter(told, tree.below_root(), since__lte=span.on, status__in=PRESENT_STATUSES),
        "status",
        {
            "id": ("id", pa.int64()),
            "body": ("organization_id", pa.int64()),
            "cell": ("cell_id", pa.int64()),
            "member": ("member_id", pa.int64()),
            "status": ("status", pa.string()),
            "since": ("since", pa.date32()),
            "until": ("until", pa.date32()),
        },
    )
    posts = columns(
        Post.objects.filter(told, tree.below_root(), since__lte=span.on, title__in=LEADING),
        "title",
        {
            "id": ("id", pa.int64()),
            "body": ("organization_id", pa.int64()),
            "member": ("member_id", pa.int64()),
            "title": ("title", pa.string()),
            "since": ("since", pa.date32()),
            "until": ("until", pa.date32()),
            "term_ends": ("term_ends", pa.date32()),
        },
    )
    people = _fetched(Member.objects.filter(pk__in=_members(tree)), "id", "cared_for")
    return {
        "statuses": _renumbered(tree, statuses, "body", "cell"),
        "posts": _renumbered(tree, posts, "body"),
        "people": column_table("people", ((member, bool(cared_for)) for member, cared_for in people)),
        "studied": column_table("studied", _fetched(_hours(tree, span), "member_id", "studied")),
        "counting": column_table(
            "counting",
            (
                (number, over)
                for number in range(len(kinds))
                for over in tree.above(number)
                if over == number or kinds[over] in ABOVE_BRANCHES
            ),
        ),
        "party_cells": column_table(
            "party_cells",
            (
                (over, row[7], row[8])
                for number, row in enumerate(tree.rows)
                if row[5] == OrganizationKind.CELL
                for over in tree.above(number)
                if kinds[over] == OrganizationKind.BRANCH
            ),
        ),
        "joint": column_table("joint", ((number, row[10]) for number, row in enumerate(tree.rows))),
    }  # fmt: skip


def _renumbered(tree: Tree, table: pa.Table, *names: str) -> pa.Table:
    """With the numbers of bodies in place of their primary keys."""
    for name in names:
        table = table.set_column(table.column_names.index(name), name, tree.numbered(table[name]))
    return table


def attendance_seen(span: Span) -> QuerySet[Attendance]:
    """Who was present this year where study hours were earned, wherever it was held, as known on the day."""
    return Attendance.objects.filter(
        Q(activity__withdrawn_at__isnull=True) | Q(activity__withdrawn_at__gte=span.evening),
        presence=Presence.PRESENT,
        activity__hours__gt=0,
        activity__held__range=(span.first, span.last),
        activity__recorded_at__lt=span.evening,
    )


def _members(tree: Tree) -> QuerySet[Any]:
    return MemberStatus.objects.filter(tree.below_root()).values("member_id")


def _hours(tree: Tree, span: Span) -> QuerySet[Any]:
    """Study hours of each member, summed up by the database."""
    rows = attendance_seen(span)
    if not tree.is_whole:
        rows = rows.filter(member_id__in=_members(tree))
    return rows.values("member_id").annotate(studied=Sum("activity__hours"))
