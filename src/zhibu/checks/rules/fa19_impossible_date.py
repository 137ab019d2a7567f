from calendar import monthrange
from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

DATE = Pattern(r"(?<![\d.])(?:(20\d\d)年)?(\d{1,2})月(?:(\d{1,2})日)?(?![\d])")


@rule(
    "FA19",
    "impossible-date",
    severity="error",
    label="没有这一天",
    label_en="A day that does not exist",
    message=Sentence("impossible-date", "日历上没有“{excerpt}”。"),
    why=Sentence("impossible-date-why", "没有的日子，要么是录入错了，要么这件事没有核对过。"),
    fix=Sentence("impossible-date-fix", "请查会议记录，改正日期。"),
)
def impossible_date(report: Outline, context: Context) -> Iterator[Hit]:
    """查找日历上没有的月、日：13月、2月30日、平年的2月29日。没有写年份的，按报告年度算。

    不好：2025年2月29日召开组织生活会。
    好：2025年2月28日召开组织生活会。
    """
    for line in report.paragraphs:
        for found in DATE.finditer(report.text, line.start, line.end):
            # Without any year February is taken for long.
            year = int(found[1] or context.year or 2000)
            month, day = int(found[2]), int(found[3] or 1)
            if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
                yield Hit(found.start(), found.end())
