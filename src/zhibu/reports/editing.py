"""What a writer may save: blocks of words around claims that stay as they are. Pure.

A block is `{"kind", "level", "text"}`. Figures of the ledger stand in `text` as tokens (`[[c1]]`), never as digits, so
no save can change one; a token that the report does not know is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from zhibu.errors import UserError
from zhibu.reports.claims import Snapshot
from zhibu.reports.composing import TOKEN, Body, values

KINDS: Mapping[str, tuple[str, int]] = {
    "title": ("title", 0),
    "byline": ("byline", 0),
    "salutation": ("salutation", 0),
    "heading-1": ("heading", 1),
    "heading-2": ("heading", 2),
    "heading-3": ("heading", 3),
    "heading-4": ("heading", 4),
    "paragraph": ("paragraph", 0),
    "signature": ("signature", 0),
    "date": ("date", 0),
}
"""The name of each style on the page → kind and level of the block."""

LONGEST_BLOCK = 5_000
LONGEST_TEXT = 30_000
MOST_BLOCKS = 400
"""Ten times an ordinary report. What is longer is a file pasted by mistake."""

_BRACKETS = re.compile(r"\[\[|\]\]")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def style_of(block: Mapping[str, Any]) -> str:
    """heading + 2 → heading-2; every other kind is its own style."""
    return f"heading-{block.get('level') or 1}" if block["kind"] == "heading" else str(block["kind"])


def checked_blocks(rows: Sequence[Mapping[str, Any]], claims: Mapping[str, str]) -> list[dict[str, Any]]:
    """The blocks as they are saved. `rows` have `style` (a key of KINDS) and `text`; a line break begins a new block.

    Raises UserError naming the paragraph that is too long, of an odd kind, or quotes a claim that does not exist.
    """
    blocks: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        kind, level = _kind(str(row.get("style", "")), number)
        for line in str(row.get("text", "")).replace("\r", "").split("\n"):
            text = _INVISIBLE.sub("", line).strip()
            if text:
                _check_text(text, claims, number)
                blocks.append({"kind": kind, "level": level, "text": text})
    _check_whole(blocks)
    return blocks


def _kind(style: str, number: int) -> tuple[str, int]:
    if style not in KINDS:
        raise UserError("odd-block", "第{number}段的样式“{style}”不认识，没有保存。", number=number, style=style[:20])
    return KINDS[style]


def _check_text(text: str, claims: Mapping[str, str], number: int) -> None:
    if len(text) > LONGEST_BLOCK:
        raise UserError(
            "block-too-long", "第{number}段有{length}字，超过{limit}字，没有保存。请分段。",
            number=number, length=len(text), limit=LONGEST_BLOCK,
        )  # fmt: skip
    for token in TOKEN.findall(text):
        if token not in claims and not token.startswith("gap "):
            raise UserError(
                "unknown-token",
                "第{number}段的“[[{token}]]”不是本报告的引用，没有保存。数据由台账得出，不能改写或自造。",
                number=number, token=token[:40],
            )  # fmt: skip
    if _BRACKETS.search(TOKEN.sub("", text)):
        raise UserError(
            "broken-token", "第{number}段有不完整的“[[”或“]]”，没有保存。请补全引用，或删去括号。", number=number
        )


def _check_whole(blocks: Sequence[Mapping[str, Any]]) -> None:
    length = sum(len(block["text"]) for block in blocks)
    if not blocks:
        raise UserError("empty-report", "报告是空的，没有保存。不要了的文字可以在“版本”中找回。")
    if len(blocks) > MOST_BLOCKS or length > LONGEST_TEXT:
        raise UserError(
            "report-too-long",
            "报告共{blocks}段{length}字，超过{most}段或{limit}字，没有保存。请检查是否误贴了别的文件。",
            blocks=len(blocks), length=length, most=MOST_BLOCKS, limit=LONGEST_TEXT,
        )  # fmt: skip


def rows_of(body: Body) -> list[dict[str, str]]:
    """The blocks as the editor posts them: `style` and `text`."""
    return [{"style": style_of(block), "text": block["text"]} for block in body["blocks"]]


def moved(rows: Sequence[Mapping[str, Any]], act: str) -> list[Mapping[str, Any]]:
    """`rows` after a button of the page without script: `up-3`, `down-3`, `add-3` (below it), `drop-3`; else as is."""
    word, _, digits = act.partition("-")
    result = list(rows)
    at = int(digits) if digits.isdecimal() and len(digits) < 5 else -1
    if not 0 <= at < len(result):
        return result
    if word == "drop":
        del result[at]
    elif word == "add":
        result.insert(at + 1, {"style": "paragraph", "text": "[[gap 新的一段]]"})
    elif word in ("up", "down"):
        to = max(0, at - 1) if word == "up" else at + 1
        result.insert(to, result.pop(at))
    return result


def changed_claims(
    body: Body, before: Snapshot, after: Snapshot, writer: str
) -> list[tuple[str, str | None, str | None]]:
    """Claims that say something else in the newer snapshot: (id, text before, text after); None: no record."""
    old, new = values(body, before, writer), values(body, after, writer)
    texts = [(number, claim.text if (claim := old[number]) else None) for number in body["claims"]]
    found = [(number, text, claim.text if (claim := new[number]) else None) for number, text in texts]
    return [row for row in found if row[1] != row[2]]


def with_claim(body: Body, query: str) -> tuple[Body, str]:
    """The body with the query among its claims, and the claim's id; a query that is there already keeps its id."""
    for number, known in body["claims"].items():
        if known == query:
            return body, number
    taken = [int(number[1:]) for number in body["claims"] if number[1:].isdecimal()]
    number = f"c{max(taken, default=0) + 1}"
    return {**body, "claims": {**body["claims"], number: query}}, number
