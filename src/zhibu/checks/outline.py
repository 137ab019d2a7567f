"""The parser of the genre: a report's text as frame, heads with levels, classified sections, sentences and items.

    outline = parse(text)
    outline.year, outline.sections, outline.sentences, outline.items, outline.titles

Every part carries character offsets into the text. Nothing is guessed from meaning: heads are told by their numbers
(一、 → （一） → 1. → （1）) or, without numbers, by a short line that names a part.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from zhibu.checks.frame import Paragraph, Role, paragraphs, roles
from zhibu.checks.patterns import NUMERAL, Pattern, chinese, numeral

Kind = Literal["last-findings", "basic", "performance", "problems", "causes", "measures", "other"]

HEAD = Pattern(
    rf"(?P<one>[{NUMERAL}]{{1,3}})、|[（(](?P<two>[{NUMERAL}]{{1,3}})[）)]、?|(?P<three>\d{{1,2}})(?:[.．](?!\d)|[.．](?=\d{{1,2}}月|20\d\d年)|、(?!\d{{1,2}}[.．、]))"
    rf"|[（(](?P<four>\d{{1,2}})[）)]"
)
BARE_HEAD = Pattern(
    r"(?:主要|存在的?|今后|明年|上年度|一年来的?|202\d年度?)*(?:基本情况|履职情况|工作开展情况|工作情况|主要问题|问题(?:和|及)?(?:不足|原因)?(?:分析)?"
    r"|原因分析|下一?步(?:工作)?(?:思路|打算|措施|计划|安排)[和及与]?(?:思路|打算|措施|计划|安排)?|整改情况|努力方向)$"
)
NEXT_MONTH = Pattern(r"(\d{1,2})、(\d{1,2})月")
"""1、2月 are two months; 1、3月底前 is a first item."""
ITEM = Pattern(rf"(?:(?<=[。；;，,：:\s])|^)([{NUMERAL}]{{1,2}})(?:是|要)")
SENTENCE = Pattern(r"[^。！？!?\n]+[。！？!?]?[”’）》]?")
QUOTED_TITLE = Pattern(r"《([^《》\n]{1,60})》")
YEAR = Pattern(r"(20\d{2})[ ]*年?")
FIRST_PERSON = Pattern(r"本人|我(?!们?[国市县省区局委院校镇乡村]|们|党)")

LAST_FINDINGS = Pattern(
    r"(?:上(?:一)?年度?|去年|前一年|20\d\d年度?|述职评议|反馈|考核).{0,16}(?:问题|意见|整改|答应|承诺|点评)|整改(?:落实|完成)?情况|^(?:先说)?(?:去年|上年|上一年)"
)
BASIC = Pattern(r"基本(?:情况|概况)|(?:支部|党组织|党员)概况")
PROBLEMS = Pattern(r"问题|不足|短板|差距|薄弱|没(?:有)?[做干]好|[做干]得不(?:好|够|到位)|缺点")
CAUSES = Pattern(r"原因|为什么|根源")
BOTH = Pattern(r"(?:问题|不足)(?:和|及|与|、)(?:其|主要)?[^和及与、]{0,4}原因")
MEASURES = Pattern(
    r"下一?步|今后|明年|来年|新的一年|努力方向|(?:整改|改进)(?:措施|思路|方向)|工作(?:思路|打算|计划|安排)|打算"
    r"|怎么[做干改办]|^接下来|^往后|^(?:工作|具体)?措施$"
)


OPENINGS: tuple[tuple[Kind, str, Pattern], ...] = (
    (
        "problems",
        "存在的问题",
        Pattern(
            r"^(?:同时|当然|但是|但|虽然|尽管|在[^，。]{2,20}同时|回顾[^，。]{0,20}|对照[^，。]{2,20}|总的看)?，?"
            r"[^。：]{0,30}(?:存在|还有|仍有)[^。：]{0,16}(?:问题|不足|差距|短板)[^。：]{0,10}[。：]"
        ),
    ),
    (
        "measures",
        "下一步措施",
        Pattern(
            r"^(?:下一?步|今后|明年|来年|新的一年|接下来)[^。：]{0,40}(?:将|要|打算|重点|做好|抓好)[^。：]{0,40}[。：]"
        ),
    ),
)
"""How a paragraph opens a part that has no head of its own; only where no head opens one of that kind."""
OPENED_FROM = 60
"""Characters of a paragraph that can be a part without a head."""


@dataclass(frozen=True, slots=True)
class Section:
    """A head and what stands under it up to the next head of its level. `title` is the head without its number;
    `label` reads 一（二）; `content` is where the text after the head begins; `parent` is an index, -1 at the top."""

    index: int
    level: int
    number: int
    kind: Kind
    label: str
    title: str
    start: int
    content: int
    end: int
    parent: int
    leaf_end: int
    """Where its first sub-head (or its end) stands: start..leaf_end is the section's own text."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence, an item (一是 …) or a quoted title: its place, its text, and the index of its section (-1: none)."""

    start: int
    end: int
    text: str
    section: int
    number: int = 0


