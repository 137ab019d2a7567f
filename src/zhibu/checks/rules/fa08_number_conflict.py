from collections.abc import Iterator

from zhibu.checks.engine import Context, rule, section_name
from zhibu.checks.figures import TIMES, Figure, figures, kind_beside
from zhibu.checks.findings import Hit
from zhibu.checks.kinds import SPAN
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

REACH = 200
"""How far before a number the words are looked for that say what it covers, in characters."""
RULES = Pattern(r"\d{1,6}[项类个]制度|制度\d{1,6}[项类个]")
PEOPLE = Pattern(
    r"(?:现有|共有|支部有)(?:中共)?(?:正式)?党员(\d{1,6})[名人]|(?:现有|共有|支部有)(\d{1,6})名(?:正式)?党员"
)
WHOLE = Pattern(r"全年|一年来|本年度|共|累计|总计")
PART = Pattern(r"其中|每|参加|列席|专题|廉政|微党课|青年|联合|少|应|计划|上年|去年|本人|我")


@rule(
    "FA08",
    "number-conflict",
    severity="error",
    confidence="likely",
    label="同一件事数字不一",
    label_en="Different numbers for one thing",
    message=Sentence("number-conflict", "“{excerpt}”与{section}的“{other}”对不上。"),
    why=Sentence("number-conflict-why", "同一件事前后两个数，至少有一个不对。"),
    fix=Sentence("number-conflict-fix", "请核对台账，统一数字；口径不同的，写明各指什么。"),
)
def number_conflict(report: Outline, context: Context) -> Iterator[Hit]:
    """查找前后不一的数字：制度的项数、党员总数、同一种会议全年的次数。

    不好：涵盖党建12类制度……印发“三会一课”制度等11项制度。
    """
    for group in (_numbers(report, RULES), _numbers(report, PEOPLE), *_meetings(report)):
        for (value, start, end), (first, first_start, first_end) in zip(
            group[1:], group[:1] * len(group), strict=False
        ):
            if value != first:
                other = report.text[first_start:first_end]
                yield Hit(start, end, {"other": other, "section": section_name(report, first_start)})


Place = tuple[float, int, int]


def _numbers(report: Outline, pattern: Pattern) -> list[Place]:
    found = []
    for part in report.tops("performance", "basic"):
        for match in pattern.finditer(report.text, part.start, part.end):
            digits = "".join(sign for sign in match[0] if sign.isdigit())
            found.append((float(digits), *match.span()))
    return found


def _meetings(report: Outline) -> list[list[Place]]:
    """Times that each kind was held in the whole year, as told in the performance part."""
    groups: dict[str, list[Place]] = {}
    for part in report.tops("performance", "basic"):
        for figure in figures(report.text, part.start, part.end):
            mention = kind_beside(report.text, figure) if figure.unit in TIMES else None
            if mention and _whole_year(report.text, figure):
                groups.setdefault(mention.kind, []).append((figure.value, figure.start, figure.end))
    return list(groups.values())


def _whole_year(text: str, figure: Figure) -> bool:
    floor = max(0, figure.start - REACH)
    first = max(floor, *(text.rfind(stop, floor, figure.start) + 1 for stop in "。；\n"))
    clause = max(first, text.rfind("，", floor, figure.start) + 1)
    whole = WHOLE.search(text, first, figure.start)
    return bool(whole) and not PART.search(text, clause, figure.start) and not SPAN.search(text, clause, figure.start)
