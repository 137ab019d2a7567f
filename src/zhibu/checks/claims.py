"""What a report claims was held: a kind of activity, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhibu.checks.kinds import SPAN, mentions, months
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern

YEAR = range(1, 13)
HELD = Pattern(r"召开|开展|组织|举办|举行|讲授?|上了?|参与")
NOT_OURS = Pattern(r"参加|列席|邀请|没有|未|不|制度|要求|规定|计划|提出|整改|上级|去年|上年")
DAY = Pattern(r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
REACH = 120
"""How far before a kind its verb, months and date are looked for, in characters."""
NEAR = 30
"""How far behind a date its activity is looked for, in characters."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`months` the claim speaks of (all twelve when it names none)."""

    start: int
    end: int
    kind: str
    label: str
    months: range


@dataclass(frozen=True, slots=True)
class DatedClaim:
    """A day and the kind said to have been held on it; kind and label are empty when no kind is named."""

    start: int
    end: int
    kind: str
    label: str
    day: date


def claims(report: Outline) -> Iterator[Claim]:
    """Kinds that the performance part says were held (`召开`, `开展` … before them), without exact days."""
    text = report.text
    for sentence in report.sentences_of("performance", "basic"):
        for mention in mentions(text, sentence.start, sentence.end):
            floor = max(sentence.start, mention.start - REACH)
            first = max(floor, *(text.rfind(stop, floor, mention.start) + 1 for stop in "，；。"))
            ours = mention.held and not NOT_OURS.search(text, first, mention.start)
            if not ours or DAY.search(text, floor, mention.start):
                continue
            spans = [found for found in SPAN.finditer(text, first, mention.start) if months(found)]
            verb = next(HELD.finditer(text, first, mention.start), None)
            if verb or spans:
                start = spans[-1].start() if spans else verb.start() if verb else mention.start
                yield Claim(start, mention.end, mention.kind, mention.label, months(spans[-1]) if spans else YEAR)


def dated_claims(report: Outline, year: int) -> Iterator[DatedClaim]:
    """Days of the report's year in the performance part that are followed by a kind or by a word of holding."""
    text = report.text
    for sentence in report.sentences_of("performance", "basic"):
        for found in DAY.finditer(text, sentence.start, sentence.end):
            day = _day(found["year"], found["month"], found["day"], year)
            stop = min(sentence.end, found.end() + NEAR)
            following = next(DAY.finditer(text, found.end(), stop), None)
            stop = following.start() if following else stop
            if day is None or day.year != year or NOT_OURS.search(text, found.end(), stop):
                continue
            mention = next((each for each in mentions(text, found.end(), stop) if each.held), None)
            if mention:
                yield DatedClaim(found.start(), mention.end, mention.kind, mention.label, day)
            elif (verb := HELD.match(text, found.end(), stop)) and len(verb[0]) == 2:
                yield DatedClaim(found.start(), verb.end(), "", "", day)


def _day(year: str | None, month: str, day: str, default: int) -> date | None:
    try:
        return date(int(year or default), int(month), int(day))
    except ValueError:
        return None


def period(year: int, span: range) -> str:
    """The months of a claim in words: 2025年, 2025年3月, 2025年1月至3月."""
    if span == YEAR:
        return f"{year}年"
    first, last = span[0], span[-1]
    return f"{year}年{first}月" if first == last else f"{year}年{first}月至{last}月"
