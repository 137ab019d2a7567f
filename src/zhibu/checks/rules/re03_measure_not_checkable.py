from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

FIRST = Pattern(r"[^。；\n]{1,60}")
GENERAL = Pattern(
    r"加强|强化|深化|提高|提升|推动|推进|持续|不断|进一步|坚持|着力|切实|努力|树立|增强|完善|健全|探索|下功夫|用力|打造|营造|狠抓"
    r"|贯彻|创新|转变|改进|发挥|重视|把握|认清|牢牢|站稳|始终|积极|严格"
)
"""Words for what one means to do in general. A plain act without a date (违章当天处理) can be looked up as well."""
CHECKABLE = Pattern(
    r"\d{1,6}[ ]{0,3}(?:次|人|名|个|场|期|篇|户|月|%|％|天|件|学时|小时|项|条|堂|讲|日|轮)"
    r"|每(?:月|季|半年|年|周|名|次|个)|[月季年]底前|第?[一二三四]季度"
    r"|[上下]半年|由[^，。；]{0,14}(?:负责|牵头|承担|委员|书记|组长|主任|支委|干事|会计|我|本人)|责任人|[两二三四五六七八九十](?:次|场|期|名|堂|个月|个小时|天|遍|家)|按月|按季|全覆盖"
    r"|\d{1,6}[ ]{0,3}(?:斤|公里|亩|吨|户|元|万元|家)"
    r"|(?:春节|节|秋收|春耕|汛期|开学|换届|年底|中旬|下旬|月初|月底)前"
    r"|(?:交给|请|派|安排)[^，。；]{1,10}(?:牵头|负责|管|办|记录|记账|检查)"
)


@rule(
    "RE03",
    "measure-not-checkable",
    severity="error",
    confidence="likely",
    label="措施无法检查",
    label_en="A measure nobody can check",
    message=Sentence("measure-not-checkable", "“{excerpt}”这一条没有写谁来做、何时完成、做多少。"),
    why=Sentence("measure-not-checkable-why", "没有责任人、时限和数量的措施，下一年无法对账。"),
    fix=Sentence(
        "measure-not-checkable-fix",
        "请写明责任人、完成的月份和数量，例如“我每季度到审计组调研1次，6月底前完成第一次”。",
    ),
)
def measure_not_checkable(report: Outline, context: Context) -> Iterator[Hit]:
    """措施部分的每一条，只有“加强”“持续”一类的话，而没有时限、次数、责任人中的任何一样时报告。

    不好：要认清形势，形成全面从严治党的强大合力。
    好：由组织委员牵头，6月底前完成2名积极分子的培养考察。
    """
    for point in report.points("measures"):
        if GENERAL.search(point.text) and not CHECKABLE.search(point.text, min(2, len(point.text))):
            head = FIRST.match(point.text)
            yield Hit(point.start, point.start + (head.end() if head else len(point.text)))
