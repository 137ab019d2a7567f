from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline, Section
from zhibu.errors import Sentence

COMPARED = ("performance", "problems", "causes", "measures")


@rule(
    "ST10",
    "level-missing",
    severity="warning",
    confidence="likely",
    label="各部分层次不一致",
    label_en="A level used elsewhere is missing here",
    message=Sentence("level-missing", "其他部分的每一小节都分“一是、二是”，“{excerpt}”的{count}小节都没有分。"),
    why=Sentence("level-missing-why", "层次突然变浅，多半是这一部分写得空。"),
    fix=Sentence("level-missing-fix", "请把这一部分也写到具体的条目，或统一全文的层次。"),
)
def level_missing(report: Outline, context: Context) -> Iterator[Hit]:
    """全文至少有两个部分的所有小节都分“一是、二是”，而某一部分的小节（两个以上）全都不分时报告。

    不好：前两部分都有一是二是三是，“下一步措施”每节只有一段空话。
    好：下一步措施也逐条写明做什么、谁来做、何时完成。
    """
    itemized = {item.section for item in report.items}
    parts = [(part, report.children(part)) for part in report.sections if part.level == 1 and part.kind in COMPARED]
    parts = [(part, children) for part, children in parts if len(children) >= 2]
    full = [part for part, children in parts if all(child.index in itemized for child in children)]
    bare: list[tuple[Section, list[Section]]] = [
        (part, children) for part, children in parts if not _any_items(children, itemized)
    ]
    if len(full) >= 2 and len(full) + len(bare) == len(parts):
        for part, children in bare:
            yield Hit(*report.head(part), {"count": len(children)})


def _any_items(children: list[Section], itemized: set[int]) -> bool:
    return any(child.index in itemized for child in children)
