from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern, pattern
from zhibu.checks.words import table
from zhibu.errors import Sentence

AHEAD = Pattern(r"迎接|喜迎|筹备|将")
DATE = Pattern(r"(20\d\d)年\d{1,2}月(?:\d{1,2}日)?")


@rule(
    "FA11",
    "future-content",
    severity="error",
    label="报告年度之后的内容",
    label_en="Content later than the report year",
    message=Sentence("future-content", "“{excerpt}”是{when}的事，{year}年度的报告不应写到。"),
    why=Sentence("future-content-why", "写了还没有发生的事，说明文字是从别处抄来的。"),
    fix=Sentence("future-content-fix", "请核实报告的年度，删去或改正这句话。"),
)
def future_content(report: Outline, context: Context) -> Iterator[Hit]:
    """按 wording/calendar.yaml 的日历查找报告年度以后才有的会议、活动、著作；
    也查找履职部分里晚于报告年度的日期。展望下一年的措施里可以写下一年的事。

    不好：（2020年度报告）认真学习党的二十大精神。
    """
    year = context.year
    if year is None:
        return
    for row in table("calendar"):
        if row["from"] <= year:
            continue
        for line in report.lines("lead-in", "body"):
            for found in pattern(row["pattern"]).finditer(report.text, line.start, line.end):
                planned = report.kind_at(found.start()) == "measures" and row["from"] == year + 1
                if not planned and not AHEAD.search(report.text, max(line.start, found.start() - 4), found.start()):
                    yield Hit(found.start(), found.end(), {"when": f"{row['from']}年", "year": year})
    for part in report.tops("performance"):
        for found in DATE.finditer(report.text, part.start, part.end):
            if int(found[1]) > year:
                yield Hit(found.start(), found.end(), {"when": f"{found[1]}年", "year": year})
