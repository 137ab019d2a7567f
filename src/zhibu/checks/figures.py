"""Figures in a text, and what the ledger says of each: the public interface of the report editor and of rule FA02.

for figure in typed_figures(text, facts):
    print(figure.text, figure.status, figure.recorded, figure.records)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from zhibu.checks.facts import Activity, Facts
from zhibu.checks.kinds import SPAN, Mention, mentions, months
from zhibu.checks.patterns import Pattern, numeral

Status = Literal["supported", "contradicted", "without-record"]

UNITS = (
    "人次|学时|小时|万元|百分点|个|次|名|人|场|期|堂|节|讲|轮|条|项|件|篇|份|户|处|本|类|元|%|％|分|支|批|天|家|起|部"
)
NUMBER = Pattern(
    rf"(?<![\d.第〔A-Za-z])(?P<digits>\d[\d,]{{0,12}}(?:\.\d{{1,4}})?)(?![\d.,]|[ ]*[年月日号届度周])(?P<unit>{UNITS})?"
    r"|(?<![第每再这那一二三四五六七八九十两百])(?P<words>[一二三四五六七八九十两百]{1,4})(?P<counter>人次|次(?!性)|场|期|堂|名(?!义))"
)
STOPS = "，。；：、\n（）"
SENTENCE_STOPS = "。；\n"
TIMES = ("次", "场", "期", "堂", "节", "讲")
PERSONS = ("名", "人", "个")
SELF = Pattern(r"本人|我|书记")
PARTIAL = Pattern(r"其中|每|参加|列席|邀请|专题|廉政|微党课|微$|青年|联合|上级|不少于|至少|平均|增加|减少|第")
TOTALITY = Pattern(r"现有|共有|设有|下设|支部有|总数|其中|(?:党员|支委|党小组)$")
MOVED = Pattern(
    r"发展|接收|吸收|转入|转出|转正|培养|慰问|参加|表彰|评议|覆盖|到会|带领|组织|走访|谈话|帮扶|参与|考察|推荐|评为|缺席|请假|约谈"
)
STRENGTH = (
    ("正式党员", "full_members"),
    ("预备党员", "probationary"),
    ("支委", "committee"),
    ("党小组", "cells"),
    ("党员", "members"),
)
REACHED = Pattern(r"(?:达到|达|满|完成|不少于)32(?:个)?学时")


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A number in the text. `what` names what it counts (党员大会, 党员 …, "" when nobody can tell); `recorded` is the
    ledger's number, None without record; `records` are ids of activities behind it."""

    start: int
    end: int
    text: str
    value: float
    unit: str
    what: str
    status: Status
    recorded: float | None = None
    records: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit and the piece between punctuation that it stands in."""

    start: int
    end: int
    value: float
    unit: str
    piece: tuple[int, int]


def figures(text: str, start: int = 0, end: int | None = None) -> Iterator[Figure]:
    """Numbers that count something: not years, dates, ordinals or what stands in 《》."""
    titles = [found.span() for found in Pattern(r"《[^》\n]{0,80}》|“[^”\n]{0,12}”").finditer(text, start, end)]
    for found in NUMBER.finditer(text, start, end):
        unit = found["unit"] or found["counter"] or ""
        value = float(found["digits"].replace(",", "")) if found["digits"] else float(numeral(found["words"]))
        if (found["words"] and value < 2) or any(first <= found.start() < last for first, last in titles):
            continue
        yield Figure(found.start(), found.end(), value, unit, _between(text, found.start(), found.end(), STOPS))


def typed_figures(text: str, facts: Facts) -> list[TypedFigure]:
    """Each figure of the text as supported, contradicted or without record.

    Compared are: times a kind of activity was held (in the year or in the months named beside it), members, committee
    and cells, attendance of one meeting, hours per member and how many reached 32. A number that may count a part of
    what the ledger counts (其中, 专题党课 …) is contradicted only when it exceeds the whole.
    """
    return [_judged(text, figure, facts) for figure in figures(text) if figure.unit]


def _judged(text: str, figure: Figure, facts: Facts) -> TypedFigure:
    for judge in (_times, _members, _attendance, _hours):
        verdict = judge(text, figure, facts)
        if verdict:
            return verdict
    return _figure(text, figure, "", "without-record")


def _figure(
    text: str,
    figure: Figure,
    what: str,
    status: Status,
    recorded: float | None = None,
    records: tuple[int, ...] = (),
) -> TypedFigure:
    shown = text[figure.start : figure.end]
    return TypedFigure(figure.start, figure.end, shown, figure.value, figure.unit, what, status, recorded, records)


def _times(text: str, figure: Figure, facts: Facts) -> TypedFigure | None:
    """党员大会4次, 召开4次党员大会, 一季度召开支委会3次."""
    mention = kind_beside(text, figure) if figure.unit in TIMES else None
    if mention is None:
        return None
    held = _in_months(facts.of_kind(mention.kind), text, figure)
    whole = held is None
    records = facts.of_kind(mention.kind) if held is None else held
    count = facts.total(mention.kind) if whole else len(records)
    before = text[_between(text, figure.start, figure.end, "，。；\n")[0] : figure.start]
    partial = PARTIAL.search(before) or (mention.kind == "lecture" and SELF.search(before))
    status: Status = "supported" if figure.value == count else "contradicted"
    if partial and figure.value < count:
        status = "without-record"
    return _figure(text, figure, mention.label, status, count, tuple(activity.id for activity in records))


def kind_beside(text: str, figure: Figure) -> Mention | None:
    """The kind that a count of times belongs to: right before it, else right after it, else nearest before it."""
    first, last = figure.piece
    before = [mention for mention in mentions(text, first, last) if mention.end <= figure.start]
    after = list(mentions(text, figure.end, min(last, figure.end + 12)))
    # 党员大会4次和支委会2次, but 4次党员大会和2次支委会.
    joined = bool(before) and any(sign in text[before[-1].end : figure.start] for sign in "和与及")
    if before and not joined and figure.start - before[-1].end <= 3:
        return before[-1]
    if after and not any(sign in text[figure.end : after[0].start] for sign in "和与及"):
        return after[0]
    return before[-1] if before and not joined else None


def _in_months(activities: list[Activity], text: str, figure: Figure) -> list[Activity] | None:
    """The activities of the months named in the figure's clause; None when it names none (the whole year)."""
    first, _last = _between(text, figure.start, figure.end, "，。；\n")
    spans = [span for found in SPAN.finditer(text, first, figure.start) if (span := months(found))]
    return [activity for activity in activities if activity.held.month in spans[-1]] if spans else None


