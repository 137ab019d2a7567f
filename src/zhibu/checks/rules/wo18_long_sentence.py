from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

TITLE = Pattern(r"《[^》]{0,60}》")


@rule(
    "WO18",
    "long-sentence",
    severity="info",
    confidence="hint",
    label="句子太长",
    label_en="An overlong sentence",
    message=Sentence("long-sentence", "“{excerpt}”这一句有{length}字。"),
    why=Sentence("long-sentence-why", "太长的句子念不下来，也容易前后不搭。"),
    fix=Sentence("long-sentence-fix", "请分成几句，每句只说一件事。"),
)
def long_sentence(report: Outline, context: Context) -> Iterator[Hit]:
    """一句话（到句号为止）超过120字时提示。用分号隔开的条目分别计算，书名号里的字不算。长度可在 .zhibu.toml 中另设。"""
    for sentence in report.sentences:
        offset = sentence.start
        for part in sentence.text.split("；"):
            length = len(TITLE.compiled.sub("", part))
            if length > context.limits.sentence:
                yield Hit(offset, offset + len(part), {"length": length})
            offset += len(part) + 1
