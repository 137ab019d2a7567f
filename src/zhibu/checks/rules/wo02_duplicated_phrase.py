from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import HAN, Pattern
from zhibu.errors import Sentence

CHAIN = Pattern(rf"([{HAN}]{{2,5}}[促抓带推])\1[{HAN}]{{0,4}}")
AGAIN = Pattern(rf"([{HAN}]{{5,10}})(?:(?![和与及同跟或至到比对按向从])[{HAN}]){{0,6}}\1")


@rule(
    "WO02",
    "duplicated-phrase",
    severity="error",
    label="短语误写两遍",
    label_en="A phrase repeated inside a clause",
    message=Sentence("duplicated-phrase", "“{excerpt}”里“{phrase}”重复了。"),
    why=Sentence("duplicated-phrase-why", "改稿时留下的重复会让整句话读不通。"),
    fix=Sentence("duplicated-phrase-fix", "请删去多余的一处，把句子理顺。"),
)
def duplicated_phrase(report: Outline, context: Context) -> Iterator[Hit]:
    """查找同一小句里重复的短语。“甲支部和乙支部”一类的并列不算。

    不好：抓党建工作促工作促业务发展
    好：抓党建促业务发展
    """
    for line in report.lines("lead-in", "body"):
        for pattern in (CHAIN, AGAIN):
            for found in pattern.finditer(line.text):
                yield Hit(line.start + found.start(), line.start + found.end(), {"phrase": found[1]})
