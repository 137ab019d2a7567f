"""Where the characters of a PDF stand, by their origins on the baseline (points)."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw


@dataclass
class PrintedLine:
    baseline: float
    text: str
    starts: list[float]


def printed_lines(data: bytes, page_number: int) -> list[PrintedLine]:
    """The lines of a page from top to bottom, page number included."""
    pdf = pdfium.PdfDocument(data)
    page = pdf[page_number]
    text = page.get_textpage()
    lines: dict[int, list[tuple[float, float, str]]] = defaultdict(list)
    x, y = ctypes.c_double(), ctypes.c_double()
    for place in range(raw.FPDFText_CountChars(text.raw)):
        char = chr(raw.FPDFText_GetUnicode(text.raw, place))
        if not raw.FPDFText_IsGenerated(text.raw, place) and char.strip() and char != "\u2060":
            raw.FPDFText_GetCharOrigin(text.raw, place, x, y)
            lines[round(y.value / 4)].append((x.value, y.value, char))
    pdf.close()
    result = []
    for key in sorted(lines, reverse=True):
        chars = sorted(lines[key])
        result.append(PrintedLine(chars[0][1], "".join(char for _, _, char in chars), [start for start, _, _ in chars]))
    return result


def page_count(data: bytes) -> int:
    pdf = pdfium.PdfDocument(data)
    try:
        return len(pdf)
    finally:
        pdf.close()
