from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

BARE = Pattern(r"^(?:中共)?[县市区旗省州]委(?![员])")


@rule(
    "ST16",
    "addressee-incomplete",
    severity="info",
    label="主送机关没有写全称",
    label_en="Addressee not named in full",
    message=Sentence("addressee-incomplete", "称呼“{excerpt}”没有写明是哪个县（市、区）。"),
    why=Sentence("addressee-incomplete-why", "主送机关用全称或规范的简称，离开本地也能看懂。"),
    fix=Sentence("addressee-incomplete-fix", "请写上地名。"),
)
def addressee_incomplete(report: Outline, context: Context) -> Iterator[Hit]:
    """称呼以“县委”“市委”等开头而没有地名时提示。

    不好：县委县直机关工委：
    好：云岭县委县直机关工委：
    """
    for line in report.lines("salutation"):
        if BARE.match(line.text):
            yield Hit(line.start, line.end)
