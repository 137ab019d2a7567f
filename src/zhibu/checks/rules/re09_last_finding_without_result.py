from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

RESULT = Pattern(
    r"(?<!\d)\d{1,6}(?![\d年])|已|完成|整改到位|办结|销号|解决|正在|尚未|还没|还未|没有|还有|仍|未能|改好|改到|改掉|改了|达到|提高到|上升到|降到|差|按时|全部|每[月季年周次]"
)
FIRST = Pattern(r"[^。；\n]{1,60}")


@rule(
    "RE09",
    "last-finding-without-result",
    severity="warning",
    confidence="likely",
    label="上年度的问题没有写结果",
    label_en="Last year's finding without a result",
    message=Sentence("last-finding-without-result", "“{excerpt}”这一条没有写改到什么程度。"),
    why=Sentence("last-finding-without-result-why", "整改要有结果：已改、正在改、没有改，各有数字和原因。"),
    fix=Sentence(
        "last-finding-without-result-fix", "请写明结果，例如“已整改，12期都按时公示”；没有改好的，写明原因和时限。"
    ),
)
def last_finding_without_result(report: Outline, context: Context) -> Iterator[Hit]:
    """上年度问题整改部分的每一条，没有“已”“正在”“没有”等结果，也没有一个数字时报告。

    不好：关于党课单一的问题，我们高度重视，认真研究，制定措施，切实加强。
    好：关于党课单一的问题，已整改：全年党课6次，其中现场党课2次。
    """
    for point in report.points("last-findings"):
        if not RESULT.search(point.text, min(3, len(point.text))):
            head = FIRST.match(point.text)
            yield Hit(point.start, point.start + (head.end() if head else len(point.text)))
