"""Findings for people and for programs: one module a format, each with `render(checked, ...) -> str`."""

from __future__ import annotations

from bisect import bisect_right


class Lines:
    """Turns offsets into line and column, both from 1, columns in characters."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(index + 1 for index, sign in enumerate(text) if sign == "\n")]

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
