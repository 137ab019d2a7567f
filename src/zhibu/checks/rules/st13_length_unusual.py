from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence

SHORTEST, LONGEST = 1500, 3500
"""Practice, no national rule: oral reports 1,500–2,000 characters, written ones 2,000–3,000, with some allowance."""

SHORT = Sentence("length-short", "正文约{length}字，少于通常的{limit}字。")


@rule(
    "ST13",
    "length-unusual",
    severity="info",
    confidence="hint",
    label="篇幅过短或过长",
    label_en="Unusually short or long",
    message=Sentence("length-long", "正文约{length}字，多于通常的{limit}字。"),
    why=Sentence("length-why", "书面述职一般两三千字：太短说不清，太长没有人读得完。"),
    fix=Sentence("length-fix", "请对照组织者的要求增删；组织者另有要求的，可以豁免本条。"),
)
def length_unusual(report: Outline, context: Context) -> Iterator[Hit]:
    """正文少于1500字或多于3500字时报告。没有全国统一的规定，组织者的要求优先。"""
    if not report.sections:
        return
    if report.length < SHORTEST:
        yield Hit(*report.top, {"length": report.length, "limit": SHORTEST}, message=SHORT)
    elif report.length > LONGEST:
        yield Hit(*report.top, {"length": report.length, "limit": LONGEST})
