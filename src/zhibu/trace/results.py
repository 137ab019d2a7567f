"""What a comparison says: sources, and the passages with both their places."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["identical", "edited", "values", "reordered"]
"""identical: the same letters (punctuation, width and spaces aside); values: only numbers, dates or names differ;
edited: otherwise rewritten in part; reordered: it stands elsewhere in the source than the passages around it."""

KIND_LABELS: dict[str, str] = {
    "identical": "文字相同",
    "edited": "略有改动",
    "values": "只改了数字、日期或名称",
    "reordered": "换了位置",
}

Visibility = Literal["own", "sister", "template", "material"]
VISIBILITY_LABELS: dict[str, str] = {
    "own": "本单位往年",
    "sister": "其他支部",
    "template": "范文模板",
    "material": "学习材料",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """`start` to `end` in the report, `source_start` to `source_end` in the source: character offsets as `zhibu text`
    counts them. `excerpt` is what stands in the report."""

    start: int
    end: int
    source_start: int
    source_end: int
    kind: Kind
    excerpt: str


@dataclass(frozen=True, slots=True)
class Source:
    """A text the report shares passages with. `share` is 0 to 1: of what the report says in words of its own, official
    wording left out, the part that stands in this source too. It says nothing about who wrote it first."""

    source: str
    share: float
    passages: tuple[Passage, ...]
    owner: str = ""
    year: int | None = None
    visibility: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"share": round(self.share, 4), "passages": [asdict(each) for each in self.passages]}


@dataclass(frozen=True, slots=True)
class Text:
    """A text to compare with. Texts of one `owner` count once when official wording is told from copies; without an
    owner a text is its own."""

    name: str
    text: str
    owner: str = ""
    year: int | None = None
    visibility: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the words, as `Corpus.digests` gives it for a text that is there."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()
