from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.checks.words import table
from zhibu.errors import Sentence

LOCAL = Pattern(r"^关于.{4,40}(?:措施|意见|办法|方案|通知|细则|清单|要点)(?:[（(].{2,4}[）)])?$")
SOURCE = Pattern(
    r"中央|中办|国务院|省委|市委|县委|区委|工委|党委|组织部|政府|办公室|公司|集团|学校|学院|医院|党组|支部|本局|印发"
)
NUMBER = Pattern(r"^(?:（[^）]{0,12}[〔\[]|[^。，]{0,6}号)")
WIDE = str.maketrans("()", "（）")


@rule(
    "FA13",
    "unsourced-document",
    severity="info",
    confidence="hint",
    label="没有写明谁发的文件",
    label_en="Document without issuer",
    message=Sentence("unsourced-document", "{excerpt}没有写明由谁印发、什么文号。"),
    why=Sentence("unsourced-document-why", "地方和部门的文件同名的很多，不写来源无从查对。"),
    fix=Sentence("unsourced-document-fix", "请在文件名前写明发文机关，或在后面注明文号。"),
)
def unsourced_document(report: Outline, context: Context) -> Iterator[Hit]:
    """查找《关于……的意见》一类的地方文件，前后没有发文机关、“印发”或文号时提示。

    好：县委《关于进一步加强机关党建的若干措施》（云委发〔2025〕3号）
    """
    official = {row["title"] for row in table("titles")} | {name for row in table("titles") for name in row["short"]}
    for found in report.titles:
        if not LOCAL.search(found.text) or found.text.translate(WIDE) in official:
            continue
        around = max(0, found.start - 20), min(len(report.text), found.end + 14)
        if not SOURCE.search(report.text, around[0], found.start) and not NUMBER.search(
            report.text, found.end, around[1]
        ):
            yield Hit(found.start, found.end)
