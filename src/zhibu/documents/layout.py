"""What both writers work out alike: title lines, the place of signature and date, the order of blocks, the links.

Widths are in characters (a hanzi is 1, an ASCII character 0.5). Sources: GB/T 9704—2012, clauses in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from math import ceil

from zhibu.documents.model import Block, BlockKind, Document, Span
from zhibu.documents.paragraphs import cells, clean

LINES_PER_PAGE, CHARACTERS_PER_LINE = 22, 28
TITLE_MEASURE = 20
"""Characters of 22 pt in 156 mm."""


def width(text: str) -> float:
    return cells(text) / 2


@dataclass(frozen=True, slots=True)
class Placed:
    """A block without line feeds, ready to print: empty lines before it, and characters empty at its right."""

    block: Block
    space_before: int = 0
    right: float = 0.0
    new_page: bool = False
    keep_with_next: bool = False


def placed_blocks(document: Document) -> list[Placed]:
    """The blocks in order, one paragraph each (a line feed in a block's text begins another of its kind)."""
    blocks = [part for block in document.blocks for part in _without_line_feeds(block)]
    rights = _right_indents(blocks)
    placed: list[Placed] = []
    for place, block in enumerate(blocks):
        before = blocks[place - 1].kind if place else None
        after = blocks[place + 1].kind if place + 1 < len(blocks) else None
        placed.append(
            Placed(
                block,
                space_before=_space_before(block.kind, before) + block.space_before,
                right=rights[place],
                new_page=(block.new_page or block.kind == "annex") and place > 0,
                keep_with_next=_kept(block, after),
            )
        )
    return placed


def _without_line_feeds(block: Block) -> list[Block]:
    if block.is_grid:
        return [replace(block, rows=tuple(tuple(clean(cell) for cell in row) for row in block.rows))]
    lines: list[list[Span]] = [[]]
    for span in block.spans:
        for part, text in enumerate(clean(span.shown).split("\n")):
            if part:
                lines.append([])
            if text:
                lines[-1].append(replace(span, text=text))
    first, *others = (replace(block, spans=tuple(line)) for line in lines)
    return [first, *(replace(other, new_page=False, space_before=0) for other in others)]


def _space_before(kind: BlockKind, before: BlockKind | None) -> int:
    """One empty line below the title (7.3.2), above the signature (7.3.5), above an annex's title (7.3.7)."""
    head = ("title", "byline")
    if before == "annex":
        return 1
    if before in head and kind not in (*head, "annex"):
        return 1
    return 1 if kind in ("signature", "date") and before not in (None, "signature", "date", *head) else 0


def _kept(block: Block, after: BlockKind | None) -> bool:
    """Signature, date and a form to be signed stay with the last words of the text: no page with the date alone."""
    if block.kind in ("heading", "annex", "title", "byline"):
        return True
    if block.kind == "signature":
        return after in ("signature", "date")
    if block.is_grid:  # what is signed stands on the page of the form that is signed
        return after == "form" and sum(_height(row, block.widths or (1.0,)) for row in block.rows) <= FEW_LINES
    closing = ("signature", "date", "form")
    return block.kind == "paragraph" and after in closing and width(block.text) <= 3 * CHARACTERS_PER_LINE


def _right_indents(blocks: Sequence[Block]) -> list[float]:
    """Characters empty at the right of each block: 0 but for signatures and dates."""
    rights = [0.0] * len(blocks)
    place = 0
    while place < len(blocks):
        end = place
        while end < len(blocks) and blocks[end].kind in ("signature", "date"):
            end += 1
        group = range(place, end)
        signatures = [i for i in group if blocks[i].kind == "signature"]
        dates = [i for i in group if blocks[i].kind == "date"]
        names, days = without_seal([blocks[i].text for i in signatures], [blocks[i].text for i in dates])
        for i, right in zip([*signatures, *dates], [*names, *days], strict=True):
            rights[i] = right
        place = max(end, place + 1)
    return rights


def without_seal(names: Sequence[str], dates: Sequence[str]) -> tuple[list[float], list[float]]:
    """Characters empty at the right of each name and date (7.3.5).

    The name has two; the date begins two characters right of the name's beginning. A date longer than the name has two
    itself, and the name moves left. Several names are centred on each other.
    """
    widest = max((width(name) for name in names), default=0.0)
    longest = max((width(date) for date in dates), default=0.0)
    if not names:
        return [], [2.0] * len(dates)
    name_right = 2.0 if longest <= widest else longest + 4.0 - widest
    begin = name_right + widest - 2.0
    centred = [name_right + (widest - width(name)) / 2 for name in names]
    return centred, [max(0.0, begin - width(date)) for date in dates]


_GOOD_BEFORE = re.compile(r"(关于|履行|抓|开展|落实|加强|推进|述职|工作|情况|报告|会议|\d{4}年|年度)")
_GOOD_AFTER = re.compile(r"[、，。：；—）》”】]|年度|的|局|部|委|会|支部|党委|工委|书记|同志|\s")
_NO_START = "，。、；：？！）》”’】—～·年月日号的"
_NO_END = "（《“‘【第〔"


def title_lines(title: str) -> list[str]:
    """A title broken at its meaning into as few lines as it needs, of about the same length (7.3.1)."""
    if width(title) <= TITLE_MEASURE:
        return [title]
    count = int(-(-width(title) // TITLE_MEASURE))
    target = width(title) / count
    lines: list[str] = []
    rest = title
    while len(lines) < count - 1 and rest:
        place = min(range(1, len(rest) + 1), key=lambda cut: _cost(rest, cut, target, count - 1 - len(lines)))
        lines.append(rest[:place])
        rest = rest[place:]
    return [line for line in [*lines, rest] if line]


def _cost(text: str, cut: int, target: float, lines_left: int) -> float:
    """How bad a break after `cut` characters is: distance from the even share, and whether it splits a word."""
    before, after = text[:cut], text[cut:]
    if width(before) > TITLE_MEASURE or width(after) > TITLE_MEASURE * lines_left:
        return 1000.0 + abs(width(before) - target)
    cost = abs(width(before) - target)
    if after[:1] in _NO_START or before[-1] in _NO_END or _quoted(before) or _one_word(before[-1], after[:1]):
        cost += 100
    if _GOOD_BEFORE.match(after):
        cost -= 2.5
    if _GOOD_AFTER.search(before[-2:]) and _GOOD_AFTER.search(before[-1]):
        cost -= 2
    if before.endswith("年度") or before[-1] in "、，：—）》":
        cost -= 1.5
    return cost


def _quoted(before: str) -> bool:
    return any(before.count(opening) > before.count(closing) for opening, closing in ("《》", "“”", "（）"))


def _one_word(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


def linked_refs(document: Document) -> set[str]:
    """The refs of claims for which a table row is there to link to."""
    claimed = {span.ref for block in document.blocks for span in block.spans if span.role == "claim" and span.ref}
    rows = {block.anchor(row) for block in document.blocks for row in range(len(block.rows))}
    return claimed & rows


def centred_columns(rows: tuple[tuple[str, ...], ...]) -> list[bool]:
    """Columns of short entries are centred, columns of sentences are not."""
    columns = max((len(row) for row in rows), default=0) or 1
    return [all(width(row[place]) <= 6 for row in rows[1:] if place < len(row)) for place in range(columns)]


CELL_MEASURE = 36.0
"""Characters of 12 pt in 156 mm, less the lines of a table."""
CELL_PADDING = 0.6
"""Characters a cell is wider than its text."""
FEW_LINES = 8
TALLEST_KEPT = 15
"""Lines up to which a row of a table is kept on one page."""


def fitted_widths(rows: Sequence[Sequence[str]], names: Container[int] = ()) -> tuple[float, ...]:
    """Widths of columns, in characters, so that names, dates and figures stay on one line.

    Each column gets what its longest unbreakable piece takes; of the rest, columns of `names` are served first, then
    the smallest wishes.
    """
    columns = max((len(row) for row in rows), default=0)
    lines = [_lines_of(rows, place, columns) for place in range(columns)]
    least = [
        CELL_PADDING + max((_unbreakable(line, LONGEST_NAME if place in names else WHOLE) for line in own), default=1.0)
        for place, own in enumerate(lines)
    ]
    wish = [CELL_PADDING + max((_printed_width(line) for line in own), default=1.0) for own in lines]
    rest = CELL_MEASURE - sum(least)
    if rest <= 0:
        return tuple(round(CELL_MEASURE * each / sum(least), 2) for each in least)
    fitted = list(least)
    open_ = sorted(range(columns), key=lambda place: (place not in names, wish[place] - least[place]))
    while open_ and (wish[open_[0]] - least[open_[0]] <= rest / len(open_) or open_[0] in names):
        place = open_.pop(0)
        more = min(max(wish[place] - least[place], 0.0), rest)
        fitted[place] += more
        rest -= more
    wanted = sum(wish[place] for place in open_)
    for place in open_:
        fitted[place] += rest * (0.5 / len(open_) + 0.5 * wish[place] / wanted)
    if not open_ and columns:  # room is left: it goes to the widest, which reads best with it
        fitted[max(range(columns), key=fitted.__getitem__)] += rest
    return tuple(round(each, 2) for each in fitted)


def _lines_of(rows: Sequence[Sequence[str]], place: int, columns: int) -> list[str]:
    """The lines of a column; a row's last cell, where it takes the place of several columns, does not count."""
    cells_ = (row[place] for row in rows if place < len(row) and (place < len(row) - 1 or len(row) == columns))
    return [line for cell in cells_ for line in cell.split("\n")]


WHOLE, LONGEST_NAME = 3.0, 4.0
"""Characters of an entry that is never broken, and of a name."""
LONGEST_PIECE = 10.0
_PIECES = re.compile(r"[0-9A-Za-z.:%年月日—-]+|.")


def _unbreakable(line: str, whole: float) -> float:
    """What a line takes at least: short entries whole, others their longest figure or date, or half of a short one."""
    printed = _printed_width(line)
    if printed <= whole:
        return printed
    piece = max((_printed_width(found) for found in _PIECES.findall(line)), default=0.0)
    return min(LONGEST_PIECE, max(piece, whole, min(printed, 2 * LONGEST_NAME) / 2))


_NEXT_TO_HANZI = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])")


def _printed_width(line: str) -> float:
    """With the quarter of a character that some programs put between figures and hanzi."""
    return width(line) + 0.25 * len(_NEXT_TO_HANZI.findall(line))


def splits(row: Sequence[str], shares: Sequence[float]) -> bool:
    """Whether a row may go on over a page's end, because its tallest cell might not fit on one."""
    return _height(row, shares) > TALLEST_KEPT


def is_kept_whole(block: Block, shares: Sequence[float]) -> bool:
    """A short form stays on one page."""
    return block.kind == "form" and sum(_height(row, shares) for row in block.rows) <= TALLEST_KEPT


def _height(row: Sequence[str], shares: Sequence[float]) -> int:
    """Lines of the tallest cell, about."""
    total, heights = sum(shares), [1]
    for place, text in enumerate(row):
        share = sum(shares[place:]) if place == len(row) - 1 else shares[place]
        room = max(CELL_MEASURE * share / total - CELL_PADDING, 1.0)
        heights.append(sum(max(1, ceil(width(line) / room)) for line in text.split("\n")))
    return max(heights)


def listed_headings(blocks: Sequence[Placed]) -> list[int]:
    """The places of the headings a contents page among the blocks names; none where there is no such page."""
    depth = max((placed.block.level for placed in blocks if placed.block.kind == "contents"), default=0)
    return [place for place, placed in enumerate(blocks) if _is_listed(placed.block, depth)]


def _is_listed(block: Block, depth: int) -> bool:
    return block.kind == "heading" and max(block.level, 1) <= depth and bool(block.text.strip())
