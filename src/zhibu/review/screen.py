"""A report cut into pages of large type for the big screen. Pure: the text in, pages of paragraphs out."""

from __future__ import annotations

from collections.abc import Iterator

LINES, SIGNS = 9, 30
"""Lines of a page, and signs a line."""


def screen_pages(text: str) -> list[list[str]]:
    """Whole paragraphs as far as they fit; a long one goes on over the next page, cut where a sentence ends."""
    pages: list[list[str]] = [[]]
    left = LINES
    for piece in _pieces(text):
        needed = _lines(piece)
        if needed > left and pages[-1]:
            pages.append([])
            left = LINES
        pages[-1].append(piece)
        left -= needed
    return pages


def _lines(text: str) -> int:
    return -(-(len(text) + 2) // SIGNS)


def _pieces(text: str) -> Iterator[str]:
    """Paragraphs, none longer than a page."""
    most = LINES * SIGNS - 2
    for paragraph in (line.strip() for line in text.splitlines()):
        while len(paragraph) > most:
            cut = max(paragraph.rfind(sign, most // 2, most) for sign in "。；！？") + 1 or most
            yield paragraph[:cut]
            paragraph = paragraph[cut:]
        if paragraph:
            yield paragraph
