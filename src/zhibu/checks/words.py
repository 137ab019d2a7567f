"""Word lists and other small tables of the rules, as data in `checks/wording/*.yaml`.

An entry has `word` (taken literally) or `pattern` (a regular expression), and as far as they apply `replacement`,
`reason`, `source` and `date` (when it was entered).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from zhibu.checks.patterns import Pattern

FOLDER = Path(__file__).parent / "wording"


@dataclass(frozen=True, slots=True)
class Word:
    pattern: Pattern
    replacement: str = ""
    reason: str = ""


@cache
def table(name: str) -> Any:
    """A whole YAML file of `wording`, read once."""
    import yaml

    return yaml.load((FOLDER / f"{name}.yaml").read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


@cache
def patterns(name: str) -> tuple[Word, ...]:
    """The entries of a list as patterns, in the order of the file."""
    return tuple(
        Word(Pattern(row.get("pattern") or re.escape(row["word"])), row.get("replacement", ""), row.get("reason", ""))
        for row in table(name)
    )


@cache
def _vocabulary(name: str) -> tuple[Pattern, dict[str, Word]]:
    plain = {row["word"]: word for row, word in zip(table(name), patterns(name), strict=True) if "word" in row}
    longest_first = sorted(plain, key=len, reverse=True)
    return Pattern("|".join(map(re.escape, longest_first)) or r"(?!)"), plain


def matches(name: str, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[re.Match[str], Word]]:
    """The places where entries of the list stand, in order; of places that overlap the first and longest.

    Plain words are looked for together, in one pass.
    """
    words, plain = _vocabulary(name)
    found = [(match, plain[match[0]]) for match in words.finditer(text, start, end)]
    for row, word in zip(table(name), patterns(name), strict=True):
        if "word" not in row:
            found += ((match, word) for match in word.pattern.finditer(text, start, end))
    reached = -1
    for match, word in sorted(found, key=lambda pair: (pair[0].start(), -pair[0].end())):
        if match.start() >= reached:
            reached = match.end()
            yield match, word
