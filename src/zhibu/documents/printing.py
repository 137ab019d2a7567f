"""A document as a file to hand out: DOCX or PDF, under a name a file system takes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhibu.documents.docx import write_docx
from zhibu.documents.model import Document
from zhibu.documents.pdf import contents_pages, write_pdf
from zhibu.errors import UserError

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A file to hand out; `missing` are characters no font has (PDF only)."""

    name: str
    media_type: str
    data: bytes
    missing: tuple[str, ...] = ()


def check_form(form: str) -> None:
    """UserError for a format there is not."""
    if form not in MEDIA:
        raise UserError("bad-format", "只能导出 .docx 或 .pdf，不能导出“{form}”。", form=form[:10])


def printed_as(document: Document, form: str, name: str = "") -> Printed:
    """The document as a file, named after its title unless a name is given. The page numbers of a Word contents page
    are those of the same lines set as PDF."""
    name = re.sub(r'[\\/:*?"<>|\s]+', "", name or document.title)[:80] or "记录"
    if form == "docx":
        return Printed(f"{name}.docx", MEDIA[form], write_docx(document, _pages(document)))
    pdf = write_pdf(document)
    return Printed(f"{name}.pdf", MEDIA[form], pdf.data, pdf.missing)


def printed_whole(document: Document, form: str) -> Printed:
    """The same for a paper that is signed or sent: UserError rather than a PDF with signs left out."""
    made = printed_as(document, form)
    if made.missing:
        signs = "".join(made.missing)
        raise UserError(
            "signs-missing", "字体里没有这几个字：{signs}。请导出 Word 文件，或请管理员安装字体。", signs=signs
        )
    return made


def _pages(document: Document) -> tuple[int, ...]:
    """None where there is no contents page, or a font is missing: Word counts for itself when it opens the file."""
    if not any(block.kind == "contents" for block in document.blocks):
        return ()
    try:
        return contents_pages(document)
    except UserError:
        return ()
