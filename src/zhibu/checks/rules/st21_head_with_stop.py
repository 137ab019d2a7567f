from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence

LONGEST = 40


@rule(
    "ST21",
    "head-with-stop",
    severity="info",
    confidence="likely",
    label="单独成行的标题带了句号",
    label_en="A head line that ends with a full stop",
    message=Sentence("head-with-stop", "标题“{excerpt}”单独成行，末尾不用句号。"),
    why=Sentence("head-with-stop-why", "标题是一个短语，后面接着写正文的才用句号隔开。"),
    fix=Sentence("head-with-stop-fix", "请去掉句号，全文一致。"),
)
def head_with_stop(report: Outline, context: Context) -> Iterator[Hit]:
    """查找单独成行、下面还有内容的标题末尾的句号。标题后面接着写正文的（“（一）抓学习。我主持……”）不算，没有下文的条目也不算。

    不好：（一）抓学习。↵ 全年集中学习24次。
    好：（一）抓学习 ↵ 全年集中学习24次。
    """
    text = report.text
    for section in report.sections:
        line = text[section.start : section.content]
        alone = text[section.content : section.content + 1] in ("\n", "")
        followed = bool(text[section.content : section.end].strip())
        if section.level <= 2 and alone and followed and line.endswith("。") and len(line) <= LONGEST:
            yield Hit(section.start, section.content)
