from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import matches
from zhibu.errors import Sentence


@rule(
    "WO14",
    "missing-particle",
    severity="warning",
    label="漏了字",
    label_en="A particle is missing",
    message=Sentence("missing-particle", "“{excerpt}”漏了字，应为“{replacement}”。"),
    why=Sentence("missing-particle-why", "漏字会让意思含糊，读起来也不通。"),
    fix=Sentence("missing-particle-fix", "请补上漏掉的字。"),
)
def missing_particle(report: Outline, context: Context) -> Iterator[Hit]:
    """查找常见的漏字：“政治纪律政治规矩”漏“和”，“落细落常上”漏“在”，“把得不牢情况”漏“的”。

    不好：始终把政治纪律政治规矩放在首位
    好：始终把政治纪律和政治规矩放在首位
    """
    for line in report.lines("lead-in", "body"):
        for found, word in matches("particles", line.text):
            yield Hit(line.start + found.start(), line.start + found.end(), {"replacement": word.replacement})
