"""The ledger of a country's worth of branches from Parquet; each size in a process of its own, memory measured."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from zhibu.bench.measure import Row, peak_megabytes

SUMMARY = "从 Parquet 文件计算一年的台账并逐级汇总（合成数据，种子固定，数据不计入时间）。"
SIZES = {30_000: None, 100_000: None, 300_000: 60.0}


def run() -> Iterator[Row]:
    for size, goal in SIZES.items():
        with tempfile.TemporaryDirectory(prefix="zhibu-country-") as folder:
            _started("make", folder, size)
            found = json.loads(_started("judge", folder, size))
        millions, gigabytes = found["cells"] / 1e6, found["megabytes"] / 1024
        note = f"{millions:.1f} 百万格，CPU {found['cpu']:.1f} s，最多占内存 {gigabytes:.2f} GB"
        each = f"每百万格 CPU {found['cpu'] / millions:.2f} s"
        yield Row(f"{size:,} 个组织", found["seconds"], goal, note=f"{note}，{each}")


def _started(what: str, folder: str, size: int) -> str:
    command = [sys.executable, "-m", "zhibu.bench.country", what, folder, str(size)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def judged(folder: Path, size: int) -> dict[str, float]:
    """Seconds, cells and peak memory of judging the country in `folder`; its cells are written beside it."""
    from zhibu.bench.country_data import CLASSES, RANKS, SORTS, YEAR
    from zhibu.ledger.asking import Questions, Scoped
    from zhibu.ledger.parquet import Words, judge_files
    from zhibu.rulebook.regulations import all_duties

    started = time.perf_counter()
    on = date(YEAR, 12, 31)
    duties = [Scoped(duty, 0, size - 1) for duty in all_duties() if duty.until is None or duty.until >= on]
    found = judge_files(folder, Words(CLASSES, SORTS, RANKS), Questions(duties, YEAR, on), out=folder)
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "cpu": time.process_time(),
        "cells": found.cells,
        "megabytes": peak_megabytes(),
        "inner": len(found.inner),
    }


def main(what: str, folder: str, size: str) -> None:
    if what == "make":
        from zhibu.bench.country_data import write_country

        write_country(Path(folder), int(size))
    else:
        sys.stdout.write(json.dumps(judged(Path(folder), int(size))))


if __name__ == "__main__":
    main(*sys.argv[1:])