class Outline:
    """A parsed report. Everything beyond paragraphs and sections is computed when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = paragraphs(text)
        self.paragraphs: tuple[Paragraph, ...] = tuple(
            replace(line, role=role) for line, role in zip(found, roles(found), strict=True)
        )
        self._paragraph_starts = [line.start for line in self.paragraphs]
        self.sections: tuple[Section, ...] = tuple(_sections(self.lines("body")))
        self._section_starts = [section.start for section in self.sections]

    def lines(self, *wanted: Role) -> list[Paragraph]:
        """The paragraphs of these roles, in order."""
        return [line for line in self.paragraphs if line.role in wanted]

    @cached_property
    def year(self) -> int | None:
        """The report's year: the first that its title names, else the first of its lead-in."""
        frame = [*self.lines("title"), *self.lines("lead-in")]
        return next((int(found[1]) for line in frame if (found := YEAR.search(line.text))), None)

    @cached_property
    def body_start(self) -> int:
        lines = self.lines("body")
        return lines[0].start if lines else len(self.text)

    @cached_property
    def body_end(self) -> int:
        lines = self.lines("body")
        return lines[-1].end if lines else 0

    @cached_property
    def length(self) -> int:
        """Characters of the report itself, from the lead-in to the last sentence of the body, blanks not counted."""
        return sum(len("".join(line.text.split())) for line in self.lines("lead-in", "body"))

    @cached_property
    def sentences(self) -> tuple[Stretch, ...]:
        """Of the body, split at 。！？; heads that the text runs on after are sentences too."""
        return tuple(
            Stretch(line.start + m.start(), line.start + m.end(), m[0], self.section_at(line.start + m.start()))
            for line in self.lines("body")
            for m in SENTENCE.finditer(line.text)
        )

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def items(self) -> tuple[Stretch, ...]:
        """一是 … 二是 …, each up to the next one or to the end of its section's own text."""
        found: list[Stretch] = []
        for index, section in enumerate(self.sections):
            marks = list(ITEM.finditer(self.text, section.content, section.leaf_end))
            ends = [*(mark.start() for mark in marks[1:]), section.leaf_end]
            for mark, end in zip(marks, ends, strict=False):
                body = self.text[mark.start() : end].rstrip()
                found.append(Stretch(mark.start(), mark.start() + len(body), body, index, numeral(mark[1])))
        return tuple(found)

    @cached_property
    def titles(self) -> tuple[Stretch, ...]:
        """《…》 anywhere in lead-in and body; `text` is the name without its marks."""
        return tuple(
            Stretch(line.start + m.start(), line.start + m.end(), m[1], self.section_at(line.start + m.start()))
            for line in self.lines("lead-in", "body")
            for m in QUOTED_TITLE.finditer(line.text)
        )

    @cached_property
    def first_person(self) -> tuple[int, ...]:
        """Offsets of 我 and 本人 as the writer (not 我们, 我国, 我局 …)."""
        return tuple(
            line.start + m.start()
            for line in self.lines("lead-in", "body", "closing")
            for m in FIRST_PERSON.finditer(line.text)
        )

    def section_at(self, offset: int) -> int:
        """Index of the innermost section that holds the offset; -1 outside of all sections."""
        index = bisect_right(self._section_starts, offset) - 1
        while index >= 0 and offset >= self.sections[index].end:
            index = self.sections[index].parent
        return index

    def kind_at(self, offset: int) -> Kind | None:
        index = self.section_at(offset)
        return self.sections[index].kind if index >= 0 else None

    def paragraph_at(self, offset: int) -> Paragraph | None:
        """The paragraph that holds the offset, or the last one before it."""
        if not self.paragraphs:
            return None
        return self.paragraphs[max(0, bisect_right(self._paragraph_starts, offset) - 1)]

    def of_kind(self, *kinds: Kind) -> Iterator[Section]:
        """Every section of these kinds, parents before children."""
        return (section for section in self.sections if section.kind in kinds)

    def tops(self, *kinds: Kind) -> list[Section]:
        """Sections of these kinds that do not stand inside another section of the same kinds."""
        return [
            section
            for section in self.of_kind(*kinds)
            if section.parent < 0 or self.sections[section.parent].kind not in kinds
        ]

    def children(self, parent: Section) -> list[Section]:
        return [section for section in self.sections if section.parent == parent.index]

    def sentences_of(self, *kinds: Kind) -> Iterator[Stretch]:
        return (s for s in self.sentences if s.section >= 0 and self.sections[s.section].kind in kinds)

    def points(self, *kinds: Kind) -> list[Stretch]:
        """The separate points of these sections: items, else sub-sections, else paragraphs."""
        found: list[Stretch] = []
        for index, section in enumerate(self.sections):
            if section.kind not in kinds:
                continue
            own = [item for item in self.items if item.section == index]
            found.extend(own or self._unnumbered(index, section))
        return sorted(found, key=lambda point: point.start)

    def _unnumbered(self, index: int, section: Section) -> list[Stretch]:
        """A leaf section is one point; under a top head without sub-heads each paragraph is one."""
        if any(child.parent == index for child in self.sections):
            return []
        if section.level > 1:
            whole = self.text[section.start : section.leaf_end].rstrip()
            return [Stretch(section.start, section.start + len(whole), whole, index)]
        return [
            Stretch(line.start, line.end, line.text, index)
            for line in self.lines("body")
            if section.content <= line.start < section.leaf_end
        ]

    def head(self, section: Section) -> tuple[int, int]:
        """Where a section's head stands, number included, final stop excluded."""
        text = self.text[section.start : section.content].rstrip().rstrip("。；：")
        return section.start, section.start + (len(text) or section.content - section.start)

    @cached_property
    def top(self) -> tuple[int, int]:
        """Where to show what a whole report lacks: its title, else its first paragraph (0, 0 in an empty text)."""
        lines = self.lines("title") or list(self.paragraphs[:1])
        return (lines[0].start, lines[-1].end) if lines else (0, 0)

    @cached_property
    def last_sentence(self) -> tuple[int, int]:
        """Where to show what is missing at the end: the last sentence of the body, else the top."""
        return (self.sentences[-1].start, self.sentences[-1].end) if self.sentences else self.top

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """The sentence around an offset as a half-open range."""
        index = bisect_right(self._sentence_starts, offset) - 1
        if index >= 0 and offset < self.sentences[index].end:
            return self.sentences[index].start, self.sentences[index].end
        return offset, offset


