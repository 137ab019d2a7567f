"""Regular expressions compiled on first use, and the few shapes of Chinese text that many rules share.

Only ASCII-bounded and length-bounded repetitions are used, so that no text makes a rule slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property

HAN = "\u3400-\u9fff"
"""For use inside a character class: Chinese characters."""
NUMERAL = "一二三四五六七八九十"
CLAUSE_ENDS = "，,；;：:。！？!?\n"


class Pattern:
    """A regular expression that costs nothing until it is used."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source = source
        self.flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.source, self.flags)

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        return self.compiled.search(text, start, len(text) if end is None else end)

    def match(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        return self.compiled.match(text, start, len(text) if end is None else end)

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text, start, len(text) if end is None else end)


@cache
def pattern(source: str) -> Pattern:
    """The pattern of a source that stands in a data file, made once."""
    return Pattern(source)


def numeral(word: str) -> int:
    """The value of a Chinese numeral below 10,000 (`二十三`, `两`, `一百零五`); 0 when it is not one."""
    digits = {
        "零": 0,
        "〇": 0,
        "一": 1,
        "二": 2,
        "两": 2,
        "三": 3,
        "四": 4,
        "五": 5,
        "六": 6,
        "七": 7,
        "八": 8,
        "九": 9,
    }
    units = {"十": 10, "百": 100, "千": 1000}
    total = digit = 0
    for sign in word:
        if sign in digits:
            digit = digits[sign]
        elif sign in units:
            total += (digit or 1) * units[sign]
            digit = 0
        else:
            return 0
    return total + digit


def chinese(number: int) -> str:
    """1 to 99 as a Chinese numeral: 12 → 十二."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else NUMERAL[tens - 1] + "十"
    return head + (NUMERAL[ones - 1] if ones else "")


def clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause around text[start:end]: from the punctuation before to the punctuation after, both excluded."""
    begin, stop = start, end
    floor, ceiling = max(0, start - 200), min(len(text), end + 200)
    while begin > floor and text[begin - 1] not in CLAUSE_ENDS:
        begin -= 1
    while stop < ceiling and text[stop] not in CLAUSE_ENDS:
        stop += 1
    return begin, stop
