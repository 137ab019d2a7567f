"""Kinds of activity as a text names them, and the months a phrase speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from zhibu.checks.patterns import Pattern, numeral
from zhibu.checks.words import table

SPAN = Pattern(
    r"(?P<from>\d{1,2})月?(?:至|到|—|-)(?P<to>\d{1,2})月|第?(?P<quarter>[一二三四])季度|(?P<half>[上下])半年"
    r"|(?<!\d)(?P<month>\d{1,2})月(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A kind of activity named in the text."""

    start: int
    end: int
    kind: str
    label: str
    held: bool


@cache
def _names() -> tuple[Pattern, dict[str, tuple[str, str, bool]]]:
    rows = table("kinds")
    pattern = "|".join(f"(?P<{row['kind'].replace('-', '_')}>{row['pattern']})" for row in rows)
    return Pattern(pattern), {row["kind"].replace("-", "_"): (row["kind"], row["label"], row["held"]) for row in rows}


def mentions(text: str, start: int = 0, end: int | None = None) -> Iterator[Mention]:
    """Every place where a kind is named, in order."""
    pattern, kinds = _names()
    for found in pattern.finditer(text, start, end):
        kind, label, held = kinds[found.lastgroup or ""]
        yield Mention(found.start(), found.end(), kind, label, held)


def label_of(kind: str) -> str:
    return next((label for slug, label, _held in _names()[1].values() if slug == kind), "")


def months(found: re.Match[str]) -> range:
    """The months that a match of SPAN stands for; empty when they are no months."""
    if found["quarter"]:
        first = numeral(found["quarter"]) * 3 - 2
        return range(first, first + 3)
    if found["half"]:
        return range(1, 7) if found["half"] == "上" else range(7, 13)
    first = int(found["month"] or found["from"])
    last = int(found["month"] or found["to"])
    return range(first, last + 1) if 1 <= first <= last <= 12 else range(0)
