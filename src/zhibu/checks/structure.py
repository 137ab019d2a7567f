"""What the parser sees in a report, as plain data: `zhibu outline` prints it, other programs can read it.

Every part has `start` and `end` (character offsets into the text) and, where it has one, the label of its section.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhibu.checks.figures import TIMES, Figure, figures, kind_beside
from zhibu.checks.frame import without_annex
from zhibu.checks.outline import Outline, Section, parse
from zhibu.checks.patterns import HAN, Pattern
from zhibu.checks.words import matches

DATE = Pattern(
    r"(?:(?P<year>20\d{2})年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?|(?P<whole>20\d{2})年(?:度(?!\d)|(?!\d))"
)
ACTOR = Pattern(
    r"(?P<writer>本人|我(?!们|[国市县省区局委院校镇乡村党]))"
    r"|(?P<us>我们)"
    r"|(?P<branch>(?:本|我)?(?:党支部|支部|[国市县省区局委院校镇乡村]党支部))(?!委员会|委员|书记|党员大会|班子|会议)"
    r"|(?P<committee>支部委员会|支委会(?!议))(?!会议|委员)"
    r"|(?P<party_group>党组|党委|机关工委|工委)(?!书记|会议|成员|委员|会)"
)
LEAD_IN = 24
"""How far into a clause the one who acts may stand: 按照县委安排，4月我召开 …"""
AFTER, LINK = 6, Pattern(rf"[{HAN}]{{0,6}}")
"""How far behind a figure its noun may begin: 3名入党积极分子, 29条群众提出的意见."""
MEASURES = ("学时", "小时", "天", "分", "元", "百分点")
FILLED = Pattern(r"(?:共有|共计|总数|数为|达到|不足|只有|共|有|为|达|约|近|到)?[ ]?$")


def structure(text: str) -> dict[str, Any]:
    """`{year, title, length, sentences, paragraphs, sections, items, titles, figures, dates, actors}`."""
    report = parse(without_annex(text))
    return {
        "year": report.year,
        "title": "".join(line.text for line in report.lines("title")),
        "length": report.length,
        "sentences": len(report.sentences),
        "paragraphs": [
            {"number": line.number, "role": line.role, "start": line.start, "end": line.end}
            for line in report.paragraphs
        ],
        "sections": [_section(report, section) for section in report.sections],
        "items": [_stretch(report, item.start, item.end, number=item.number) for item in report.items],
        "titles": [_stretch(report, each.start, each.end, title=each.text) for each in report.titles],
        "figures": list(_figures(report)),
        "dates": list(_dates(report)),
        "actors": list(_actors(report)),
    }


def _section(report: Outline, section: Section) -> dict[str, Any]:
    return {
        "index": section.index,
        "level": section.level,
        "label": section.label,
        "title": section.title,
        "kind": section.kind,
        "parent": section.parent,
        "start": section.start,
        "end": section.end,
        "sentences": sum(section.start <= sentence.start < section.end for sentence in report.sentences),
    }


def _stretch(report: Outline, start: int, end: int, **more: Any) -> dict[str, Any]:
    index = report.section_at(start)
    label = report.sections[index].label if index >= 0 else ""
    return {"start": start, "end": end, "text": report.text[start:end], "section": label, **more}


def _spoken(report: Outline) -> Iterator[tuple[int, int]]:
    """The lines in which the writer speaks: lead-in and body."""
    return ((line.start, line.end) for line in report.lines("lead-in", "body"))


def _figures(report: Outline) -> Iterator[dict[str, Any]]:
    for first, last in _spoken(report):
        for figure in figures(report.text, first, last):
            if figure.unit:
                counts = counted(report.text, figure)
                yield _stretch(
                    report, figure.start, figure.end, value=figure.value, unit=figure.unit, counts=counts
                )  # fmt: skip


def counted(text: str, figure: Figure) -> str:
    """What a figure counts, "" when nobody can tell: 党员大会 in 党员大会4次, 积极分子 in 培养2名积极分子."""
    mention = kind_beside(text, figure) if figure.unit in TIMES else None
    if mention is not None:
        return mention.label
    first, last = figure.piece
    linked = LINK.match(text, figure.end, last) if figure.unit not in MEASURES else None
    reach = linked.end() if linked else -1
    behind = next(matches("counted", text, figure.end, min(last, reach + AFTER)), None) if linked else None
    if behind is not None and behind[0].start() <= reach and not behind[0][0].endswith("率"):
        return behind[0][0]
    filled = FILLED.search(text, first, figure.start)
    before = [found[0] for found, _word in matches("counted", text, first, filled.start() if filled else figure.start)]
    end = text[first : filled.start() if filled else figure.start]
    return before[-1] if before and end.endswith(before[-1]) else ""


def _dates(report: Outline) -> Iterator[dict[str, Any]]:
    for line in report.lines("title", "lead-in", "body", "date"):
        for found in DATE.finditer(report.text, line.start, line.end):
            year, month, day = (int(found[key] or 0) for key in ("year", "month", "day"))
            year = year or int(found["whole"] or 0)
            if found["whole"] or (1 <= month <= 12 and day <= 31):
                yield _stretch(
                    report, found.start(), found.end(), year=year or None, month=month or None, day=day or None
                )


def _actors(report: Outline) -> Iterator[dict[str, Any]]:
    """Who acts, once a sentence: the first that is named near the beginning of one of its clauses."""
    for sentence in report.sentences:
        found = _actor(report.text, sentence.start, sentence.end)
        if found is not None:
            start, end, who = found
            yield _stretch(report, start, end, who=who)


def _actor(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    first = start
    while first < end:
        stop = next((place for place in range(first, end) if text[place] in "，；："), end)
        found = ACTOR.search(text, first, min(stop, first + LEAD_IN))
        if found:
            return found.start(), found.end(), (found.lastgroup or "").replace("_", "-")
        first = stop + 1
    return None
