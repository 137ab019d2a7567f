from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.kinds import mentions
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "FA03",
    "duty-not-evidenced",
    severity="warning",
    label="应尽的职责没有写到",
    label_en="An owed duty is never mentioned",
    message=Sentence("duty-not-evidenced", "台账中{count}项应尽的职责没有写到：{labels}。"),
    why=Sentence("duty-not-evidenced-why", "没有写到的职责，评议的人会以为没有做。"),
    fix=Sentence("duty-not-evidenced-fix", "做了的补写一句；没有做到的写进存在的问题。"),
    needs_facts=True,
)
def duty_not_evidenced(report: Outline, context: Context) -> Iterator[Hit]:
    """用台账快照核对：本年应尽的职责（不算免除和未到期的），报告从头到尾没有提到的，合起来报告一次；其中没有做到的列在前面。"""
    facts = context.facts
    assert facts is not None
    named = {mention.kind for mention in mentions(report.text)}
    lapsed: dict[str, bool] = {}
    for cell in facts.cells:
        kind = cell.duty.rpartition("/")[2]
        if cell.owed and kind not in named and cell.label not in report.text:
            lapsed[cell.label] = lapsed.get(cell.label, False) or cell.status in ("missing", "defective")
    if lapsed and report.sections:
        labels = sorted(lapsed, key=lambda label: not lapsed[label])
        shown = "、".join(labels[:8]) + ("等" if len(labels) > 8 else "")
        parts = report.tops("performance")
        place = report.head(parts[0]) if parts else report.top
        yield Hit(*place, {"count": len(labels), "labels": shown})
