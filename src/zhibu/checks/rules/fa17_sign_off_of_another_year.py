from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

YEAR = Pattern(r"^(20\d\d)[年.\-/]")


@rule(
    "FA17",
    "sign-off-of-another-year",
    severity="error",
    label="落款日期与报告年度对不上",
    label_en="Sign-off date of another year",
    message=Sentence("sign-off-of-another-year", "落款日期“{excerpt}”与{year}年度的报告对不上。"),
    why=Sentence("sign-off-of-another-year-why", "述职在当年年底到第二年年初进行；日期差了一年，多半是旧稿没有改完。"),
    fix=Sentence("sign-off-of-another-year-fix", "请核对标题的年度和落款的日期，并看看别处是不是也没有改。"),
)
def sign_off_of_another_year(report: Outline, context: Context) -> Iterator[Hit]:
    """落款日期早于报告年度，或晚于第二年时报告。

    不好：标题写2025年度，落款2024年12月20日
    好：标题写2025年度，落款2025年12月20日或2026年1月8日
    """
    for line in report.lines("date"):
        found = YEAR.match(line.text)
        if context.year is not None and found and not context.year <= int(found[1]) <= context.year + 1:
            yield Hit(line.start, line.end, {"year": context.year})
