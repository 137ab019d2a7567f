from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import HAN, Pattern
from zhibu.errors import Sentence

UNIT = Pattern(r"支部|党委|党总支|党组|工委|公司|中心|[局委办院校站所厅]")
PERSON = Pattern(rf"书记|委员|主任|[：:][ 　]*[{HAN}]|(?:^|\n)[{HAN}][ 　]*[{HAN}][ 　]*[{HAN}]?(?:$|\n)")


@rule(
    "ST03",
    "missing-sign-off",
    severity="error",
    label="没有落款",
    label_en="No sign-off",
    message=Sentence("missing-sign-off", "文末没有写{missing}。"),
    why=Sentence("missing-sign-off-why", "述职报告由本人负责，落款应有单位、职务、姓名和日期。"),
    fix=Sentence("missing-sign-off-fix", "请在正文之后右下方写明，日期用阿拉伯数字，如 2025年12月20日。"),
)
def missing_sign_off(report: Outline, context: Context) -> Iterator[Hit]:
    """查找正文之后有没有单位、职务和姓名、日期。署名写在标题之下的，文末可以只写日期。

    不好：以上报告，请予评议。（全文到此为止）
    好：以上报告，请予评议。↵ 县审计局党支部书记 张三 ↵ 2025年12月20日
    """
    if not report.lines("body"):
        return
    signed = "\n".join(line.text for line in report.lines("signature", "byline"))
    missing = [
        word
        for word, there in (
            ("单位", UNIT.search(signed)),
            ("职务和姓名", PERSON.search(signed)),
            ("日期", report.lines("date")),
        )
        if not there
    ]
    if missing:
        yield Hit(*report.last_sentence, {"missing": "、".join(missing)})
