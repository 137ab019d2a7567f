from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import matches
from zhibu.errors import Sentence


@rule(
    "FA23",
    "excess-paper",
    severity="info",
    confidence="hint",
    label="留痕超过需要",
    label_en="More evidence kept than any rule asks for",
    message=Sentence("excess-paper", "“{excerpt}”：{reason}。"),
    why=Sentence("excess-paper-why", "规定要的是事情做了、记录清楚；过度留痕给基层加负担，也说明不了效果。"),
    fix=Sentence("excess-paper-fix", "请看看有没有哪条规定要这样做；没有的，可以停下来，报告里写做了什么。"),
)
def excess_paper(report: Outline, context: Context) -> Iterator[Hit]:
    """按 wording/excess_paper.yaml 查找每次谈话都拍照、人人手抄、笔记以万字计一类的话。

    不好：每次谈心谈话都拍照留痕，照片存档412张。
    好：谈心谈话42人次，意见36条，办结31条。
    """
    for part in report.tops("performance"):
        for found, word in matches("excess_paper", report.text, part.start, part.end):
            yield Hit(found.start(), found.end(), {"reason": word.reason})
