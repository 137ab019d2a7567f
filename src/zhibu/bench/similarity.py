"""The comparison: time and memory by the size of the corpus, what it finds of planted copies, its peers. Seeds fixed.

A corpus of made-up texts is made once and kept in ZHIBU_HOME/bench. Each part runs in a process of its own, so that its
memory is its own.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from zhibu.bench import similarity_peers, similarity_quality
from zhibu.bench.measure import Row, peak_megabytes, timed
from zhibu.bench.similarity_data import planted, report
from zhibu.trace import Corpus, Text, compare
from zhibu.trace.corpus import longest_tail
from zhibu.trace.season import season

SUMMARY = "把一篇五千字的报告与资料库对照（虚构文本，种子固定）。"
GOALS = {10_000: 0.040, 100_000: 0.080, 1_000_000: 0.400}
USUAL = (10_000, 100_000)
QUALITY_AT = (60, 500, 10_000)
SEASON_AT = 100_000
REPORTS = 24
SEASON = 300


def run(sizes: Sequence[int] = USUAL) -> Iterator[Row]:
    for size in sizes:
        path = _kept(size)
        if not path.exists():
            yield from _alone(_filled, path, size)
        yield from _alone(_times, path, size)
        if size == SEASON_AT:
            yield from _alone(_season, path)
        if size == max(QUALITY_AT):
            for fewer in QUALITY_AT:
                yield from _alone(_quality, fewer)
            yield from _alone(similarity_peers.rows)


def _alone(call: Callable[..., Any], *arguments: object) -> list[Row]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return list(pool.submit(_listed, call, *arguments).result())


def _listed(call: Callable[..., Any], *arguments: object) -> list[Row]:
    return list(call(*arguments))


def _kept(size: int) -> Path:
    """Where the corpus of that size is; other texts, another file."""
    texts = hashlib.sha256(report(0).encode()).hexdigest()[:8]
    folder = Path(os.environ.get("ZHIBU_HOME", "./var")).absolute() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"similarity-{texts}-{size}.db"


def _filled(path: Path, size: int) -> Iterator[Row]:
    """Making the texts is not counted: they are in the file before its index is written."""
    making = path.with_suffix(".new")
    making.unlink(missing_ok=True)
    with Corpus(making, create=True) as corpus, multiprocessing.get_context("spawn").Pool() as pool:
        texts = (
            Text(str(k), words, f"o{k}", 2024, "sister") for k, words in enumerate(pool.imap(report, range(size), 64))
        )
        while some := list(islice(texts, 1000)):
            corpus._store.put(some)
        once = timed(corpus.rebuild, runs=1, warmup=0)
    corpus.index_path.replace(path.with_name(path.name + ".index"))
    making.replace(path)
    size_of = path.with_name(path.name + ".index").stat().st_size
    note = (
        f"每篇 {once.cpu / size * 1000:.2f} ms CPU，索引 {size_of / 1e6:.0f} MB，最多占内存 {peak_megabytes():.0f} MB"
    )
    yield Row(f"{size:,} 篇，建立索引", once.wall, note=note)


def _times(path: Path, size: int) -> Iterator[Row]:
    reports = [planted(k, report(k), k, 0.3, "light").text for k in range(REPORTS)]
    started = time.perf_counter()
    with Corpus(path) as corpus:
        compare(reports[0], corpus)
    yield Row(f"{size:,} 篇，一个进程的第一次对照", time.perf_counter() - started)
    yield Row(f"{size:,} 篇，再次打开资料库", timed(lambda: _opened(path), runs=20).wall, 0.003)
    with Corpus(path) as corpus:
        each = [timed(lambda text=text: compare(text, corpus), runs=1, warmup=0) for text in reports]
        walls = sorted(one.wall for one in each)
        note = (
            f"CPU {statistics.median(one.cpu for one in each) * 1000:.1f} ms，"
            f"最慢的十分之一 {walls[-len(walls) // 10] * 1000:.0f} ms，{_memory()}"
        )
        yield Row(f"{size:,} 篇，对照一篇", statistics.median(walls), GOALS.get(size), note=note)
        yield from _kept_up(corpus, size)


def _opened(path: Path) -> None:
    with Corpus(path) as corpus:
        _ = corpus.weights


def _kept_up(corpus: Corpus, size: int) -> Iterator[Row]:
    new = [Text(f"new{k}", report(30_000_000 + k), f"n{k}") for k in range(REPORTS)]
    added = [timed(lambda text=text: corpus.add([text]), runs=1, warmup=0).wall for text in new]
    note = f"最慢的 {max(added) * 1000:.0f} ms"
    yield Row(f"{size:,} 篇，添加一篇", statistics.median(added), 0.020, note=note)
    removed = [timed(lambda text=text: corpus.remove([text.name]), runs=1, warmup=0).wall for text in new]
    yield Row(f"{size:,} 篇，移出一篇", statistics.median(removed), 0.020)
    merged = timed(lambda: corpus._merge(corpus._ready()), runs=1, warmup=0).wall
    yield Row(
        f"{size:,} 篇，把新文本并入索引", merged, note=f"每添加 {longest_tail(corpus._ready().index):,.0f} 篇一次"
    )


def _memory() -> str:
    """What the process holds, apart from the pages of the index, which the system takes back when it needs them."""
    try:
        lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
        held = {words[0]: int(words[1]) / 1024 for words in lines if words[0] in ("RssAnon:", "VmHWM:")}
    except OSError:
        return f"最多占内存 {peak_megabytes():.0f} MB"
    return f"占内存 {held['RssAnon:']:.0f} MB，连同文件页最多 {held['VmHWM:']:.0f} MB"


def _season(path: Path) -> Iterator[Row]:
    texts = [Text(f"s{k}", report(40_000_000 + k), f"s{k}") for k in range(SEASON - 60)]
    texts += [Text(f"c{k}", planted(500 + k, report(k % 9), k % 9, 0.5, "light").text, f"c{k}") for k in range(60)]
    with Corpus(path) as corpus:
        once = timed(lambda: season(texts, corpus), runs=1, warmup=0)
        note = f"连同资料库 {len(corpus):,} 篇；成组 {len(once.result.groups)}；CPU {once.cpu:.1f} s；{_memory()}"
    yield Row(f"一批 {SEASON} 篇互相对照", once.wall, 20, note=note)


def _quality(size: int) -> Iterator[Row]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="zhibu-similarity-"))
        corpus = stack.enter_context(Corpus(Path(folder) / "corpus.db", create=True))
        corpus._store.put(Text(str(k), report(k), f"o{k}", 2024, "sister") for k in range(size))
        corpus.rebuild()
        for row in similarity_quality.rows(corpus, size):
            yield Row(f"{size:,} 篇，{row.what}", row.seconds, note=row.note)
