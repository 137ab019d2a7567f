from collections.abc import Iterator
from dataclasses import replace

from zhibu.checks.borrowed import hits
from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence

SAME_PROBLEM = Sentence(
    "same-as-earlier-year-problem",
    "往年写过的问题又写了一遍：请写明那以后改了什么、为什么还在；已经改好的，换成今年的问题。",
)


@rule(
    "OR01",
    "same-as-earlier-year",
    severity="warning",
    label="与本单位往年的报告相同",
    label_en="The same as an earlier year's report",
    message=Sentence(
        "same-as-earlier-year",
        "“{excerpt}”等{length}字与{source}{how}{there}；全文自己的话有{share}%也见于那一篇{also}。",
    ),
    why=Sentence("same-as-earlier-year-why", "往年的话原样再说一遍，听的人不知道今年做了什么。"),
    fix=Sentence("same-as-earlier-year-fix", "请对照两处：仍然属实的可以保留，数字和日期逐个核对；其余写今年的事。"),
    needs_corpus=True,
)
def same_as_earlier_year(report: Outline, context: Context) -> Iterator[Hit]:
    """与资料库比对（--corpus），列出也见于本单位往年报告的段落，连同字数、出处和是否只改了数字、日期。

    固定提法、制度名称不计；基本情况和上年度问题两部分本来就会重复，也不计；不足40字的不报：互不相识的人写的报告，
    最长也有31个字连着相同。谁的报告按 --owner、标题下的署名、资料库里的登记依次判断。比例只说有多少，不说好坏。

    不好：（与去年只差数字）全年召开党员大会5次，开展主题党日活动12次，党员的党性观念进一步增强，支部的凝聚力进一步提升。
    好：全年党员大会5次，8月那次只到会19人，我们把会期改到了周五下午。
    """
    for hit in hits(
        report, context.borrowed or (), context.owner, context.year, relation="own", without=("last-findings", "basic")
    ):
        problem = report.kind_at(hit.start) in ("problems", "causes")
        yield replace(hit, fix=SAME_PROBLEM) if problem else hit
