"""Automatic numbering of a .docx turned into text (一、 （一） 1. ①), as Word shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from zhibu.documents.xmlnodes import attribute, child_of, integer, tag_of, value_of

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"


def chinese(number: int, digits: str = "零一二三四五六七八九", units: str = "十百千") -> str:
    """A number in words up to 9999: 十二, 一百零五. Above, digit by digit."""
    if not 0 < number < 10_000:
        return "".join(digits[int(digit)] for digit in str(number))
    text, gap = "", False
    for place, digit in zip(range(len(str(number)) - 1, -1, -1), str(number), strict=True):
        if digit == "0":
            gap = True
            continue
        text += (digits[0] if gap and text else "") + digits[int(digit)] + (units[place - 1] if place else "")
        gap = False
    return text[1:] if text.startswith("一十") else text


def _counting(number: int) -> str:
    """chineseCounting: in words below 100, then digit by digit (一〇〇)."""
    return chinese(number) if number < 100 else "".join(_DIGITS[int(digit)] for digit in str(number))


def _roman(number: int) -> str:
    text = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += letters * (number // value)
        number %= value
    return text


def _letters(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""


def _from(first: str, count: int) -> Callable[[int], str]:
    """Enclosed numbers that stand in a row in Unicode; beyond them plain digits."""
    return lambda number: chr(ord(first) + number - 1) if 1 <= number <= count else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else ""


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    "decimalFullWidth2": lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "chineseCounting": _counting,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "chineseLegalSimplified": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "japaneseDigitalTenThousand": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "taiwaneseDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "ideographEnclosedCircle": _from("㊀", 10),
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
    "none": lambda number: "",
}

_MOST = 32_767
"""A list that starts beyond this is not a list of a document; the number is written as 0."""


@dataclass(slots=True)
class Level:
    format: str = "decimal"
    pattern: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    suffix: str = "tab"
    style: str = ""


@dataclass(slots=True)
class _List:
    """A list in use: its levels (shared by the lists of one abstract definition) and where it stands."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts through a document. `label(list id, level)` gives the next number's text; call it in document order."""

    def __init__(self, root: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._load(root)

    def _load(self, root: Any) -> None:
        abstracts = {attribute(node, "abstractNumId"): node for node in root if tag_of(node) == "abstractNum"}
        by_style = {
            value_of(node, "styleLink"): key
            for key, node in abstracts.items()
            if child_of(node, "styleLink") is not None
        }
        for node in root:
            if tag_of(node) != "num":
                continue
            abstract = value_of(node, "abstractNumId")
            link = value_of(abstracts[abstract], "numStyleLink") if abstract in abstracts else ""
            abstract = by_style.get(link, abstract)
            levels = _levels(abstracts.get(abstract))
            used = _List(abstract, levels)
            for override in (child for child in node if tag_of(child) == "lvlOverride"):
                depth = integer(attribute(override, "ilvl"))
                levels.update(_levels(override))
                if child_of(override, "startOverride") is not None:
                    used.starts[depth] = integer(value_of(override, "startOverride"), 1)
            self._lists[attribute(node, "numId")] = used

    def level_of_style(self, list_id: str, style: str) -> int:
        """The level a style stands for in a list; 0 if it is not named there."""
        levels = self._lists[list_id].levels if list_id in self._lists else {}
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def label(self, list_id: str, depth: int) -> str:
        used = self._lists.get(list_id)
        if used is None or depth not in used.levels:
            return ""
        counts = self._counts.setdefault(used.abstract, {})
        if depth in used.starts and (list_id, depth) not in self._begun:
            counts.pop(depth, None)
        self._begun.add((list_id, depth))
        counts[depth] = counts[depth] + 1 if depth in counts else used.starts.get(depth, used.levels[depth].start)
        for deeper in [d for d in counts if d > depth and self._restarts(used, d, depth)]:
            del counts[deeper]
        return self._text(used, depth, counts)

    @staticmethod
    def _restarts(used: _List, deeper: int, depth: int) -> bool:
        restart = used.levels[deeper].restart if deeper in used.levels else None
        return restart is None or (restart != 0 and depth < restart)

    @staticmethod
    def _text(used: _List, depth: int, counts: dict[int, int]) -> str:
        own = used.levels[depth]
        if own.format == "bullet":
            return "•" if own.pattern[:1] >= "\ue000" or not own.pattern else own.pattern

        def number(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            level = used.levels.get(place, own)
            count = counts.setdefault(place, level.start)
            style = "decimal" if own.legal and level.format != "decimalZero" else level.format
            return _FORMATS.get(style, str)(count if 0 <= count <= _MOST else 0)

        text = re.sub(r"%([1-9])", number, own.pattern)
        return text + " " if text and own.suffix == "space" else text


def _levels(node: Any | None) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for child in node if node is not None else ():
        if tag_of(child) == "lvl":
            restart = child_of(child, "lvlRestart")
            levels[integer(attribute(child, "ilvl"))] = Level(
                format=_format(child),
                pattern=value_of(child, "lvlText"),
                start=integer(value_of(child, "start")),
                restart=None if restart is None else integer(attribute(restart, "val")),
                legal=child_of(child, "isLgl") is not None and value_of(child, "isLgl") not in ("0", "false"),
                suffix=value_of(child, "suff") or "tab",
                style=value_of(child, "pStyle"),
            )
    return levels


def _format(level: Any) -> str:
    """The number format; newer ones stand in a choice with an older fallback."""
    found = next((node for node in level.iter() if tag_of(node) == "numFmt"), None)
    return attribute(found, "val") if found is not None else "decimal"
