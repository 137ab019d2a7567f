"""Kinds of problems, from kinds.yaml, and which of them a problem's words suggest. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from zhibu.rulebook.yamlfile import read_yaml

OTHER = "other"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    slug: str
    label: str
    label_en: str
    words: tuple[str, ...]


@cache
def problem_kinds() -> Mapping[str, ProblemKind]:
    """Slug → kind, in the order of the file."""
    rows = read_yaml(Path(__file__).with_name("kinds.yaml"))
    return {slug: ProblemKind(slug, row["label"], row["label_en"], tuple(row["words"])) for slug, row in rows.items()}


def suggested_kind(text: str) -> str:
    """The kind with the most of its words in the text, longer words counting more; `other` where none has any."""
    weights = {slug: sum(len(word) * text.count(word) for word in kind.words) for slug, kind in problem_kinds().items()}
    best = max(weights, key=lambda slug: weights[slug])
    return best if weights[best] else OTHER


def kind_named(text: str) -> str:
    """The slug for a label as people write it in a table, or "" where there is no such kind."""
    plain = "".join(text.split())
    return next((one.slug for one in problem_kinds().values() if plain in (one.label, one.slug)), "")
