"""The comparison: time by the size of the corpus, and what it finds of planted copies. Seeds fixed."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from zhibu.bench.measure import Row, peak_megabytes, timed
from zhibu.bench.similarity_data import Planted, planted, report
from zhibu.trace import Corpus, Source, Text, compare
from zhibu.trace.comparing import MOST_SOURCES
from zhibu.trace.grams import grams
from zhibu.trace.normal import normalise
from zhibu.trace.season import season

SUMMARY = "把一篇五千字的报告与资料库对照（虚构文本，种子固定）。"
SIZES = {1_000: 0.040, 10_000: 0.040, 100_000: 0.080}
QUALITY_AT = 10_000
REPORTS = 24
"""Reports of each sort that are planted; honest ones are three times as many."""
SEASON = 300


def run(sizes: dict[int, float] = SIZES) -> Iterator[Row]:
    for size, goal in sizes.items():
        with tempfile.TemporaryDirectory(prefix="zhibu-similarity-") as folder:
            path = Path(folder) / "corpus.db"
            yield _filled(path, size)
            with Corpus(path) as corpus:
                yield from _times(corpus, size, goal)
                if size == QUALITY_AT:
                    yield from _quality(corpus, size)
                if size == max(sizes):
                    yield _season(corpus)


def _filled(path: Path, size: int) -> Row:
    """Making the texts is not counted: they are in the file before its index is written."""
    with Corpus(path, create=True) as corpus:
        corpus._store.put(Text(str(k), report(k), f"o{k}", 2024, "sister") for k in range(size))
        seconds = timed(corpus.rebuild, runs=1, warmup=0).wall
    megabytes = corpus.index_path.stat().st_size / 1e6
    return Row(f"{size:,} 篇，建立索引", seconds, note=f"每篇 {seconds / size * 1000:.1f} ms，索引 {megabytes:.0f} MB")


def _times(corpus: Corpus, size: int, goal: float) -> Iterator[Row]:
    reports = [planted(k, report(k), k, 0.3, "light").text for k in range(REPORTS)]
    walls, cpus = _each(corpus, reports)
    peer = _grams_one_by_one(reports[0], size)
    note = f"CPU {statistics.median(cpus) * 1000:.1f} ms，最多占内存 {peak_megabytes():.0f} MB"
    wall = statistics.median(walls)
    yield Row(f"{size:,} 篇，对照一篇", wall, goal, "逐篇求共有的八字串", peer / wall, note)
    new = [Text(f"new{k}", report(30_000_000 + k), f"n{k}") for k in range(15)]
    added = [_once(lambda text=text: corpus.add([text])) for text in new]
    yield Row(f"{size:,} 篇，添加一篇", statistics.median(added), 0.020)
    if size == min(SIZES):
        pair = timed(lambda: _difflib(reports[0], report(0)), runs=1, warmup=0).wall
        one = timed(lambda: compare(reports[0], {"0": report(0)})).wall
        yield Row("两篇对照", one, None, "difflib", pair / one)


def _each(corpus: Corpus, reports: list[str]) -> tuple[list[float], list[float]]:
    walls, cpus = [], []
    compare(reports[0], corpus)
    for text in reports:
        wall, cpu = time.perf_counter(), time.process_time()
        compare(text, corpus)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return walls, cpus


def _once(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _grams_one_by_one(text: str, size: int) -> float:
    """Seconds of the plain way, all sets of grams ready in memory: 200 texts measured, scaled up."""
    mine = np.unique(grams(normalise(text).codes))
    others = [np.unique(grams(normalise(report(k)).codes)) for k in range(200)]
    wall = timed(lambda: [len(np.intersect1d(mine, each, assume_unique=True)) for each in others], runs=1).wall
    return wall / len(others) * size


def _difflib(text: str, source: str) -> int:
    return sum(block.size for block in SequenceMatcher(None, text, source, autojunk=False).get_matching_blocks())


def _quality(corpus: Corpus, size: int) -> Iterator[Row]:
    for edits, label in (("none", "照抄"), ("light", "每二十个词改一个"), ("heavy", "每六个词改一个")):
        started, tallies = time.perf_counter(), []
        for k in range(REPORTS):
            copied = _planted(k, edits)
            tallies.append(tally(copied, compare(copied.text, corpus)))
        passages, characters, wrong = (sum(each) for each in zip(*tallies, strict=True))
        seconds = (time.perf_counter() - started) / REPORTS
        places = [place for k in range(REPORTS) for place in _planted(k, edits).taken]
        note = (
            f"找到段落 {passages / len(places):.1%}，字 {characters / sum(end - start for start, end in places):.1%}；"
            f"误报字 {wrong / max(1, characters + wrong):.2%}"
        )
        yield Row(f"埋入的段落，{label}", seconds, note=note)
    started = time.perf_counter()
    found = [compare(report(20_000_000 + k), corpus) for k in range(3 * REPORTS)]
    false = sum(map(len, found))
    length = sum(each.end - each.start for sources in found for source in sources for each in source.passages)
    note = f"每篇误报来源 {false / len(found):.2f} 个，{length / len(found):.1f} 字"
    yield Row("没有抄录的报告", (time.perf_counter() - started) / len(found), note=note)
    same = [compare(report(k), corpus, most=MOST_SOURCES)[0].share for k in range(0, size, size // 20)]
    yield Row("与库中某篇完全相同", 0.0, note=f"最低 {min(same):.0%}")


def _planted(k: int, edits: str) -> Planted:
    return planted(100 + k, report(7 * k), 7 * k, (0.1, 0.3, 0.6, 0.9)[k % 4], edits)


def tally(copied: Planted, found: list[Source]) -> tuple[int, int, int]:
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


def _season(corpus: Corpus) -> Row:
    texts = [Text(f"s{k}", report(40_000_000 + k), f"s{k}") for k in range(SEASON - 60)]
    texts += [Text(f"c{k}", planted(500 + k, report(k % 9), k % 9, 0.5, "light").text, f"c{k}") for k in range(60)]
    once = timed(lambda: season(texts, corpus), runs=1, warmup=0)
    note = f"连同资料库 {len(corpus):,} 篇；成组 {len(once.result.groups)}；CPU {once.cpu:.1f} s"
    return Row(f"一批 {SEASON} 篇互相对照", once.wall, 20, note=note)
