from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

GROUP = Pattern(r"党组(?!织)")
AS_AGENT = Pattern(
    r"(?:(?<=[，。；])|(?<=[一二三四五六七八九]是))[局委院办]?党组(?:书记|班子|成员)?(?:切实|认真|带头|严格|全面|高度重视)[^，。；]{0,20}"
    r"|党组会议决定的[^，。；]{0,12}|履行(?:[局委院办])?党组(?:书记)?[^，。；]{0,14}"
    r"|对党组(?:领导)?班子成员[^，。；]{0,24}监督[^，。；]{0,8}"
)
LEAST_BRANCH = 3


@rule(
    "WO12",
    "role-confusion",
    severity="error",
    confidence="likely",
    label="把党组的职责写进支部述职",
    label_en="The leading group's duty in a branch report",
    message=Sentence("role-confusion", "“{excerpt}”是党组的职责，不是支部的。"),
    why=Sentence("role-confusion-why", "支部书记述支部的职；各级责任不同，混在一起就分不清谁没有做到。"),
    fix=Sentence("role-confusion-fix", "请改写支部书记本人在这件事上做了什么，属于党组的删去。"),
)
def role_confusion(report: Outline, context: Context) -> Iterator[Hit]:
    """支部的述职报告里，以党组或党组书记为主体的话逐处报告。署名写明是党组书记的报告不查。

    不好：局党组切实履行全面从严治党主体责任。
    好：我把局党组的党建任务分到5名支委，每季度对账一次。
    """
    frame = "".join(line.text for line in report.lines("title", "byline", "signature", "lead-in"))
    if GROUP.search(frame) or report.text.count("支部") < LEAST_BRANCH:
        return
    for part in report.tops("performance", "problems", "causes"):
        for found in AS_AGENT.finditer(report.text, part.start, part.end):
            yield Hit(found.start(), found.end())
