"""A document as a file to hand out: its name, its formats, and papers that no sign may be missing from."""

from __future__ import annotations

import pytest

from zhibu.documents.model import Document, text_block
from zhibu.documents.printing import check_form, printed_as, printed_whole
from zhibu.errors import UserError

RARE = Document("计票：记录", (text_block("title", "计票记录"), text_block("paragraph", "当选人\U00030000")))


def test_a_pdf_names_the_signs_it_has_no_font_for():
    made = printed_as(RARE, "pdf")
    assert (made.name, made.missing) == ("计票：记录.pdf", ("\U00030000",))
    assert printed_as(RARE, "docx", "a/b:c").name == "abc.docx"


def test_a_paper_that_is_signed_or_sent_is_whole_or_refused():
    with pytest.raises(UserError, match="字体里没有这几个字：\U00030000。请导出 Word"):
        printed_whole(RARE, "pdf")
    assert printed_whole(RARE, "docx").data.startswith(b"PK")


def test_another_format_is_refused():
    with pytest.raises(UserError, match=r"只能导出 \.docx 或 \.pdf"):
        check_form("exe")
