"""The text of a file that was read: one paragraph a line, each with its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

_STOPS = "。！？："
TraceKind = Literal["insertion", "deletion", "comment"]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as a reader of one format hands it over, before its place is known."""

    text: str
    style: str = ""
    level: int = 0
    list_number: str = ""
    sources: tuple[tuple[int, Any], ...] = ()
    """Nodes of the file whose whole text stands in `text`, each with the offset where it begins (Word only)."""
    traces: tuple[tuple[int, TraceKind], ...] = ()
    """Tracked changes and comments, each with the offset where it begins (Word only)."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What drafting left in a file beside its text: a tracked change or a comment, and where in the text it begins."""

    offset: int
    kind: TraceKind


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of `ReadText.text` that is not blank; `start` and `end` are character offsets into that text.

    `style` is the name of the style in the file and `level` its heading level (1–9), as far as the format knows them.
    `list_number` is the automatic number that stands at the beginning of the text, e.g. 一、.
    """

    index: int
    start: int
    end: int
    style: str = ""
    level: int = 0
    list_number: str = ""


@dataclass(frozen=True, slots=True)
class ReadText:
    """A document as the checker counts it: `text` has one paragraph a line, separated by one line feed."""

    name: str
    format: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    traces: tuple[Trace, ...] = ()

    def text_of(self, paragraph: Paragraph) -> str:
        return self.text[paragraph.start : paragraph.end]

    def to_json(self) -> list[dict[str, Any]]:
        """The paragraphs with their texts and offsets."""
        return [asdict(paragraph) | {"text": self.text_of(paragraph)} for paragraph in self.paragraphs]


def assemble(name: str, kind: str, lines: Iterable[Line]) -> ReadText:
    """Give each paragraph its place. A line feed inside a line begins a new paragraph of the same style."""
    texts: list[str] = []
    paragraphs: list[Paragraph] = []
    traces: list[Trace] = []
    offset = 0
    for line in lines:
        number = line.list_number
        traces += (Trace(offset + len(clean(line.text[:place])), kind) for place, kind in line.traces)
        for text in clean(line.text).split("\n"):
            end = offset + len(text)
            if text.strip():
                paragraphs.append(Paragraph(len(paragraphs), offset, end, line.style, line.level, number))
                number = ""
            texts.append(text)
            offset = end + 1
    return ReadText(name, kind, "\n".join(texts), tuple(paragraphs), tuple(traces))


_NEWLINES = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
_DROPPED = dict.fromkeys([*range(9), *range(0x0E, 0x20), 0x7F, 0xFFFE, 0xFFFF])


def clean(text: str) -> str:
    """One kind of line end, and no control characters. Signs without width stay: they may hide something (ST18)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NEWLINES).translate(_DROPPED)


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line: does it fill the measure, and does its place (indented, after a gap) say that it begins a
    paragraph?"""

    text: str
    fills: bool
    begins: bool


def join_rows(rows: Sequence[Row]) -> list[str]:
    """Paragraphs out of printed lines.

    A line that fills the measure and ends without 。！？： continues on the next, unless the next visibly begins a
    paragraph. Where paragraphs are marked so, a full line is continued whatever it ends with. Rows of columns stay.
    """
    marked = sum(row.begins for row in rows) >= 3
    paragraphs: list[str] = []
    open_ = False
    for row in rows:
        text = row.text.strip()
        columns = "\t" in text
        if open_ and text and not columns and not row.begins and (marked or paragraphs[-1][-1:] not in _STOPS):
            paragraphs[-1] = joined(paragraphs[-1], text)
        else:
            paragraphs.append(text)
        open_ = row.fills and bool(text) and not columns
    return paragraphs


def joined(before: str, after: str) -> str:
    """Two pieces of one paragraph; words of letters keep a space between them."""
    words = before[-1:].isascii() and after[:1].isascii() and before[-1:].isalpha() and after[:1].isalpha()
    return f"{before} {after}" if words else before + after


def cells(text: str) -> int:
    """Width in half-width cells: a hanzi counts two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
