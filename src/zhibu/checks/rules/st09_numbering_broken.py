from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import chinese
from zhibu.errors import Sentence

GAP = Sentence("numbering-gap", "“{excerpt}”之前应是“{expected}”，序号不连续。")
SKIP = Sentence("numbering-skip", "“{excerpt}”跳过了一级标题层次。")


@rule(
    "ST09",
    "numbering-broken",
    severity="warning",
    label="序号不连续或越级",
    label_en="Numbers skip or jump a level",
    message=GAP,
    why=Sentence("numbering-why", "层次依次用一、（一）1.（1）；断号往往是删改后没有理顺，或者漏了内容。"),
    fix=Sentence("numbering-fix", "请理顺序号；若确有缺漏，请补上。"),
)
def numbering_broken(report: Outline, context: Context) -> Iterator[Hit]:
    """检查同级标题、同段“一是二是”是否从一数起、逐个相连，标题是否越级（一、之下直接用（1））。

    不好：（一）……（三）……；一是……三是……
    好：（一）……（二）……；一是……二是……
    """
    last: dict[int, int] = {}
    for section in report.sections:
        parent_level = report.sections[section.parent].level if section.parent >= 0 else 0
        expected = last.get(section.parent, 0) + 1
        last[section.parent] = section.number or last.get(section.parent, 0)
        place = report.head(section)
        if (
            section.number
            and section.level > parent_level + 1
            and section.parent >= 0
            and (parent_level, section.level) != (1, 3)
        ):
            yield Hit(*place, message=SKIP)
        elif section.number and section.number != expected:
            yield Hit(*place, {"expected": _sign(section.level, expected)})
    yield from _items(report)


def _sign(level: int, number: int) -> str:
    return {1: f"{chinese(number)}、", 2: f"（{chinese(number)}）", 3: f"{number}.", 4: f"（{number}）"}[level]


def _items(report: Outline) -> Iterator[Hit]:
    before: tuple[int, int] = (-1, 0)
    for item in report.items:
        # A section may count more than once: 一是 begins a new list.
        expected = before[1] + 1 if item.section == before[0] else 1
        word = item.text[: len(chinese(item.number)) + 1]
        if item.number not in (expected, 1):
            yield Hit(item.start, item.start + len(word), {"expected": chinese(expected) + word[-1]})
        before = item.section, item.number
