"""What the wall display shows, cut into slides of big type. Pure: publications in, slides out.

Of a matter that names people only what it is and until when stands on the wall; who wants to know more reads the board.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

ORDER = ("plan", "notices", "honours", "rules")
LINES, SIGNS = 7, 30
"""Lines of text a slide holds, and signs a line."""
FEW, LARGE_SIGNS = 4, 23
"""Up to so many lines are set in larger type, with so many signs a line."""
TITLE, LONG_TITLE = 23, 31
"""Signs a title may have on one line; those a line of the smaller type that longer titles are set in has."""
MOST = 60
DWELL = 20
"""Seconds each slide stays."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A publication as the wall sees it; `part` of ORDER; `personal`: it names people."""

    part: str
    matter: str
    title: str
    body: str
    until: date | None
    personal: bool


@dataclass(frozen=True, slots=True)
class Slide:
    part: str
    matter: str
    title: str
    paragraphs: tuple[str, ...]
    until: date | None
    personal: bool = False
    page: int = 1
    pages: int = 1

    @property
    def large(self) -> bool:
        return sum(_lines(one, LARGE_SIGNS) for one in self.paragraphs) <= FEW

    @property
    def long_title(self) -> bool:
        return len(self.title) > TITLE


def slides(notices: Iterable[Notice]) -> list[Slide]:
    """The slides in their order: this month's plan, notices, honours, rules; long texts go on over several."""
    ordered = sorted((one for one in notices if one.part in ORDER), key=lambda one: ORDER.index(one.part))
    return [slide for notice in ordered for slide in _slides_of(notice)][:MOST]


def _slides_of(notice: Notice) -> Iterator[Slide]:
    if notice.personal:
        yield Slide(notice.part, notice.matter, notice.matter, (), notice.until, personal=True)
        return
    title_lines = _lines(notice.title, LONG_TITLE) if len(notice.title) > TITLE else 1
    pages = list(_pages(notice.body, LINES + 1 - title_lines))
    for number, page in enumerate(pages, start=1):
        yield Slide(notice.part, notice.matter, notice.title, tuple(page), notice.until, page=number, pages=len(pages))


def _lines(text: str, signs: int) -> int:
    return -(-len(text) // signs)


def _pages(body: str, lines: int) -> Iterator[list[str]]:
    """Paragraphs packed into slides; one that is longer than a slide is cut after a sentence where there is one."""
    page: list[str] = []
    free = lines
    for piece in _pieces(body, lines * SIGNS):
        needed = _lines(piece, SIGNS)
        if page and needed > free:
            yield page
            page, free = [], lines
        page.append(piece)
        free -= needed
    if page:
        yield page


def _pieces(body: str, most: int) -> Iterator[str]:
    for line in body.splitlines():
        left = line.strip()
        while len(left) > most:
            cut = max(left.rfind(sign, 0, most) for sign in "。；！？") + 1 or most
            yield left[:cut]
            left = left[cut:]
        if left:
            yield left
