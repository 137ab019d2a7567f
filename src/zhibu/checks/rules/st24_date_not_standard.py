from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import NUMERAL, Pattern
from zhibu.errors import Sentence

WORDS = Pattern(rf"^[二一〇○零{NUMERAL}]{{4}}年|^20\d\d[.\-/]|月$")


@rule(
    "ST24",
    "date-not-standard",
    severity="info",
    label="落款日期的写法不规范",
    label_en="Sign-off date not in the standard form",
    message=Sentence("date-not-standard", "落款日期“{excerpt}”不是公文的写法。"),
    why=Sentence("date-not-standard-why", "公文的成文日期用阿拉伯数字，年、月、日写全。"),
    fix=Sentence("date-not-standard-fix", "请改为 2025年12月20日 的样子。"),
)
def date_not_standard(report: Outline, context: Context) -> Iterator[Hit]:
    """查找落款日期里的汉字数字、用点或横线隔开的写法和没有写日的。

    不好：二〇二五年十二月二十日；2025.12.20
    好：2025年12月20日
    """
    for line in report.lines("date"):
        if WORDS.match(line.text):
            yield Hit(line.start, line.end)
