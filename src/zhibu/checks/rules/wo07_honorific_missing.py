from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

NAME = Pattern(
    r"习近平(?!总书记|同志|主席|新时代|法治|生态|经济|外交|强军|文化|党建|国防|关于|谈治国|著作|文选|论|在福|在浙|的)"
)
INSIDE_TITLE = Pattern(r"《[^》]{0,40}$")


@rule(
    "WO07",
    "honorific-missing",
    severity="error",
    label="领导人姓名后没有称谓",
    label_en="A leader named without the title",
    message=Sentence("honorific-missing", "“{excerpt}”后面没有称谓。"),
    why=Sentence("honorific-missing-why", "正文中提到党和国家领导人应加职务或“同志”；理论、著作的名称除外。"),
    fix=Sentence("honorific-missing-fix", "请写作“习近平总书记”，并核对讲话的全称。"),
)
def honorific_missing(report: Outline, context: Context) -> Iterator[Hit]:
    """查找正文里单用的领导人姓名。书名号里的书名、“习近平新时代中国特色社会主义思想”等理论名称不算。

    不好：学习贯彻习近平重要讲话精神
    好：学习贯彻习近平总书记重要讲话精神
    """
    for line in report.lines("lead-in", "body"):
        for found in NAME.finditer(line.text):
            if not INSIDE_TITLE.search(line.text, max(0, found.start() - 40), found.start()):
                yield Hit(line.start + found.start(), line.start + found.end())
