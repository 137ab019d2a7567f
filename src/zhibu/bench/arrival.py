"""One activity arrives in a county: its cells and the sums of all bodies above it are brought up to date."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from zhibu.bench.measure import DEMO_YEAR, Row, demo_home, timed

SUMMARY = "2000 个支部的汇总已在内存时，补上一条新活动（SQLite）。"
ARRIVALS = 200


def run() -> Iterator[Row]:
    demo_home(2000)
    from zhibu.cli.main import use_django

    use_django()
    from zhibu.activities.models import Activity
    from zhibu.ledger.board import Board, board_of, marks
    from zhibu.org.models import Organization, OrganizationKind

    root, on = Organization.objects.get(depth=1), date(DEMO_YEAR, 12, 31)
    board = board_of(root, DEMO_YEAR, on)
    recorded = Activity.objects.filter(organization__kind=OrganizationKind.BRANCH, version=1).order_by("id")
    keys = list(recorded.values_list("pk", flat=True))
    chosen = keys[:: len(keys) // ARRIVALS][:ARRIVALS]
    walls, cpus = zip(*(_arrival(board, key) for key in chosen), strict=True)
    built = timed(lambda: Board(root, DEMO_YEAR, on), runs=3)
    median = statistics.median(walls)
    spread = f"{len(chosen)} 条各不相同的活动；最慢十分之一 {statistics.quantiles(walls, n=10)[-1] * 1000:.1f} ms"
    note = f"{spread}；CPU {statistics.median(cpus) * 1000:.1f} ms"
    yield Row("找出、重判、加到各级", median, 0.005, "重新汇总", built.wall / median, note)
    yield Row("看有没有新的写入", timed(marks, runs=25).wall, note="每次打开汇总页都做")
    yield Row("重新汇总", built.wall)


def _arrival(board: Any, key: int) -> tuple[float, float]:
    """Wall and CPU seconds of taking in one activity, as the journal tells of it."""
    from zhibu.ledger.board import change_of

    wall, cpu = time.perf_counter(), time.process_time()
    change = change_of(key)
    if change is not None:
        board.apply(*change)
    return time.perf_counter() - wall, time.process_time() - cpu
