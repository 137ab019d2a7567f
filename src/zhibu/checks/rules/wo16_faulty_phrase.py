from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import matches
from zhibu.errors import Sentence


@rule(
    "WO16",
    "faulty-phrase",
    severity="warning",
    confidence="likely",
    label="句子不通或搭配不当",
    label_en="A faulty sentence or collocation",
    message=Sentence("faulty-phrase", "“{excerpt}”读不通：{reason}。"),
    why=Sentence("faulty-phrase-why", "句子不通，多半是删改、拼接之后没有再读一遍。"),
    fix=Sentence("faulty-phrase-fix", "请读一遍整句，改通顺。"),
)
def faulty_phrase(report: Outline, context: Context) -> Iterator[Hit]:
    """按 wording/faulty_phrases.yaml 查找搭配不当、残缺、杂糅的句子。

    不好：导致能够解决的实际问题困难不多。
    好：因此解决的实际问题不多。
    """
    for line in report.lines("lead-in", "body"):
        for found, word in matches("faulty_phrases", line.text):
            yield Hit(line.start + found.start(), line.start + found.end(), {"reason": word.reason})
