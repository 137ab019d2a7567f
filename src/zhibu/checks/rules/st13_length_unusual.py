from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence

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
    """正文少于1200字或多于3500字时提示。没有全国统一的规定，组织者的要求优先：可在 .zhibu.toml 中另设。"""
    if not report.sections:
        return
    limits = context.limits
    if report.length < limits.shortest:
        yield Hit(*report.top, {"length": report.length, "limit": limits.shortest}, message=SHORT)
    elif report.length > limits.longest:
        yield Hit(*report.top, {"length": report.length, "limit": limits.longest})
