"""A unit's texts in one SQLite file, with their index beside it (`FILE.index`), kept as texts come and go.

The texts are what counts: the index is written from them, anew when it is missing, damaged or of another corpus.
Texts added since stand in the file with their fingerprints until they are merged. One process may rebuild while others
compare.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from types import TracebackType

import numpy as np

from zhibu.errors import UserError
from zhibu.trace import index
from zhibu.trace.align import Side
from zhibu.trace.grams import Hashes, grams, winnowed
from zhibu.trace.index import NONE, Index, IndexDamaged, Marks, Postings, postings_of
from zhibu.trace.known import Known, last_known, remember
from zhibu.trace.memory import FEW
from zhibu.trace.normal import normalise
from zhibu.trace.ranking import Ranking
from zhibu.trace.results import Text
from zhibu.trace.store import Store, stored
from zhibu.trace.weights import SAMPLE, Weights, counted

TAIL, LONGEST_TAIL, TAIL_SHARE = 500, 10_000, 0.05
"""Texts added since the index was written are merged into it when they are this share of it, within these limits."""
EASY = 4_000
"""So many texts are indexed anew in two or three seconds."""
BATCH = 256
"""Texts taken in at a time, all or none: nobody who compares has to wait for long."""
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
        self._sources = lru_cache(maxsize=KEPT)(self._source)

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()
        self._sources.cache_clear()

    def add(self, texts: Iterable[Text]) -> int:
        """Take in texts, each in the place of one of the same name; how many were new or changed.

        Texts that are there already as they are cost next to nothing, so a whole list can be given again. The index
        follows: now and then many texts are merged into it, and a corpus that doubled is indexed anew, unless it is
        large and grew by a few at a time (`rebuild_due`).
        """
        new, rest = 0, iter(texts)
        while batch := list(islice(rest, BATCH)):
            now = self._ready().index
            new += self._store.put(batch, now.token, partial(_saved_marks, now.weights))
            self._keep_up(new)
        return new

    def remove(self, names: Iterable[str], *, missing_ok: bool = False) -> int:
        """Take texts out; how many were there. UserError, and nothing taken out, when there is none of a name, unless
        that is in order."""
        return self._store.remove(names, missing_ok)

    def digests(self) -> dict[str, str]:
        """The names of all texts, each with its `Text.digest`: what is there, and whether it is still the same."""
        return dict(self._store.rows("SELECT name, digest FROM texts"))

    def texts(self) -> Iterator[tuple[Text, int]]:
        """All texts by name, without their words, and the number of characters of each."""
        rows = self._store.rows("SELECT name, owner, year, visibility, length(text) FROM texts ORDER BY name")
        for name, owner, year, visibility, length in rows:
            yield Text(name, "", owner, year, visibility), length

    def __len__(self) -> int:
        return self._store.count()

    @property
    def rebuild_due(self) -> bool:
        """Did the corpus double since official wording was counted in it? `rebuild` counts anew."""
        known = self._ready()
        return known.last - known.index.counted >= max(known.index.count, 4)

    @property
    def weights(self) -> Weights:
        return self._ready().index.weights

    def candidates(
        self, hashes: Hashes, most: int, without: Collection[str] = (), only: Collection[str] | None = None
    ) -> list[int]:
        left_out = {stored(name) for name in without}
        asked = None if only is None else self._store.ids({stored(name) for name in only} - left_out)
        if asked is not None and len(asked) <= min(FEW, most):
            return sorted(asked)
        try:
            ranking = self._ranking(hashes)
        except IndexDamaged:
            self.rebuild()
            ranking = self._ranking(hashes)
        if asked is not None:
            ranking.keep(asked)
        return self._best(ranking, most, left_out)

    def _ranking(self, hashes: Hashes) -> Ranking:
        known = self._ready()
        wanted = winnowed(hashes, known.index.weights.common(hashes))
        return Ranking(known.postings, wanted, known.index.weights.of(wanted), known.last)

    def _best(self, ranking: Ranking, most: int, left_out: Collection[str]) -> list[int]:
        """The likeliest that are still there and not left out."""
        asked_for = 4 * most
        while True:
            best = ranking.best(asked_for)
            names = self._store.names(best)
            found = [key for key in best if key in names and names[key] not in left_out]
            if len(found) >= most or len(best) < asked_for:
                return found[:most]
            asked_for *= 8

    def text(self, key: int) -> Text:
        return self._sources(key)[0]

    def side(self, key: int) -> Side:
        return self._sources(key)[1]

    def _source(self, key: int) -> tuple[Text, Side]:
        rows = self._store.rows("SELECT name, text, owner, year, visibility FROM texts WHERE id = ?", key)
        # Removed a moment ago: an empty text shares nothing.
        text = Text(*rows[0]) if rows else Text("", "")
        return text, Side(normalise(text.text))

    def rebuild(self) -> None:
        """Write the index anew from the texts. Comparisons under way keep the old one until they are done."""
        last, count = self._store.last(), self._store.count()
        weights = counted(_grams_of(texts) for texts in self._store.sample(SAMPLE, TEXTS_OF_AN_OWNER))
        parts = index.in_order(self._parts(last, weights), count, self.path.parent)
        self._write(Index(secrets.token_hex(8), last, last, count, weights, NONE), parts)

    def _merge(self, known: Known) -> None:
        there = np.zeros(known.last + 1, bool)
        there[[key for (key,) in self._store.rows("SELECT id FROM texts WHERE id <= ?", known.last)]] = True
        new = replace(known.index, token=secrets.token_hex(8), last=known.last)
        newer = np.sort(np.concatenate([NONE, *known.parts]))
        self._write(new, index.merged(known.index.postings, newer, there))

    def _write(self, new: Index, ordered: Iterable[Postings]) -> None:
        # The texts know the mark before the file has it: who reads the file, then asks, finds it.
        self._store.add_token(new.token)
        try:
            index.write(self.index_path, new, ordered, self.path)
        except OSError as error:
            raise UserError(
                "corpus-index-unwritable", "无法写入索引“{name}”：{why}。请检查权限和磁盘空间。",
                name=str(self.index_path), why=error.strerror or str(error),
            ) from None  # fmt: skip
        self._store.forget_fingerprints(new.last)

    def _parts(self, last: int, weights: Weights) -> Iterator[Postings]:
        for rows in self._store.pages("SELECT id, text FROM texts WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", last):
            yield np.concatenate([postings_of(_marks(text, weights), key) for key, text in rows])

    def _ready(self) -> Known:
        """The index and what came after it, as others left them; written anew if it cannot be used."""
        try:
            known = self._known()
        except IndexDamaged:
            self.rebuild()
            known = self._known()
        last = self._store.last()
        if last < known.last:
            # An older copy of the texts was put in their place: what came after the index is not what is known of it.
            known = remember(self.index_path, Known(known.index, known.index.last))
        if last > known.last:
            known = remember(self.index_path, known.with_texts(self._after(known, last), last))
        return known

    def _known(self) -> Known:
        known = last_known(self.index_path)
        if known.index.token not in self._store.tokens():
            raise IndexDamaged(known.index.token)
        return known

    def _after(self, known: Known, last: int) -> Postings:
        query = (
            "SELECT texts.id, postings, CASE token WHEN ? THEN '' ELSE text END FROM texts "
            "LEFT JOIN fingerprints ON fingerprints.id = texts.id WHERE texts.id > ? AND texts.id <= ?"
        )
        each = [
            postings_of(_marks(text, known.index.weights) if text else np.frombuffer(saved or b"", np.uint32), key)
            for key, saved, text in self._store.rows(query, known.index.token, known.last, last)
        ]
        return np.concatenate([NONE, *each])

    def _keep_up(self, added: int) -> None:
        """Merge when many texts came since the index was written; count formulas anew when the corpus doubled."""
        now = self._ready()
        if self.rebuild_due and (now.index.count < EASY or added >= now.index.count // 2):
            self.rebuild()
        elif now.last - now.index.last >= longest_tail(now.index):
            self._merge(now)


def longest_tail(now: Index) -> float:
    return min(max(TAIL, TAIL_SHARE * now.count), LONGEST_TAIL)


def _saved_marks(weights: Weights, text: Text) -> bytes:
    return _marks(text.text, weights).tobytes()


def _marks(text: str, weights: Weights) -> Marks:
    hashes = grams(normalise(text).codes)
    return index.marks_of(winnowed(hashes, weights.common(hashes)))


def _grams_of(texts: Sequence[str]) -> Hashes:
    return np.concatenate([grams(normalise(text).codes) for text in texts])
