"""Passages of a report that stand in another text too, as a comparison hands them over, and what rules make of them.

Comparing is not done here: the caller compares and tells (`zhibu.borrowing`). Nothing is said about who wrote first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from zhibu.checks.findings import Hit, shown
from zhibu.checks.outline import Kind, Outline
from zhibu.errors import Sentence

Relation = Literal["own", "other", "template", "material"]
LEAST = 40
"""Characters, a full sentence of some length. Reports of authors who never met share at most some 31 in a row (fixed
formulas, names of regulations); what is copied from year to year comes in runs of 60 and more."""
WIDEST, ALIKE, AROUND = 24, 4, 3
"""Characters: the longest rewritten place that is looked over, how many must be alike behind it, how many are shown to
each side."""
COVERED = 0.8
"""A passage that stands in a stronger source for the most part is told once, with the number of the other sources."""


@dataclass(frozen=True, slots=True)
class Borrowed:
    """`start` to `end` of the report stand in `source` too. `visibility` is own, sister, template or material (empty:
    nobody said); `kind` is identical, values, edited or reordered; `excerpt` is what stands in the source, empty where
    the reader may not see it; `share` is 0 to 1: of the whole report's own wording, the part that stands there."""

    start: int
    end: int
    source: str
    owner: str = ""
    year: int | None = None
    visibility: str = ""
    kind: str = "identical"
    excerpt: str = ""
    share: float = 0.0


_HOW = {
    "identical": Sentence("borrowed-identical", "文字相同"),
    "values": Sentence("borrowed-values", "只有数字、日期或名称不同"),
    "edited": Sentence("borrowed-edited", "大体相同、略有改动"),
    "reordered": Sentence("borrowed-reordered", "相同，只是换了位置"),
}


@dataclass(slots=True)
class _Told:
    """A piece of a passage that is told, and the other sources it stands in."""

    start: int
    end: int
    passage: Borrowed
    others: set[str] = field(default_factory=set)


def hits(
    report: Outline,
    borrowed: Iterable[Borrowed],
    owner: str,
    year: int | None,
    *,
    relation: Relation,
    without: tuple[Kind, ...] = (),
) -> Iterator[Hit]:
    """The passages from sources of this relation, part by part, each place once. What stands in the frame, or in parts
    of the kinds `without`, is left out, and what is then shorter than LEAST."""
    told: list[_Told] = []
    for each in sorted(borrowed, key=lambda each: (-each.share, each.source, each.start)):
        if relation_of(each, report, owner, year) != relation:
            continue
        for start, end in _pieces(report, each.start, each.end, without):
            if (before := _covering(told, start, end)) is not None:
                before.others |= {each.source} - {before.passage.source}
            elif _length(report, start, end) >= LEAST:
                told.append(_Told(start, end, each))
    for piece in sorted(told, key=lambda piece: piece.start):
        yield Hit(piece.start, piece.end, _words(report, piece))


def relation_of(each: Borrowed, report: Outline, owner: str, year: int | None) -> Relation | None:
    """What the source is to the report; None when it cannot be where the passage came from: a draft of the same year
    by the same owner, or a text of a later year. Whose the report is, is told by `owner`, else by the names under its
    title and at its end, else by what was said when the source was taken in."""
    if each.visibility in ("template", "material"):
        return "template" if each.visibility == "template" else "material"
    own = _is_own(each, report, owner)
    if year is not None and each.year is not None and (each.year > year or (own and each.year == year)):
        return None
    return "own" if own else "other"


def _is_own(each: Borrowed, report: Outline, owner: str) -> bool:
    if owner and each.owner:
        return owner == each.owner
    frame = "".join(line.text for line in report.lines("title", "preface", "byline", "signature"))
    return (bool(each.owner) and each.owner in frame) or each.visibility == "own"


