"""A document as PDF in the official format: typst sets it, PDF/A-2a and PDF/UA-1, fonts embedded.

The template is `gongwen.typ`; the text goes to it as data only, so that nothing a user writes is ever evaluated.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from zhibu.documents.fonts import REPLACEMENT, FontSet, find_fonts, is_printable
from zhibu.documents.layout import (
    Placed,
    centred_columns,
    is_kept_whole,
    linked_refs,
    listed_headings,
    placed_blocks,
    splits,
    title_lines,
)
from zhibu.documents.model import Block, Document, Span
from zhibu.errors import UserError

STANDARDS = ["a-2a", "ua-1"]
_TEMPLATE = Path(__file__).with_name("gongwen.typ")


@dataclass(frozen=True, slots=True)
class Pdf:
    """`missing` are the characters no font has; they are printed as 〓 and the user should be told."""

    data: bytes
    missing: tuple[str, ...] = ()


def write_pdf(document: Document) -> Pdf:
    """The document as PDF. Raises UserError if a font is not installed."""
    fonts = find_fonts()
    printable = Printable(fonts)
    return set_in_type(_TEMPLATE, _content(document, fonts, printable), fonts, printable)


def set_in_type(template: Path, content: dict[str, Any], fonts: FontSet, printable: Printable) -> Pdf:
    """What a template makes of its data. `content` must fit JSON; its texts have gone through `printable`."""
    data = json.dumps(content, ensure_ascii=False)
    return Pdf(_compile(template, fonts, data, STANDARDS), tuple(printable.missing))


def contents_pages(document: Document) -> tuple[int, ...]:
    """The page of each heading that the contents page names, in order. Raises UserError if a font is not installed."""
    fonts = find_fonts()
    content = json.dumps(_content(document, fonts, Printable(fonts)), ensure_ascii=False)
    with _lock:
        _compile(_TEMPLATE, fonts, content, [])
        return tuple(json.loads(_compilers[_TEMPLATE, fonts].query("<pages>", field="value", one=True)))


_compilers: dict[tuple[Path, FontSet], Any] = {}
_known: dict[FontSet, Any] = {}
_lock = threading.RLock()


def _compile(template: Path, fonts: FontSet, data: str, standards: list[str]) -> bytes:
    """One compiler a template is kept per process: reading the fonts takes longer than setting a report."""
    import typst

    with _lock:
        if fonts not in _known:
            _known[fonts] = typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=list(fonts.folders)
            )
        if (template, fonts) not in _compilers:
            _compilers[template, fonts] = typst.Compiler(
                str(template), root=str(template.parent), font_paths=_known[fonts], ignore_system_fonts=True
            )
        try:
            pdf = _compilers[template, fonts].compile(
                format="pdf", sys_inputs={"data": data}, pdf_standards=standards, pdf_tags=bool(standards)
            )
        except RuntimeError as error:
            raise UserError("pdf-not-made", "无法生成 PDF：{reason}。请改用 .docx 格式。", reason=str(error)) from error
    return bytes(pdf)


class Printable:
    """Text as the fonts can print it; gathers what they cannot."""

    def __init__(self, fonts: FontSet) -> None:
        self.fonts = fonts
        self.known: dict[str, str] = {}
        self.missing: dict[str, None] = {}

    def text(self, text: str) -> str:
        """Missing characters replaced, blanks made plain, marks that may not begin a line tied to what is before."""
        for char in dict.fromkeys(text):
            if char not in self.known:
                self.known[char] = char if char >= " " and is_printable(self.fonts, char) else self._instead(char)
        shown = "".join(map(self.known.__getitem__, text))
        return re.sub(r"(?<=.)([—～·…])", "\u2060\\1", shown)

    def _instead(self, char: str) -> str:
        if char == "\t":
            return "\u3000\u3000"
        category = unicodedata.category(char)
        if category == "Zs":
            return " "
        if category in ("Cf", "Cc") or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
            return ""
        self.missing[char] = None
        return REPLACEMENT


def _content(document: Document, fonts: FontSet, printable: Printable) -> dict[str, Any]:
    linked = linked_refs(document)
    taken: set[str] = set()
    day = date.fromisoformat(document.date) if document.date else date.today()  # noqa: DTZ011  the writer's day
    placed = placed_blocks(document)
    blocks = [_block(one, linked, taken, printable) for one in placed]
    listed = set(listed_headings(placed))
    for place, block in enumerate(blocks):
        block["listed"] = place in listed
        block["above"], block["below"] = _is_grid(placed, place - 1), _is_grid(placed, place + 1)
    _number_outline(blocks)
    return {
        "title": printable.text(document.title) or "文书",
        "author": printable.text(document.author),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "cover": document.cover,
        "fonts": fonts.chains(),
        "blocks": blocks,
    }


def _is_grid(placed: list[Placed], place: int) -> bool:
    return 0 <= place < len(placed) and placed[place].block.is_grid


def _number_outline(blocks: list[dict[str, Any]]) -> None:
    """An accessible outline begins with level 1 and goes down one level at a time, whatever the look of the heads."""
    deepest = 0
    for block in blocks:
        if block["kind"] in ("heading", "annex"):
            level = 1 if block["kind"] == "annex" else block["level"]
            deepest = block["outline"] = min(level, deepest + 1, 6)


def _block(placed: Placed, linked: set[str], taken: set[str], printable: Printable) -> dict[str, Any]:
    block = placed.block
    data: dict[str, Any] = {
        "kind": block.kind,
        "level": max(block.level, 1),
        "new_page": placed.new_page,
        "space_before": placed.space_before,
        "right": placed.right,
        "keep": placed.keep_with_next,
    }
    if block.kind == "title":
        return data | {"lines": [printable.text(line) for line in title_lines(block.text)]}
    if block.is_grid:
        columns = max((len(row) for row in block.rows), default=0) or 1
        widths = list(block.widths) if len(block.widths) == columns else [1.0] * columns
        centred = centred_columns(block.rows)
        return data | {
            "rows": [_row(block, row, widths, centred, linked, taken, printable) for row in range(len(block.rows))],
            "widths": widths,
            "whole": is_kept_whole(block, widths),
        }
    spans = [_span(span, linked, printable) for span in block.spans]
    if not "".join(span["text"] for span in spans).strip("\u2060 \u3000") and block.kind in ("heading", "annex"):
        data["kind"] = "paragraph"  # a bookmark needs a name
    return data | {"spans": spans}


def _span(span: Span, linked: set[str], printable: Printable) -> dict[str, Any]:
    link = span.ref if span.role == "claim" and span.ref in linked else ""
    return {"text": printable.text(span.text), "role": span.role, "link": link}


def _row(
    block: Block,
    row: int,
    widths: list[float],
    centred: list[bool],
    linked: set[str],
    taken: set[str],
    printable: Printable,
) -> list[dict[str, Any]]:
    """The cells of a row; a short row's last cell takes the rest. The first cell is what a claim links to."""
    texts = block.rows[row] or ("",)
    ref = block.anchor(row)
    anchor = ref if ref in linked and ref not in taken else ""
    taken.add(anchor)
    form = block.kind == "form"
    tall = splits(texts, widths)
    return [
        {
            "lines": [printable.text(line) for line in text.split("\n")],
            "span": len(widths) - place if place == len(texts) - 1 else 1,
            "anchor": anchor if place == 0 else "",
            "head": place % 2 == 0 if form else row == 0,
            "centred": place % 2 == 0 if form else row == 0 or centred[place],
            "splits": tall,
        }
        for place, text in enumerate(texts)
    ]
