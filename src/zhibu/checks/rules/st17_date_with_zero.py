from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

PADDED = Pattern(r"(?:0\d月(?:\d{1,2}日)?|(?<!\d)(?:1[0-2]|[1-9])月0\d日)")


@rule(
    "ST17",
    "date-with-zero",
    severity="info",
    label="日期编了虚位",
    label_en="Date with a leading zero",
    message=Sentence("date-with-zero", "“{excerpt}”的月、日前多了一个0。"),
    why=Sentence("date-with-zero-why", "公文日期用阿拉伯数字，月、日不编虚位。"),
    fix=Sentence("date-with-zero-fix", "请去掉月、日前面的0，如 3月5日。"),
)
def date_with_zero(report: Outline, context: Context) -> Iterator[Hit]:
    """查找 03月05日 一类的写法。

    不好：2025年03月05日
    好：2025年3月5日
    """
    for found in PADDED.finditer(report.text):
        yield Hit(found.start(), found.end())
