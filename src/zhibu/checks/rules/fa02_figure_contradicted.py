from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.figures import typed_figures
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "FA02",
    "figure-contradicted",
    severity="error",
    label="数字与台账不符",
    label_en="Figure contradicted by the ledger",
    message=Sentence("figure-contradicted", "“{excerpt}”与台账不符：{what}，台账记的是{recorded}。"),
    why=Sentence("figure-contradicted-why", "报告里的数字应当能在台账里查到。"),
    fix=Sentence("figure-contradicted-fix", "请按台账改正数字；台账漏记的，先补录再写。"),
    needs_facts=True,
)
def figure_contradicted(report: Outline, context: Context) -> Iterator[Hit]:
    """用台账快照核对活动次数、党员人数、到会人数和学时。可能只说一部分的数字（“其中”“专题党课”等）只在超过台账总数时报告。

    不好：全年召开党员大会6次。（台账4次）
    """
    assert context.facts is not None
    for figure in typed_figures(report.text[: report.body_end], context.facts):
        if figure.status == "contradicted" and figure.recorded is not None and _told(report, figure.start):
            yield Hit(figure.start, figure.end, {"what": figure.what, "recorded": f"{figure.recorded:g}"})


def _told(report: Outline, offset: int) -> bool:
    """Plans may name other numbers than the ledger, and last year's findings speak of another year."""
    return report.kind_at(offset) in ("performance", "basic", "problems", "causes", "other", None)
