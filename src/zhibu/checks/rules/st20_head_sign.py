import re
from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import NUMERAL, Pattern
from zhibu.errors import Sentence

SIGN = Pattern(
    rf"[（(]([{NUMERAL}]{{1,3}})[）)]、|(\d{{1,2}})[、．](?!\d)|[（(](\d{{1,2}})[）)]、|([{NUMERAL}]{{1,3}})[.．，,]"
)
SHAPES = ("（{}）", "{}.", "（{}）", "{}、")
LONGEST = 40


@rule(
    "ST20",
    "head-sign",
    severity="info",
    confidence="likely",
    label="标题序号后的标点不合习惯",
    label_en="Wrong sign after a head's number",
    message=Sentence("head-sign", "“{excerpt}”等{count}处序号后的标点不合公文习惯，通常写作“{better}”。"),
    why=Sentence("head-sign-why", "层次序号依次写作一、（一）1.（1）；括号后面不加顿号，阿拉伯数字后面用实心点。"),
    fix=Sentence("head-sign-fix", "请改为“{better}”，全文一致。"),
)
def head_sign(report: Outline, context: Context) -> Iterator[Hit]:
    """查找标题序号后面的标点：“（一）、”“1、”“一，”。每种写法报一次，指在第一处。

    依据是公文的通行写法（GB/T 9704—2012 的层次序号），组织者另有格式的从其规定。

    不好：（一）、抓学习；1、党员大会
    好：（一）抓学习；1.党员大会
    """
    heads = {section.start for section in report.sections}
    found: dict[int, list[re.Match[str]]] = {}
    for line in report.lines("body"):
        sign = SIGN.match(report.text, line.start, line.end)
        # 一，…… is no head of the parser's, and no head at all when a sentence follows.
        if sign and (line.start in heads or len(line.text) <= LONGEST):
            found.setdefault(sign.lastindex or 1, []).append(sign)
    for shape, signs in found.items():
        better = SHAPES[shape - 1].format(signs[0][shape])
        yield Hit(*signs[0].span(), {"better": better, "count": len(signs)})
