"""A text with its findings beside it: each paragraph cut where findings begin and end, with its notes. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from zhibu.checks import Finding, Rule, all_rules
from zhibu.checks.findings import SEVERITIES, Severity
from zhibu.checks.frame import paragraphs, without_annex
from zhibu.checks.outline import parse


@dataclass(frozen=True, slots=True)
class Note:
    """A finding with its number on the page, its rule, and the paragraph it stands at, as `Line.number` counts.
    `waivable`: it quotes words that a waiver can name."""

    number: int
    finding: Finding
    rule: Rule
    line: int

    @property
    def family(self) -> str:
        return self.rule.code[:2]

    @property
    def waivable(self) -> bool:
        return bool(self.finding.excerpt.strip()) and self.finding.code != "ST99"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a paragraph. `severity` is the worst of the findings over it, empty where there are none; `begins` are
    those that begin with it, `numbers` all over it, `ends` those that end with it."""

    text: str
    severity: Severity | str = ""
    numbers: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its number from 0 among those that are not blank, what it is (title, body, heading-1 …), its pieces
    and its notes."""

    number: int
    style: str
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """The whole text. `severities`, `families` and `rules` count the findings, for the filters: (key, how many)."""

    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    severities: tuple[tuple[str, int], ...]
    families: tuple[tuple[str, int], ...]
    rules: tuple[tuple[Rule, int], ...]


def marked(text: str, findings: Sequence[Finding], *, only: Mapping[str, str] | None = None) -> Marked:
    """The text with its findings. `only` narrows what is shown: `severity`, `family`, `rule` → the one wanted."""
    rules = {rule.code: rule for rule in all_rules()}
    starts = [line.start for line in paragraphs(text)]
    every = [
        Note(number, finding, rules[finding.code], max(0, bisect_right(starts, finding.start) - 1))
        for number, finding in enumerate(findings, start=1)
    ]
    notes = [note for note in every if _wanted(note, only or {})]
    return Marked(
        tuple(_lines(text, notes)), tuple(notes),
        tuple((name, count) for name in SEVERITIES if (count := _count(every, name))),
        tuple(sorted(Counter(note.family for note in every).items())),
        tuple((rules[code], count) for code, count in sorted(Counter(note.rule.code for note in every).items())),
    )  # fmt: skip


def _wanted(note: Note, only: Mapping[str, str]) -> bool:
    known = {"severity": note.finding.severity, "family": note.family, "rule": note.rule.code}
    return all(known[name] == value for name, value in only.items() if value and name in known)


def _count(notes: Sequence[Note], severity: str) -> int:
    return sum(note.finding.severity == severity for note in notes)


def _lines(text: str, notes: Sequence[Note]) -> Iterator[Line]:
    found = paragraphs(text)
    report = parse(without_annex(text))
    styles = {line.start: str(line.role) for line in report.paragraphs}
    styles |= {section.start: f"heading-{section.level}" for section in report.sections}
    starts = [line.start for line in found]
    over: dict[int, list[Note]] = defaultdict(list)
    beside: dict[int, list[Note]] = defaultdict(list)
    for note in notes:
        beside[note.line].append(note)
        for index in range(note.line, max(note.line + 1, bisect_right(starts, note.finding.end - 1))):
            over[index].append(note)
    for index, line in enumerate(found):
        pieces = tuple(_pieces(line.text, line.start, over[index], {note.number for note in beside[index]}))
        yield Line(index, styles.get(line.start, "body"), pieces, tuple(beside[index]))
    if not found and notes:
        yield Line(0, "body", (), tuple(notes))


def _pieces(text: str, start: int, notes: Sequence[Note], own: set[int]) -> Iterator[Piece]:
    """`own` are the numbers of the findings that belong to this paragraph: those begin in it, others run on into it."""
    spans = [
        (note, max(0, note.finding.start - start), min(len(text), note.finding.end - start)) for note in notes
    ]  # fmt: skip
    cuts = sorted({0, len(text), *(edge for _, begin, end in spans for edge in (begin, end) if 0 < edge < len(text))})
    for begin, end in pairwise(cuts):
        here = [(note, first, last) for note, first, last in spans if first <= begin and end <= last]
        # A finding of no width (something is missing here) stands at the piece it is before.
        points = [note for note, first, last in spans if first == last and begin <= first < end and note.number in own]
        severities = [note.finding.severity for note, _, _ in here]
        yield Piece(
            text[begin:end], min(severities, key=SEVERITIES.index, default=""),
            tuple(note.number for note, _, _ in here),
            tuple(note.number for note, first, _ in here if first == begin and note.number in own)
            + tuple(note.number for note in points),
            tuple(note.number for note, _, last in here if last == end and note.number in own),
        )  # fmt: skip
