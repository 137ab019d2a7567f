"""Timing in one process: CPU and wall seconds of repeated calls, medians, peak memory."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. Median `seconds` against `goal`; `ratio`: how many times faster than `peer`."""

    what: str
    seconds: float
    goal: float | None = None
    peer: str = ""
    ratio: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Timed:
    wall: float
    cpu: float
    result: Any


def timed(call: Callable[[], Any], runs: int = 5, warmup: int = 1) -> Timed:
    """Medians over `runs` calls after `warmup` uncounted ones, and the last result."""
    walls, cpus, result = [], [], None
    for turn in range(warmup + runs):
        wall, cpu = time.perf_counter(), time.process_time()
        result = call()
        if turn >= warmup:
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
    return Timed(statistics.median(walls), statistics.median(cpus), result)


def command_seconds(*arguments: str, runs: int = 5) -> float:
    """Median wall seconds of the whole `zhibu` command, started anew each time."""
    command = [sys.executable, "-m", "zhibu.cli.main", *arguments]

    def once() -> None:
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603

    return timed(once, runs).wall


def peak_megabytes() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def demo_home(organizations: int) -> Path:
    """A state folder with the demo of that size, made once and kept. Call before Django loads."""
    base = Path(os.environ.get("ZHIBU_HOME", "./var")).absolute()
    home = base / "bench" / str(organizations)
    environment = os.environ | {"ZHIBU_HOME": str(home)}
    environment.pop("ZHIBU_DATABASE_URL", None)
    if not (home / "ready").exists():
        arguments = [
            "demo",
            "--organizations",
            str(organizations),
            "--members",
            str(15 * organizations),
            "--years",
            "1",
        ]
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "zhibu.cli.main", *arguments, "--on", f"{DEMO_YEAR}-12-31"],
            check=True,
            env=environment,
        )
        (home / "ready").touch()
    (home / "static").mkdir(exist_ok=True)
    if fonts := next((folder for folder in [base / "fonts"] if folder.is_dir()), None):
        os.environ.setdefault("ZHIBU_FONTS", str(fonts))
    os.environ["ZHIBU_HOME"] = str(home)
    os.environ.pop("ZHIBU_DATABASE_URL", None)
    return home


DEMO_YEAR = 2025
