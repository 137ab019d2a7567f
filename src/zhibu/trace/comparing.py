"""`compare`: which texts a report shares passages with, how much, and where."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import numpy as np

from zhibu.trace.align import Prepared, Side, stretches
from zhibu.trace.grams import Hashes
from zhibu.trace.kinds import passage, with_moves
from zhibu.trace.normal import normalise
from zhibu.trace.results import Source, Text
from zhibu.trace.weights import Weights

MOST_SOURCES = 12
"""Sources looked at closely for one report."""


class Library(Protocol):
    """Texts that can be asked for those worth a closer look: `memory.Memory` and `corpus.Corpus` are such."""

    @property
    def weights(self) -> Weights: ...

    def candidates(
        self, hashes: Hashes, most: int, without: Collection[str] = (), only: Collection[str] | None = None
    ) -> list[int]:
        """Keys of at most `most` texts that share rare grams with `hashes`, the most first: of those named in `only` if
        it is given, and none named in `without`."""

    def text(self, key: int) -> Text: ...

    def side(self, key: int) -> Side: ...


Against = Library | Mapping[str, str] | Sequence[Text]


def compare(
    text: str,
    against: Against,
    *,
    most: int = MOST_SOURCES,
    without: Collection[str] = (),
    only: Collection[str] | None = None,
) -> list[Source]:
    """The sources of `text` among `against`, the largest share first; an empty list when there are none.

    `against` is a corpus, texts by their names, or a list of `Text`. `without` names texts not to compare with: the
    report itself, where it is in the corpus; `only`, if given, those alone to compare with. At most `most` sources are
    given. Offsets count the characters of `text` and of the source's text, as `zhibu text` prints them. Two texts with
    the same words share 1.0.
    """
    library = as_library(against)
    report = Prepared(Side(normalise(text)), library.weights)
    found = [
        source
        for key in library.candidates(report.side.hashes, most, without, only)
        if (source := compared(report, library.side(key), library.text(key))) is not None
    ]
    return sorted(found, key=lambda each: (-each.share, each.source))


def as_library(against: Against) -> Library:
    from zhibu.trace.memory import Memory

    if isinstance(against, Mapping):
        return Memory([Text(name, text) for name, text in against.items()])
    return Memory(against) if isinstance(against, Sequence) else against


def compared(report: Prepared, source: Side, text: Text) -> Source | None:
    """One report against one source; None when no passage of the report stands in it."""
    found = stretches(report, source)
    if not found:
        return None
    passages = with_moves([passage(report.normal, source.normal, each) for each in found])
    covered = np.zeros(len(report.normal), bool)
    for each in found:
        for run in each.runs:
            covered[run.a : run.a + run.length] = True
    return Source(text.name, _share(report, covered), passages, text.owner, text.year, text.visibility)


def _share(report: Prepared, covered: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    if covered.all():
        return 1.0
    whole = int(report.informative.sum())
    return int((report.informative & covered).sum()) / whole if whole else 0.0
