"""The ledger of thousands to hundreds of thousands of bodies at once: `standing.py` said again in DuckDB SQL.

Facts come in as columns (`packing.COLUMNS`), duties as the small tables of `asking.Questions`; the `.sql` files answer
one question each. What comes out is one row a cell: body, ask, reason code and the few figures its sentence needs. The
two paths agree on every status, reason and evidence; tests/ledger/test_warehouse.py holds them to it. DuckDB is opened
here and nowhere else.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from zhibu.ledger.asking import Questions
from zhibu.ledger.packing import Facts, column_table
from zhibu.ledger.standing import Standing
from zhibu.ledger.telling import Told, sentence
from zhibu.rulebook.duty import Share
from zhibu.rulebook.facts import LATE_DAYS
from zhibu.rulebook.reasons import REASONS, status_of

SQL = Path(__file__).parent / "sql"
CODES = tuple(REASONS)
"""Reason codes in the order of the table of reasons; a cell keeps its place in it."""
ROSTER = ("posts_seen", "appointments", "members_from_roster", "events_from_roster", "figures_from_roster")
"""Asked first where the facts are statuses and posts, as the database has them."""
STEPS = (
    "explained", "obstacles", "frame", "found", "at_least", "holds", "each_member",
    "followed", "following", "within", "audited", "every", "optional", "excused",
)  # fmt: skip
MEMORY = "2GB"
THREADS = 2


@cache
def question(name: str) -> str:
    """The text of one `.sql` file."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


class Warehouse(AbstractContextManager["Warehouse"]):
    """Judges all bodies of `facts` by all `questions`. Hold it in a `with`: it keeps a database open."""

    def __init__(self, facts: Facts, questions: Questions, memory: str = MEMORY) -> None:
        self.facts, self.questions = facts, questions
        self._folder = tempfile.TemporaryDirectory(prefix="zhibu-warehouse-")
        settings: dict[str, Any] = {"memory_limit": memory, "threads": THREADS, "temp_directory": self._folder.name}
        self._database = duckdb.connect(":memory:", config=settings)
        self._load()
        self._judge()

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self._folder.cleanup()

    def _load(self) -> None:
        small = self.questions.tables(self.facts.classes, self.facts.sorts, self.facts.ranks)
        tables = {name: column_table(name, rows) for name, rows in small.items()} | self.facts.tables
        for name, table in tables.items():
            self._database.register("incoming", table)
            self._database.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")  # noqa: S608
            self._database.unregister("incoming")

    def _judge(self) -> None:
        prepare(self._database, self.questions)
        judge(self._database, given=self.facts.tables)

    def rows(self, name: str, **values: Any) -> list[tuple[Any, ...]]:
        """The answer to one question."""
        return self._database.execute(question(name), values or None).fetchall()

    def columns(self, name: str) -> tuple[np.ndarray, ...]:
        """The same, column by column."""
        return tuple(self._database.execute(question(name)).fetchnumpy().values())

    def write(self, name: str, file: Path) -> None:
        """The same, into a Parquet file."""
        self._database.sql(question(name)).write_parquet(str(file))

    def codes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(body, ask, place of the code in CODES) of every cell."""
        body, ask, code = self.columns("codes")
        return body, ask, code

    def kept(self, name: str) -> pa.Table:
        """A table of facts or of what followed from them, in the order of bodies."""
        return self._database.sql(f"SELECT * FROM {name} ORDER BY body").to_arrow_table()  # noqa: S608

    def tallies(self) -> dict[tuple[int, str], dict[str, int]]:
        """(inner body, duty id) → cells in each status among all bodies below it."""
        sums: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
        for body, rule, code, cells in self.rows("tallies"):
            counts, status = sums[body, self.questions.duties[rule].duty.id], status_of(code)
            counts[status] = counts.get(status, 0) + cells
        return dict(sums)

    def standings(self, first: int = 0, last: int | None = None) -> Iterator[tuple[int, Standing]]:
        """(body, standing) of the bodies numbered `first` to `last`, sentences and evidence included."""
        span = {"first": first, "last": len(self.facts.labels) - 1 if last is None else last}
        evidence = {(body, ask): tuple(ids) for body, ask, ids in self.rows("evidence", **span)}
        dates = self._dates(**span)
        for body, ask, *kept in self.rows("shown", **span):
            yield body, self._standing(body, ask, kept, dates[body], evidence.get((body, ask), ()))

    def _dates(self, first: int, last: int) -> dict[int, tuple[Any, ...]]:
        query = "SELECT body, founded, ended, recording_since FROM bodies WHERE body BETWEEN $first AND $last"
        found = self._database.execute(query, {"first": first, "last": last}).fetchall()
        return {body: tuple(dates) for body, *dates in found}

    def _standing(
        self, body: int, number: int, kept: Sequence[Any], dates: tuple[Any, ...], evidence: tuple[int, ...]
    ) -> Standing:
        code, figure, total, happened, _, held, recorded, entitled, present, lacks, record, explanation = kept
        founded, ended, recording_since = dates
        ask, (body_code, name) = self.questions.asks[number], self.facts.labels[body]
        told = Told(
            ask.duty, ask.period, self.questions.on, code, name, founded, ended, recording_since,
            figure, total, happened, held, recorded, entitled, present, lacks,
            self._measures(ask.duty.shape, record), explanation,
        )  # fmt: skip
        return Standing(ask.duty, body_code, ask.period, status_of(code), sentence(told), evidence)

    def _measures(self, shape: Any, record: int | None) -> Mapping[str, float]:
        if record is None or not isinstance(shape, Share):
            return {}
        query = "SELECT measure, value FROM measures WHERE record = $record"
        return dict(self._database.execute(query, {"record": record}).fetchall())


def prepare(database: duckdb.DuckDBPyConnection, questions: Questions) -> None:
    """The words and days that the SQL names, and the empty table of cells."""
    year, on = questions.year, questions.on
    variables = {
        "today": on,
        "first_day": date(year, 1, 1),
        "last_day": min(date(year, 12, 31), on),
        "last_seen": max(date(year, 1, 1), min(date(year, 12, 31), on)),
        "late_days": LATE_DAYS,
    }
    for name, value in variables.items():
        database.execute(f"SET VARIABLE {name} = $value", {"value": value})
    database.execute(question("macros"))
    words = ", ".join(f"'{code}'" for code in CODES)
    database.execute(f"CREATE TYPE reason AS ENUM ({words})")
    database.execute(question("cells"))
    database.execute("CREATE TABLE codes (code reason, status VARCHAR)")
    database.executemany("INSERT INTO codes VALUES (?, ?)", [(code, status_of(code)) for code in CODES])


def judge(database: duckdb.DuckDBPyConnection, given: Mapping[str, Any]) -> None:
    """From loaded facts to cells, question by question."""
    first = ROSTER if "statuses" in given else ("figures_from_profiles",)
    for name in (*first, *STEPS):
        database.execute(question(name))
