"""A made-up country as Parquet: bodies, profiles, records, members and events in the warehouse's columns. Seeds fixed.

Nobody in it has a name. Every eight branches have a committee, every 2,000 or so a county, and so on up to the top; a
branch has about 45 records and 20 members, as a county's demo has.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

YEAR = 2025
KINDS: tuple[tuple[str, frozenset[str], int], ...] = (
    ("themed-day", frozenset(), 12),
    ("committee-meeting", frozenset(), 11),
    ("general-meeting", frozenset(), 4),
    ("training", frozenset(), 2),
    ("talk", frozenset({"committee-committee"}), 2),
    ("talk", frozenset({"committee-member"}), 3),
    ("talk", frozenset({"member-member"}), 3),
    ("lecture", frozenset(), 1),
    ("organizational-life-meeting", frozenset(), 1),
    ("member-appraisal", frozenset(), 1),
    ("secretary-report", frozenset(), 1),
    ("briefing", frozenset(), 1),
    ("thought-report", frozenset(), 1),
    ("attendance-notice", frozenset(), 1),
    ("contact", frozenset(), 1),
)
"""Kind, tags and records a year of a branch that does all it should."""
SORTS = [(frozenset({kind}), tags) for kind, tags, _ in KINDS]
CLASSES = [("branch", "organ"), ("branch", "village"), ("branch", "enterprise"), ("branch", "school"),
           ("organ-committee", "organ")]  # fmt: skip
RANKS = [frozenset({"member"}), frozenset({"member", "committee"}), frozenset({"member", "committee", "new-secretary"})]
BRANCHES_OF_A_COMMITTEE = 8
FANOUT = 250
"""Committees of a county, and counties of the top: two more levels."""
PART = 50_000
"""Bodies written at a time; a row group of every file."""


def write_country(folder: Path, organizations: int, seed: int = 20250701) -> None:
    """Six Parquet files for `organizations` bodies, committees included."""
    random = np.random.default_rng(seed)
    parent, last, is_branch = tree(organizations)
    writers: dict[str, pq.ParquetWriter] = {}
    record = 0
    for start in range(0, organizations, PART):
        bodies = np.arange(start, min(start + PART, organizations))
        tables, record = _part(random, bodies, parent, last, is_branch, record)
        for name, table in tables.items():
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema)
            writers[name].write_table(table)
    for writer in writers.values():
        writer.close()


def tree(organizations: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Parent (-1: none), last body below, and which are branches: top, county, committee, branch, depth first."""
    size_committee = 1 + BRANCHES_OF_A_COMMITTEE
    size_county = 1 + FANOUT * size_committee
    number = np.arange(organizations)
    within = (number - 1) % size_county
    county = number - within
    inside = (within - 1) % size_committee
    committee = number - inside
    parent = np.where(within == 0, 0, np.where(inside == 0, county, committee))
    parent[0] = -1
    size = np.where(within == 0, size_county, np.where(inside == 0, size_committee, 1))
    last = np.minimum(number + size - 1, organizations - 1)
    last[0] = organizations - 1
    is_branch = (size == 1) & (number > 0)
    return parent, last, is_branch


def _part(
    random: np.random.Generator,
    bodies: np.ndarray,
    parent: np.ndarray,
    last: np.ndarray,
    is_branch: np.ndarray,
    record: int,
) -> tuple[dict[str, pa.Table], int]:
    branch = is_branch[bodies]
    count = len(bodies)
    classes = np.where(branch, random.choice(4, count, p=[0.2, 0.5, 0.2, 0.1]), 4).astype(np.int32)
    members = np.where(branch, random.integers(3, 45, count), 0)
    founded = np.where(random.random(count) < 0.01, _days(random, count), _day(date(2015, 1, 1)))
    empty = pa.nulls(count, pa.date32())
    tables = {
        "bodies": pa.table(
            {
                "body": bodies.astype(np.int32),
                "class": classes,
                "founded": _dates(founded),
                "ended": empty,
                "recording_since": empty,
                "parent": pa.array(parent[bodies].astype(np.int32), mask=parent[bodies] < 0),
                "last": last[bodies].astype(np.int32),
            }
        ),
        "profiles": _profiles(random, bodies, members, founded),
        "members": _members(random, bodies, members),
        "events": _events(random, bodies[branch]),
    }
    tables["records"] = _records(random, bodies[branch], members[branch], record)
    return tables, record + len(tables["records"])


