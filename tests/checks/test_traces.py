"""Tracked changes and comments of a Word file, from the file to the finding."""

from __future__ import annotations

from pathlib import Path

from tests.documents.word import paragraph, word_file
from zhibu.checks.files import check_file, fix_file
from zhibu.documents.paragraphs import Trace
from zhibu.documents.read import read_document

BODY = (
    paragraph("一、履职情况") + "<w:p><w:r><w:t>召开党员大会</w:t></w:r><w:ins><w:r><w:t>4次</w:t></w:r></w:ins>"
    "<w:del><w:r><w:delText>许多次</w:delText></w:r></w:del><w:r><w:t>。</w:t></w:r>"
    '<w:commentRangeStart w:id="0"/><w:r><w:t>部暑</w:t></w:r><w:commentRangeEnd w:id="0"/>'
    '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>乙</w:t></w:r>"
    "<w:del><w:r><w:delText>丙</w:delText></w:r></w:del></w:p></w:tc></w:tr></w:tbl>"
)


def test_the_reader_says_where_they_are() -> None:
    read = read_document(word_file(BODY), "a.docx")
    assert read.text == "一、履职情况\n召开党员大会4次。部暑\n甲\t乙"
    assert read.traces == (
        Trace(read.text.index("4次"), "insertion"),
        Trace(read.text.index("。"), "deletion"),
        Trace(read.text.index("部暑"), "comment"),
        Trace(len(read.text), "deletion"),
    )
    assert read_document("一、甲".encode(), "a.txt").traces == ()


def test_they_are_findings_also_after_mending(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(word_file(BODY))
    found = check_file(file, select=["ST19"]).findings
    assert [str(each.message) for each in found] == [
        "文件里还有3处修订没有接受或拒绝，第一处在“召开党员大会4次。”。",
        "文件里还有1条批注，第一条在“部暑”。",
    ]
    fixed = fix_file(file, select=["ST19", "WO04"])
    assert [change.code for change in fixed.changes] == ["WO04"]
    assert [each.code for each in fixed.left.findings] == ["ST19", "ST19"]
    assert {each.file for each in fixed.left.findings} == {str(fixed.target)}
