from collections.abc import Iterator

from zhibu.checks.borrowed import hits
from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "OR04",
    "same-as-material",
    severity="info",
    label="与学习材料相同",
    label_en="The same as study material",
    message=Sentence(
        "same-as-material", "“{excerpt}”等{length}字与{source}{how}{there}；全文自己的话有{share}%也见于那一篇{also}。"
    ),
    why=Sentence("same-as-material-why", "学习材料里的话不是本支部做的事。"),
    fix=Sentence(
        "same-as-material-fix", "引用的请加引号、写明出处，再写学了以后做了什么；不是引用的，请用自己的话写。"
    ),
    needs_corpus=True,
)
def same_as_material(report: Outline, context: Context) -> Iterator[Hit]:
    """与资料库比对（--corpus），列出也见于学习材料（登记为 material）的段落。固定提法、制度名称不计，不足40字的不报。

    不好：（材料原话，没有说明是引用）党支部是党的基础组织，是党组织开展工作的基本单元，是党在社会基层组织中的战斗堡垒。
    好：学了这份材料，我们把“有困难找支部”写上公开栏，全年接到求助11件。
    """
    yield from hits(report, context.borrowed or (), context.owner, context.year, relation="material")
