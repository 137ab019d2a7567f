from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import matches
from zhibu.errors import Sentence


@rule(
    "WO17",
    "scope-slip",
    severity="warning",
    label="说大了范围",
    label_en="A word of another level",
    message=Sentence("scope-slip", "“{excerpt}”：{reason}。"),
    why=Sentence("scope-slip-why", "一个单位的工作不要套用国家层面的话。"),
    fix=Sentence("scope-slip-fix", "请写清对本单位、本支部的作用。"),
)
def scope_slip(report: Outline, context: Context) -> Iterator[Hit]:
    """查找把本单位与国家层面的词混在一起的话。

    不好：为全局现代化新征程提供支撑
    好：保证全年审计项目按期完成
    """
    for line in report.lines("lead-in", "body"):
        for found, word in matches("scope_slips", line.text):
            yield Hit(line.start + found.start(), line.start + found.end(), {"reason": word.reason})
