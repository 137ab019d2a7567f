"""The texts of a corpus in one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from zhibu.errors import UserError
from zhibu.trace.results import Text

APPLICATION, FORMAT = 0x5A484354, 1
"""In the file's header: that it is a corpus, and of which form."""
_WAIT = 20
"""Seconds to wait for another process that is writing."""
_TOKENS = 64
"""Marks of indexes remembered: more than can be written while one is being read."""

_SCHEMA = f"""
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT};
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS texts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, year INTEGER,
  visibility TEXT NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fingerprints (id INTEGER PRIMARY KEY, token TEXT NOT NULL, postings BLOB NOT NULL);
"""
_WHO = "CASE owner WHEN '' THEN '#' || id ELSE owner END"
"""A text without an owner is its own."""
_SAMPLE = f"""
WITH owned AS (SELECT id, {_WHO} AS who FROM texts),
first AS (SELECT who, row_number() OVER (ORDER BY min(id)) - 1 AS place FROM owned GROUP BY who),
latest AS (SELECT who, place, id, row_number() OVER (PARTITION BY who ORDER BY id DESC) AS turn
  FROM owned JOIN first USING (who))
SELECT who, id FROM latest WHERE turn <= ?1 AND place % ?2 = 0 AND place / ?2 < ?3 ORDER BY place"""  # noqa: S608

Marks = Callable[[Text], bytes]


def stored(name: str) -> str:
    """A name as it is kept: bytes of a file's name that are no text are written as their numbers."""
    return name.encode("utf-8", "backslashreplace").decode()


class Store:
    """Every method raises UserError when the file is damaged, locked for long, or cannot be written."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        new = not path.is_file() or path.stat().st_size == 0
        if new and not create:
            raise UserError("corpus-missing", "找不到资料库“{name}”。请先用 zhibu corpus add 建立。", name=str(path))
        with self._speaking():
            # The journal that is deleted after use, not WAL: WAL is unsafe before SQLite 3.51.3.
            self._connection = sqlite3.connect(path, timeout=_WAIT)
            if new:
                self._connection.executescript(_SCHEMA)
        self._check()

    def _check(self) -> None:
        try:
            kind, form = self.rows("PRAGMA application_id")[0][0], self.rows("PRAGMA user_version")[0][0]
            if (kind, form) != (APPLICATION, FORMAT):
                raise UserError("corpus-other", "“{name}”不是可用的资料库文件。请检查路径。", name=str(self.path))
        except UserError:
            self.close()
            raise

    def close(self) -> None:
        self._connection.close()

    def rows(self, query: str, *values: object) -> list[Any]:
        with self._speaking():
            return self._connection.execute(query, values).fetchall()

    def pages(self, query: str, last: int, size: int = 256) -> Iterator[list[Any]]:
        """The rows of a query over id > ?, id <= ?, LIMIT ?: a page at a time, so that no writer has to wait."""
        done = 0
        while rows := self.rows(query, done, last, size):
            yield rows
            done = rows[-1][0]

    def put(self, texts: Iterable[Text], token: str = "", marks: Marks | None = None) -> int:
        """Save texts, each in the place of one of the same name, with the `marks` of each under the index `token`; how
        many were new or changed. All or none."""
        with self._speaking(), self._connection:
            return sum(self._put(text, token, marks) for text in texts)

    def _put(self, text: Text, token: str, marks: Marks | None) -> bool:
        words = text.text.encode("utf-8", "replace").decode()
        row = (stored(text.name), stored(text.owner), text.year, text.visibility, text.digest)
        there = self._connection.execute(
            "SELECT name, owner, year, visibility, digest FROM texts WHERE name = ?", row[:1]
        ).fetchone()
        if there == row:
            return False
        self._delete(row[0])
        insert = "INSERT INTO texts (name, owner, year, visibility, digest, text) VALUES (?, ?, ?, ?, ?, ?)"
        key = int(self._connection.execute(insert, (*row, words)).lastrowid or 0)
        if marks:
            self._connection.execute("INSERT INTO fingerprints VALUES (?, ?, ?)", (key, token, marks(text)))
        return True

    def remove(self, names: Iterable[str], missing_ok: bool) -> int:
        """How many were removed. UserError, and nothing removed, when one is not there, unless that is in order."""
        removed = 0
        with self._speaking(), self._connection:
            for name in names:
                found = self._delete(stored(name))
                if not (found or missing_ok):
                    raise UserError("corpus-no-text", "资料库里没有“{name}”。用 zhibu corpus list 查看。", name=name)
                removed += found
        return removed

    def _delete(self, name: str) -> bool:
        self._connection.execute("DELETE FROM fingerprints WHERE id = (SELECT id FROM texts WHERE name = ?)", (name,))
        return self._connection.execute("DELETE FROM texts WHERE name = ?", (name,)).rowcount > 0

    def count(self) -> int:
        return int(self.rows("SELECT count(*) FROM texts")[0][0])

    def last(self) -> int:
        """The highest id ever given; 0 in a corpus that never had a text. No id is given twice."""
        return int(self.rows("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'texts'")[0][0])

    def ids(self, names: Iterable[str]) -> list[int]:
        """The ids of those of the names that are there."""
        return [key for key, _ in self._chosen("name", [stored(name) for name in names])]

    def names(self, ids: Sequence[int]) -> dict[int, str]:
        """The names of those of the texts that are there."""
        return dict(self._chosen("id", ids))

    def _chosen(self, column: str, values: Sequence[object]) -> Iterator[tuple[int, str]]:
        for begin in range(0, len(values), 500):
            some = values[begin : begin + 500]
            marks = ",".join("?" * len(some))
            yield from self.rows(f"SELECT id, name FROM texts WHERE {column} IN ({marks})", *some)  # noqa: S608

    def sample(self, owners: int, texts: int) -> Iterator[list[str]]:
        """The latest texts of each of some owners, who are taken evenly from first to last."""
        total = int(self.rows(f"SELECT count(DISTINCT {_WHO}) FROM texts")[0][0])  # noqa: S608
        for _, group in groupby(self.rows(_SAMPLE, texts, max(1, total // owners), owners), key=lambda row: row[0]):
            keys = [key for _, key in group]
            query = f"SELECT text FROM texts WHERE id IN ({','.join('?' * len(keys))})"  # noqa: S608
            yield [text for (text,) in self.rows(query, *keys)]

    def tokens(self) -> list[str]:
        """The marks of the indexes written of these texts; a copy from before one of them does not know it."""
        found = self.rows("SELECT value FROM about WHERE key = 'tokens'")
        return str(found[0][0]).split() if found else []

    def add_token(self, token: str) -> None:
        with self._speaking(), self._connection:
            self._connection.execute("INSERT OR IGNORE INTO about VALUES ('tokens', '')")
            known = [*self.tokens(), token][-_TOKENS:]
            self._connection.execute("UPDATE about SET value = ? WHERE key = 'tokens'", (" ".join(known),))

    def forget_fingerprints(self, last: int) -> None:
        with self._speaking(), self._connection:
            self._connection.execute("DELETE FROM fingerprints WHERE id <= ?", (last,))

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """What SQLite says, as a sentence."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise UserError(
                "corpus-unusable", "资料库“{name}”正被占用，或无法读写（{why}）。请稍后再试，并检查权限和磁盘空间。",
                name=str(self.path), why=str(error),
            ) from None  # fmt: skip
        except sqlite3.DatabaseError:
            raise UserError(
                "corpus-damaged", "“{name}”不是资料库文件，或已损坏。请换用备份，或重新添加文本。", name=str(self.path)
            ) from None
