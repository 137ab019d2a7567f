"""What is left to do on a report: gaps, typed figures without a record, findings; each with its paragraph. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhibu.checks import Finding, Waiver, check, parse_facts
from zhibu.checks.borrowed import Borrowed
from zhibu.checks.figures import TypedFigure, typed_figures
from zhibu.checks.outline import parse
from zhibu.documents.model import Document

SHORTEST, LONGEST, LEAST_SHARE = 1500, 3000, 25
"""Usual length in characters and share of problems in percent, where an outline does not set its own."""

STANDARD = re.compile(r"(?:达到|不少于|至少|满)$")
"""Before a number that is a standard somebody met, not something that was counted: 达到32学时."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, and in which block."""

    block: int
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number typed by hand, and in which block."""

    block: int
    figure: TypedFigure


@dataclass(frozen=True, slots=True)
class Review:
    """What is left to do on `text`. `length`: characters of the body; `share`: percent of problems and causes; both
    with what is usual."""

    text: str
    gaps: tuple[Gap, ...]
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    length: int
    share: int
    usual_length: tuple[int, int] = (SHORTEST, LONGEST)
    least_share: int = LEAST_SHARE
    waived: tuple[Waiver, ...] = field(default=())

    @property
    def length_usual(self) -> bool:
        return self.usual_length[0] <= self.length <= self.usual_length[1]

    @property
    def share_enough(self) -> bool:
        return self.share >= self.least_share

    @property
    def doubtful(self) -> int:
        """Typed figures that the ledger does not bear out."""
        return sum(row.figure.status != "supported" for row in self.figures)


def review(
    document: Document,
    snapshot: Mapping[str, Any],
    outline: Mapping[str, Any],
    waivers: Sequence[Waiver] = (),
    *,
    borrowed: Sequence[Borrowed] | None = None,
    owner: str = "",
) -> Review:
    """Everything the side panel shows of the report's text (without its annex)."""
    text = document.text
    starts = _starts(document)
    facts = parse_facts(dict(snapshot))
    found = check(text, year=int(snapshot["year"]), facts=facts, waivers=waivers, borrowed=borrowed, owner=owner)
    locked = _locked(document, starts)
    figures = [
        f
        for f in typed_figures(text, facts)
        if not _within(f.start, f.end, locked) and not STANDARD.search(text, max(0, f.start - 4), f.start)
    ]
    length = tuple(outline.get("length", (SHORTEST, LONGEST)))
    return Review(
        text=text,
        gaps=tuple(
            Gap(number, span.text)
            for number, block in enumerate(document.blocks)
            for span in block.spans
            if span.role == "gap"
        ),
        figures=tuple(Figure(_block(starts, figure.start), figure) for figure in figures),
        findings=tuple(finding for finding in found if not _is_gap(finding)),
        length=parse(text).length,
        share=_share(text),
        usual_length=(int(length[0]), int(length[1])),
        least_share=round(100 * float(outline.get("problems_share", LEAST_SHARE / 100))),
        waived=tuple(waivers),
    )


def _starts(document: Document) -> list[int]:
    """Where each block begins in the document's text."""
    starts, at = [], 0
    for block in document.blocks:
        starts.append(at)
        at += len(block.text) + 1
    return starts


def _block(starts: Sequence[int], offset: int) -> int:
    return max(0, bisect_right(starts, offset) - 1)


def _locked(document: Document, starts: Sequence[int]) -> list[tuple[int, int]]:
    """Ranges of claims and gaps: nobody typed what stands there."""
    ranges = []
    for start, block in zip(starts, document.blocks, strict=True):
        at = start
        for span in block.spans:
            if span.role in ("claim", "gap"):
                ranges.append((at, at + len(span.shown)))
            at += len(span.shown)
    return ranges


def _within(start: int, end: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in ranges)


def _is_gap(finding: Finding) -> bool:
    """A named gap is listed as one already; telling it twice helps nobody."""
    return finding.code == "ST01" and "待补" in finding.excerpt


def _share(text: str) -> int:
    """As ST14 counts it: without the parts on basic facts and last year's findings."""
    outline = parse(text)
    taken, aside = (
        sum(len("".join(text[part.start : part.end].split())) for part in outline.tops(*kinds))
        for kinds in (("problems", "causes"), ("basic", "last-findings"))
    )
    counted = outline.length - aside
    return int(100 * taken / counted) if counted > 0 else 0
