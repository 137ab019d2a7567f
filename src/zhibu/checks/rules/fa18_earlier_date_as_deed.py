from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

DATE = Pattern(r"(20\d\d)年\d{1,2}月(?:\d{1,2}日)?")
HELD = Pattern(r"(?:召开|开展|组织|举办|举行|讲授|讲党课|上党课)(?!的)")
LINKED = Pattern(
    r"以来|起[，,、至到]|起$|开始|成立|选举|换届|任职|任期|担任|上年|上一年|去年|往年|当时|那时|曾|延续|继续|接着|尚未|遗留|反馈"
    r"|通报|指出|印发|修订|转正|入党|建成|启动|签订|至20|到20|年度(?:组织生活会|民主评议|述职)"
)
NEAR = 24
"""How far behind the date the words of holding are looked for, in characters."""


@rule(
    "FA18",
    "earlier-date-as-deed",
    severity="warning",
    confidence="likely",
    label="把往年某天的活动写成今年的",
    label_en="A deed dated in an earlier year",
    message=Sentence("earlier-date-as-deed", "“{excerpt}”在{year}年度之前，不是这一年的活动。"),
    why=Sentence("earlier-date-as-deed-why", "履职部分写本年度做的事；日期还是往年的，多半是旧稿没有改完。"),
    fix=Sentence("earlier-date-as-deed-fix", "请核对日期；确是往年的事而需要提到的，写明与今年的关系。"),
)
def earlier_date_as_deed(report: Outline, context: Context) -> Iterator[Hit]:
    """履职部分写了往年的年、月，后面紧跟着“召开”“开展”等，而没有“以来”“去年”“换届”一类说明关系的话时报告。

    不好：（2025年度报告）2024年3月5日召开党员大会。
    好：去年12月开展的走访，今年1月全部回访了一遍。
    """
    if context.year is None:
        return
    for sentence in report.sentences_of("performance"):
        for found in DATE.finditer(report.text, sentence.start, sentence.end):
            held = HELD.search(report.text, found.end(), min(sentence.end, found.end() + NEAR))
            if int(found[1]) < context.year and held and not LINKED.search(sentence.text):
                yield Hit(found.start(), found.end(), {"year": context.year})
