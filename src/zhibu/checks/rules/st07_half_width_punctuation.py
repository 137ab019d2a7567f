from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Edit, Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import HAN, Pattern
from zhibu.errors import Sentence

FULL = str.maketrans(",:;!?()", "，：；！？（）")
NEAR = rf"[{HAN}”》）]"
HALF = Pattern(
    rf"(?<={NEAR})[,:;!?](?=[{HAN}“《（\d]|$)|(?<=[{HAN}0-9]),(?=[{HAN}])|\([^()\n]{{0,30}}[{HAN}][^()\n]{{0,30}}\)", 8
)
ADDRESS = Pattern(r"(?:https?://|www\.)[^\s，。；、）》”]{1,300}")


@rule(
    "ST07",
    "half-width-punctuation",
    severity="warning",
    label="中文里的半角标点",
    label_en="Half-width punctuation in Chinese text",
    message=Sentence("half-width-punctuation", "“{around}”用了半角标点。"),
    why=Sentence("half-width-punctuation-why", "公文用全角标点，半角多半是从别处粘贴来的。"),
    fix=Sentence("half-width-punctuation-fix", "请改为“{better}”。"),
)
def half_width_punctuation(report: Outline, context: Context) -> Iterator[Hit]:
    """查找汉字旁边的半角逗号、冒号、分号、叹号、问号和括号。数字、网址里的不算。

    不好：具体表现是:听取意见少,下基层少。
    好：具体表现是：听取意见少，下基层少。
    """
    text = report.text
    for line in report.paragraphs:
        if line.role == "residue":
            continue
        addresses = [found.span() for found in ADDRESS.finditer(text, line.start, line.end)]
        for found in HALF.finditer(text, line.start, line.end):
            start, end = found.span()
            if any(first <= start < last for first, last in addresses):
                continue
            around = text[max(line.start, start - 4) : min(line.end, end + 4)]
            signs = (start, end - 1) if text[start] == "(" else (start,)
            edits = tuple(Edit(place, place + 1, text[place].translate(FULL)) for place in signs)
            better = f"（{text[start + 1 : end - 1]}）" if text[start] == "(" else edits[0].text
            yield Hit(start, end, {"around": around, "better": better}, edits=edits)
