from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import matches
from zhibu.errors import Sentence


@rule(
    "WO15",
    "overheated-cause",
    severity="warning",
    confidence="likely",
    label="原因说得过重",
    label_en="A cause far heavier than the problem",
    message=Sentence("overheated-cause", "“{excerpt}”：{reason}，与所写的问题不相称。"),
    why=Sentence("overheated-cause-why", "拔高的原因看似深刻，其实套在谁身上都行，也无法对照着改。"),
    fix=Sentence("overheated-cause-fix", "请写与问题相称的具体原因。"),
)
def overheated_cause(report: Outline, context: Context) -> Iterator[Hit]:
    """在问题和原因两部分里，查找“理想弱化、初心偏移”一类很重的结论。

    不好：创新不够，导致理想出现弱化、初心出现偏移。
    好：创新不够，是因为我全年没有外出学习过一次。
    """
    for section in report.tops("problems", "causes"):
        for found, word in matches("overheated", report.text, section.start, section.end):
            yield Hit(found.start(), found.end(), {"reason": word.reason})
