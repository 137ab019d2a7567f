"""Tables for the terminal in which wide (Chinese) characters take the two columns they are shown in."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

GAP = "  "


def width(text: str) -> int:
    """Columns `text` takes on a terminal."""
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def clip(text: str, columns: int) -> str:
    """`text` in at most `columns` columns, ended with … where it was cut."""
    if width(text) <= columns:
        return text
    kept, used = [], 0
    for char in text:
        used += width(char)
        if used > columns - 1:
            break
        kept.append(char)
    return "".join(kept) + "…"


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lines of left-aligned columns under a rule; the last column is not padded."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(heads, *texts, strict=True)]
    lines = [_line(heads, widths), GAP.join("─" * columns for columns in widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in texts)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (columns - width(cell)) for cell, columns in zip(cells, widths, strict=True))
    return GAP.join(padded).rstrip()
