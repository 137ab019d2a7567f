from collections.abc import Iterator

from zhibu.checks.borrowed import hits
from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "OR02",
    "same-as-another-report",
    severity="warning",
    label="与别处的报告相同",
    label_en="The same as another report",
    message=Sentence(
        "same-as-another-report",
        "“{excerpt}”等{length}字与{source}{how}{there}；全文自己的话有{share}%也见于那一篇{also}。",
    ),
    why=Sentence(
        "same-as-another-report-why", "两份报告说的是两个单位的事，同一段话很少能同时属实；谁先写的，比对看不出来。"
    ),
    fix=Sentence(
        "same-as-another-report-fix", "请打开两处对照，换成本支部自己的事；共同起草或上级统一提供的文字，请注明来处。"
    ),
    needs_corpus=True,
)
def same_as_another_report(report: Outline, context: Context) -> Iterator[Hit]:
    """与资料库比对（--corpus），列出也见于其他支部报告的段落，连同字数、出处和是否只改了数字、日期、名称。

    固定提法、制度名称和基本情况部分不计，不足40字的不报。晚于本年度的报告不作出处。比例只说有多少，不说好坏，也不说谁先谁后。

    不好：（与另一支部只差单位名称）水利局党支部坚持把党建工作与业务工作同谋划、同部署、同推进、同考核，全年没有发生违纪问题。
    好：我们与审计局支部联合上了3次党课，这一段由两个支部共同起草。
    """
    yield from hits(report, context.borrowed or (), context.owner, context.year, relation="other", without=("basic",))
