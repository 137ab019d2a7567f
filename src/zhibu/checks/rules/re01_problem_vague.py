from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

NUMBERED = Pattern(r"[（(]?[一二三四五六七八九十\d]{0,3}[）)、.是]?")
FIRST = Pattern(r"[^。；\n]{1,60}")
VAGUE = Pattern(
    r"不够|不足|有待|差距|欠缺|薄弱|短板|缺乏|现象|不(?:太|很)?(?:深|强|高|严|实|细|牢|紧密?|广|透|系统|扎实|经常|到位|充分|明显|全面|规范|及时|丰富)"
    r"|流于形式|两张皮|单一|一定(?:的|程度)|个别|部分|有时|创新少|办法不多"
    r"|(?:培养|发展|进展|整改)[^，。；]{0,4}慢|(?:调研|走访|谈心|谈话|学习|意见)[^，。；]{0,4}少"
)
"""Words that say a judgement and no fact. A problem told in plain words without a number is told all the same."""
CONCRETE = Pattern(
    r"\d|[一二三四上下]季度|[上下]半年|例如|比如|《|某[次名]|只有?[一两]"
    r"|[一两二三四五六七八九十几](?:次|名|人|个人|个月|年多|多年|个年头|项|件|户|期|条|份|遍|回|天|家|位)"
    r"|[两二三四五六七八九十几]年(?!级|来)|大半年|半年多|一年没|一年到头|至今没|到年底还|没有(?:一|发展|召开|开展过|人申请)|[^，。；、的是有]{2}(?:村|社区|镇|乡|街道|车间|病区|小区)(?![级干民党])"
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
    """问题部分的每一条，只有“不够”“有差距”一类的判断，而没有数字、时间、“例如”和具体的事时报告。

    不好：对党建业务融合创新不足。
    好：6个审计组只有2个成立了临时党小组，融合停在开会上。
    """
    for point in report.points("problems"):
        number = NUMBERED.match(point.text)
        start = number.end() if number else 0
        if CONCRETE.search(point.text, start) or not VAGUE.search(point.text, start):
            continue
        head = FIRST.match(point.text)
        yield Hit(point.start, point.start + (head.end() if head else len(point.text)))
