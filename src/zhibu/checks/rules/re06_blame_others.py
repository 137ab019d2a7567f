from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

OTHERS = Pattern(
    r"(?:支委|委员|班子成员|个别党员|部分党员|有的党员|少数党员|党员干部|同志们|下级|基层)[^，。；]{0,8}?"
    r"(?:思维|认识|意识|素质|能力|作风|积极性|主动性|自觉性)[^，。；]{0,6}(?:束缚|不高|不强|不够|不足|落后|欠缺|陈旧|偏差)"
)
SELF = Pattern(r"我|本人|自己|自身")


@rule(
    "RE06",
    "blame-others",
    severity="warning",
    confidence="likely",
    label="把原因推给别人",
    label_en="The cause put on others",
    message=Sentence("blame-others", "“{excerpt}”说的是别人，不是自己。"),
    why=Sentence("blame-others-why", "述职要从书记自己身上找原因，别人的不足也有书记没有带好的责任。"),
    fix=Sentence("blame-others-fix", "请写我在教育、分工、督促上哪里没有做到。"),
)
def blame_others(report: Outline, context: Context) -> Iterator[Hit]:
    """原因部分说支委、党员、班子成员的思想、能力不够，而同一句没有“我”“本人”时报告。

    不好：支委思维受传统束缚。
    好：我给支委分工时只说了任务，没有教方法。
    """
    for sentence in report.sentences_of("causes"):
        found = OTHERS.search(sentence.text)
        if found and not SELF.search(sentence.text):
            yield Hit(sentence.start + found.start(), sentence.start + found.end())
