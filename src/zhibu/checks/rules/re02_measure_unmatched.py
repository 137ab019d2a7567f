from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import pattern
from zhibu.checks.words import table
from zhibu.errors import Sentence


@rule(
    "RE02",
    "measure-unmatched",
    severity="error",
    confidence="likely",
    label="问题没有对应的措施",
    label_en="A problem without a measure",
    message=Sentence("measure-unmatched", "“{excerpt}”这个问题，下一步措施里没有一条说到{topic}。"),
    why=Sentence("measure-unmatched-why", "一个问题要有一套措施，否则明年还是这个问题。"),
    fix=Sentence("measure-unmatched-fix", "请补一条措施：做什么、谁负责、何时完成、怎么算做到。"),
)
def measure_unmatched(report: Outline, context: Context) -> Iterator[Hit]:
    """按 wording/topics.yaml 的主题，把问题部分的每个问题与措施部分对照。同一条问题里的几个问题分别对照。

    不好：问题里说公开不及时，措施里没有提到公开。
    """
    measures = "\n".join(report.text[part.start : part.end] for part in report.tops("measures"))
    if not measures:
        return
    problems = [part for part in report.of_kind("problems") if part.leaf_end > part.content]
    for topic in table("topics"):
        for part in problems:
            found = pattern(topic["problem"]).search(report.text, part.content, part.leaf_end)
            if found and not pattern(topic["measure"]).search(measures):
                yield Hit(found.start(), found.end(), {"topic": topic["label"]})
                break
