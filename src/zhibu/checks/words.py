"""Word lists and other small tables of the rules, as data in `checks/wording/*.yaml`.

An entry has `word` (taken literally) or `pattern` (a regular expression), and as far as they apply `replacement`,
`reason`, `source` and `date` (when it was entered). `certain: false` keeps `zhibu check --fix` from putting in the
replacement of a word that can stand inside other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from zhibu.checks.patterns import Pattern

FOLDER = Path(__file__).parent / "wording"


@dataclass(frozen=True, slots=True)
class Word:
    """`certain`: the replacement is right wherever the word stands, so that it may be put in without asking."""

    pattern: Pattern
    replacement: str = ""
    reason: str = ""
    certain: bool = False


@dataclass(frozen=True, eq=False)
class Added:
    """Entries that a unit adds to the lists, by the name of the list."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


_NONE = Added()
_ADDED: ContextVar[Added] = ContextVar("added words", default=_NONE)


@contextmanager
def added(words: Added) -> Iterator[None]:
    """While this is open, the lists have these entries too. Each thread and task has its own."""
    token = _ADDED.set(words)
    try:
        yield
    finally:
        _ADDED.reset(token)


def table(name: str) -> Any:
    """A whole YAML file of `wording`, read once, and what a unit adds to it."""
    more = _ADDED.get().rows.get(name)
    return [*_file(name), *more] if more else _file(name)


@cache
def _file(name: str) -> Any:
    import yaml

    return yaml.load((FOLDER / f"{name}.yaml").read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def patterns(name: str) -> tuple[Word, ...]:
    """The entries of a list as patterns, in the order of the file."""
    return _patterns(name, _ADDED.get())


@cache
def _patterns(name: str, _added: Added) -> tuple[Word, ...]:
    return tuple(map(_word, table(name)))


def _word(row: dict[str, Any]) -> Word:
    replacement = row.get("replacement", "")
    certain = bool(replacement) and "word" in row and row.get("certain", True)
    return Word(Pattern(row.get("pattern") or re.escape(row["word"])), replacement, row.get("reason", ""), certain)


@cache
def _vocabulary(name: str, _added: Added) -> tuple[Pattern, dict[str, Word]]:
    plain = {row["word"]: word for row, word in zip(table(name), patterns(name), strict=True) if "word" in row}
    longest_first = sorted(plain, key=len, reverse=True)
    return Pattern("|".join(map(re.escape, longest_first)) or r"(?!)"), plain


def matches(name: str, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[re.Match[str], Word]]:
    """The places where entries of the list stand, in order; of places that overlap the first and longest.

    Plain words are looked for together, in one pass.
    """
    words, plain = _vocabulary(name, _ADDED.get())
    found = [(match, plain[match[0]]) for match in words.finditer(text, start, end)]
    for row, word in zip(table(name), patterns(name), strict=True):
        if "word" not in row:
            found += ((match, word) for match in word.pattern.finditer(text, start, end))
    reached = -1
    for match, word in sorted(found, key=lambda pair: (pair[0].start(), -pair[0].end())):
        if match.start() >= reached:
            reached = match.end()
            yield match, word
