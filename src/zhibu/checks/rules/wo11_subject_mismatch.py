from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

FEWEST = ((800, 3), (300, 2), (0, 1))
"""How often the writer is to be heard in a part of at least so many characters."""
THIRD = Pattern(
    r"由[^，。；、]{0,8}书记担任[^，。；]{0,8}书记|(?:(?<=[，。；])|(?<=[一二三四五六七八九]是))"
    r"[^，。；、我]{0,6}书记(?:认真履行|切实履行|带头|亲自|高度重视)[^，。；]{0,14}"
)
THIRD_PERSON = Sentence("subject-third-person", "“{excerpt}”用第三人称说书记，像是替别人写的。")


@rule(
    "WO11",
    "subject-mismatch",
    severity="error",
    confidence="likely",
    label="不是本人在述职",
    label_en="Not the writer's own account",
    message=Sentence("subject-mismatch", "“{excerpt}”等履职部分只有{count}处说到“我”或“本人”。"),
    why=Sentence("subject-mismatch-why", "述职是书记本人讲自己做了什么，不是单位的工作总结。"),
    fix=Sentence("subject-mismatch-fix", "请以“我”为主语，写本人主持、讲授、督促、解决的事；别人做的写明是谁。"),
)
def subject_mismatch(report: Outline, context: Context) -> Iterator[Hit]:
    """履职部分“我”“本人”少于3处时报告一次（不到800字的少于2处，不到300字的没有一处）；用第三人称说书记的地方逐处报告。

    不好：局党组书记认真履行第一责任人责任。
    好：我主持支委会12次，逐项听取廉政工作汇报。
    """
    parts = report.tops("performance")
    if not parts:
        return
    count = sum(any(part.start <= offset < part.end for part in parts) for offset in report.first_person)
    length = sum(len("".join(report.text[part.start : part.end].split())) for part in parts)
    if count < next(fewest for least, fewest in FEWEST if length >= least):
        yield Hit(*report.head(parts[0]), {"count": count})
    for part in parts:
        for found in THIRD.finditer(report.text, part.start, part.end):
            yield Hit(found.start(), found.end(), message=THIRD_PERSON)
