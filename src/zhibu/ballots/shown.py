"""A result as pages and papers show it: percentages rounded once, at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import segno

from zhibu.ballots.counting import QuestionResult, Results, Tally
from zhibu.ballots.manifest import Manifest


def percent(share: Fraction | None) -> str:
    """Two places, half up; "—" for what is not known."""
    if share is None:
        return "—"
    value = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    return f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


@dataclass(frozen=True, slots=True)
class Line:
    """A choice of a question: votes in all and in each pool, its share, and by weights."""

    label: str
    votes: int
    pools: tuple[int, ...]
    share: str
    weighted: str
    parts: int
    """The share in hundredths of the valid votes, for a bar."""


@dataclass(frozen=True, slots=True)
class Shown:
    result: QuestionResult
    lines: tuple[Line, ...]
    abstained: tuple[int, tuple[int, ...]]
    invalid: tuple[int, tuple[int, ...]]
    outcome: str = ""
    """elected, tied, not-elected, passed, not-passed, or nothing."""


def shown(results: Results) -> list[Shown]:
    return [_shown(one, number, results) for number, one in enumerate(results.questions)]


def _shown(one: QuestionResult, number: int, results: Results) -> Shown:
    lines = tuple(
        Line(
            choice.label, one.total.votes[choice.slug], tuple(pool.votes[choice.slug] for pool in one.pools),
            percent(one.total.share(choice.slug)), percent(one.weighted[choice.slug] if one.weighted else None),
            round((one.total.share(choice.slug) or Fraction(0)) * 100),
        )
        for choice in one.question.choices
    )  # fmt: skip
    return Shown(one, lines, _both(one, "abstained"), _both(one, "invalid"), _outcome(one, number, results))


def _both(one: QuestionResult, name: str) -> tuple[int, tuple[int, ...]]:
    def of(tally: Tally) -> int:
        return int(getattr(tally, name))

    return of(one.total), tuple(map(of, one.pools))


def _outcome(one: QuestionResult, number: int, results: Results) -> str:
    if results.election is not None:
        if number in results.election.elected:
            return "elected"
        return "tied" if number in results.election.tied else "not-elected"
    return {True: "passed", False: "not-passed", None: ""}[one.passed]


def is_weighted(manifest: Manifest, results: Results) -> bool:
    """Whether weights make a difference worth a column of its own."""
    return len(results.pools) > 1 and manifest.rule == "appraisal"


def qr(address: str) -> str:
    """A code to be read by a phone, as an image's address."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2))


def codes(papers: Sequence[Any], manifest: Manifest) -> list[tuple[str, list[str]]]:
    """The opened papers in the order of their codes, each line in words."""
    rows = []
    for paper in sorted(papers, key=lambda one: one.code):
        words = [
            one.choices[n].label if n is not None else "" for n, one in zip(paper.vote, manifest.questions, strict=True)
        ]
        rows.append((" ".join(paper.code[n : n + 4] for n in range(0, 16, 4)), words))
    return rows
