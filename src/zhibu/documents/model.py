"""A document as blocks of spans. Reports, minutes, plans and letters are this; two writers (DOCX, PDF) print it.

The model is plain data and turns into JSON and back without loss (`to_json`, `from_json`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

BlockKind = Literal[
    "title",  # 标题, 2号小标宋, centred
    "byline",  # unit, post and name below the title, 3号楷体, centred
    "salutation",  # 主送机关, flush left, ends with a full-width colon
    "heading",  # level 1 一、 黑体; 2 （一） 楷体; 3 1. 仿宋; 4 （1） 仿宋. The number is part of the text
    "paragraph",  # 正文, 3号仿宋, indented two characters
    "signature",  # 署名 (no seal)
    "date",  # 成文日期
    "annex",  # 附件 starts on a new page; text is its label, e.g. 附件1
    "table",  # rows of cells, first row is the head
    "form",  # rows of cells without a head: label, value, label, value
    "contents",  # 目录 of the headings down to `level`, with their pages; text is its own heading
]

Role = Literal[
    "plain",
    "claim",  # figures or lists computed from a snapshot; `ref` is the claim's id
    "gap",  # something not recorded yet (待补); `ref` names what is missing
    "strong",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. `ref` ties a claim or gap to what it rests on."""

    text: str
    role: Role = "plain"
    ref: str = ""

    @property
    def shown(self) -> str:
        """The text as it is printed: a gap is always marked as one."""
        return self.text if self.role != "gap" or self.text.startswith("【待补") else f"【待补：{self.text}】"


@dataclass(frozen=True, slots=True)
class Block:
    kind: BlockKind
    spans: tuple[Span, ...] = ()
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    """Only for tables and forms: cell texts, row by row; a table's first row is the head and repeats on each page.
    A row of fewer cells than the others has a wider last cell."""
    widths: tuple[float, ...] = ()
    """Only for tables and forms: shares of the type area's width; empty means equal columns."""
    anchors: tuple[str, ...] = ()
    """Only for tables: for each row the `ref` of the claims that rest on it, "" for none; claims link to that row.
    Without `anchors` a row answers to the text of its first cell."""
    new_page: bool = False
    space_before: int = 0
    """Empty lines before the block, beyond those the format asks for: on covers."""

    @property
    def is_grid(self) -> bool:
        return self.kind in ("table", "form")

    @property
    def text(self) -> str:
        return "".join(span.shown for span in self.spans)

    def anchor(self, row: int) -> str:
        """The ref that row answers to."""
        if self.anchors:
            return self.anchors[row] if row < len(self.anchors) else ""
        return self.rows[row][0] if row and self.rows[row] else ""


@dataclass(frozen=True, slots=True)
class Document:
    """`title` and `author` go into the file's properties; `date` (YYYY-MM-DD) makes output reproducible.

    With `cover` the first page counts but carries no number.
    """

    title: str
    blocks: tuple[Block, ...]
    author: str = ""
    date: str = ""
    notes: dict[str, str] = field(default_factory=dict)
    cover: bool = False

    @property
    def text(self) -> str:
        """The document as plain text, one block a line (table cells separated by tabs)."""
        lines: list[str] = []
        for block in self.blocks:
            lines.extend("\t".join(row) for row in block.rows) if block.is_grid else lines.append(block.text)
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Document:
        blocks = tuple(
            Block(
                kind=block["kind"],
                spans=tuple(Span(**span) for span in block.get("spans", ())),
                level=block.get("level", 0),
                rows=tuple(tuple(row) for row in block.get("rows", ())),
                widths=tuple(block.get("widths", ())),
                anchors=tuple(block.get("anchors", ())),
                new_page=block.get("new_page", False),
                space_before=block.get("space_before", 0),
            )
            for block in data["blocks"]
        )
        return cls(
            data["title"], blocks, data.get("author", ""), data.get("date", ""), dict(data.get("notes", {})),
            data.get("cover", False),
        )  # fmt: skip


def text_block(kind: BlockKind, text: str, level: int = 0) -> Block:
    """A block of one plain span."""
    return Block(kind, (Span(text),), level)
