"""Putting other characters into a .txt or .docx at places of its text as `read_document` gives it; all else stays.

A change is a mapping from offsets to what is to stand there ("" deletes). It is made whole or not at all: a sign that
does not stand in the file itself (an automatic number, a space between joined lines) cannot be changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhibu.documents.paragraphs import ReadText
from zhibu.documents.read import read_document
from zhibu.errors import UserError

Changes = Mapping[int, str]


def rewrite(data: bytes, name: str, wanted: Sequence[Changes]) -> tuple[bytes, list[bool]]:
    """The file with the changes, and which of them were made. UserError for formats that cannot be written back."""
    read = read_document(data, name)
    if read.format == "txt":
        return _rewritten_text(data, name, read, wanted)
    if read.format == "docx":
        from zhibu.documents.wordplaces import rewritten_word

        return rewritten_word(data, name, read, wanted)
    raise UserError(
        "not-fixable", "“{name}”不能自动改：只能改 .txt 和 .docx。请先另存为 .docx，再用 --fix。", name=name
    )


def _rewritten_text(data: bytes, name: str, read: ReadText, wanted: Sequence[Changes]) -> tuple[bytes, list[bool]]:
    from zhibu.documents.textfile import decoded

    text, encoding, mark = decoded(data, name)
    places = aligned(read.text, text)
    if mark + text.encode(encoding) != data or places is None:
        raise UserError(
            "text-not-fixable", "“{name}”的文字无法原样写回。请另存为 UTF-8 编码的文本或 .docx 再试。", name=name
        )
    raw = list(text)
    done = [all(places[offset] >= 0 for offset in change) for change in wanted]
    for change, made in zip(wanted, done, strict=True):
        for offset, new in change.items() if made else ():
            raw[places[offset]] = new
    return mark + "".join(raw).encode(encoding), done


def aligned(read: str, raw: str) -> list[int] | None:
    """For each character of `read` its place in `raw` (-1: it was added in reading); None when they do not fit.

    Reading only leaves out characters (blanks, line ends, signs without width) and joins lines with a space.
    """
    places: list[int] = []
    at = 0
    for sign in read:
        after = at
        while after < len(raw) and raw[after] != sign and _left_out(raw[after]):
            after += 1
        if after < len(raw) and (raw[after] == sign or (sign == "\n" and raw[after] in "\r\v\f\x85\u2028\u2029")):
            places.append(after)
            at = after + 1
        elif sign.isspace():
            places.append(-1)
        else:
            return None
    return places


def _left_out(sign: str) -> bool:
    return sign.isspace() or not sign.isprintable()
