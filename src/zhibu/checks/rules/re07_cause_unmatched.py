from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import HAN, Pattern, pattern
from zhibu.checks.words import table
from zhibu.errors import Sentence

FUNCTION = frozenset("的了在是和与对不上中")
OWN_CAUSE = Pattern(r"原因是|是因为|由于|因为|主要是我|说到底")
RUN = Pattern(rf"[{HAN}]{{2,400}}")
GENERIC = frozenset((
    "不够", "不足", "不多", "不到", "到位", "存在", "问题", "工作", "还有", "差距", "有待", "进一",
    "一步", "加强", "提高", "落实", "推进", "方面", "情况", "一些", "全年", "没有", "有的", "我们",
    "党员", "支部", "党建", "原因", "主要", "认识", "思想", "研究", "实际", "影响", "导致", "造成",
    "一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "和的", "的工", "对党",
))  # fmt: skip
"""Pairs of characters that stand in any list of problems or causes and tie nothing together."""


@rule(
    "RE07",
    "cause-unmatched",
    severity="warning",
    confidence="likely",
    label="问题没有对应的原因",
    label_en="A problem without a cause",
    message=Sentence("cause-unmatched", "“{excerpt}”这个问题，原因分析里没有一条说到{topic}。"),
    why=Sentence("cause-unmatched-why", "原因要对着问题找；问题和原因各说各的，措施也就对不准。"),
    fix=Sentence("cause-unmatched-fix", "请为这个问题补一条原因，或点明是哪一条。"),
)
def cause_unmatched(report: Outline, context: Context) -> Iterator[Hit]:
    """按 wording/topics.yaml 的主题，把问题部分的每个问题与单独一部分的原因对照。

    问题与任何一条原因有相同的词（“工作”“不足”一类的不算）就算对上；问题自己写了原因的不查。

    不好：问题里说公开不及时、调研少，原因里只有“思想解放不够”。
    好：公开不及时，是因为没有定哪天由谁更换。
    """
    problems = report.points("problems")
    said = "\n".join(cause.text for cause in report.points("causes"))
    known = _pairs(said)
    for problem in problems if said else ():
        if OWN_CAUSE.search(problem.text) or _pairs(problem.text) & known:
            continue
        for topic in table("topics"):
            found = pattern(topic["problem"]).search(problem.text)
            if found and not pattern(topic["measure"]).search(said):
                yield Hit(problem.start + found.start(), problem.start + found.end(), {"topic": topic["label"]})


def _pairs(text: str) -> set[str]:
    runs = (found[0] for found in RUN.finditer(text))
    found = {run[at : at + 2] for run in runs for at in range(len(run) - 1)} - GENERIC
    return {pair for pair in found if not set(pair) & FUNCTION}
