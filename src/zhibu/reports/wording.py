"""A report's own words: not the outline's sentences, nor lists from the ledger, nor gaps, nor the frame.

Two fresh drafts have every sentence of their outline in common; to tell that as a likeness would help nobody. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from zhibu.documents.model import Block, Document, Span
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


def own_words(document: Document) -> str:
    """`document.text` with everything blanked that the writer did not write, at the same length."""
    return "\n".join(_own(block) for block in document.blocks)


def _own(block: Block) -> str:
    if block.kind in FRAME:
        return BLANK * len(block.text)
    words = "".join(_left_out(span.shown) if span.role in ("claim", "gap") else _written(span) for span in block.spans)
    if BLANK * SHORTEST not in words and words != BLANK * len(words):
        return words
    return _LEFT.sub(lambda rest: rest[0] if len(rest[0].strip(BLANK)) >= OWN else _left_out(rest[0]), words)


def _written(span: Span) -> str:
    return _pieces().sub(lambda piece: _left_out(piece[0]), span.shown)


def _left_out(words: str) -> str:
    return BLANK * len(words)


@cache
def _pieces() -> re.Pattern[str]:
    """The fixed words of all outlines, the longest first."""
    pieces = {piece for outline in outlines().values() for text in _texts(outline) for piece in _HOLE.split(text)}
    kept = sorted((piece for piece in pieces if len(piece) >= SHORTEST), key=lambda piece: (-len(piece), piece))
    return re.compile("|".join(map(re.escape, kept)))


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