def _profiles(random: np.random.Generator, bodies: np.ndarray, members: np.ndarray, founded: np.ndarray) -> pa.Table:
    count = len(bodies)
    full = np.maximum(members - random.integers(0, 3, count), 0)
    committee = np.where(full >= 7, random.choice([3, 5], count), 1)
    ones = np.ones(count, dtype=np.int64)
    some = (random.random(count) < 0.97).astype(np.int64)
    figures = np.stack([members, full, full, committee, members // 12, ones, some, some * (full >= 7)], axis=1)
    offsets = np.arange(0, 8 * count + 1, 8, dtype=np.int32)
    return pa.table(
        {
            "body": bodies.astype(np.int32),
            "since": _dates(founded),
            "until": pa.array(np.full(count, _day(date(9999, 12, 31)), dtype=np.int32)).cast(pa.date32()),
            "figures": pa.ListArray.from_arrays(pa.array(offsets), pa.array(figures.ravel().astype(np.int32))),
            "term_ends": _dates(_day(date(YEAR, 1, 1)) + random.integers(-30, 900, count)),
        }
    )


def _members(random: np.random.Generator, bodies: np.ndarray, members: np.ndarray) -> pa.Table:
    body = np.repeat(bodies, members).astype(np.int32)
    place = np.arange(len(body)) - np.repeat(np.cumsum(members) - members, members)
    return pa.table(
        {
            "body": body,
            "rank": np.where(place < 3, 1, 0).astype(np.int32),
            "hours": np.round(random.normal(40, 8, len(body)) * 2) / 2,
            "exempt": random.random(len(body)) < 0.05,
        }
    )


def _events(random: np.random.Generator, branches: np.ndarray) -> pa.Table:
    chosen = branches[random.random(len(branches)) < 0.2]
    kinds = random.choice(["secretary-appointed", "member-admitted"], len(chosen))
    return pa.table(
        {
            "body": chosen.astype(np.int32),
            "kind": pa.array(kinds.tolist(), pa.string()),
            "day": _dates(_days(random, len(chosen))),
            "id": np.arange(len(chosen), dtype=np.int64),
        }
    )


def _records(random: np.random.Generator, branches: np.ndarray, members: np.ndarray, record: int) -> pa.Table:
    """Each branch does its year with lapses: one in ten left out, a few unsound, a few recorded late."""
    per_branch = np.concatenate([np.full(times, sort) for sort, (_, _, times) in enumerate(KINDS)])
    months = np.concatenate([np.arange(times) * 12 // times for _, _, times in KINDS])
    body = np.repeat(branches, len(per_branch))
    kept = random.random(len(body)) < 0.92
    sort, month = np.tile(per_branch, len(branches))[kept], np.tile(months, len(branches))[kept]
    body, entitled = body[kept], np.repeat(members, len(per_branch))[kept]
    starts = np.array([_day(date(YEAR, one, 1)) for one in range(1, 13)])
    held = starts[month] + random.integers(0, 28, len(body))
    order = np.lexsort((held, body))
    body, sort, held, entitled = body[order], sort[order], held[order], entitled[order]
    present = (entitled * random.choice([0.4, 0.7, 0.9, 1.0], len(body), p=[0.03, 0.27, 0.4, 0.3])).astype(np.int32)
    late = random.choice([1, 5, 60], len(body), p=[0.6, 0.37, 0.03])
    number = np.arange(record, record + len(body), dtype=np.int64)
    return pa.table(
        {
            "body": body.astype(np.int32),
            "record": number,
            "id": number,
            "sort": sort.astype(np.int32),
            "held": _dates(held),
            "recorded": _dates(held + late),
            "entitled": entitled.astype(np.int32),
            "present": present,
            "hours": np.where(sort == 0, 2.0, np.where(sort == 3, 8.0, 0.0)),
            "lacking": random.random(len(body)) < 0.04,
        }
    )


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _days(random: np.random.Generator, count: int) -> np.ndarray:
    return _day(date(YEAR, 1, 1)) + random.integers(0, 365, count)


def _dates(days: np.ndarray) -> pa.Array:
    return pa.array(days.astype(np.int32)).cast(pa.date32())
