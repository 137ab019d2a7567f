from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.checks.words import matches
from zhibu.errors import Sentence

FEWEST = 3
DIGIT = Pattern(r"\d(?![\d年类项])")


@rule(
    "WO19",
    "slogan-chain",
    severity="warning",
    confidence="likely",
    label="四字套语连用",
    label_en="Stock phrases in a chain",
    message=Sentence("slogan-chain", "“{excerpt}”连用了{count}个套语，没有说做了什么。"),
    why=Sentence("slogan-chain-why", "套语换到哪个单位都成立，等于没有说。"),
    fix=Sentence("slogan-chain-fix", "请换成一件具体的事，写明时间、数量和结果。"),
)
def slogan_chain(report: Outline, context: Context) -> Iterator[Hit]:
    """一句话里有三个以上套语（真抓实干、雷厉风行、抓在手上……）而没有一个数字时报告。

    年份和“12类制度”一类纸面上的数字不算。词表在 wording/slogan_chains.yaml。

    不好：大力弘扬真抓实干、勤勉敬业、雷厉风行的作风。
    好：全年提前完成审计项目4个，收到群众表扬信3封。
    """
    for sentence in report.sentences_of("performance", "problems", "causes", "measures"):
        found = [match for match, _word in matches("slogan_chains", sentence.text)]
        if len(found) >= FEWEST and not DIGIT.search(sentence.text):
            start, end = sentence.start + found[0].start(), sentence.start + found[-1].end()
            yield Hit(start, end, {"count": len(found)})
