"""What a comparison finds of planted copies, what it names them, and what it reports in honest texts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np

from zhibu.bench.measure import Row
from zhibu.bench.similarity_data import Planted, moved, planted, report
from zhibu.trace import Corpus, Source, compare
from zhibu.trace.comparing import MOST_SOURCES

REPORTS = 24
"""Reports of each sort that are planted; honest ones are three times as many."""
EDITS = {
    "none": "照抄",
    "light": "每二十个词改一个",
    "heavy": "每六个词改一个",
    "values": "只改数字、日期、名称",
}


def rows(corpus: Corpus, size: int) -> Iterator[Row]:
    for edits, label in EDITS.items():
        yield _found(corpus, size, edits, label)
    yield _moved(corpus, size)
    yield _honest(corpus)
    same = [compare(report(k), corpus, most=MOST_SOURCES)[0].share for k in range(0, size, max(1, size // 20))]
    yield Row("与库中某篇完全相同", 0.0, note=f"最低 {min(same):.0%}")


def copies(edits: str, size: int) -> list[Planted]:
    """Of texts all over the corpus, in which 10, 30, 60 or 90 % was taken over."""
    return [
        planted(100 + k, report(number), number, (0.1, 0.3, 0.6, 0.9)[k % 4], edits, in_order=edits == "values")
        for k in range(REPORTS)
        for number in [7 * k % size]
    ]


def _found(corpus: Corpus, size: int, edits: str, label: str) -> Row:
    texts = copies(edits, size)
    started = time.perf_counter()
    found = [compare(each.text, corpus) for each in texts]
    seconds = (time.perf_counter() - started) / len(texts)
    tallies = [tally(*each) for each in zip(texts, found, strict=True)]
    passages, characters, wrong = (sum(each) for each in zip(*tallies, strict=True))
    places = [place for each in texts for place in each.taken]
    note = (
        f"找到段落 {passages / len(places):.1%}，字 {characters / sum(end - start for start, end in places):.1%}；"
        f"误报字 {wrong / max(1, characters + wrong):.2%}"
    )
    if edits == "values":
        kinds = [kind for pair in zip(texts, found, strict=True) for kind in _kinds(*pair)]
        note += f"；称为“只改了数字、日期或名称” {kinds.count('values') / len(kinds):.1%}"
    return Row(f"埋入的段落，{label}", seconds, note=note)


def tally(copied: Planted, found: Sequence[Source]) -> tuple[int, int, int]:
    """Planted passages of which half or more is reported with the right source; their characters that are; and
    characters reported from that source that were not planted."""
    marked = np.zeros(len(copied.text), bool)
    for source in found:
        if source.source == str(copied.source):
            for each in source.passages:
                marked[each.start : each.end] = True
    taken = np.zeros(len(copied.text), bool)
    for start, end in copied.taken:
        taken[start:end] = True
    passages = sum(bool(marked[start:end].mean() >= 0.5) for start, end in copied.taken)
    return passages, int((marked & taken).sum()), int((marked & ~taken).sum())


def _kinds(copied: Planted, found: Sequence[Source]) -> list[str]:
    """What each planted passage is called: the kind of the longest reported one in it."""
    passages = [each for source in found if source.source == str(copied.source) for each in source.passages]
    kinds = []
    for start, end in copied.taken:
        inside = [(min(end, each.end) - max(start, each.start), each.kind) for each in passages]
        kinds.append(max((each for each in inside if each[0] > 0), default=(0, "none"))[1])
    return kinds


def _moved(corpus: Corpus, size: int) -> Row:
    """Four passages in the source's order and one out of it: is that one called so, and no other?"""
    started, right, reports = time.perf_counter(), 0, 4 * REPORTS
    for k in range(reports):
        number = 11 * k % size
        copied, which = moved(k, report(number), number)
        kinds = _kinds(copied, compare(copied.text, corpus))
        right += sum((kind == "reordered") == (place == which) for place, kind in enumerate(kinds))
    note = f"称为“换了位置”的对 {right / reports / 5:.1%}"
    return Row("五段中有一段换了位置", (time.perf_counter() - started) / reports, note=note)


def _honest(corpus: Corpus) -> Row:
    started = time.perf_counter()
    found = [compare(report(20_000_000 + k), corpus) for k in range(3 * REPORTS)]
    seconds = (time.perf_counter() - started) / len(found)
    false = sum(map(len, found))
    length = sum(each.end - each.start for sources in found for source in sources for each in source.passages)
    note = f"每篇误报来源 {false / len(found):.2f} 个，{length / len(found):.1f} 字"
    return Row("没有抄录的报告", seconds, note=note)
