"""Reading .pdf: printed lines put together to paragraphs again, page numbers and running heads left out."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from zhibu.documents.paragraphs import Line, Row, join_rows
from zhibu.errors import UserError

PAGES_LIMIT = 2_000
_PAGE_NUMBER = re.compile(r"^[\s—–\-─·~～]*第?\s*\d{1,4}\s*页?(\s*[,，/／]?\s*共?\s*\d{1,4}\s*页?)?[\s—–\-─·~～]*$")


@dataclass(slots=True)
class _Printed:
    """A line on a page; lengths in points, `bottom` measured from the foot of the page."""

    page: int
    text: str
    left: float
    right: float
    bottom: float
    size: float

    def gap(self, left: float, char: str) -> str:
        """What to put where the library saw a gap before `char`: nothing between hanzi, a tab between columns."""
        if left - self.right > 1.2 * self.size:
            return "\t"
        return "" if self.text[-1:] >= "\u2e80" and char >= "\u2e80" else " "


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
        return list(_lines_of(text.raw, number))
    finally:
        text.close()
        page.close()


def _lines_of(text: Any, page: int) -> Iterator[_Printed]:
    """The lines as the library finds them (it ends each with CR LF), with the box around their characters."""
    box = [ctypes.c_double() for _ in range(4)]
    line, gap = _Printed(page, "", 1e9, 0, 1e9, 0), False
    for place in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, place)
        if code == 0x0A:
            yield line
            line, gap = _Printed(page, "", 1e9, 0, 1e9, 0), False
        elif code not in (0x0D, 0, 0xFFFE, 0xFFFF):
            if raw.FPDFText_IsGenerated(text, place) == 1:
                gap = bool(line.text)
            elif raw.FPDFText_GetCharBox(text, place, *box):
                left, right, bottom, _ = (side.value for side in box)
                line.text += (line.gap(left, chr(code)) if gap else "") + chr(code)
                gap = False
                line.left, line.right = min(line.left, left), max(line.right, right)
                line.bottom = min(line.bottom, bottom)
                line.size = max(line.size, raw.FPDFText_GetFontSize(text, place))
    if line.text.strip():
        yield line


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
    edges = {odd: _measure([line for line in lines if line.page % 2 == odd]) for odd in (0, 1)}
    size = Counter(round(line.size) for line in lines for _ in line.text).most_common(1)[0][0] or 12
    rows: list[Row] = []
    title: _Printed | None = None
    for line in lines:
        left, right = edges[line.page % 2]
        indented = line.left > left + 0.8 * size
        big = line.size > 1.2 * size and indented and line.right < right - 0.8 * size
        if big and title is not None and abs(title.size - line.size) < 0.5 and title.page == line.page:
            rows[-1] = Row(rows[-1].text + line.text.strip(), False, True)
        else:
            rows.append(Row(line.text.strip(), line.right > right - 1.6 * size, indented))
        title = line if big else None
    return join_rows(rows)


def _measure(lines: list[_Printed]) -> tuple[float, float]:
    """Left and right edge of the type area: the outermost that at least two lines share."""
    if not lines:
        return 0, 0
    lefts = Counter(round(line.left / 6) for line in lines)
    rights = Counter(round(line.right / 6) for line in lines)
    left = min((edge for edge, times in lefts.items() if times >= 2), default=min(lefts))
    right = max((edge for edge, times in rights.items() if times >= 2), default=max(rights))
    return left * 6, right * 6
