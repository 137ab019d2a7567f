from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit, Severity
from zhibu.checks.outline import Kind, Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

PARTS: tuple[tuple[Kind, str, Severity, Pattern | None], ...] = (
    (
        "last-findings",
        "上年度述职评议指出的问题及整改情况",
        "error",
        Pattern(
            r"(?:上(?:一)?年度?|去年|20\d\d年度?)[^。\n]{0,30}(?:反馈|指出|评议|点评|查摆|检查)[^。\n]{0,30}(?:问题|意见|建议)"
        ),
    ),
    (
        "basic",
        "支部和党员的基本情况",
        "warning",
        Pattern(r"(?:党员|正式党员|预备党员)[^。，\n]{0,6}\d{1,6}[ ]?[名人]|\d{1,6}[ ]?名(?:正式|在职|中共)?党员"),
    ),
    ("performance", "履职情况", "error", None),
    ("problems", "存在的问题", "error", Pattern(r"(?:存在|还有|有)[^。\n]{0,12}(?:问题|不足|差距|短板)")),
    ("causes", "问题的原因", "warning", Pattern(r"(?:主要)?原因(?:是|在于|分析)|究其原因|根子在|主要是因为|归结起来")),
    ("measures", "下一步的措施", "error", Pattern(r"下一步|今后|明年|新的一年")),
)


@rule(
    "ST06",
    "missing-section",
    severity="error",
    label="缺少应有的部分",
    label_en="A required part is missing",
    message=Sentence("missing-section", "全文没有写“{part}”。"),
    why=Sentence("missing-section-why", "述职要从上年度的问题说起，讲清做了什么、还差什么、怎么改。"),
    fix=Sentence("missing-section-fix", "请补写这一部分；没有可写的，用一句话说明。"),
)
def missing_section(report: Outline, context: Context) -> Iterator[Hit]:
    """查找有没有：上年度问题整改、基本情况、履职情况、存在问题、原因、下一步措施。不要求单列标题，写到就算。

    不好：一开头就是“一、工作开展情况”，没有提到去年的评议意见。
    好：一、上年度反馈问题整改情况。工委指出的2个问题，已改1个……
    """
    if not report.sections:
        return
    body = report.body_start, report.body_end
    start = min([line.start for line in report.lines("lead-in")], default=body[0])
    for kind, part, severity, words in PARTS:
        if any(report.of_kind(kind)) or (words and words.search(report.text, start, body[1])):
            continue
        if kind == "causes" and any("原因" in section.title for section in report.sections):
            continue
        yield Hit(*report.top, {"part": part}, severity=severity)
