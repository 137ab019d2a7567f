from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.figures import figures
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

SHORTEST = 300
SPAN = 250
ON_PAPER = ("类", "项", "条", "部", "本", "")
ABOUT = Pattern(r"\d[余多](?:次|人|名|人次|场|期|篇|户|件|个)")
"""200余篇: a figure, if a rough one."""
DATE = Pattern(r"(?<!\d)\d{1,2}月(?:\d{1,2}日)?")


@rule(
    "FA05",
    "no-figures",
    severity="error",
    label="履职部分没有数字",
    label_en="No figures among the deeds",
    message=Sentence("no-figures", "“{excerpt}”这一部分{length}字，只有{count}个说明做了什么的数字。"),
    why=Sentence("no-figures-why", "没有次数、人数、日期，就无从核实，也无从比较。"),
    fix=Sentence("no-figures-fix", "请补上会议次数、党课题目和次数、培训学时、发展和转正人数、解决的问题数。"),
)
def no_figures(report: Outline, context: Context) -> Iterator[Hit]:
    """履职部分每250字不到一个数字时报告。年份、书名和“12类制度”这样纸面上的数字不算。

    好：全年召开党员大会4次，我讲党课2次，走访群众36户，解决问题9个。
    """
    parts = report.tops("performance")
    length = sum(len("".join(report.text[part.start : part.end].split())) for part in parts)
    count = sum(
        1 for part in parts for figure in figures(report.text, part.start, part.end) if figure.unit not in ON_PAPER
    )
    count += sum(1 for part in parts for _date in DATE.finditer(report.text, part.start, part.end))
    count += sum(1 for part in parts for _about in ABOUT.finditer(report.text, part.start, part.end))
    if length >= SHORTEST and count * SPAN < length:
        yield Hit(*report.head(parts[0]), {"length": length, "count": count})
