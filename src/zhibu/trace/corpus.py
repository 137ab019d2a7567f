"""A unit's texts in one SQLite file, with their index beside it (`FILE.index`), kept as texts come and go.

The texts are what counts: the index is written from them, anew when it is missing, damaged or of another corpus.
Texts added since stand in the file with their fingerprints until they are merged. One process may rebuild while others
compare.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from types import TracebackType

import numpy as np

from zhibu.errors import UserError
from zhibu.trace import index
from zhibu.trace.align import Side
from zhibu.trace.grams import Hashes, grams, winnowed
from zhibu.trace.index import Index, IndexDamaged, Postings
from zhibu.trace.normal import normalise
from zhibu.trace.ranking import ranked
from zhibu.trace.results import Text
from zhibu.trace.store import Store
from zhibu.trace.weights import SAMPLE, Weights, counted

TAIL = 500
"""Texts added since the index was written; at so many they are merged into it."""
TEXTS_OF_AN_OWNER = 3
"""Texts of one owner in which official wording is counted."""
KEPT = 200
"""Sources kept ready, some 200 kB each: a season meets the same ones again."""


class Corpus:
    """A corpus as a library for `compare`. Use it in `with`, or `close` it; one thread at a time."""

    def __init__(self, path: str | Path, *, create: bool = False) -> None:
        """Open a corpus. UserError when there is none (and `create` is not set), or when it is no corpus."""
        self.path = Path(path)
        self.index_path = self.path.with_name(self.path.name + ".index")
        self._store = Store(self.path, create=create)
        self._index: Index | None = None
        self._version = -1
        self._tail: Postings = np.empty(0, np.uint64)
        self._sides = lru_cache(maxsize=KEPT)(lambda key: Side(normalise(self.text(key).text)))

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()
        self._index = None
        self._sides.cache_clear()

    def add(self, texts: Iterable[Text]) -> int:
        """Take in texts, each in the place of one of the same name; how many were new or changed."""
        known = self._ready()
        added: list[Postings] = []

        def fingerprints(key: int, text: Text) -> bytes:
            # Of many at once the index is written anew, or merged from the texts: no need to keep them here.
            if len(added) >= TAIL:
                return b""
            added.append(_postings(text.text, key, known.weights))
            return added[-1].tobytes()

        new = self._store.put(texts, known.token, fingerprints)
        self._tail = np.sort(np.concatenate([self._tail, *added]))
        self._keep_up(known)
        return new

    def remove(self, names: Collection[str]) -> None:
        """Take texts out. UserError, and nothing taken out, when there is none of a name."""
        self._store.remove(names)

    def texts(self) -> Iterator[tuple[Text, int]]:
        """All texts by name, without their words, and the number of characters of each."""
        rows = self._store.rows("SELECT name, owner, year, visibility, length(text) FROM texts ORDER BY name")
        for name, owner, year, visibility, length in rows:
            yield Text(name, "", owner, year, visibility), length

    def __len__(self) -> int:
        return self._store.count()

    @property
    def weights(self) -> Weights:
        return self._ready().weights

    def candidates(self, hashes: Hashes, most: int, without: Collection[str] = ()) -> list[int]:
        known = self._ready()
        wanted = winnowed(hashes, known.weights.common(hashes))
        worth = known.weights.of(wanted)
        order = ranked([index.hits(each, wanted, worth) for each in (known.postings, self._tail)])
        found: list[int] = []
        for begin in range(0, len(order), 4 * most):
            found += self._there(order[begin : begin + 4 * most].tolist(), without)
            if len(found) >= most:
                break
        return found[:most]

    def _there(self, keys: list[int], without: Collection[str]) -> list[int]:
        """Those of the keys whose texts were not removed since, nor are left out, in the same order."""
        query = f"SELECT id, name FROM texts WHERE id IN ({','.join('?' * len(keys))})"  # noqa: S608
        names = dict(self._store.rows(query, *keys))
        return [key for key in keys if key in names and names[key] not in without]

    def text(self, key: int) -> Text:
        rows = self._store.rows("SELECT name, text, owner, year, visibility FROM texts WHERE id = ?", key)
        # Removed a moment ago: an empty text shares nothing.
        return Text(*rows[0]) if rows else Text("", "")

    def side(self, key: int) -> Side:
        return self._sides(key)

    def rebuild(self) -> None:
        """Write the index anew from the texts. Comparisons under way keep the old one until they are done."""
        last, weights = self._store.last(), self._counted()
        self._write(last, self._store.count(), weights, self._parts(last, weights))

    def _write(self, last: int, count: int, weights: Weights, parts: Iterable[Postings]) -> None:
        # The texts know the mark before the file has it: who reads the file, then asks, finds it.
        new = Index(secrets.token_hex(8), last, count, weights, np.empty(0, np.uint64))
        self._store.add_token(new.token)
        try:
            index.write(self.index_path, new, parts, self.path)
        except OSError as error:
            raise UserError(
                "corpus-index-unwritable", "无法写入索引“{name}”：{why}。请检查权限和磁盘空间。",
                name=str(self.index_path), why=error.strerror or str(error),
            ) from None  # fmt: skip
        self._store.forget_fingerprints(new.last)
        self._index = None

    def _parts(self, last: int, weights: Weights) -> Iterator[Postings]:
        for rows in self._store.pages("SELECT id, text FROM texts WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", last):
            yield np.concatenate([_postings(text, key, weights) for key, text in rows])

    def _counted(self) -> Weights:
        owners = self._store.owners()
        step = max(1, len(owners) // SAMPLE)
        return counted(self._grams_of(owner) for owner in owners[::step][:SAMPLE])

    def _grams_of(self, owner: str) -> Hashes:
        texts = self._store.texts_of(owner, TEXTS_OF_AN_OWNER)
        return np.concatenate([grams(normalise(text).codes) for text in texts])

    def _ready(self) -> Index:
        """The index and what came after it, as others left them; written anew if it cannot be used."""
        version = self._store.version()
        if self._index is None or version != self._version:
            self._version = version
            try:
                found = self._read()
            except IndexDamaged:
                self.rebuild()
                found = self._read()
            self._index, self._tail = found, self._tail_of(found)
        return self._index

    def _read(self) -> Index:
        found = index.read(self.index_path)
        if found.token not in self._store.tokens():
            raise IndexDamaged(found.token)
        return found

    def _tail_of(self, found: Index) -> Postings:
        query = (
            "SELECT texts.id, postings, CASE token WHEN ? THEN '' ELSE text END FROM texts "
            "LEFT JOIN fingerprints ON fingerprints.id = texts.id WHERE texts.id > ?"
        )
        each = [
            _postings(text, key, found.weights) if text else np.frombuffer(saved or b"", np.uint64)
            for key, saved, text in self._store.rows(query, found.token, found.last)
        ]
        return np.sort(np.concatenate([np.empty(0, np.uint64), *each]))

    def _keep_up(self, known: Index) -> None:
        """Merge when many texts came since the index was written; count formulas anew when the corpus doubled."""
        since = self._store.count(known.last)
        if since >= max(known.count, 4):
            self.rebuild()
        elif since >= TAIL:
            last, tail = self._store.last(), self._tail_of(known)
            self._write(last, known.count + since, known.weights, [known.postings, tail])


def _postings(text: str, key: int, weights: Weights) -> Postings:
    hashes = grams(normalise(text).codes)
    return index.postings_of(winnowed(hashes, weights.common(hashes)), key)
