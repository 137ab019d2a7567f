from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import NUMERAL, Pattern
from zhibu.errors import Sentence

WORDS = Pattern(rf"^[二一〇○零{NUMERAL}]{{4}}年")


@rule(
    "ST24",
    "date-in-words",
    severity="info",
    label="落款日期没有用阿拉伯数字",
    label_en="Sign-off date in words",
    message=Sentence("date-in-words", "落款日期“{excerpt}”写的是汉字。"),
    why=Sentence("date-in-words-why", "公文的成文日期用阿拉伯数字，年、月、日写全。"),
    fix=Sentence("date-in-words-fix", "请改为阿拉伯数字，如 2025年12月20日。"),
)
def date_in_words(report: Outline, context: Context) -> Iterator[Hit]:
    """查找落款日期里的汉字数字。

    不好：二〇二五年十二月二十日
    好：2025年12月20日
    """
    for line in report.lines("date"):
        if WORDS.match(line.text):
            yield Hit(line.start, line.end)
