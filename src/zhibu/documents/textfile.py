"""Reading .txt and .md: the encoding, the line ends, and lines broken by hand."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from zhibu.documents.paragraphs import Line, Row, cells, clean, join_rows, joined
from zhibu.errors import UserError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)


def decode(data: bytes, name: str) -> str:
    """Text of `data`: byte order mark, else UTF-8, else UTF-16 by its look, else GB18030; never a guess with losses."""
    return decoded(data, name)[0]


def decoded(data: bytes, name: str) -> tuple[str, str, bytes]:
    """The text, its encoding, and the byte order mark before it."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding, name), encoding, mark
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        encoding = _utf16_order(data) or "gb18030"
        return _strictly(data, encoding, name), encoding, b""
    if "\0" in text and (order := _utf16_order(data)):
        return _strictly(data, order, name), order, b""
    return _text_only(text, name), "utf-8", b""


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return _text_only(data.decode(encoding), name)
    except UnicodeDecodeError:
        if b"\0" in data and not encoding.startswith("utf-16"):
            raise _not_a_document(name) from None
        raise UserError(
            "text-undecodable",
            "“{name}”的文字编码无法识别，不是 UTF-8、UTF-16 或 GB18030。请另存为 UTF-8 编码的文本或 .docx 再试。",
            name=name,
        ) from None


def _text_only(text: str, name: str) -> str:
    odd = sum(char < " " and char not in "\t\n\r\f\v\x1a" for char in text)
    if odd * 100 > len(text):
        raise _not_a_document(name)
    return text


def _not_a_document(name: str) -> UserError:
    return UserError("not-a-document", "“{name}”不是文档。请提供 .docx、.pdf、.txt 或 .md 格式的文件。", name=name)


_USUAL = re.compile(r"[\t\n\r\x20-\x7e\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")


def _utf16_order(data: bytes) -> str:
    """The byte order if this reads as Chinese or ASCII in UTF-16; GB18030 read as UTF-16 falls outside those blocks."""
    if len(data) % 2 or not data:
        return ""
    shares: dict[str, float] = {}
    for order in ("utf-16-le", "utf-16-be"):
        sample = data[:65536].decode(order, "replace")
        shares[order] = len(_USUAL.findall(sample)) / len(sample)
    best = max(shares, key=lambda order: shares[order])
    return best if shares[best] >= 0.9 else ""


def text_lines(data: bytes, name: str) -> list[Line]:
    """A line is a paragraph, unless the whole text looks broken by hand at one measure."""
    lines = _split(decode(data, name))
    joined = _join_if_wrapped(lines)
    return [Line(text) for text in (lines if joined is None else joined)]


def _split(text: str) -> list[str]:
    lines = clean(text.removesuffix("\x1a")).split("\n")
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


_FEWEST, _NARROWEST, _WIDEST = 6, 32, 160


def _join_if_wrapped(lines: list[str]) -> list[str] | None:
    """Joined paragraphs if at least half the lines fill one measure (in half-width cells) and seldom end a sentence."""
    widths = [cells(line.rstrip()) for line in lines]
    filled = [width for width in widths if width]
    if len(filled) < _FEWEST or not _NARROWEST <= (measure := max(filled)) <= _WIDEST:
        return None
    lengths = Counter(len(line.rstrip()) for line, width in zip(lines, widths, strict=True) if width * 5 >= measure * 4)
    usual = lengths.most_common(1)[0][0]  # some programs count characters, not cells
    full = [w >= measure - 4 or len(line.rstrip()) >= usual - 1 for w, line in zip(widths, lines, strict=True)]
    ends = sum(
        is_full and line.rstrip()[-1] in "。！？：" for is_full, line in zip(full, lines, strict=True) if line.strip()
    )
    if sum(full) * 2 < len(filled) or sum(full) < _FEWEST - 1 or ends * 3 > sum(full):
        return None
    rows = [Row(line, is_full, line[:1] in " \u3000\t") for line, is_full in zip(lines, full, strict=True)]
    return join_rows(rows)


_FENCE = re.compile(r"^\s*(```|~~~)")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+|^\s*>")
_RULE = re.compile(r"^\s*([-*_])(\s*\1){2,}\s*$")
_TABLE_RULE = re.compile(r"^\s*\|?(\s*:?-+:?\s*\|)+\s*(:?-+:?\s*)?$")
_MARKS = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\*)\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?!\*)"), r"\1"),
    (re.compile(r"`([^`]+)`"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])"), r"\1"),
)


def markdown_lines(data: bytes, name: str) -> list[Line]:
    """Markdown without its marks: headings with their level, paragraphs joined, table cells separated by tabs."""
    paragraphs: list[Line] = []
    open_ = fenced = False
    for line in _split(decode(data, name)):
        if _FENCE.match(line):
            fenced, open_ = not fenced, False
        elif fenced:
            paragraphs.append(Line(line, "code"))
        elif not line.strip() or _RULE.match(line) or _TABLE_RULE.match(line):
            open_ = False
        elif heading := _HEADING.match(line):
            paragraphs.append(Line(_unmarked(heading[2]), f"heading {len(heading[1])}", len(heading[1])))
            open_ = False
        elif line.lstrip().startswith("|"):
            cells_ = line.strip().strip("|").split("|")
            paragraphs.append(Line("\t".join(_unmarked(cell.strip()) for cell in cells_), "table"))
            open_ = False
        elif open_ and not _ITEM.match(line):
            before = paragraphs.pop()
            paragraphs.append(Line(joined(before.text, _unmarked(line.strip()))))
            open_ = not line.endswith("  ")
        else:
            paragraphs.append(Line(_unmarked(re.sub(r"^\s*(?:[-*+]\s+|>\s?)", "", line)).strip()))
            open_ = not line.endswith("  ")
    return paragraphs


def _unmarked(text: str) -> str:
    for mark, kept in _MARKS:
        text = mark.sub(kept, text)
    return text
