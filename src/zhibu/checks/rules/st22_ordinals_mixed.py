from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import NUMERAL, Pattern
from zhibu.errors import Sentence

OTHER = Pattern(rf"(?:(?<=[。；\n])|^)(?:第[{NUMERAL}]，|其[{NUMERAL}]，|首先，|其次，)")


@rule(
    "ST22",
    "ordinals-mixed",
    severity="info",
    confidence="hint",
    label="“一是”与“第一”混用",
    label_en="Two kinds of ordinals in one list",
    message=Sentence("ordinals-mixed", "这一节用了“一是、二是”，“{excerpt}”又用了另一种序号。"),
    why=Sentence("ordinals-mixed-why", "同一层次的条目用同一种序号，听的人才跟得上。"),
    fix=Sentence("ordinals-mixed-fix", "请统一为一种。"),
)
def ordinals_mixed(report: Outline, context: Context) -> Iterator[Hit]:
    """同一小节里既有“一是、二是”，又有“第一，”“其一，”“首先，”时，在第一处提示。

    不好：一是抓学习。二是抓会议。第三，抓党费。
    好：一是抓学习。二是抓会议。三是抓党费。
    """
    itemized = {item.section for item in report.items}
    for section in report.sections:
        if section.index in itemized:
            found = OTHER.search(report.text, section.content, section.leaf_end)
            if found:
                yield Hit(found.start(), found.end())
