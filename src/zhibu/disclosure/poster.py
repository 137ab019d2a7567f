"""A publication as a poster for the board on the wall: one PDF page in the largest type that fits, on A4 or A3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zhibu.documents.fonts import find_fonts
from zhibu.documents.pdf import Pdf, Printable, set_in_type
from zhibu.errors import UserError

PAPERS = ("a4", "a3")
_TEMPLATE = Path(__file__).with_name("poster.typ")


@dataclass(frozen=True, slots=True)
class Poster:
    """What is printed; `lines` stand at the foot: from when to when, for whom, where to say what one thinks."""

    organization: str
    matter: str
    title: str
    body: str
    lines: tuple[str, ...]
    foot: str
    date: date


def print_poster(poster: Poster, paper: str) -> Pdf:
    """Raises UserError for another paper than PAPERS and when a font is missing."""
    if paper not in PAPERS:
        raise UserError("bad-paper", "海报只有 A4 和 A3 两种。")
    fonts = find_fonts()
    printable = Printable(fonts)
    content = {
        "paper": paper,
        "organization": printable.text(poster.organization),
        "matter": printable.text(poster.matter),
        "title": printable.text(poster.title),
        "paragraphs": [printable.text(line.strip()) for line in poster.body.splitlines() if line.strip()],
        "lines": [printable.text(line) for line in poster.lines],
        "foot": printable.text(poster.foot),
        "date": {"year": poster.date.year, "month": poster.date.month, "day": poster.date.day},
        "fonts": fonts.chains(),
    }
    return set_in_type(_TEMPLATE, content, fonts, printable)
