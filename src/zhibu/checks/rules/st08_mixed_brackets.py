from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Edit, Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import HAN, NUMERAL, Pattern
from zhibu.errors import Sentence

HALF = Pattern(rf"\((?=[^()\n]{{0,30}}[{HAN}])[^()\n]{{1,60}}\)")
FULL = Pattern(rf"（[{NUMERAL}{HAN}0-9][^（）\n]{{0,60}}）")


@rule(
    "ST08",
    "mixed-brackets",
    severity="warning",
    label="全角、半角括号混用",
    label_en="Full-width and half-width brackets mixed",
    message=Sentence("mixed-brackets", "全文半角括号{half}处、全角括号{full}处，从“{excerpt}”起混用。"),
    why=Sentence("mixed-brackets-why", "一份文件里括号应统一为全角。"),
    fix=Sentence("mixed-brackets-fix", "请把半角括号全部改为（）。"),
)
def mixed_brackets(report: Outline, context: Context) -> Iterator[Hit]:
    """全文既有（）又有 () 时报一次，指在第一处半角括号。

    不好：（一）学习《……办法(试行)》。
    好：（一）学习《……办法（试行）》。
    """
    half = list(HALF.finditer(report.text))
    full = sum(1 for _ in FULL.finditer(report.text))
    if half and full:
        edits = tuple(
            edit
            for found in half
            for edit in (Edit(found.start(), found.start() + 1, "（"), Edit(found.end() - 1, found.end(), "）"))
        )
        yield Hit(*half[0].span(), {"half": len(half), "full": full}, edits=edits)
