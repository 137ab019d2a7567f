"""What an activity does not change of a body's facts, kept from the warehouse, so that one query judges it anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from django.db.models import CharField, Q, Sum
from django.db.models.functions import Cast

from zhibu.ledger.asking import MEASURES
from zhibu.ledger.facts import RECORD_COLUMNS, Span, activities_as_of, record_of
from zhibu.ledger.feeding import RANKS, Tree, attendance_seen
from zhibu.ledger.warehouse import Warehouse
from zhibu.rulebook.duty import Duty, EachMember, Holds
from zhibu.rulebook.facts import Event, MemberYear, Profile, Record, Subject

LIFE_MEETING = "democratic-life-meeting"


class Shelf:
    """Rows of a table by body."""

    def __init__(self, table: pa.Table, bodies: int) -> None:
        self._table = table
        self._starts = np.searchsorted(table["body"].to_numpy(), np.arange(bodies + 1))

    def of(self, body: int) -> list[dict[str, Any]]:
        start, end = self._starts[body], self._starts[body + 1]
        return self._table.slice(start, end - start).to_pylist() if end > start else []


class StillFacts:
    """Figures, members, events and explanations of the bodies of one warehouse; records are read when asked for.

    Figures are kept for the days on which something is judged, and nothing looks at any other day.
    """

    def __init__(self, warehouse: Warehouse, tree: Tree, year: int, on: date) -> None:
        self.tree, self.span = tree, Span(year, on)
        self._shelves = {
            name: Shelf(warehouse.kept(name), len(tree.rows))
            for name in ("figures", "members", "events", "explanations")
        }

    def subject(self, body: int, duties: Collection[Duty]) -> Subject:
        """A body with the records these duties ask for, as they stand now. One query; one more for study hours."""
        row = self.tree.rows[body]
        hours = any(isinstance(duty.shape, EachMember) for duty in duties)
        kinds = {kind for duty in duties if not isinstance(duty.shape, EachMember | Holds) for kind in duty.shape.of}
        records = self._records(row[0], kinds | {LIFE_MEETING})
        return Subject(
            code=row[2],
            name=row[4] or row[3],
            kind=row[5],
            sector=row[6],
            founded=row[7],
            ended=row[8],
            recording_since=row[9],
            profiles=self._profiles(body),
            records=records,
            members=self._members(body, hours),
            events=self._events(body, records),
            explanations={
                (one["duty"], one["period"]): one["reason"] for one in self._shelves["explanations"].of(body)
            },
        )

    def _records(self, key: int, kinds: set[str]) -> tuple[Record, ...]:
        seen = activities_as_of([key], self.span).order_by().annotate(further=Cast("also", CharField()))
        rows = seen.filter(Q(kind__in=kinds) | ~Q(further="[]")).values(*RECORD_COLUMNS)
        return tuple(record_of(row) for row in rows)

    def _profiles(self, body: int) -> tuple[Profile, ...]:
        rows = sorted(self._shelves["figures"].of(body), key=lambda row: row["day"])
        return tuple(
            Profile(row["day"], term_ends=row["term_ends"], **dict(zip(MEASURES, row["figures"], strict=True)))
            for row in rows
            if row["known"]
        )

    def _members(self, body: int, hours: bool) -> tuple[MemberYear, ...]:
        rows = self._shelves["members"].of(body)
        studied = self._hours([row["member"] for row in rows]) if hours else {}
        return tuple(
            MemberYear(str(row["member"]), RANKS[row["rank"]], studied.get(row["member"], 0.0), row["exempt"])
            for row in rows
        )

    def _hours(self, members: list[int]) -> dict[int, float]:
        rows = attendance_seen(self.span).filter(member_id__in=members).values_list("member_id")
        return dict(rows.order_by().annotate(Sum("activity__hours")))

    def _events(self, body: int, records: tuple[Record, ...]) -> tuple[Event, ...]:
        told = [
            Event(row["kind"], row["day"], row["id"])
            for row in self._shelves["events"].of(body)
            if row["kind"] != f"{LIFE_MEETING}-held"
        ]
        held = [
            Event(f"{LIFE_MEETING}-held", one.held, one.id)
            for one in records
            if LIFE_MEETING in one.kinds and one.held.year == self.span.year
        ]
        return (*told, *held)
