"""Reading .pdf: printed lines put together to paragraphs again, page numbers and running heads left out."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from zhibu.documents.paragraphs import Line, Row, join_rows
from zhibu.errors import UserError

PAGES_LIMIT = 2_000
FEWEST_LINES = 10
"""Lines by which the measure of odd or of even pages can be told."""
_FAR = 100_000.0
"""Points; a damaged file may put characters nowhere or beyond any page."""
_PAGE_NUMBER = re.compile(r"^[\s—–\-─·~～]*第?\s*\d{1,4}\s*页?(\s*[,，/／]?\s*共?\s*\d{1,4}\s*页?)?[\s—–\-─·~～]*$")


@dataclass(slots=True)
class _Char:
    """A character with the box of its advance and its baseline, in points from the page's lower left corner."""

    text: str
    left: float
    right: float
    baseline: float
    size: float


@dataclass(slots=True)
class _Printed:
    """A line on a page."""

    page: int
    text: str
    left: float
    right: float
    baseline: float
    size: float


def pdf_lines(data: bytes, name: str) -> list[Line]:
    pdf = _open(data, name)
    try:
        if len(pdf) > PAGES_LIMIT:
            raise UserError(
                "too-many-pages",
                "“{name}”有 {pages} 页，超过上限 {limit} 页。",
                name=name,
                pages=len(pdf),
                limit=PAGES_LIMIT,
            )
        pages = [_page_lines(pdf[number], number) for number in range(len(pdf))]
        characters = sum(len(line.text.strip()) for page in pages for line in page)
        scanned = characters < 5 * len(pages) and any(_has_picture(pdf[number]) for number in range(len(pdf)))
    except pdfium.PdfiumError:
        raise _broken(name) from None
    finally:
        pdf.close()
    if scanned:
        raise UserError(
            "pdf-scanned",
            "“{name}”里是图片，没有可读的文字，可能是扫描件。请提供 Word 文件，或先做文字识别（OCR）。",
            name=name,
        )
    body = _body(pages)
    return [Line(text) for text in _paragraphs(body)] if body else []


def _has_picture(page: Any) -> bool:
    try:
        return next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), None) is not None
    finally:
        page.close()


def _open(data: bytes, name: str) -> Any:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if (
            getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
            or "password" in str(error).lower()
        ):
            raise UserError(
                "document-encrypted", "“{name}”有密码保护，无法读取。请取消密码后再试。", name=name
            ) from None
        raise _broken(name) from None


def _broken(name: str) -> UserError:
    return UserError("pdf-broken", "“{name}”已损坏，无法打开。请重新导出 PDF 再试。", name=name)


def _page_lines(page: Any, number: int) -> list[_Printed]:
    text = page.get_textpage()
    try:
        return [_line(chars, number) for chars in _rows(list(_characters(text.raw)))]
    finally:
        text.close()
        page.close()


def _characters(text: Any) -> Iterator[_Char]:
    """The characters that are really in the file, not the blanks and line ends the library adds."""
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    for place in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, place)
        if code < 0x20 or code in (0xFFFE, 0xFFFF, 0x2060) or raw.FPDFText_IsGenerated(text, place) == 1:
            continue
        if raw.FPDFText_GetLooseCharBox(text, place, box) and raw.FPDFText_GetCharOrigin(text, place, x, y):
            # Not the size the file declares: many programs write 1 and scale it. A hanzi is as wide as it is high.
            size = box.right - box.left if code >= 0x2E80 else 0.85 * (box.top - box.bottom)
            if all(abs(value) < _FAR for value in (box.left, box.right, y.value, size)) and size > 0:
                yield _Char(chr(code), box.left, box.right, y.value, size)


def _rows(chars: list[_Char]) -> list[list[_Char]]:
    """Characters on one baseline from left to right: a file may hold the quotes of a line after all its words."""
    rows: list[list[_Char]] = []
    for char in sorted(chars, key=lambda char: -char.baseline):
        if rows and rows[-1][0].baseline - char.baseline < 0.35 * max(char.size, rows[-1][0].size):
            rows[-1].append(char)
        else:
            rows.append([char])
    return [sorted(row, key=lambda char: char.left) for row in rows if any(char.text.strip() for char in row)]


