"""Between the comparison (`trace`) and the checker (`checks`), which do not know each other: sources become what the
originality rules are told.

    with Corpus("corpus.db") as corpus:
        findings = check(text, borrowed=borrowed(text, corpus), owner="云岭县审计局党支部")
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from zhibu.checks.borrowed import Borrowed
from zhibu.trace import Source, Text, compare
from zhibu.trace.align import Side
from zhibu.trace.comparing import Library
from zhibu.trace.grams import Hashes
from zhibu.trace.weights import Weights


def borrowed(
    text: str, library: Library, without: Collection[str] = (), only: Collection[str] | None = None
) -> tuple[Borrowed, ...]:
    """What of the text stands in texts of the library: those named in `only` if it is given, none in `without`."""
    asked = _Asked(library)
    return from_sources(compare(text, asked, without=without, only=only), asked.texts)


def from_sources(sources: Sequence[Source], texts: Mapping[str, str]) -> tuple[Borrowed, ...]:
    """`texts` are the sources' texts by name; of a source that is not there (the reader may not see it) only that it
    exists is told."""
    return tuple(
        Borrowed(
            passage.start, passage.end, source.source, source.owner, source.year, source.visibility, passage.kind,
            texts.get(source.source, "")[passage.source_start : passage.source_end], source.share,
        )
        for source in sources
        for passage in source.passages
    )  # fmt: skip


class _Asked:
    """A library that keeps the texts it was asked for, by name."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.texts: dict[str, str] = {}

    @property
    def weights(self) -> Weights:
        return self._library.weights

    def candidates(
        self, hashes: Hashes, most: int, without: Collection[str] = (), only: Collection[str] | None = None
    ) -> list[int]:
        return self._library.candidates(hashes, most, without, only)

    def text(self, key: int) -> Text:
        found = self._library.text(key)
        self.texts[found.name] = found.text
        return found

    def side(self, key: int) -> Side:
        return self._library.side(key)
