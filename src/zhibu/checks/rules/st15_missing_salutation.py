from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "ST15",
    "missing-salutation",
    severity="warning",
    label="没有称呼",
    label_en="No addressee",
    message=Sentence("missing-salutation", "标题“{excerpt}”之后没有写明向谁述职。"),
    why=Sentence("missing-salutation-why", "述职报告有主送的党组织，顶格写称呼，后加全角冒号。"),
    fix=Sentence(
        "missing-salutation-fix", "请写明主送机关，如“县委县直机关工委：”，会上宣读的写“各位领导、同志们：”。"
    ),
)
def missing_salutation(report: Outline, context: Context) -> Iterator[Hit]:
    """查找标题之后、正文之前有没有以冒号结尾的称呼。

    好：云岭县委县直机关工委：
    """
    if report.lines("title") and report.sections and not report.lines("salutation"):
        yield Hit(*report.top)
