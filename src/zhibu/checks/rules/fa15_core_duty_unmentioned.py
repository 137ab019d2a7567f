from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern, pattern
from zhibu.checks.words import table
from zhibu.checks.writer import is_of_a_committee
from zhibu.errors import Sentence

FEWEST = 3
"""A report need not tell everything; three of the eight is too much to be chance."""
ABOUT_RULES = Pattern(r"制度(?!执行情况)|(?:修订|完善|制定|印发|汇编)")
LIKE = Pattern(r"按照民主生活会")


@rule(
    "FA15",
    "core-duty-unmentioned",
    severity="warning",
    confidence="likely",
    label="基本的职责没有写到",
    label_en="Core duties never mentioned",
    message=Sentence("core-duty-unmentioned", "没有写到：{missing}。"),
    why=Sentence("core-duty-unmentioned-why", "这些是每个支部书记都要做的事，评议时必问。"),
    fix=Sentence("core-duty-unmentioned-fix", "做了的写明时间和次数；没有做到的写进存在的问题。"),
)
def core_duty_unmentioned(report: Outline, context: Context) -> Iterator[Hit]:
    """查找每份支部书记述职都应写到的几件事：三会的次数、书记讲党课、组织生活会、民主评议党员、谈心谈话、发展党员、培训学时。只提到制度名称的不算写到。三件以上没有写到时，合起来报告一次。

    署名是党委、党组、工委书记的报告不查。
    """
    if not report.sections or is_of_a_committee(report):
        return
    spoken = [
        part
        for sentence in report.sentences
        for part in sentence.text.split("，")
        if not (ABOUT_RULES.search(part) or LIKE.search(part))
    ]
    text = "。".join(spoken)
    missing = [row["label"] for row in table("core_duties") if not pattern(row["told"]).search(text)]
    if len(missing) >= FEWEST:
        parts = report.tops("performance")
        place = report.head(parts[0]) if parts else report.top
        yield Hit(*place, {"missing": "；".join(missing)})
