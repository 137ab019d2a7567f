from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.figures import typed_figures
from zhibu.checks.findings import Hit, shown
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "FA16",
    "figure-without-record",
    severity="info",
    confidence="hint",
    label="数字在台账里没有记录",
    label_en="A figure without a record",
    message=Sentence("figure-without-record", "“{around}”里的数字在台账中没有对应的记录。"),
    why=Sentence("figure-without-record-why", "写进述职的数字最好都能点开看到来处。"),
    fix=Sentence("figure-without-record-fix", "请补录对应的活动，或在证据附件里说明来源。"),
    needs_facts=True,
    default=False,
)
def figure_without_record(report: Outline, context: Context) -> Iterator[Hit]:
    """用台账快照核对：履职部分每个查不到来处的数字都提示一次。数字很多，默认不用，可以用 --select FA16 打开。"""
    assert context.facts is not None
    for figure in typed_figures(report.text[: report.body_end], context.facts):
        if figure.status == "without-record" and report.kind_at(figure.start) == "performance":
            around = report.text[max(0, figure.start - 6) : figure.end + 6]
            yield Hit(figure.start, figure.end, {"around": shown(around)})
