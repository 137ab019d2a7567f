"""What others do with the same texts: MinHash with locality-sensitive hashing, plain winnowing, difflib.

Each is given texts without punctuation and with one sign for each number, and the threshold that suits it best: the
lowest at which at most FALSE texts are named as sources of an honest report.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhibu.bench.measure import Row
from zhibu.bench.similarity_data import Planted, report
from zhibu.bench.similarity_quality import copies
from zhibu.trace import Text, compare
from zhibu.trace.grams import grams, winnowed
from zhibu.trace.index import ID, marks_of, postings_of, spans
from zhibu.trace.memory import Memory
from zhibu.trace.normal import normalise
from zhibu.trace.weights import covered

TEXTS = 1_000
FALSE = 0.1
MOST = 12
"""Sources looked at for one report."""
BLOCK = 13
"""Characters in a row that count for difflib."""
PAIRS = 20
"""Texts that difflib, too slow for all, is held against; the time is scaled up."""

Marked = NDArray[np.bool_]
Sources = dict[int, tuple[float, Marked]]
"""By number: what share of the report stands there, and which of its characters (none, for who knows no places)."""


Peer = Callable[[str, int], Sources]
"""Given a report and its true source (-1: none) the sources it finds."""


def rows() -> Iterator[Row]:
    texts = [report(k) for k in range(TEXTS)]
    planted_ = copies("light", TEXTS) + copies("heavy", TEXTS)
    honest = [report(20_000_000 + k) for k in range(len(planted_))]
    for name, peer in (("本系统", _Ours), ("指纹筛选，不去掉套话", _Winnowing), ("datasketch MinHash LSH", _MinHash)):
        try:
            yield _row(name, peer(texts), planted_, honest)
        except ImportError:
            yield Row(f"{TEXTS:,} 篇，{name}", 0.0, note="没有安装：python -m pip install datasketch")
    yield _row("difflib", _Difflib(texts), planted_[::8], honest[::8], TEXTS / PAIRS)


def _row(name: str, peer: Peer, copied: Sequence[Planted], honest: Sequence[str], times: float = 1) -> Row:
    started = time.perf_counter()
    found = [peer(each.text, each.source) for each in copied]
    false = [share for text in honest for share, _ in peer(text, -1).values()]
    seconds = (time.perf_counter() - started) / (len(copied) + len(honest)) * times
    threshold = sorted([*false, 0.0, *[0.0] * len(honest)], reverse=True)[int(FALSE * len(honest) / times)]
    named = [sources.get(each.source, (0.0, _none(each.text))) for each, sources in zip(copied, found, strict=True)]
    named = [(share, marked if share > threshold else marked & False) for share, marked in named]
    passages = [
        bool(marked[start:end].mean() >= 0.5)
        for each, (_, marked) in zip(copied, named, strict=True)
        for start, end in each.taken
    ]
    wrong = sum(share > threshold for share in false) / len(honest) * times
    note = (
        f"找到来源 {np.mean([share > threshold for share, _ in named]):.0%}，段落 {np.mean(passages):.0%}；"
        f"没有抄录的报告每篇误报来源 {wrong:.2f} 个（相同部分高于 {threshold:.1%} 才算）"
    )
    return Row(f"{TEXTS:,} 篇，{name}", seconds, note=note)


def _none(text: str) -> Marked:
    return np.zeros(len(text), bool)


class _Ours:
    def __init__(self, texts: Sequence[str]) -> None:
        self._library = Memory([Text(str(k), text, f"o{k}") for k, text in enumerate(texts)])

    def __call__(self, text: str, _: int) -> Sources:
        found: Sources = {}
        for source in compare(text, self._library):
            found[int(source.source)] = source.share, _none(text)
            for each in source.passages:
                found[int(source.source)][1][each.start : each.end] = True
        return found


class _Winnowing:
    """As MOSS and copydetect do it: the smallest hash of every window, kept also where it is official wording."""

    def __init__(self, texts: Sequence[str]) -> None:
        each = (marks_of(winnowed(grams(normalise(text).plain))) for text in texts)
        self._postings = np.sort(np.concatenate([postings_of(marks, key) for key, marks in enumerate(each)]))

    def __call__(self, text: str, _: int) -> Sources:
        normal = normalise(text)
        hashes = grams(normal.plain)
        wanted = winnowed(hashes)
        begins, counts = spans(self._postings, wanted)
        each = zip(begins.tolist(), counts.tolist(), strict=True)
        keys = np.concatenate([self._postings[begin : begin + count] & ID for begin, count in each]).astype(np.intp)
        which = np.repeat(np.arange(len(wanted)), counts)
        found: Sources = {}
        for key in np.argsort(-np.bincount(keys))[:MOST].tolist():
            signs = covered(np.isin(hashes, wanted[which[keys == key]]), len(normal))
            found[key] = float(signs.mean()), _none(text)
            found[key][1][normal.starts[signs]] = True
        return found


class _MinHash:
    """Jaccard similarity of the sets of eight signs in a row, by 128 permutations."""

    def __init__(self, texts: Sequence[str]) -> None:
        from datasketch import MinHashLSH

        self._buckets = MinHashLSH(threshold=0.1, num_perm=128)
        self._made = [self._of(text) for text in texts]
        for key, each in enumerate(self._made):
            self._buckets.insert(key, each)

    def __call__(self, text: str, _: int) -> Sources:
        mine = self._of(text)
        return {key: (mine.jaccard(self._made[key]), _none(text)) for key in self._buckets.query(mine)}

    def _of(self, text: str) -> Any:
        from datasketch import MinHash

        made = MinHash(num_perm=128)
        made.update_batch([each.tobytes() for each in np.unique(grams(normalise(text).plain))])
        return made


class _Difflib:
    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def __call__(self, text: str, source: int) -> Sources:
        others = [key for key in range(PAIRS) if key != source]
        keys = others if source < 0 else [source, *others]
        return {key: self._of(text, key) for key in keys[:PAIRS]}

    def _of(self, text: str, key: int) -> tuple[float, Marked]:
        marked = _none(text)
        for block in SequenceMatcher(None, text, self._texts[key], autojunk=False).get_matching_blocks():
            if block.size >= BLOCK:
                marked[block.a : block.a + block.size] = True
        return float(marked.mean()), marked
