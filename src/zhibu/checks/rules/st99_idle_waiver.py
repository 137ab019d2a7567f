from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "ST99",
    "idle-waiver",
    severity="warning",
    label="豁免没有用处",
    label_en="A waiver that waives nothing",
    message=Sentence("idle-waiver", "{name}于{date}对{waived}的豁免（{reason}）没有对应的问题。"),
    why=Sentence("idle-waiver-why", "文字已经改过，留着的豁免会遮住将来的问题。"),
    fix=Sentence("idle-waiver-fix", "请从豁免文件中删去这一条，或改正其中的位置。"),
    last=True,
)
def idle_waiver(report: Outline, context: Context) -> Iterator[Hit]:
    """豁免文件（<文件名>.waivers.yaml）里的一条没有遮住任何问题时报告。每条豁免都要有理由、姓名和日期。"""
    for waiver in context.idle_waivers:
        data = {"name": waiver.name, "date": waiver.date.isoformat(), "waived": waiver.code, "reason": waiver.reason}
        yield Hit(*report.top, data)
