"""The lines around the body of a report: what stands before the title, under it, and below the last sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhibu.checks.patterns import HAN, NUMERAL, Pattern

Role = Literal[
    "residue",  # left over from a seller or a download, no part of the report
    "preface",  # other lines before the title
    "title",
    "byline",  # unit, post and name under the title
    "salutation",
    "lead-in",
    "body",
    "closing",  # 以上报告，请予评议。
    "signature",
    "date",
]

RESIDUE = Pattern(
    r"咨询[ \t]*(?:QQ|微信|电话)|QQ[群号]?[ \t]*[:：]?[ \t]*\d{5,}|QQ群|加[ \t]*(?:QQ|微信|群)|微信(?:号|公众号)[:：]"
    r"|(?:文库|公文|范文|写作|笔杆子|秘书|材料)网|www\.|https?://|会员|订阅|仅供(?:学习|参考|内部)|(?:禁止|严禁)外传"
    r"|用后删除|倒卖|版权所有|扫码|免费(?:下载|领取|赠送)|整理[，,、 ]*(?:咨询|制作)|更多(?:范文|材料|公文)|使用水印"
)
"""Words of sellers and downloads; only for lines outside the body, where they have no honest use."""
RESIDUE_IN_BODY = Pattern(
    r"(?:咨询[ \t]{0,4}QQ|QQ[群号]?[ \t]{0,4}[:：]?[ \t]{0,4}\d{5,}|www\.[a-zA-Z0-9.-]{3,40}|微信公众号[:：])"
    r"[^。；\n]{0,20}"
)
TITLE_WORD = Pattern(r"述职(?:述廉|述德|述法)*(?:工作)?(?:报告|述评)|(?:工作|履职)(?:总结|报告|情况报告)")
DATE_LINE = Pattern(
    r"^(?:\d{4}|[二〇○零一三四五六七八九]{4})年\S{1,3}月(?:\S{1,3}日?)?$|^20\d\d[.\-/]\d{1,2}[.\-/]\d{1,2}$"
)
SALUTATION = Pattern(r"^(?:[^。，；]{2,40}|(?:尊敬的)?(?:各位|同志)[^。；]{0,36})[：:]$")
CLOSING = Pattern(
    r"以上(?:述职)?(?:报告|述职|是我|就是)|请予?(?:以|领导|组织|大家|各位|同志们|与会)?[^。]{0,8}(?:评议|审议|审阅|批评指正)"
    r"|述职完毕|报告完毕|妥否|不妥之处|谢谢大家|特此(?:报告|述职)"
)
HEAD_START = Pattern(rf"^[ \t　]*(?:[{NUMERAL}]{{1,3}}、|[（(][{NUMERAL}]{{1,3}}[）)])")
SIGNS = Pattern(
    rf"^(?:述职人|报告人|汇报人)[：:]|书记|委员|支部|党委|党总支|党组|工委|[局委办院校站所厅]$|公司|中心"
    rf"|^[{HAN}·]{{2,4}}$|^[{HAN}][ 　]+[{HAN}]{{1,2}}$"
)
SENTENCE_END = Pattern(r"[。！？；]")
EDGES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Blanks, and signs without width, which may stand before a head or behind a line."""
ANNEX = Pattern(r"(?m)^[ \t　]*附件[ \t]*\d{0,2}[ \t　]*$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A non-blank line without its indent; `number` counts from 1."""

    number: int
    start: int
    end: int
    text: str
    role: Role = "body"


def paragraphs(text: str) -> list[Paragraph]:
    """The non-blank lines of a text, all still called body."""
    found: list[Paragraph] = []
    offset = 0
    for line in text.split("\n"):
        stripped = line.strip(EDGES)
        if stripped:
            start = offset + line.index(stripped)
            found.append(Paragraph(len(found) + 1, start, start + len(stripped), stripped))
        offset += len(line) + 1
    return found


def without_annex(text: str) -> str:
    """The text up to the line 附件1: an annex has its own form and is no part of what the writer says."""
    annex = ANNEX.search(text)
    return text[: annex.start()] if annex else text


def roles(lines: list[Paragraph]) -> list[Role]:
    """The role of each line, in order."""
    found: list[Role] = ["body"] * len(lines)
    title = _title_lines(lines)
    first = title.stop
    for index in title:
        found[index] = "title"
    _before_title(lines, title.start, found)
    body = _after_title(lines, first, found)
    _tail(lines, body, found)
    return found


def _title_lines(lines: list[Paragraph]) -> range:
    """The title's lines: the one that names the genre (with the line before when it holds that word alone), or none."""
    for index, line in enumerate(lines[:60]):
        if HEAD_START.match(line.text):
            break
        if len(line.text) <= 60 and not SENTENCE_END.search(line.text) and TITLE_WORD.search(line.text):
            if TITLE_WORD.match(line.text) and index and _short(lines[index - 1].text):
                return range(index - 1, index + 1)
            return range(index, index + 1)
    if lines and _short(lines[0].text) and not HEAD_START.match(lines[0].text) and not SALUTATION.match(lines[0].text):
        return range(1)
    return range(0)


def _short(text: str) -> bool:
    return len(text) <= 40 and not SENTENCE_END.search(text) and not text.endswith(("：", ":", "，", "、", "】"))


def _before_title(lines: list[Paragraph], title: int, found: list[Role]) -> None:
    sold = any(RESIDUE.search(line.text) for line in lines[:title])
    for index in range(title):
        found[index] = "residue" if sold else "preface"


def _after_title(lines: list[Paragraph], first: int, found: list[Role]) -> int:
    """Name byline, salutation and lead-in; returns the index where the body begins."""
    for index in range(first, min(len(lines), first + 12)):
        text = lines[index].text
        if HEAD_START.match(text):
            return index
        if _is_residue(text):
            found[index] = "residue"
        elif SALUTATION.match(text):
            found[index] = "salutation"
        elif SENTENCE_END.search(text):
            if len(text) > 160 or "lead-in" in found:
                return index
            found[index] = "lead-in"
        elif "salutation" not in found and "lead-in" not in found and len(text) <= 40:
            found[index] = "byline"
        else:
            return index
    return min(len(lines), first + 12)


def _is_residue(text: str) -> bool:
    """A short line of a seller; one that ends like a sentence needs a telling word (a number, an address)."""
    if len(text) > 60:
        return False
    return bool(RESIDUE_IN_BODY.search(text) if text.endswith("。") else RESIDUE.search(text))


def _tail(lines: list[Paragraph], body: int, found: list[Role]) -> None:
    for index in range(len(lines) - 1, body - 1, -1):
        text = lines[index].text
        if _is_residue(text):
            found[index] = "residue"
        elif DATE_LINE.match(text.replace(" ", "")):
            found[index] = "date"
        elif CLOSING.search(text) and len(text) <= 60:
            found[index] = "closing"
        elif len(text) <= 40 and not SENTENCE_END.search(text) and SIGNS.search(text) and not HEAD_START.match(text):
            found[index] = "signature"
        else:
            break
