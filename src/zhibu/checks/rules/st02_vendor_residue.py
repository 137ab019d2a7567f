from collections.abc import Iterator
from itertools import groupby

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.frame import RESIDUE_IN_BODY
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "ST02",
    "vendor-residue",
    severity="error",
    label="范文售卖者留下的文字",
    label_en="Text left by a template seller",
    message=Sentence("vendor-residue", "“{excerpt}”不是报告的内容，是下载或售卖范文时留下的（{count}行）。"),
    why=Sentence("vendor-residue-why", "留着它等于说明报告是买来的、没有通读过。"),
    fix=Sentence("vendor-residue-fix", "请删去，并逐段核对其余文字是不是本人的工作。"),
)
def vendor_residue(report: Outline, context: Context) -> Iterator[Hit]:
    """查找标题之前、标题之下和文末的广告、群号、会员提示、“整理，咨询QQ”等文字。连在一起的几行算一处。

    不好：某某文库整理，咨询QQ（号码）
    好：（没有这一行）
    """
    for role, lines in groupby(report.paragraphs, key=lambda line: line.role):
        block = list(lines)
        if role == "residue":
            yield Hit(block[0].start, block[-1].end, {"count": len(block)})
    for line in report.lines("body", "lead-in"):
        for found in RESIDUE_IN_BODY.finditer(line.text):
            yield Hit(line.start + found.start(), line.start + found.end(), {"count": 1})
