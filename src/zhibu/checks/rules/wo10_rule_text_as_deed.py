from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import matches
from zhibu.errors import Sentence


@rule(
    "WO10",
    "rule-text-as-deed",
    severity="warning",
    label="照抄制度原文当作履职",
    label_en="Regulation wording told as a deed",
    message=Sentence("rule-text-as-deed", "“{excerpt}”是制度里的话，不是做过的事。"),
    why=Sentence("rule-text-as-deed-why", "谁都可以这样写，所以它证明不了本人做了什么。"),
    fix=Sentence("rule-text-as-deed-fix", "请写出部署、过问、协调的具体事项和次数，没有的删去。"),
)
def rule_text_as_deed(report: Outline, context: Context) -> Iterator[Hit]:
    """查找“重要工作亲自部署、重大问题亲自过问”一类的制度原文。词表在 wording/rule_text.yaml。

    不好：重要工作亲自部署、重大问题亲自过问、重点环节亲自协调。
    好：全年4次带队检查3个廉政风险点，约谈2人。
    """
    for section in report.tops("performance"):
        for found, _word in matches("rule_text", report.text, section.start, section.end):
            yield Hit(found.start(), found.start() + len(found[0].rstrip("、，；")))
