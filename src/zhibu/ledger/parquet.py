"""The ledger of a province or a country from Parquet files: part after part of the bodies, then one sum along the tree.

The files hold the tables of `packing.COLUMNS` in the order of bodies, numbered depth first. A part fits into memory
whatever the size of the whole; time and files grow with the bodies, memory hardly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhibu.ledger.asking import Questions, Sort
from zhibu.ledger.packing import Facts, column_table
from zhibu.ledger.warehouse import Warehouse
from zhibu.rulebook.reasons import REASONS, STATUSES

FACTS = ("bodies", "profiles", "records", "measures", "members", "events", "explanations")
PART = 50_000
"""Bodies judged at a time."""
_STATUS = np.array([list(STATUSES).index(status) for status, _ in REASONS.values()])


@dataclass(frozen=True)
class Words:
    """What the numbers in the files stand for, see `packing.Facts`."""

    classes: Sequence[tuple[str, str]]
    sorts: Sequence[Sort]
    ranks: Sequence[frozenset[str]]


@dataclass(frozen=True)
class Rolled:
    """`counts[i, rule, status]` of all bodies below the inner body numbered `inner[i]`; `cells` judged in all."""

    cells: int
    inner: np.ndarray
    counts: np.ndarray


def judge_files(folder: Path, words: Words, questions: Questions, out: Path | None = None, part: int = PART) -> Rolled:
    """Judge every body of the files; write the cells to `out`, a Parquet file a part, if it is given."""
    tree = pq.read_table(folder / "bodies.parquet", columns=["body", "last"])
    body, last = tree["body"].to_numpy(), tree["last"].to_numpy()
    inner = body[last > body]
    direct = np.zeros((len(inner), len(questions.duties), len(STATUSES)), dtype=np.int32)
    cells = 0
    for first in range(0, len(body), part):
        with Warehouse(_facts(folder, words, first, first + part - 1), questions) as warehouse:
            parent, rule, code, count = warehouse.columns("sums")
            cells += int(count.sum())
            np.add.at(direct, (np.searchsorted(inner, parent), rule, _STATUS[code]), count)
            if out is not None:
                warehouse.write("kept_cells", out / f"cells-{first:07}.parquet")
    return Rolled(cells, inner, _below(inner, last[inner], direct))


def _below(inner: np.ndarray, last: np.ndarray, direct: np.ndarray) -> np.ndarray:
    """What hangs on an inner body or on one below it: those numbered from its own number to its last."""
    running = np.concatenate([np.zeros_like(direct[:1]), np.cumsum(direct, axis=0, dtype=np.int32)])
    ends = np.searchsorted(inner, last, side="right")
    return np.asarray(running[ends] - running[: len(inner)])


def _facts(folder: Path, words: Words, first: int, last: int) -> Facts:
    tables = {name: _rows(folder / f"{name}.parquet", name, first, last) for name in FACTS}
    return Facts(tables, words.classes, words.sorts, words.ranks, ())


def _rows(file: Path, name: str, first: int, last: int) -> pa.Table:
    if not file.exists():
        return column_table(name, ())
    if name == "measures":
        return pq.read_table(file)
    return pq.read_table(file, filters=[("body", ">=", first), ("body", "<=", last)])
