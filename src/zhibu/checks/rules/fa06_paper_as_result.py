from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.figures import figures
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import matches
from zhibu.errors import Sentence

ACTS = ("次", "人", "名", "人次", "场", "期", "堂", "户", "%", "％", "件", "起")


@rule(
    "FA06",
    "paper-as-result",
    severity="warning",
    confidence="likely",
    label="把纸面材料当成果",
    label_en="Paper told as the result",
    message=Sentence("paper-as-result", "“{excerpt}”：{reason}不等于做到了。"),
    why=Sentence("paper-as-result-why", "制度上墙、汇编成册只说明有了文字，说明不了支部的变化。"),
    fix=Sentence("paper-as-result-fix", "请写照制度做了几次、解决了什么问题；没有的，删去这句话。"),
)
def paper_as_result(report: Outline, context: Context) -> Iterator[Hit]:
    """在履职部分查找制度上墙、印发汇编、制作展板等话；同一条里写明了做过几次、涉及多少人的不算。

    不好：相关制度制作上墙。
    好：修订请假制度后，全年到会率由82%升到96%。
    """
    for part in report.tops("performance"):
        for found, word in matches("paper", report.text, part.start, part.end):
            start, end = report.sentence_at(found.start())
            if not any(figure.unit in ACTS for figure in figures(report.text, start, end)):
                yield Hit(found.start(), found.end(), {"reason": word.reason})
