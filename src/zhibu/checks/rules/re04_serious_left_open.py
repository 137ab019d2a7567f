from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern, pattern
from zhibu.checks.words import table
from zhibu.errors import Sentence

DENIED = Pattern(r"没有(?:发现|发生)?$|未(?:发现|发生)$|无$|防止$|防范$|杜绝$")


@rule(
    "RE04",
    "serious-left-open",
    severity="error",
    confidence="likely",
    label="严重问题没有整改",
    label_en="A grave admission without a remedy",
    message=Sentence("serious-left-open", "“{excerpt}”是严重的问题，全文没有写怎么纠正。"),
    why=Sentence("serious-left-open-why", "承认了不执行决定、违纪一类的问题而不写纠正，评议时会被追问。"),
    fix=Sentence(
        "serious-left-open-fix", "请写明是哪一件事、现在做到哪一步、谁在什么时候纠正；若言过其实，请如实改写。"
    ),
)
def serious_left_open(report: Outline, context: Context) -> Iterator[Hit]:
    """按 wording/serious.yaml 查找问题、原因里分量很重的话（决定的事项执行不彻底、没有按期换届、违纪等），
    措施里没有对应内容时报告。
    """
    measures = "\n".join(report.text[part.start : part.end] for part in report.tops("measures"))
    for row in table("serious"):
        if pattern(row["measure"]).search(measures):
            continue
        for part in report.tops("problems", "causes"):
            for found in pattern(row["pattern"]).finditer(report.text, part.start, part.end):
                if not DENIED.search(report.text, max(part.start, found.start() - 6), found.start()):
                    yield Hit(found.start(), found.end())
