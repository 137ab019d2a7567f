"""Facts as columns for the warehouse. Here from `Subject`s; `feeding.py` gives such tables in bulk. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

import pyarrow as pa

from zhibu.ledger.asking import MEASURES, Sort
from zhibu.rulebook.facts import Profile, Subject

_DAY, _NUMBER, _ID, _TEXT, _TRUTH = pa.date32(), pa.int32(), pa.int64(), pa.string(), pa.bool_()
FOREVER = date(9999, 12, 31)
COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "bodies": {
        "body": _NUMBER,
        "class": _NUMBER,
        "founded": _DAY,
        "ended": _DAY,
        "recording_since": _DAY,
        "parent": _NUMBER,
        "last": _NUMBER,
    },
    "profiles": {
        "body": _NUMBER,
        "since": _DAY,
        "until": _DAY,
        "figures": pa.list_(_NUMBER),
        "term_ends": _DAY,
    },
    "records": {
        "body": _NUMBER,
        "record": _ID,
        "id": _ID,
        "sort": _NUMBER,
        "held": _DAY,
        "recorded": _DAY,
        "entitled": _NUMBER,
        "present": _NUMBER,
        "hours": pa.float64(),
        "lacking": _TRUTH,
        "lacks": _TEXT,
    },
    "measures": {"record": _ID, "measure": _TEXT, "value": pa.float64()},
    "members": {"body": _NUMBER, "rank": _NUMBER, "hours": pa.float64(), "exempt": _TRUTH},
    "statuses": {
        "id": _ID,
        "body": _NUMBER,
        "cell": _NUMBER,
        "member": _ID,
        "status": _TEXT,
        "since": _DAY,
        "until": _DAY,
    },
    "posts": {
        "id": _ID,
        "body": _NUMBER,
        "member": _ID,
        "title": _TEXT,
        "since": _DAY,
        "until": _DAY,
        "term_ends": _DAY,
    },
    "people": {"member": _ID, "cared_for": _TRUTH},
    "studied": {"member": _ID, "hours": pa.float64()},
    "counting": {"body": _NUMBER, "over": _NUMBER},
    "party_cells": {"body": _NUMBER, "founded": _DAY, "ended": _DAY},
    "joint": {"body": _NUMBER, "units": _NUMBER},
    "events": {"body": _NUMBER, "kind": _TEXT, "day": _DAY, "id": _ID},
    "explanations": {"body": _NUMBER, "duty": _TEXT, "period": _TEXT, "reason": _TEXT},
    "asks": {
        "ask": _NUMBER,
        "rule": _NUMBER,
        "shape": _TEXT,
        "first": _NUMBER,
        "last": _NUMBER,
        "start": _DAY,
        "finish": _DAY,
        "days": _NUMBER,
        "judged": _DAY,
        "begins": _TRUTH,
        "may": _TRUTH,
        "gate": _NUMBER,
        "matter": _NUMBER,
        "site": _NUMBER,
        "count": _NUMBER,
        "months": _NUMBER,
        "numbered": _TRUTH,
        "running": _TRUTH,
        "in_grace": _TRUTH,
        "measure": _NUMBER,
        "low": _NUMBER,
        "high": _NUMBER,
        "duty": _TEXT,
        "period": _TEXT,
    },
    "concerns": {"rule": _NUMBER, "class": _NUMBER},
    "gates": {"gate": _NUMBER, "place": _NUMBER, "measure": _NUMBER, "day": _DAY, "low": _NUMBER, "high": _NUMBER},
    "matches": {"matter": _NUMBER, "sort": _NUMBER, "quorum": _TRUTH},
    "calendar": {"matter": _NUMBER, "day": _DAY, "site": _NUMBER, "in_period": _TRUTH},
    "pursuits": {"matter": _NUMBER, "event": _TEXT, "days": _NUMBER, "months": _NUMBER},
    "bars": {"matter": _NUMBER, "rank": _NUMBER, "hours": pa.float64()},
    "shares": {
        "matter": _NUMBER,
        "part": _TEXT,
        "whole": _TEXT,
        "numerator": _NUMBER,
        "denominator": _NUMBER,
        "strict": _TRUTH,
    },
}
"""Columns of every table the warehouse reads. `body` counts bodies depth first from 0; `record` counts records by day
held, then id, within each body at least; `last` is the number of the last body below."""


@dataclass(frozen=True)
class Facts:
    """Tables of COLUMNS, and what their numbers stand for."""

    tables: dict[str, pa.Table]
    classes: Sequence[tuple[str, str]]
    """Kind and sector of the bodies of each class."""
    sorts: Sequence[Sort]
    ranks: Sequence[frozenset[str]]
    labels: Sequence[tuple[str, str]]
    """Code and name of each body."""


def column_table(name: str, rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Rows as the table of COLUMNS called `name`. Days may be dates or ISO text."""
    return table_of(name, list(zip(*rows, strict=True)) or [()] * len(COLUMNS[name]))