def _line(chars: list[_Char], page: int) -> _Printed:
    """The text of a row: wide gaps part columns, narrow ones words of letters; between hanzi they are justification."""
    text = ""
    inked = [char for char in chars if char.text.strip()]
    size = median([char.size for char in inked if char.text >= "\u2e80"] or [char.size for char in inked])
    for place, char in enumerate(chars):
        gap = char.left - chars[place - 1].right if place else 0.0
        if gap > 1.2 * size:
            text = text.rstrip() + "\t"
        elif gap > 0.2 * size and text[-1:].isascii() and char.text.isascii():
            text += " "
        text += char.text
    return _Printed(page, text, inked[0].left, inked[-1].right, inked[0].baseline, size)


def _body(pages: list[list[_Printed]]) -> list[_Printed]:
    """All lines but page numbers; a line that recurs at the head or foot of pages is kept once only."""
    edges = Counter(_likeness(line) for page in pages for line in {id(e): e for e in [*page[:1], *page[-1:]]}.values())
    running = {text for text, times in edges.items() if times >= 3 and times * 2 >= len(pages)}
    seen: set[str] = set()
    body: list[_Printed] = []
    for page in pages:
        for place, line in enumerate(page):
            at_edge = place == 0 or place == len(page) - 1
            if at_edge and (_PAGE_NUMBER.match(line.text) or (_likeness(line) in running and _likeness(line) in seen)):
                continue
            if at_edge:
                seen.add(_likeness(line))
            body.append(line)
    return body


def _likeness(line: _Printed) -> str:
    return re.sub(r"[\d\s]+", "", line.text)


def _paragraphs(lines: list[_Printed]) -> list[str]:
    """Join the lines of each page's measure, which may differ between odd and even pages."""
    edges = {odd: _measure(_enough([line for line in lines if line.page % 2 == odd], lines)) for odd in (0, 1)}
    size = Counter(round(line.size, 1) for line in lines for _ in line.text).most_common(1)[0][0]
    pitch = _pitch(lines)
    rows: list[Row] = []
    before: _Printed | None = None
    title = False
    for line in lines:
        left, right = edges[line.page % 2]
        indented = line.left > left + 0.8 * size
        apart = before is not None and before.page == line.page and before.baseline - line.baseline > 1.3 * pitch
        centred = line.size > 1.2 * size and indented and line.right < right - 0.8 * size
        if title and centred and before is not None and abs(before.size - line.size) < 0.5 and not apart:
            rows[-1] = Row(rows[-1].text + line.text.strip(), False, True)
        else:
            rows.append(Row(line.text.strip(), line.right > right - 2.1 * size, indented or apart))
        before, title = line, centred
    return join_rows(rows)


def _pitch(lines: list[_Printed]) -> float:
    """The usual distance of two lines."""
    steps = [a.baseline - b.baseline for a, b in pairwise(lines) if a.page == b.page and a.baseline > b.baseline]
    return median(steps) if steps else 0.0


def _enough(side: list[_Printed], lines: list[_Printed]) -> list[_Printed]:
    """Odd or even pages' own lines, or all where a last page with a few short lines would be taken for the measure."""
    return side if len(side) >= FEWEST_LINES else lines


def _measure(lines: list[_Printed]) -> tuple[float, float]:
    """Left and right edge of the type area: the outermost that at least two lines share."""
    if not lines:
        return 0, 0
    lefts = Counter(round(line.left / 6) for line in lines)
    rights = Counter(round(line.right / 6) for line in lines)
    left = min((edge for edge, times in lefts.items() if times >= 2), default=min(lefts))
    right = max((edge for edge, times in rights.items() if times >= 2), default=max(rights))
    return left * 6, right * 6
