"""Mending what is certain: edits out of findings, and a document with them put in.

A change may uncover another (half-width signs inside half-width brackets), so a document is read and mended until
nothing certain is left; mending it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from zhibu.checks.findings import Edit, Finding
from zhibu.checks.output import Lines
from zhibu.documents.read import read_document
from zhibu.documents.rewrite import Changes, rewrite

ROUNDS = 12
AROUND = 6
"""Characters shown to each side of a change."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was mended: where (line and column of the text as it was then), by which rule, what it was and
    what it is now, both with a few characters around."""

    line: int
    column: int
    code: str
    before: str
    after: str


def edits_of(findings: Iterable[Finding]) -> list[tuple[Edit, str]]:
    """The edits of the findings with their codes, in order, none twice; of edits that overlap the first."""
    found = {edit: finding.code for finding in reversed(list(findings)) for edit in finding.edits}
    kept: list[tuple[Edit, str]] = []
    for edit in sorted(found, key=lambda edit: (edit.start, edit.end)):
        if not kept or edit.start >= kept[-1][0].end:
            kept.append((edit, found[edit]))
    return kept


def fix_text(text: str, look: Callable[[str], Sequence[Finding]]) -> str:
    """A plain text with everything certain mended; `look` gives the findings of a text."""
    for _round in range(ROUNDS):
        edits = edits_of(look(text))
        if not edits:
            break
        for edit, _code in reversed(edits):
            text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def fix_document(data: bytes, name: str, look: Callable[[str], Sequence[Finding]]) -> tuple[bytes, list[Change]]:
    """A .txt or .docx with everything certain mended and all else as it was. UserError for other formats."""
    changes: list[Change] = []
    for _round in range(ROUNDS):
        text = read_document(data, name).text
        edits = edits_of(look(text))
        wanted: list[Changes] = [signs(edit, text) for edit, _code in edits]
        data, done = rewrite(data, name, wanted)
        made = [pair for pair, made in zip(edits, done, strict=True) if made]
        changes += _changes(text, made)
        if not any(done):
            break
    return data, changes


def signs(edit: Edit, text: str) -> Changes:
    """An edit sign by sign: what is to stand instead of the character at each offset. Signs that stay are left out."""
    old = text[edit.start : edit.end]
    if len(old) == len(edit.text):
        pairs = zip(range(edit.start, edit.end), old, edit.text, strict=True)
        return {place: new for place, was, new in pairs if was != new}
    return {place: (edit.text if place == edit.start else "") for place in range(edit.start, edit.end)}


def _changes(text: str, made: Sequence[tuple[Edit, str]]) -> list[Change]:
    """What was done, in the words of the text; a pair of brackets is one change."""
    lines = Lines(text)
    groups: list[list[tuple[Edit, str]]] = []
    for edit, code in made:
        last = groups[-1][-1] if groups else None
        if last is not None and (last[0].text, edit.text) == ("（", "）"):
            groups[-1].append((edit, code))
        else:
            groups.append([(edit, code)])
    return [_change(text, [edit for edit, _code in group], group[0][1], lines) for group in groups]


def _change(text: str, edits: Sequence[Edit], code: str, lines: Lines) -> Change:
    first, last = edits[0].start, edits[-1].end
    left, right = text[max(0, first - AROUND) : first], text[last : last + AROUND]
    left, right = left.rpartition("\n")[2], right.partition("\n")[0]
    after = text[first:last]
    for edit in reversed(edits):
        after = after[: edit.start - first] + edit.text + after[edit.end - first :]
    return Change(*lines.at(first), code, left + text[first:last] + right, left + after + right)
