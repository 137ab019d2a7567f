from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "ST12",
    "mirrored-counts",
    severity="info",
    confidence="hint",
    label="每节条目数完全相同",
    label_en="Every head has the same number of items",
    message=Sentence("mirrored-counts", "“{excerpt}”下{sections}个小节都正好是{items}条。"),
    why=Sentence("mirrored-counts-why", "工作有多有少，处处凑成一样的条数，容易让人觉得在填空。"),
    fix=Sentence("mirrored-counts-fix", "请看看有没有凑数的条目，没有做的删去，做得多的展开。"),
)
def mirrored_counts(report: Outline, context: Context) -> Iterator[Hit]:
    """一个部分有四个以上小节，且每节“一是、二是”的条数都相同（三条以上）时提示一次。

    不好：五个小节，每节都是一是、二是、三是。
    """
    counts = {section.index: 0 for section in report.sections}
    for item in report.items:
        counts[item.section] += 1
    for part in report.sections:
        children = [counts[child.index] for child in report.children(part)]
        if len(children) >= 4 and len(set(children)) == 1 and children[0] >= 3:
            yield Hit(*report.head(part), {"sections": len(children), "items": children[0]})
