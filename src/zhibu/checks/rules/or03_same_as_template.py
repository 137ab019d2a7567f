from collections.abc import Iterator

from zhibu.checks.borrowed import hits
from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "OR03",
    "same-as-template",
    severity="warning",
    label="与范文相同",
    label_en="The same as a template",
    message=Sentence(
        "same-as-template", "“{excerpt}”等{length}字与{source}{how}{there}；全文自己的话有{share}%也见于那一篇{also}。"
    ),
    why=Sentence("same-as-template-why", "范文写给所有的人，里面没有你们支部的事。"),
    fix=Sentence("same-as-template-fix", "请删去，或换成本支部真正做过的事，写明时间、人数和结果。"),
    needs_corpus=True,
)
def same_as_template(report: Outline, context: Context) -> Iterator[Hit]:
    """与资料库比对（--corpus），列出也见于范文、模板（登记为 template）的段落。固定提法、制度名称不计，不足40字的不报。

    不好：（范文原话）坚持把党建工作与中心工作同谋划、同部署、同推进、同考核，推动党建与业务深度融合、同频共振、双促双提升。
    好：6个审计组有2个成立了临时党小组，在点上过组织生活5次。
    """
    yield from hits(report, context.borrowed or (), context.owner, context.year, relation="template")