def _members(text: str, figure: Figure, facts: Facts) -> TypedFigure | None:
    """党员23名, 正式党员21名, 预备党员2名, 支委5名, 党小组2个 – where the clause tells the strength of the branch."""
    if figure.unit not in PERSONS or MOVED.search(text, *figure.piece):
        return None
    before, after = text[figure.piece[0] : figure.start], text[figure.end : figure.piece[1]]
    for word, field in STRENGTH:
        named_before = Pattern(f"{word}(?:会)?(?:委员|成员|总数)?(?:共有|共|有|为)?[ ]*$").search(before)
        if (figure.unit == "个") != (field == "cells") or not (named_before or after.startswith(word)):
            continue
        if field not in facts.members or not TOTALITY.search(before + (word if named_before else "")):
            return None
        recorded = facts.members[field]
        return _figure(text, figure, word, "supported" if figure.value == recorded else "contradicted", recorded)
    return None


def _attendance(text: str, figure: Figure, facts: Facts) -> TypedFigure | None:
    """应到21人 and 实到20人 of the meeting whose date stands before them in the sentence."""
    before = text[figure.piece[0] : figure.start]
    side = next((side for word, side in (("应到", "entitled"), ("实到", "present")) if before.endswith(word)), "")
    if not side:
        return None
    first, _last = _between(text, figure.start, figure.end, SENTENCE_STOPS)
    dates = list(Pattern(r"(\d{1,2})月(\d{1,2})日").finditer(text, first, figure.start))
    wanted = (int(dates[-1][1]), int(dates[-1][2])) if dates else None
    same_day = [each for each in facts.activities if (each.held.month, each.held.day) == wanted]
    same_day = [each for each in same_day if each.held.year == facts.year]
    counted = [each for each in same_day if getattr(each, side)]
    agreeing = [each for each in counted if getattr(each, side) == figure.value]
    if agreeing:
        return _figure(text, figure, before[-2:], "supported", figure.value, tuple(each.id for each in agreeing))
    if counted:
        recorded = float(getattr(counted[0], side))
        return _figure(text, figure, before[-2:], "contradicted", recorded, tuple(each.id for each in counted))
    return _figure(text, figure, before[-2:], "without-record")


def _hours(text: str, figure: Figure, facts: Facts) -> TypedFigure | None:
    """人均35.5学时 and 20名党员达到32学时."""
    first, last = _between(text, figure.start, figure.end, "，。；\n")
    clause = text[first:last]
    if (
        figure.unit in ("学时", "小时", "个")
        and Pattern(r"人均|平均").search(text, first, figure.start)
        and "学时" in clause
    ):
        if "average" not in facts.hours:
            return None
        places = len(text[figure.start : figure.end].rstrip(UNITS).partition(".")[2])
        recorded = round(facts.hours["average"], places)
        return _figure(text, figure, "人均学时", "supported" if figure.value == recorded else "contradicted", recorded)
    if figure.unit in ("名", "人") and REACHED.search(text, figure.end, last):
        reached = facts.hours.get("reached_32")
        if reached is None:
            return None
        return _figure(
            text, figure, "达到32学时的党员", "supported" if figure.value == reached else "contradicted", reached
        )
    return None


def _between(text: str, start: int, end: int, stops: str) -> tuple[int, int]:
    """The piece of text around start..end that is free of the stops, at most 120 characters to each side."""
    first, last = start, end
    while first > max(0, start - 120) and text[first - 1] not in stops:
        first -= 1
    while last < min(len(text), end + 120) and text[last] not in stops:
        last += 1
    return first, last


__all__ = ["Figure", "Status", "TypedFigure", "figures", "kind_beside", "typed_figures"]
