from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import table
from zhibu.errors import Sentence

WIDE = str.maketrans("()", "（）")
UNMARKED = Sentence("title-unmarked", "“{excerpt}”是简称，不加书名号。")


@rule(
    "FA12",
    "title-variants",
    severity="warning",
    label="制度名称不规范",
    label_en="Regulation not under its official name",
    message=Sentence("title-variants", "“{excerpt}”不是正式名称，应为{title}。"),
    why=Sentence("title-variants-why", "同一制度写成几个名字，说明没有查过原文。"),
    fix=Sentence("title-variants-fix", "请在第一次出现时写全称，以后可以用简称并加以说明。"),
)
def title_variants(report: Outline, context: Context) -> Iterator[Hit]:
    """按 wording/titles.yaml 查找用书名号括起的非正式名称；先写过全称的，以后的简称不算。“党章”是简称，不加书名号。

    不好：《党支部工作条例》
    好：《中国共产党支部工作条例（试行）》
    """
    short = {name: row["title"] for row in table("titles") for name in row["short"]}
    unmarked = {name for row in table("titles") for name in row.get("unmarked", ())}
    official = {row["title"] for row in table("titles")}
    written: set[str] = set()
    for found in report.titles:
        name = found.text.translate(WIDE)
        if name in unmarked:
            yield Hit(found.start, found.end, message=UNMARKED)
        known = name if name in short or name in official else name.removesuffix("（试行）")
        if known in short and short[known] not in written:
            yield Hit(found.start, found.end, {"title": f"《{short[known]}》"})
        written.add(name)
