from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import pattern
from zhibu.checks.words import table
from zhibu.errors import Sentence

SHORTEST = 60
"""Characters of a body below which nothing can be missed."""


@rule(
    "FA22",
    "head-body-mismatch",
    severity="warning",
    confidence="likely",
    label="标题说的事正文没有",
    label_en="A head that promises what its body does not tell",
    message=Sentence("head-body-mismatch", "标题“{excerpt}”说到{topic}，这一节正文没有一句讲它。"),
    why=Sentence("head-body-mismatch-why", "标题是给听的人的承诺，下面没有内容，听起来就是口号。"),
    fix=Sentence("head-body-mismatch-fix", "请补上这件事做了什么，或按正文改标题。"),
)
def head_body_mismatch(report: Outline, context: Context) -> Iterator[Hit]:
    """按 wording/head_topics.yaml 的主题，查找履职部分的小标题说到、而正文一个相关的词也没有的事。正文不到60字的不查。

    不好：（三）突出能力建设，打造智慧党建。（正文只讲月计划和公开栏）
    好：（三）用好小程序。党费、请假、学习记录都在小程序里办，全年网上办理312件。
    """
    for section in report.of_kind("performance"):
        body = report.text[section.content : section.end]
        if section.level < 2 or len(body) < SHORTEST:
            continue
        for topic in table("head_topics"):
            if pattern(topic["head"]).search(section.title) and not pattern(topic["body"]).search(body):
                yield Hit(*report.head(section), {"topic": topic["label"]})