def parse(text: str) -> Outline:
    return Outline(text)


@dataclass(slots=True)
class _Head:
    level: int
    number: int
    title: str
    start: int
    content: int


def _sections(lines: list[Paragraph]) -> Iterator[Section]:
    heads = _with_openings([head for head in map(_head, lines) if head], lines)
    end = lines[-1].end if lines else 0
    path: list[tuple[int, int, Kind, str]] = []
    for index, head in enumerate(heads):
        while path and path[-1][1] >= head.level:
            path.pop()
        parent = path[-1] if path else None
        kind = _kind(head, parent[2] if parent else None)
        label = (parent[3] if parent else "") + _mark(head)
        close = next((other.start for other in heads[index + 1 :] if other.level <= head.level), end)
        leaf_end = heads[index + 1].start if index + 1 < len(heads) else end
        yield Section(
            index, head.level, head.number, kind, label, head.title, head.start, head.content, close,
            parent[0] if parent else -1, leaf_end,
        )  # fmt: skip
        path.append((index, head.level, kind, label))


def _with_openings(heads: list[_Head], lines: list[Paragraph]) -> list[_Head]:
    """The heads, and parts that begin without one: 同时，工作中还存在一些问题。一是 …"""
    kinds = {_kind(head, None) for head in heads if head.level == 1}
    starts = {head.start for head in heads}
    added: list[_Head] = []
    for kind, title, pattern in OPENINGS if kinds else ():
        for line in reversed(lines) if kind not in kinds else ():
            opened = pattern.match(line.text) if len(line.text) >= OPENED_FROM and line.start not in starts else None
            if opened:
                added.append(_Head(1, 0, title, line.start, line.start + opened.end()))
                starts.add(line.start)
                break
    return sorted([*heads, *added], key=lambda head: head.start)


