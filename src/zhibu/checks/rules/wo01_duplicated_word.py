from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Edit, Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import HAN, Pattern
from zhibu.checks.words import table
from zhibu.errors import Sentence

TWICE = Pattern(rf"([{HAN}]{{2,4}}?)\1+")
LINKS = "促抓带强推管"
"""A unit ending in one of these is a doubled clause: rule WO02."""
REDUPLICATED = ("研究", "学习", "讨论", "商量", "反省", "总结", "锻炼", "检讨", "思考", "很多", "许多")


@rule(
    "WO01",
    "duplicated-word",
    severity="error",
    label="词语误写两遍",
    label_en="A word written twice",
    message=Sentence("duplicated-word", "“{excerpt}”把“{word}”写了两遍。"),
    why=Sentence("duplicated-word-why", "这是录入或拼接时的差错，读的人一眼就能看见。"),
    fix=Sentence("duplicated-word-fix", "请删去一个。"),
)
def duplicated_word(report: Outline, context: Context) -> Iterator[Hit]:
    """查找紧挨着重复的两字到四字词。“一步一步”“研究研究”一类的正常重叠不算。

    不好：二、存在存在问题
    好：二、存在的问题
    """
    for line in report.paragraphs:
        for found in TWICE.finditer(line.text):
            word = found[1]
            if word[0] in "一逐" or word in REDUPLICATED or word[-1] in LINKS or len(set(word)) == 1:
                continue
            start, end = line.start + found.start(), line.start + found.end()
            never_twice = any(row["word"] == word for row in table("never_twice"))
            edits = (Edit(start + len(word), end, ""),) if never_twice else ()
            yield Hit(start, end, {"word": word}, edits=edits)
