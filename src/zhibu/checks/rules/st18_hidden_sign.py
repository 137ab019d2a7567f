from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Edit, Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

HIDDEN = Pattern(
    "[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]{1,400}"
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d{1,400}"
)
SCRIPTS = Pattern("[\u0590-\u08ff\u0900-\u0dff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefe]")
"""Hebrew, Arabic (维吾尔文、哈萨克文), Indic and Mongolian: there such signs belong to the spelling."""
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TURNED = Sentence("hidden-sign-turned", "“{around}”里有{count}个看不见的改变文字方向的符号（{points}）。")


@rule(
    "ST18",
    "hidden-sign",
    severity="warning",
    label="看不见的符号",
    label_en="Invisible characters",
    message=Sentence("hidden-sign", "“{around}”里有{count}个看不见的符号（{points}）。"),
    why=Sentence(
        "hidden-sign-why", "它们多半从网页或售卖的文稿粘贴而来，会把词断开、使查找和比对失灵，也可能藏着记号。"
    ),
    fix=Sentence("hidden-sign-fix", "请删去这些符号，再看一遍前后的文字。"),
)
def hidden_sign(report: Outline, context: Context) -> Iterator[Hit]:
    """查找零宽空格、软连字符、改变文字方向的控制符和隐藏的标签字符。表情符号里的连接符、民族文字里的不算。"""
    text = report.text
    for found in HIDDEN.finditer(text):
        start, end = found.span()
        if SCRIPTS.search(text, max(0, start - 1), min(end + 1, len(text))):
            continue
        line = text.rfind("\n", 0, start) + 1
        stop = text.find("\n", end)
        near = text[max(line, start - 4) : start] + text[end : min(end + 4, len(text) if stop < 0 else stop)]
        points = "、".join(f"U+{ord(sign):04X}" for sign in dict.fromkeys(found[0][:200]))
        data = {"around": HIDDEN.compiled.sub("", near), "count": end - start, "points": points[:60]}
        turned = any(sign in TURNING for sign in found[0])
        yield Hit(start, end, data, message=TURNED if turned else None, edits=(Edit(start, end, ""),))
