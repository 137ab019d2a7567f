from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.last_findings import LastFinding
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import HAN, Pattern
from zhibu.errors import Sentence

SENTENCES = Pattern(r"[^。\n]{1,400}")
SIGNS = Pattern(rf"[{HAN}]")
PART = Sentence("where-last-findings", "上年度问题整改部分")
WHOLE = Sentence("where-whole", "全文")
EMPTY = Pattern(
    r"不够|不足|不强|不深|不高|不严|不到位|有差距|存在|问题|方面|工作|有待|进一步|加强|还|较|的|了|在|和|与|对|有"
)
"""What ties no answer to a problem: words that stand in all of them."""
ENOUGH = 0.34
"""Share of the problem's own characters that one sentence takes up again, in runs of two and more: 党课 and 业务 out of
党课内容与业务脱节 are enough."""


@rule(
    "RE08",
    "last-finding-unanswered",
    severity="error",
    confidence="likely",
    label="上年度的问题没有回应",
    label_en="Last year's finding unanswered",
    message=Sentence("last-finding-unanswered", "上年度评议指出的“{problem}”，{where}没有一句说到。"),
    why=Sentence("last-finding-unanswered-why", "述职从上年度的问题说起：改了没有、改到什么程度，评议的人最先要听。"),
    fix=Sentence("last-finding-unanswered-fix", "请逐条写明采取的措施和结果；没有改好的，写明原因和下一步。"),
    needs_last_findings=True,
)
def last_finding_unanswered(report: Outline, context: Context) -> Iterator[Hit]:
    """给出上年度的问题清单（--last-findings）时，逐条看“上年度问题整改”这一部分有没有回应；没有单列这一部分的，看履职部分。一句话用到问题里三分之一的字（两字以上相连），就算回应；清单里也可以给每个问题写几个词（words），说到其中一个就算回应。

    不好：清单有“公开栏更新慢”，报告没有一句说到公开栏。
    好：公开栏更新慢：今年由监委会主任每月10日换一次，12期都按时换了。
    """
    parts = report.tops("last-findings")
    where = PART if parts else WHOLE
    place = report.head(parts[0]) if parts else report.top
    areas = parts or report.tops("performance", "basic")
    said = [found[0] for part in areas for found in SENTENCES.finditer(report.text, part.start, part.end)]
    said += [line.text for line in report.lines("lead-in")]
    for last in context.last_findings or ():
        if not any(_answers(sentence, last) for sentence in said):
            yield Hit(*place, {"problem": last.problem, "where": where})


def _answers(sentence: str, last: LastFinding) -> bool:
    if last.words:
        return any(word in sentence for word in last.words)
    own = EMPTY.compiled.sub("\n", last.problem)
    signs = [bool(SIGNS.match(sign)) for sign in own]
    taken = [False] * len(own)
    for at in range(len(own) - 1):
        if signs[at] and signs[at + 1] and own[at : at + 2] in sentence:
            taken[at] = taken[at + 1] = True
    return sum(taken) >= ENOUGH * sum(signs) > 0
