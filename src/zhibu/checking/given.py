"""A text somebody hands in to be looked at once: read, never kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from zhibu.documents.paragraphs import Trace, clean
from zhibu.documents.read import read_document
from zhibu.errors import UserError

LONGEST = 200_000
"""Characters of one text: forty ordinary reports."""
ACCEPT = ".docx,.doc,.wps,.rtf,.odt,.pdf,.txt,.md"


@dataclass(frozen=True, slots=True)
class Given:
    """`word` is the file itself when it is a .docx, else empty; `traces` are its tracked changes and comments."""

    name: str
    text: str
    traces: tuple[Trace, ...] = ()
    word: bytes = b""


def given(file: Any, pasted: str, name: str = "") -> Given:
    """The uploaded file's text, or else the pasted one. UserError when there is none, or it cannot be read."""
    if file is None:
        text = clean(pasted).strip("\n")
        if not text.strip():
            raise UserError("nothing-given", "请选择一个文件，或粘贴文字。")
        return Given(name or _("粘贴的文字"), _short(text))
    called = PurePath(str(file.name).replace("\\", "/")).name[:200]
    data = file.read()
    read = read_document(data, called, convert=True)
    return Given(called, _short(read.text), read.traces, data if read.format == "docx" else b"")


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise UserError("given-too-long", "文字超过{limit}字，请分几次校核。", limit=LONGEST)
    return text
