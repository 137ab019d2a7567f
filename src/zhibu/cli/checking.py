"""The work behind `zhibu check`: documents checked one by one or by several processes, with the texts to compare them
with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhibu.checks.facts import Facts
from zhibu.checks.files import Checked, Fixed, check_file, fix_file
from zhibu.checks.last_findings import LastFinding
from zhibu.errors import Sentence, UserError

if TYPE_CHECKING:
    from zhibu.checks.borrowed import Borrowed
    from zhibu.trace.comparing import Library

MANY = 24
"""So many documents are worth starting further processes for."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked for. `corpus` is a corpus file or a folder; `owner` says whose the documents are, None: told by
    their names in the corpus, else by the folder they lie in, below one of the `given` folders."""

    given: tuple[str, ...] = ()
    year: int | None = None
    facts: Facts | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    last_findings: tuple[LastFinding, ...] | None = None
    corpus: str | None = None
    owner: str | None = None


class Checker:
    """One process's share of a job. Use it in `with`: the corpus stays open."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._open = ExitStack()

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def check(self, path: Path) -> Checked:
        """Raises UserError when the document cannot be read."""
        return check_file(path, **self._options(path))

    def fix(self, path: Path, *, in_place: bool) -> Fixed:
        return fix_file(path, in_place=in_place, **self._options(path))

    def _options(self, path: Path) -> dict[str, Any]:
        job = self.job
        options: dict[str, Any] = {
            "year": job.year, "facts": job.facts, "select": job.select, "ignore": job.ignore,
            "last_findings": job.last_findings,
        }  # fmt: skip
        if job.corpus:
            options |= {"compare": lambda text: self._borrowed(text, path), "owner": self._owner(path)}
        return options

    @cached_property
    def _library(self) -> Library:
        from zhibu.cli.compare import opened

        return self._open.enter_context(opened(self.job.corpus or ""))

    def _borrowed(self, text: str, path: Path) -> tuple[Borrowed, ...]:
        from zhibu.borrowing import borrowed

        # The document may be in the corpus itself, under the name it was added by.
        return borrowed(text, self._library, without={path.as_posix(), path.resolve().as_posix()})

    @cached_property
    def _owners(self) -> dict[str, str]:
        """The owners of the texts in the corpus, by name."""
        from zhibu.trace import Corpus
        from zhibu.trace.memory import Memory

        library = self._library
        if isinstance(library, Corpus):
            return {text.name: text.owner for text, _length in library.texts()}
        return {text.name: text.owner for text in library.texts} if isinstance(library, Memory) else {}

    def _owner(self, path: Path) -> str:
        if self.job.owner is not None:
            return self.job.owner
        known = self._owners.get(path.as_posix()) or self._owners.get(path.resolve().as_posix())
        return known or next((folder for given in self.job.given if (folder := _folder(path, given))), "")


def _folder(path: Path, given: str) -> str:
    """The folder right below a given folder that the document lies in, as the corpus names owners; else empty."""
    below = path.relative_to(given).parts if path.is_relative_to(given) else ()
    return below[0] if len(below) > 1 else ""


Result = tuple[Path, Checked | None, Sentence | None]
"""A document with what was found, or with the sentence that says why it could not be checked."""


def checked(job: Job, paths: Sequence[Path], processes: int | None = None) -> Iterator[Result]:
    """The documents in order; of many of them several at a time, in `processes` (as many as there are cores)."""
    workers = min(processes or _cores(), len(paths))
    if workers < 2 or (processes is None and len(paths) < MANY):
        with Checker(job) as checker:
            for path in paths:
                yield _one(checker, path)
        return
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers, initializer=_begin, initargs=(job,))
    try:
        yield from pool.map(_work, paths, chunksize=max(1, min(8, len(paths) // (4 * workers))))
    finally:
        pool.shutdown(cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _one(checker: Checker, path: Path) -> Result:
    try:
        return path, checker.check(path), None
    except UserError as error:
        # One unreadable file must not hide what the others say.
        return path, None, error.sentence


_checker: Checker
"""Of a worker process."""


def _begin(job: Job) -> None:
    global _checker
    _checker = Checker(job)


def _work(path: Path) -> Result:
    return _one(_checker, path)
