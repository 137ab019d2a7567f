"""The word lists of the comparison, read from `trace/words.yaml` once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True, slots=True)
class NameSigns:
    """Words that tell that what stands before or after them is a name."""

    after: tuple[str, ...]
    before: tuple[str, ...]


@cache
def _words() -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = yaml.load(_FILE.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return found


@cache
def synonyms() -> dict[str, str]:
    """Each two-character word to the first of its group."""
    return {word: group[0] for group in map(str.split, _words()["synonyms"]) for word in group[1:]}


def formulas() -> tuple[str, ...]:
    """Official wording that is nobody's own."""
    return tuple(_words()["formulas"])


@cache
def name_signs() -> NameSigns:
    found = _words()["names"]
    return NameSigns(tuple(found["followed_by"].split()), tuple(found["preceded_by"].split()))
