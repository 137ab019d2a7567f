from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

NUMBERED = Pattern(r"[一二三四五六七八九十]{1,2}是|（[一二三四五六七八九十]{1,2}）")
HEAD = Pattern(r"[^。；\n]{0,60}")
LITTLE = Pattern(
    r"[^，。；]{0,14}(?:研究|分析|开展|检查|督促|谈话|调研|召开|组织|活动)得?(?:不多|较少|偏少|不经常|不及时|次数少)"
)


@rule(
    "RE05",
    "problem-among-causes",
    severity="warning",
    confidence="likely",
    label="把问题写成原因",
    label_en="A problem listed among the causes",
    message=Sentence("problem-among-causes", "“{excerpt}”是问题本身，不是原因。"),
    why=Sentence("problem-among-causes-why", "把问题换个说法当原因，就没有找到真正要改的地方。"),
    fix=Sentence("problem-among-causes-fix", "请写为什么会这样，例如没有列入计划、分工不清、方法不会。"),
)
def problem_among_causes(report: Outline, context: Context) -> Iterator[Hit]:
    """原因部分某一条的开头是“研究不多”“检查不够”一类做得少的话时报告。

    不好：（原因）对支部建设专题分析研究不多。
    好：（原因）我没有把支部建设列入支委会的固定议题。
    """
    for point in report.points("causes"):
        number, head = NUMBERED.match(point.text), HEAD.match(point.text)
        found = LITTLE.search(point.text, number.end() if number else 0, head.end()) if head else None
        if found:
            yield Hit(point.start + found.start(), point.start + found.end())
