"""A Word file with the findings as comments at their places: of a .docx a copy, of other formats a new one."""

from __future__ import annotations

from zhibu.checks.files import Checked
from zhibu.checks.frame import Role, paragraphs, without_annex
from zhibu.checks.outline import parse
from zhibu.checks.output.text import NAMES
from zhibu.documents.docx import write_docx
from zhibu.documents.model import Block, BlockKind, Document, text_block
from zhibu.documents.wordcomments import Note, annotate

AUTHOR, INITIALS = "支部校核", "校"
KINDS: dict[Role, BlockKind] = {
    "title": "title", "byline": "byline", "salutation": "salutation", "signature": "signature", "date": "date",
}  # fmt: skip


def render(checked: Checked, data: bytes) -> bytes:
    """`data` is the file that was checked when it is a .docx, else empty: then the text is set anew."""
    notes = [
        Note(
            finding.start,
            finding.end,
            (
                f"{finding.code} {NAMES[finding.severity]}：{finding.message.text()}",
                finding.why.text(),
                finding.fix.text(),
            ),
        )
        for finding in checked.findings
    ]
    return annotate(data or _set(checked.text), checked.file, checked.text, notes, AUTHOR, INITIALS)


def _set(text: str) -> bytes:
    """The text in the official format, each line as the paragraph it looks like."""
    report = parse(without_annex(text))
    roles = {line.start: line.role for line in report.paragraphs}
    heads = {section.start: section for section in report.sections}
    blocks: list[Block] = []
    for line in paragraphs(text):
        kind = KINDS.get(roles.get(line.start, "body"), "paragraph")
        section = heads.get(line.start)
        whole = section is not None and section.content >= line.end and len(line.text) <= 60
        blocks.append(
            text_block("heading", line.text, section.level) if section and whole else text_block(kind, line.text)
        )
    return write_docx(Document("校核", tuple(blocks)))
