from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.frame import CLOSING
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "ST05",
    "missing-closing",
    severity="info",
    label="没有结束语",
    label_en="No closing formula",
    message=Sentence("missing-closing", "正文到“{excerpt}”就结束了，没有结束语。"),
    why=Sentence("missing-closing-why", "述职之后要听取评议，通常用一句话交给与会者。"),
    fix=Sentence("missing-closing-fix", "可以加一句：以上报告，请予评议。"),
)
def missing_closing(report: Outline, context: Context) -> Iterator[Hit]:
    """查找文末有没有“以上报告，请予评议”一类的话。

    好：以上报告，请予评议。
    """
    start, end = report.last_sentence
    if report.sections and not report.lines("closing") and not CLOSING.search(report.text, start, end):
        yield Hit(start, end)
