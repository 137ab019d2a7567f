"""A report's own words: not the outline's sentences, nor what the ledger says, nor gaps, nor the frame.

Two fresh drafts have every sentence of their outline in common; to tell that as a likeness would help nobody. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from zhibu.documents.model import Block, Document, text_block
from zhibu.reports.outlines import outlines

FRAME = ("title", "byline", "salutation", "signature", "date")
BLANK = "　"
"""Stands for each character that is left out, so that places stay; a comparison passes it over."""
SHORTEST = 4
"""Shorter pieces of an outline's sentences are words anybody writes."""
OWN = 13
"""Fewer characters between words that are left out are what the outline leaves open (a year, a name) or an edge of it;
so few carry no passage."""
_HOLE = re.compile(r"\[\[[^\[\]]*\]\]|\{[^{}]*\}")
_LEFT = re.compile(rf"(?:(?!{BLANK}{{{SHORTEST}}}).)+")


def own_words(document: Document, labels: Iterable[str] = ()) -> str:
    """`document.text` with everything blanked that the writer did not write, at the same length. `labels`: names of
    duties, which a draft puts into its sentences."""
    named = _any_of({label for label in labels if len(label) >= SHORTEST})
    return "\n".join(_own(block, named) for block in document.blocks)


def own_words_of_text(text: str) -> str:
    """The same of a text that did not come from here: a copy of a composed report is held against its words alone,
    as that report is. Nothing tells a figure or a letterhead in it from the rest; what is left of them is short."""
    return "\n".join(_own(text_block("paragraph", line), None) for line in text.split("\n"))


def _own(block: Block, labels: re.Pattern[str] | None) -> str:
    if block.kind in FRAME:
        return BLANK * len(block.text)
    words = "".join(
        _left_out(span.shown) if span.role in ("claim", "gap") else _written(span.shown, labels) for span in block.spans
    )
    if BLANK * SHORTEST not in words and words != BLANK * len(words):
        return words
    return _LEFT.sub(lambda rest: rest[0] if len(rest[0].strip(BLANK)) >= OWN else _left_out(rest[0]), words)


def _written(words: str, labels: re.Pattern[str] | None) -> str:
    for pattern in (_pieces(), labels):
        words = pattern.sub(lambda piece: _left_out(piece[0]), words) if pattern else words
    return words


def _left_out(words: str) -> str:
    return BLANK * len(words)


@cache
def _pieces() -> re.Pattern[str] | None:
    """The fixed words of all outlines."""
    pieces = {piece for outline in outlines().values() for text in _texts(outline) for piece in _HOLE.split(text)}
    return _any_of({piece for piece in pieces if len(piece) >= SHORTEST})


def _any_of(words: Collection[str]) -> re.Pattern[str] | None:
    """Any of the words, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))) if words else None


def _texts(part: Any) -> Iterator[str]:
    """Every text below `sections`, and the lead and the closing: what a draft is made of."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            if name not in ("label", "label_en", "for", "posts", "leave_out"):
                yield from _texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner)
