"""A submission paragraph by paragraph: its findings, its figures and what was said about it beside each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhibu.checks import Finding
from zhibu.checks.frame import paragraphs
from zhibu.reports.beside import Line, Marked, marked
from zhibu.review.handed import Handed
from zhibu.review.models import Remark


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`start` and `end`: its place in the submission's text; `figures`: (claim, what it says) that rest on records."""

    line: Line
    start: int
    end: int
    figures: tuple[tuple[str, str], ...]
    comments: tuple[Remark, ...]

    @property
    def number(self) -> int:
        """From 1, as people count."""
        return self.line.number + 1

    @property
    def key(self) -> str:
        """Its place, as the form names it."""
        return f"{self.start}-{self.end}"

    @property
    def begins(self) -> str:
        """Its first words, to be told by in a list."""
        words = "".join(piece.text for piece in self.line.pieces)
        return words if len(words) <= 16 else f"{words[:15]}…"


@dataclass(frozen=True, slots=True)
class Lines:
    marked: Marked
    paragraphs: tuple[Paragraph, ...]


def lines_of(
    handed: Handed, findings: Sequence[Finding], comments: Sequence[Remark], only: Mapping[str, str] | None = None
) -> Lines:
    text = handed.submission.text
    found = marked(text, findings, only=only)
    places = paragraphs(text)
    starts = [place.start for place in places]
    figures = handed.figures_by_line()
    said: dict[int, list[Remark]] = {}
    for one in comments:
        if one.start is not None:
            said.setdefault(max(0, bisect_right(starts, one.start) - 1), []).append(one)
    return Lines(
        found,
        tuple(
            Paragraph(
                line, places[line.number].start, places[line.number].end,
                tuple(figures.get(line.number, ())), tuple(said.get(line.number, ())),
            )
            for line in found.lines
            if line.number < len(places)
        ),
    )  # fmt: skip
