"""A text made comparable: what an editor changes without writing anything is taken out, places are kept.

Width, case, punctuation, spaces and invisible characters go; a run of digits or numerals becomes one sign;
two-character synonyms (推进, 推动) take one form. Each sign knows which characters of the text it stands for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from zhibu.trace.words import synonyms

NUMBER = "#"
"""The sign of a run of digits or numerals. No text keeps a # of its own: it is punctuation and dropped."""
_NUMERALS = frozenset("〇零一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟")
_DROPPED = "\0"

Codes = NDArray[np.uint32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Normal:
    """`codes` are the compared signs; sign k stands for `text[starts[k]:stops[k]]`. `plain` is the same without
    synonyms. The three arrays and `plain` have one length."""

    text: str
    codes: Codes
    plain: Codes
    starts: Places
    stops: Places

    def __len__(self) -> int:
        return len(self.codes)

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Character offsets into `text` of the signs `begin` to `end` (not empty)."""
        return int(self.starts[begin]), int(self.stops[end - 1])


def normalise(text: str) -> Normal:
    """The comparable form of `text`. Any text will do, an empty one too."""
    signs, places = _signs(text)
    kept = signs != 0
    signs, places = signs[kept], places[kept]
    is_number = signs == ord(NUMBER)
    follows = np.zeros(len(signs), bool)
    follows[1:] = is_number[1:] & is_number[:-1]
    is_last = np.ones(len(signs), bool)
    is_last[:-1] = ~follows[1:]
    plain = signs[~follows]
    return Normal(text, _with_synonyms(plain), plain, places[~follows], places[is_last] + 1)


def folded(text: str) -> str:
    """The text without width, case, punctuation, spaces and marks, but with its numbers and its own words."""
    return text.translate(_LETTERS).replace(_DROPPED, "")


def _signs(text: str) -> tuple[Codes, Places]:
    """The sign of each character, 0 where it is dropped, and the place each came from."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    places = np.arange(len(codes), dtype=np.int64)
    if len(codes) and codes.max() < len(_ONE):
        for code in np.unique(codes[_ONE[codes] == _UNKNOWN]).tolist():
            sign = _sign(chr(code))
            _ONE[code] = ord(sign) if len(sign) == 1 else _SEVERAL
        signs = _ONE[codes]
        if not (signs == _SEVERAL).any():
            return signs, places
    each = [_sign(char) for char in text]
    return np.frombuffer("".join(each).encode("utf-32-le"), np.uint32), np.repeat(places, [len(sign) for sign in each])


@cache
def _letters(char: str) -> str:
    """What a character is compared as: at least one sign, the dropped one if nothing is left of it."""
    # Hangul alone falls apart into letters under NFKD; one sign each is enough.
    plain = char if "가" <= char <= "힣" else unicodedata.normalize("NFKD", char)
    return "".join(each for each in plain.casefold() if unicodedata.category(each)[0] in "LN") or _DROPPED


@cache
def _sign(char: str) -> str:
    return "".join(NUMBER if _is_number(each) else each for each in _letters(char))


def _is_number(char: str) -> bool:
    return char in _NUMERALS or unicodedata.category(char)[0] == "N"


class _Table(dict[int, str]):
    """A table for `str.translate` that learns each character when it first occurs."""

    def __init__(self, of: Callable[[str], str]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, code: int) -> str:
        self[code] = found = self._of(chr(code))
        return found


_LETTERS = _Table(_letters)
_UNKNOWN, _SEVERAL = 0xFFFFFFFF, 0xFFFFFFFE
_ONE = np.full(0x10000, _UNKNOWN, np.uint32)
"""The sign of each character of the basic plane, filled as they occur: looked up for a whole text at once."""


@cache
def _synonym_table() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    pairs = sorted((_pair(word), _pair(form)) for word, form in synonyms().items())
    return np.array([key for key, _ in pairs], np.uint64), np.array([form for _, form in pairs], np.uint64)


@cache
def _begins_synonym() -> NDArray[np.bool_]:
    found = np.zeros(0x10000, bool)
    found[[ord(word[0]) for word in synonyms()]] = True
    return found


def _pair(word: str) -> int:
    return ord(word[0]) << 32 | ord(word[1])


def _with_synonyms(plain: Codes) -> Codes:
    keys, forms = _synonym_table()
    if len(plain) < 2 or not len(keys):
        return plain
    begins = np.flatnonzero(_begins_synonym()[np.minimum(plain[:-1], 0xFFFF)])
    pairs = plain[begins].astype(np.uint64) << np.uint64(32) | plain[begins + 1]
    slots = np.minimum(np.searchsorted(keys, pairs), len(keys) - 1)
    hits = np.flatnonzero(keys[slots] == pairs)
    codes, free = plain.copy(), 0
    for place, form in zip(begins[hits].tolist(), forms[slots[hits]].tolist(), strict=True):
        if place >= free:
            codes[place], codes[place + 1] = form >> 32, form & 0xFFFFFFFF
            free = place + 2
    return codes