def _pieces(report: Outline, start: int, end: int, without: tuple[Kind, ...]) -> Iterator[tuple[int, int]]:
    """What of the passage stands in the body and outside of those parts, cut where a part of the report ends; heads on
    lines of their own left out."""
    start, end = max(start, report.body_start), min(end, report.body_end)
    for part in report.sections:
        if part.parent < 0 and part.start < end and start < part.end:
            yield from _trimmed(report.text, start, part.start)
            if part.kind not in without:
                alone = report.text[part.content : part.content + 1] == "\n"
                yield from _trimmed(report.text, max(start, part.content if alone else part.start), min(end, part.end))
            start = part.end
    yield from _trimmed(report.text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Without blanks at the ends, and with the signs that belong to the words there; a comparison leaves signs out."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        while start and text[start - 1] in "（“‘《":
            start -= 1
        while end < len(text) and text[end] in "。！？；”’》）":
            end += 1
        yield start, end


def _covering(told: list[_Told], start: int, end: int) -> _Told | None:
    for piece in told:
        if min(end, piece.end) - max(start, piece.start) >= COVERED * (end - start):
            return piece
    return None


def _length(report: Outline, start: int, end: int) -> int:
    return len("".join(report.text[start:end].split()))


def _words(report: Outline, piece: _Told) -> dict[str, Any]:
    source = piece.passage
    about = "，".join(word for word in (source.owner, f"{source.year}年" if source.year else "") if word)
    changes, whole = _changes(report.text, piece)
    others = len(piece.others)
    first = {"here": shown(changes[0].here), "there": shown(changes[0].there)} if changes else {}
    return {
        "length": _length(report, piece.start, piece.end),
        "source": f"“{source.source}”（{about}）" if about else f"“{source.source}”",
        "how": _HOW[_kind(source, changes, whole)],
        "share": _percent(source.share),
        "there": Sentence("borrowed-there", "，如这里的“{here}”那里是“{there}”", **first) if first else "",
        "also": Sentence("borrowed-also", "，另有{count}篇也有这一段", count=others) if others else "",
    }


def _kind(source: Borrowed, changes: Sequence[_Change], whole: bool) -> str:
    """Of the piece where its source's words are known, else of the passage it was cut from."""
    if source.kind not in ("edited", "values") or not whole:
        return source.kind if source.kind in _HOW else "edited"
    if all(change.of_numbers for change in changes):
        return "values" if changes else "identical"
    return source.kind


def _percent(share: float) -> str:
    """Never 0 for what is there, nor 100 for what is not the whole."""
    return "100" if share >= 1 else str(min(99, max(1, round(100 * share))))


@dataclass(frozen=True, slots=True)
class _Change:
    """A place where a piece and its source differ, each with a few characters around."""

    here: str
    there: str
    of_numbers: bool


def _changes(text: str, piece: _Told) -> tuple[list[_Change], bool]:
    """Where the piece and its source differ in more than signs; and whether all of it could be looked over."""
    here, there = text[piece.passage.start : piece.passage.end], piece.passage.excerpt
    first, last = piece.start - piece.passage.start, min(len(here), piece.end - piece.passage.start)
    found: list[_Change] = []
    i = j = 0
    while i < last and j < len(there):
        if here[i] == there[j]:
            i, j = i + 1, j + 1
            continue
        step = _together(here, there, i, j)
        if step is None:
            return found, False
        ours, theirs = here[i : step[0]], there[j : step[1]]
        if i >= first and any(sign.isalnum() for sign in ours + theirs):
            before, after = here[max(first, i - AROUND) : i], here[step[0] : step[0] + AROUND]
            numbers = all(sign.isdecimal() or sign in ".,%" for sign in ours + theirs)
            found.append(_Change(before + ours + after, before + theirs + after, numbers))
        i, j = step
    return found, i >= last


def _together(here: str, there: str, i: int, j: int) -> tuple[int, int] | None:
    """The nearest places behind a difference where both go on alike."""
    for steps in range(1, 2 * WIDEST + 1):
        for x in range(max(0, steps - WIDEST), min(steps, WIDEST) + 1):
            y = steps - x
            word = here[i + x : i + x + ALIKE]
            if len(word) == ALIKE and there.startswith(word, j + y):
                return i + x, j + y
    return None
