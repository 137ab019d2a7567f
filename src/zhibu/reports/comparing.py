"""Two texts side by side: paragraphs matched, then words inserted and deleted marked; claims compare by value. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from zhibu.reports.claims import Claim, Snapshot
from zhibu.reports.composing import TOKEN, Body, values
from zhibu.reports.editing import style_of

Change = Literal["same", "changed", "inserted", "deleted"]
ALIKE = 0.35
"""Share of common text from which two paragraphs count as one that was changed, not as two."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of equal fate. `role` is plain, claim or gap; `kept` False: only on this side."""

    text: str
    role: str = "plain"
    kept: bool = True
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph of the comparison; a side is empty where the paragraph is not there."""

    change: Change
    style: str
    left: tuple[Piece, ...] = ()
    right: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """A text and what its claims say."""

    body: Body
    found: Mapping[str, Claim | None]

    @classmethod
    def of(cls, body: Body, snapshot: Snapshot, writer: str) -> Side:
        return cls(body, values(body, snapshot, writer))


Unit = tuple[str, str, str]
"""(what is shown, role, ref): one character of plain text, or a whole claim or gap."""


def compare(left: Side, right: Side) -> list[Row]:
    """Every paragraph of both texts, in the order of the newer one with what was taken out in its old place."""
    old, new = left.body["blocks"], right.body["blocks"]
    old_units = [tuple(units(block["text"], left.found)) for block in old]
    new_units = [tuple(units(block["text"], right.found)) for block in new]
    rows: list[Row] = []
    matcher = SequenceMatcher(None, _keys(old, old_units), _keys(new, new_units), autojunk=False)
    for op, i1, i2, j1, j2 in matcher.get_opcodes():
        if op == "equal":
            rows += [
                _row(new[j], old_units[i], new_units[j]) for i, j in zip(range(i1, i2), range(j1, j2), strict=True)
            ]
            continue
        for i, j in _paired(old_units[i1:i2], new_units[j1:j2]):
            rows.append(
                _row(
                    new[j1 + j] if j is not None else old[i1 + (i or 0)],
                    old_units[i1 + i] if i is not None else (),
                    new_units[j1 + j] if j is not None else (),
                )
            )
    return rows


def units(text: str, found: Mapping[str, Claim | None]) -> Iterator[Unit]:
    """Characters, claims by their value, gaps by their name."""
    at = 0
    for token in TOKEN.finditer(text):
        yield from ((char, "plain", "") for char in text[at : token.start()])
        yield _token(token.group(1), found)
        at = token.end()
    yield from ((char, "plain", "") for char in text[at:])


def _token(token: str, found: Mapping[str, Claim | None]) -> Unit:
    if token.startswith("gap "):
        return token.removeprefix("gap "), "gap", ""
    claim = found.get(token)
    return (claim.text, "claim", token) if claim else ("此处所据记录已不存在", "gap", token)


def _keys(
    blocks: Sequence[Mapping[str, Any]], unit_rows: Sequence[tuple[Unit, ...]]
) -> list[tuple[str, tuple[Unit, ...]]]:
    return [(style_of(block), row) for block, row in zip(blocks, unit_rows, strict=True)]


def _paired(
    old: Sequence[tuple[Unit, ...]], new: Sequence[tuple[Unit, ...]]
) -> Iterator[tuple[int | None, int | None]]:
    """Paragraphs matched in order so that the most text is common; a paragraph alike no other stands alone."""
    best: list[list[float]] = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_likeness(one, other) for other in new] for one in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] + best[i + 1][j + 1])
    i = j = 0
    while i < len(old) and j < len(new):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield i, None
            i += 1
        else:
            yield None, j
            j += 1
    yield from ((rest, None) for rest in range(i, len(old)))
    yield from ((None, rest) for rest in range(j, len(new)))


def _likeness(one: Sequence[Unit], other: Sequence[Unit]) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < ALIKE:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= ALIKE else 0.0


def _row(block: Mapping[str, Any], old: Sequence[Unit], new: Sequence[Unit]) -> Row:
    style = style_of(block)
    if not new:
        return Row("deleted", style, left=tuple(_pieces(old, kept=False)))
    if not old:
        return Row("inserted", style, right=tuple(_pieces(new, kept=False)))
    left: list[Piece] = []
    right: list[Piece] = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left += _pieces(old[i1:i2], kept=op == "equal")
        right += _pieces(new[j1:j2], kept=op == "equal")
    change: Change = "same" if all(piece.kept for piece in (*left, *right)) else "changed"
    return Row(change, style, tuple(left), tuple(right))


def _pieces(row: Sequence[Unit], kept: bool) -> Iterator[Piece]:
    """Neighbouring plain characters as one piece."""
    plain = ""
    for text, role, ref in row:
        if role == "plain":
            plain += text
            continue
        if plain:
            yield Piece(plain, kept=kept)
        yield Piece(text, role, kept, ref)
        plain = ""
    if plain:
        yield Piece(plain, kept=kept)
