"""What a process knows of a corpus's index, kept from one opening of the corpus to the next.

A page opens its corpus each time it is asked for. The index file is read and checked once for as long as it stays the
same, and of the texts that came after it only those are fetched that are not known yet. Several threads may ask at
once: what is kept is never changed, only replaced.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhibu.trace import index
from zhibu.trace.index import Index, IndexDamaged, Postings

KEPT = 8
"""Corpora known at a time."""


@dataclass(frozen=True, slots=True)
class Known:
    """An index and, in sorted parts, the postings of the texts that came after it, up to the id `last`."""

    index: Index
    last: int
    parts: tuple[Postings, ...] = ()

    def with_texts(self, postings: Postings, last: int) -> Known:
        """... and of later texts. Parts are joined as they grow, so that there are few of them."""
        parts = [*self.parts, np.sort(postings)] if len(postings) else [*self.parts]
        while len(parts) > 1 and len(parts[-2]) < 2 * len(parts[-1]):
            newest = parts.pop()
            parts[-1] = np.sort(np.concatenate([parts[-1], newest]), kind="stable")
        return Known(self.index, last, tuple(parts))

    @property
    def postings(self) -> tuple[Postings, ...]:
        """All, in sorted parts."""
        return self.index.postings, *self.parts


_kept: OrderedDict[str, tuple[tuple[int, ...], Known]] = OrderedDict()
_reading = threading.Lock()


def last_known(path: Path) -> Known:
    """The index at `path` with what is already known of the texts after it. Raises IndexDamaged."""
    return _unchanged(path) or _read(path)


def remember(path: Path, known: Known) -> Known:
    """Keep what was learnt since, unless the file is another one by now."""
    before = _kept.get(os.path.abspath(path))
    return _keep(path, before[0], known) if before and before[1].index is known.index else known


def _unchanged(path: Path) -> Known | None:
    before = _kept.get(os.path.abspath(path))
    return before[1] if before and before[0] == _identity(path) else None


def _read(path: Path) -> Known:
    with _reading:
        # Another thread may have read it while this one waited.
        if found := _unchanged(path):
            return found
        identity = _identity(path)
        read = index.read(path)
        if _identity(path) == identity:
            return _keep(path, identity, Known(read, read.last))
    return last_known(path)


def _keep(path: Path, identity: tuple[int, ...], known: Known) -> Known:
    _kept[os.path.abspath(path)] = identity, known
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return known


def _identity(path: Path) -> tuple[int, ...]:
    try:
        found = os.stat(path)
    except OSError as error:
        raise IndexDamaged(str(path)) from error
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size
