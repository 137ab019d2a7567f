from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.kinds import mentions
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

BRACKETS = Pattern(r"（[^）]{0,40}）")
ENOUGH = 0.4
"""Share of a label's pairs of characters that tells it: 党员学时 is told by “党员人均35学时”, 月工作计划公开 not by
“公开”."""


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
    """用台账快照核对：本年应尽的职责（不算免除和未到期的），报告从头到尾没有提到的，合起来报告一次；其中没有做到的列在前面。

    人数、任期这类始终符合、没有活动记录的要求不必写；“党员大会到会人数”这样由一种活动而来的，写到了那种活动就算写到；
    书记述职就是这份报告本身。
    """
    facts = context.facts
    assert facts is not None
    named = {mention.kind for mention in mentions(report.text)}
    lapsed: dict[str, bool] = {}
    for cell in facts.cells:
        kind = cell.duty.rpartition("/")[2]
        told = kind in named or _told(cell.label, report.text) or _told_by_kind(cell.label, named)
        unmet = cell.status in ("missing", "defective")
        if cell.owed and not told and (unmet or cell.evidence):
            lapsed[cell.label] = lapsed.get(cell.label, False) or unmet
    if lapsed and report.sections:
        labels = sorted(lapsed, key=lambda label: not lapsed[label])
        shown = "、".join(labels[:8]) + ("等" if len(labels) > 8 else "")
        parts = report.tops("performance")
        place = report.head(parts[0]) if parts else report.top
        yield Hit(*place, {"count": len(labels), "labels": shown})


def _told_by_kind(label: str, named: set[str]) -> bool:
    """Whether the duty's own name speaks of kinds the report tells, e.g. 谈心谈话（委员之间）."""
    kinds = {mention.kind for mention in mentions(label)}
    return bool(kinds) and kinds <= named | {"secretary-report"}


def _told(label: str, text: str) -> bool:
    core = BRACKETS.compiled.sub("", label)
    pairs = [core[index : index + 2] for index in range(len(core) - 1)]
    return core in text or sum(pair in text for pair in pairs) >= ENOUGH * len(pairs) > 0