def _head(line: Paragraph) -> _Head | None:
    found = HEAD.match(line.text)
    if not found:
        if len(line.text) <= 25 and BARE_HEAD.match(line.text):
            return _Head(1, 0, line.text, line.start, line.end)
        return None
    if found["three"] and (month := NEXT_MONTH.match(line.text)) and int(month[2]) == int(month[1]) + 1:
        return None
    level = next(n for n, name in enumerate(("one", "two", "three", "four"), start=1) if found[name])
    sign = found[found.lastgroup or 0]
    stop = _title_end(line.text, found.end())
    title = line.text[found.end() : stop].rstrip("。；：: ")
    number = numeral(sign) if level <= 2 else int(sign)
    return _Head(level, number, title, line.start, line.start + stop)


def _title_end(text: str, start: int) -> int:
    """A head runs to its first full stop within 60 characters; a longer line has only its number as head."""
    for index in range(start, min(len(text), start + 60)):
        if text[index] in "。；：":
            return index + 1
    return len(text) if len(text) - start <= 60 else start


def _mark(head: _Head) -> str:
    if not head.number:
        return head.title
    shapes = {1: chinese(head.number), 2: f"（{chinese(head.number)}）", 3: f"{head.number}.", 4: f"（{head.number}）"}
    return shapes[head.level]


def _kind(head: _Head, parent: Kind | None) -> Kind:
    """What a section is about. Under performance only last year's findings and basic facts stand out; under problems,
    causes do. A head of the first level that names nothing known counts as performance."""
    title = head.title
    if parent in (None, "performance", "other") and not MEASURES.search(title):
        if LAST_FINDINGS.search(title) and (parent is None or "反馈" in title or "年" in title):
            return "last-findings"
        if BASIC.search(title):
            return "basic"
    if parent in ("performance", "last-findings", "basic", "causes", "measures"):
        return parent
    if MEASURES.search(title) and not (
        parent is None and PROBLEMS.match(title.removeprefix("存在的").removeprefix("主要"))
    ):
        return "measures"
    if CAUSES.search(title) and not BOTH.search(title):
        return "causes"
    if PROBLEMS.search(title):
        return "problems"
    return parent or "performance"