def table_of(name: str, columns: Iterable[Any]) -> pa.Table:
    """The same from its columns, in their order."""
    kinds = COLUMNS[name]
    arrays = [_array(values, kind) for values, kind in zip(columns, kinds.values(), strict=True)]
    return pa.Table.from_arrays(arrays, names=list(kinds))


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values.cast(kind)
    written = kind == _DAY and isinstance(next((one for one in values if one is not None), None), str)
    return pa.array(values, _TEXT).cast(_DAY) if written else pa.array(values, kind)


def pack(subjects: Sequence[Subject]) -> Facts:
    """A flat list of bodies, numbered as they come."""
    classes: dict[tuple[str, str], int] = {}
    sorts: dict[Sort, int] = {}
    ranks: dict[frozenset[str], int] = {}
    records = [(body, one) for body, subject in enumerate(subjects) for one in subject.records]
    records.sort(key=lambda pair: (pair[1].held, pair[1].id))
    tables = {
        "bodies": [
            (body, _number(classes, (one.kind, one.sector)), one.founded, one.ended, one.recording_since, None, body)
            for body, one in enumerate(subjects)
        ],
        "profiles": [row for body, one in enumerate(subjects) for row in _profiles(body, one.profiles)],
        "records": [
            (
                body, number, one.id, _number(sorts, (one.kinds, one.tags)), one.held, one.recorded, one.entitled,
                one.present, one.hours, bool(one.lacks), json.dumps(one.lacks, ensure_ascii=False),
            )
            for number, (body, one) in enumerate(records)
        ],
        "measures": [
            (number, name, value) for number, (_, one) in enumerate(records) for name, value in one.measures.items()
        ],
        "members": [
            (body, _number(ranks, member.groups), member.hours, member.exempt)
            for body, one in enumerate(subjects)
            for member in one.members
        ],
        "events": [
            (body, event.kind, event.on, event.id) for body, one in enumerate(subjects) for event in one.events
        ],
        "explanations": [
            (body, duty, period, reason)
            for body, one in enumerate(subjects)
            for (duty, period), reason in one.explanations.items()
            if reason
        ],
    }  # fmt: skip
    return Facts(
        {name: column_table(name, rows) for name, rows in tables.items()},
        list(classes),
        list(sorts),
        list(ranks),
        [(one.code, one.name) for one in subjects],
    )


def _number(known: dict[Any, int], thing: Any) -> int:
    return known.setdefault(thing, len(known))


def _profiles(body: int, profiles: Sequence[Profile]) -> Iterator[tuple[Any, ...]]:
    """Each profile until the next one begins."""
    for one, after in zip_longest(profiles, profiles[1:]):
        figures = [getattr(one, name) for name in MEASURES]
        yield body, one.since, after.since if after else FOREVER, figures, one.term_ends
