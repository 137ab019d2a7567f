from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦马"
    "苗方俞任袁柳鲍史唐费岑薛雷贺倪汤滕殷罗毕郝邬安乐傅皮卞齐康伍余元顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒屈项"
    "祝董梁杜阮蓝闵席季麻强贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓洪包石崔程陆翁甄曲封储"
    "靳段焦巴谷车侯班仰秋宫宁仇栾甘武符刘景詹龙叶司黎白温尚覃廖耿匡文欧古易曾岳肖申桂牛边冉涂聂"
)
SIGN = "[XxＸｘ×＊○□△▲]"
BLANK = Pattern(
    "|".join(
        (
            rf"(?<![A-Za-z])(?:\d{{4}}|{SIGN}{{2,4}})?年?{SIGN}{{1,3}}月{SIGN}{{1,3}}日",
            rf"(?<![A-Za-z×])20{SIGN}{{2}}年?",
            rf"(?<![A-Za-z0-9]){SIGN}{{2,20}}(?![A-Za-z0-9])",
            rf"(?<![A-Za-z0-9]){SIGN}(?=[县市局委省区镇乡村名个次人项年月日号])",
            r"\*{3,20}|_{2,40}|＿{2,40}",
            r"某某{1,3}|某(?=[县市局委镇乡村单年月])",
            r"【[ \t]*】|（[ 　\t]*）",
            r"[（(【]?(?:此处)?(?:待填|待补|待定|填写姓名|填写单位|此处填写|请填写)[^。；，）)】\n]{0,30}[）)】]?",
        )
    )
)


@rule(
    "ST01",
    "placeholder",
    severity="error",
    label="没有填写的空白",
    label_en="Unfilled blank",
    message=Sentence("placeholder", "“{excerpt}”是没有填写的空白。"),
    why=Sentence("placeholder-why", "报告是对组织说的话，空白说明内容没有核实。"),
    fix=Sentence("placeholder-fix", "请填入实际的内容；确实没有的，删去这句话。"),
)
def placeholder(report: Outline, context: Context) -> Iterator[Hit]:
    """查找模板里留下的空白：XX、××、___、某某、“待填”“待补”、没有数字的日期。

    不好：2025年XX月XX日召开党员大会。
    好：2025年3月5日召开党员大会。
    """
    for found in BLANK.finditer(report.text):
        if not _is_somebody(report, found.start(), found[0]):
            yield Hit(found.start(), found.end())


def _is_somebody(report: Outline, start: int, word: str) -> bool:
    """杜某某 within the text: a person whose name is kept back, no blank. Under the title it is one."""
    paragraph = report.paragraph_at(start)
    inside = paragraph is not None and paragraph.role == "body"
    return inside and word.startswith("某某") and report.text[max(0, start - 1) : start] in SURNAMES and start > 0
