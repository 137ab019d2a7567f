from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

NUMBERED = Pattern(r"[（(]?[一二三四五六七八九十\d]{0,3}[）)、.是]?")
FIRST = Pattern(r"[^。；\n]{1,60}")
CONCRETE = Pattern(
    r"\d|[一二三四上下]季度|[上下]半年|例如|比如|《|某[次名]|只有?[一两]"
    r"|[一两二三四五六七八九十几](?:次|名|人|个人|个月|年多|多年|个年头|项|件|户|期|条|份|遍|回|天|家|位)"
    r"|[两二三四五六七八九十几]年(?!级|来)|没有(?:一|发展|召开|开展过|人申请)|[^，。；、的是有]{2}(?:村|社区|镇|乡|街道|车间|病区|小区)(?![级干民党])"
)


@rule(
    "RE01",
    "problem-vague",
    severity="warning",
    confidence="likely",
    label="问题说得笼统",
    label_en="A problem without fact, time or number",
    message=Sentence("problem-vague", "“{excerpt}”这一条没有一件事、一个时间或一个数字。"),
    why=Sentence("problem-vague-why", "笼统的问题谁都有，等于没有找；下一年也无法检查改了没有。"),
    fix=Sentence("problem-vague-fix", "请写明哪件事、什么时候、差多少，例如“二季度少开1次党小组会”。"),
)
def problem_vague(report: Outline, context: Context) -> Iterator[Hit]:
    """问题部分的每一条，没有数字、月份、季度，也没有“例如”和具体事例时报告。

    不好：对党建业务融合创新不足。
    好：6个审计组只有2个成立了临时党小组，融合停在开会上。
    """
    for point in report.points("problems"):
        number = NUMBERED.match(point.text)
        if CONCRETE.search(point.text, number.end() if number else 0):
            continue
        head = FIRST.match(point.text)
        yield Hit(point.start, point.start + (head.end() if head else len(point.text)))
