from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

YEAR = Pattern(r"20\d\d|二[〇○零0][一二三四五六七八九十〇○零]{2}|年度")
REPORT = Pattern(r"述职|报告|总结")


@rule(
    "ST23",
    "title-without-year",
    severity="warning",
    label="标题没有写年度",
    label_en="Title without the year",
    message=Sentence("title-without-year", "标题“{excerpt}”没有写明是哪一年的报告。"),
    why=Sentence("title-without-year-why", "述职一年一次，标题由年度和事由组成；没有年度，存档以后分不清是哪一年的。"),
    fix=Sentence("title-without-year-fix", "请在标题前写上年度，如“2025年度抓基层党建工作述职报告”。"),
)
def title_without_year(report: Outline, context: Context) -> Iterator[Hit]:
    """查找标题里有没有年度。

    不好：抓基层党建工作述职报告
    好：2025年度抓基层党建工作述职报告
    """
    title = "".join(line.text for line in report.lines("title", "preface"))
    if report.sections and REPORT.search(title) and not YEAR.search(title):
        yield Hit(*report.top)
