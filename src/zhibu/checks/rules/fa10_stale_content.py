from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern, clause, pattern
from zhibu.checks.words import table
from zhibu.errors import Sentence

YEAR = Pattern(r"(20\d\d)年")
CARRIED_ON = Pattern(r"巩固|拓展|深化|常态化|持续|成果|回头看|长效|上年|去年|以来|延续|总结")


@rule(
    "FA10",
    "stale-content",
    severity="error",
    confidence="likely",
    label="往年的内容",
    label_en="Content of an earlier year",
    message=Sentence("stale-content", "“{excerpt}”属于{label}，是{until}年及以前的活动，不是{year}年的。"),
    why=Sentence("stale-content-why", "把往年的活动写成今年的，说明文字是从旧稿抄来的。"),
    fix=Sentence("stale-content-fix", "请核实今年开展的是什么活动；确是巩固往年成果的，请写明“巩固”“持续”。"),
)
def stale_content(report: Outline, context: Context) -> Iterator[Hit]:
    """按 wording/calendar.yaml 的日历，在履职部分查找往年专题教育的用语。

    “巩固……成果”“持续”“常态化”一类的话，和写明了年份的话不算。

    不好：（2020年度报告）组织全体党员开展对照党章党规找差距专题会议。
    """
    year = context.year
    if year is None:
        return
    for row in table("calendar"):
        if row.get("until", year) >= year:
            continue
        for part in report.tops("performance"):
            for found in pattern(row["pattern"]).finditer(report.text, part.start, part.end):
                start, end = clause(report.text, found.start(), found.end())
                if not CARRIED_ON.search(report.text, start, end) and not _other_year(report.text[start:end], year):
                    yield Hit(found.start(), found.end(), {"label": row["label"], "until": row["until"], "year": year})


def _other_year(text: str, year: int) -> bool:
    return any(int(found[1]) != year for found in YEAR.finditer(text))
