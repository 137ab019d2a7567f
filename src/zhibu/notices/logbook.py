"""What a worker has begun and finished of the messages it took up: a file that outlives the worker, however it ends.

Lines written to a file are safe from the end of their process at once; only a machine that goes down may lose some. So
nothing waits for the disk here, the file begins with the name of the machine's present run, and after another start it
is not believed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

RUN = Path("/proc/sys/kernel/random/boot_id")
"""The system's name for the time since the machine was started."""
Outcome = Mapping[str, Any] | None
"""As `wording.packed` gives the trouble; None: sent."""


@dataclass
class Left:
    """`begun`: messages that may have gone out; `done`: what came of those the worker heard of."""

    begun: set[int] = field(default_factory=set)
    done: dict[int, Outcome] = field(default_factory=dict)


class Logbook:
    def __init__(self, file: int) -> None:
        self.file = file

    def begin(self, keys: Iterable[int]) -> None:
        """Before anything of these is sent. OSError where it cannot be written: then nothing is to be sent."""
        self._write({"begun": list(keys)})

    def done(self, outcomes: Iterable[tuple[int, Outcome]]) -> None:
        with suppress(OSError):  # they are written down in the database all the same
            self._write({"done": list(outcomes)})

    def _write(self, line: Mapping[str, Any]) -> None:
        data = json.dumps(line).encode() + b"\n"
        if os.write(self.file, data) != len(data):
            raise OSError("a line of the logbook was cut short")


def folder() -> Path:
    """Where workers of this home leave what others need to know of them."""
    found = Path(settings.HOME) / "workers"
    found.mkdir(exist_ok=True)
    return found


@contextmanager
def begun_anew(worker: str) -> Iterator[Logbook]:
    """An empty logbook. Call it when nothing is left of what the last one told of."""
    file = os.open(_path(worker), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    try:
        book = Logbook(file)
        book._write({"run": _run()})
        yield book
    finally:
        os.close(file)


def left_by(worker: str) -> Left | None:
    """What the worker's logbook tells; None where there is none, or none to be believed."""
    try:
        first, *lines = [json.loads(line) for line in _path(worker).read_text("utf-8").splitlines()]
        if not first["run"] or first["run"] != _run():
            return None
        left = Left()
        for line in lines:
            left.begun |= set(line.get("begun", ()))
            left.done |= dict(line.get("done", ()))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return left


def forget(worker: str) -> None:
    _path(worker).unlink(missing_ok=True)


def _path(worker: str) -> Path:
    return folder() / f"{worker}.log"


def _run() -> str:
    try:
        return RUN.read_text().strip()
    except OSError:
        return ""
