"""`zhibu handbook` as it is called: what it writes, what it refuses and with which words."""

from __future__ import annotations

import pypdfium2
import pytest
from tests.handbook.made import SECRET, a_meeting, a_talk

from zhibu.cli.main import main
from zhibu.documents.read import read_document
from zhibu.org.models import JournalEntry


@pytest.fixture
def year(cast):
    a_meeting(cast)
    a_talk(cast, 0, 6)
    return cast


def handbook(out, *more, org="GW-01", year="2025"):
    return main(["handbook", "--org", org, "--year", year, "--out", str(out), *more])


def test_writes_the_whole_handbook(year, tmp_path):
    out = tmp_path / "deep" / "book.docx"
    assert handbook(out) == 0
    text = read_document(out.read_bytes(), "book.docx").text
    assert "青禾县水文站党支部工作手册" in text
    assert "一季度党员大会" in text
    assert SECRET not in text
    entry = JournalEntry.objects.get(verb="export-handbook")
    assert (entry.account, entry.organization) == (None, year.branch)


def test_writes_chosen_sections_as_pdf(year, tmp_path):
    out = tmp_path / "book.pdf"
    assert handbook(out, "--section", "hours", "--section", "members", "--on", "2026-01-08") == 0
    titles = [item.get_title() for item in pypdfium2.PdfDocument(out).get_toc()]
    assert titles == ["一、党员", "（一）党员名册", "（二）党员变动", "二、党员学时"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"org": "NONE"}, "没有代码为“NONE”的组织"),
        ({"org": "GW-01-1"}, "第一党小组没有"),
        ({"out": "book.odt"}, "应以 .docx 或 .pdf 结尾"),
        ({"year": "2099"}, "2099年还没有开始"),
        ({"out": "missing.docx/book.docx"}, "无法写入"),
        ({"section": "secrets"}, "没有“secrets”这一部分"),
    ],
)
def test_refuses_in_one_sentence_and_writes_nothing(year, tmp_path, capsys, more, sentence):
    (tmp_path / "missing.docx").write_text("in the way")
    out = tmp_path / more.pop("out", "book.docx")
    section = more.pop("section", "")
    assert handbook(out, *(["--section", section] if section else []), **more) == 2
    assert sentence in capsys.readouterr().err
    assert not out.exists()
