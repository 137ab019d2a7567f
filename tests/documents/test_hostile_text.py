"""Bytes and texts that no honest program writes: each ends in a text or in a sentence, and nothing that is there stays
unseen."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibu.checks import check
from zhibu.checks.outline import parse
from zhibu.documents.read import read_document
from zhibu.errors import UserError

from .word import level, numbered, paragraph, word_file

REPORT = "2025年度抓基层党建工作述职报告\n一、履职情况\n（一）抓学习。我讲党课2次。\n二、存在的问题\n一是调研少。\n"


def read_or_refuse(data: bytes, name: str) -> str:
    """The text, or "" when it is refused with a sentence that names the file."""
    refused = None
    try:
        found = read_document(data, name)
    except UserError as refusal:
        refused = refusal
    if refused is not None:
        assert name in refused.text()
        assert "{" not in refused.text()
        return ""
    assert all(found.text_of(each).strip() for each in found.paragraphs)
    return found.text


def test_a_file_of_50_megabytes_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "大.txt"
    with file.open("wb") as sparse:
        sparse.truncate(50 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("read"))
    with pytest.raises(UserError) as refusal:
        read_document(file)
    assert refusal.value.code == "file-too-large"
    assert "20 MB" in refusal.value.text()


@pytest.mark.parametrize(
    "unit", ["党", "一、", "（一）", "一是", "《", "X", " ", "\u200b", "党\u200b", "1.", "\t", "😀"]
)
def test_a_million_characters_in_one_line(unit: str) -> None:
    text = REPORT + unit * (1_000_000 // len(unit))
    found = read_or_refuse(text.encode(), "a.txt")
    outline = parse(found)
    assert all(line.text == found[line.start : line.end] for line in outline.paragraphs)
    for stretch in (*outline.sentences, *outline.items, *outline.titles):
        assert stretch.start < stretch.end <= len(found)


def test_two_million_lines_are_refused_or_read() -> None:
    assert read_or_refuse(b"\n" * 3_000_000, "a.txt") == ""
    with pytest.raises(UserError) as refusal:
        read_document("甲\n".encode() * 1_200_000, "a.txt")
    assert refusal.value.code == "text-too-long"


HALVES = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("first", HALVES)
@pytest.mark.parametrize("second", HALVES)
def test_two_encodings_in_one_file_are_refused_and_never_guessed(first: str, second: str) -> None:
    if first == second:
        return
    mixed = REPORT.encode(first) + "我走访群众，讲党课，办实事。\n".encode(second)
    text = read_or_refuse(mixed, "a.txt")
    # What is read must be what was written, to the last byte, in one encoding.
    assert not text or any(text.encode(each) in mixed for each in HALVES)


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.docx", "a.pdf", "a.rtf", "a"]))
def test_any_bytes(data: bytes, name: str) -> None:
    read_or_refuse(data, name)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([b"PK\x03\x04", b"%PDF-1.7\n", b"{\\rtf1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", codecs.BOM_UTF16_LE,
                     codecs.BOM_UTF32_BE, codecs.BOM_UTF8, b"\x84\x31\x95\x33", b"Rar!", b"\x89PNG"]),
    st.binary(max_size=300),
)  # fmt: skip
def test_any_bytes_behind_the_mark_of_a_format(mark: bytes, data: bytes) -> None:
    read_or_refuse(mark + data, "a")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_in_any_encoding_is_read_whole_or_refused(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"):
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        found = read_or_refuse(data, "a.txt")
        kept = {sign for sign in text if sign.isprintable() and not sign.isspace()}
        # Without a mark a few characters may read as well in another encoding; with one there is no doubt.
        if found and encoding in ("utf-8-sig", "utf-16", "utf-32"):
            assert kept <= set(found)


MARKS = ["# ", "## ", "**", "__", "*", "`", "```", "~~~", "- ", "1. ", "> ", "|", "|---|", "[甲](乙)", "![", "](", "\\",
         "\n", "\n\n", "  \n", "甲", "一、履职", "<b>", "---", "\t", " "]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=60).map("".join))
def test_any_markdown(text: str) -> None:
    found = read_or_refuse(text.encode(), "a.md")
    assert found.count("甲") + found.count("履职") <= text.count("甲") + text.count("履职")


OPENED = (
    "同时，工作中还存在一些问题和不足，一是学习不够深入，二是创新不够大胆，三是管理不够精细，四是作风不够扎实。",
    "下一步，我将重点做好以下几方面工作：一是学习，二是创新，三是管理，四是作风，五是团结，六是奋斗，七是坚持。",
)
HEADS = ("一、履职情况", "（一）抓学习", "1.开会", "1、2月开会", "2、7名党员", "（1）甲", "(一)乙", "一是甲。二是乙。")
FRAME = ("县委：", "各位领导，同志们：", "张三", "2025.12.26", "2025年12月", "附件1", "以上报告，请予评议。")
ODD = (
    "《甲》《乙",
    "。",
    "：",
    "　　",
    "\u200b",
    "\ufeff一、甲",
    "咨询QQ：100001",
    "党" * 61,
    "存在的问题",
    "为什么没做好",
)
LINES = st.sampled_from(("2025年度抓基层党建工作述职报告", *OPENED, *HEADS, *FRAME, *ODD))


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=30).map("\n".join))
def test_the_parser_on_any_lines(text: str) -> None:
    outline = parse(text)
    assert all(line.text == text[line.start : line.end] for line in outline.paragraphs)
    starts = [section.start for section in outline.sections]
    assert starts == sorted(set(starts))
    for section in outline.sections:
        assert 0 <= section.start <= section.content <= section.leaf_end <= section.end <= len(text)
        assert section.parent < section.index
        start, end = outline.head(section)
        assert section.start == start < end <= section.content
    for stretch in (*outline.sentences, *outline.items, *outline.titles):
        assert stretch.start < stretch.end
        assert -1 <= stretch.section < len(outline.sections)
    for kind in ("problems", "causes", "measures", "last-findings", "performance"):
        for point in outline.points(kind):
            assert point.text == text[point.start : point.end]
            assert point.text.strip()


@pytest.mark.parametrize("sign", ["\u200b", "\u200e", "\u202e", "\u2066", "\u00ad", "\u2060", "\ufeff", "\U000e0041"])
@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a.md"])
def test_signs_without_width_are_read_and_named(sign: str, name: str) -> None:
    text = f"一、履职情况\n我讲党{sign}课2次。"
    body = "".join(map(paragraph, text.split("\n")))
    data = word_file(body) if name == "a.docx" else text.replace("\n", "\n\n").encode()
    found = read_document(data, name).text
    (finding,) = check(found, select=["ST18"])
    assert finding.excerpt == sign
    assert f"U+{ord(sign):04X}" in finding.message.text()


def test_a_head_behind_signs_without_width_is_a_head() -> None:
    found = read_document("\ufeff\ufeff一、履职情况\n\u200b二、存在的问题\n".encode(), "a.txt").text
    assert [section.kind for section in parse(found).sections] == ["performance", "problems"]


def test_right_to_left_text_is_kept_in_its_order() -> None:
    text = "一、履职情况\n党员古丽（گۈلى）讲党课2次。"
    assert read_document(text.encode(), "a.txt").text == text
    assert check(text, select=["ST18"]) == []


def cell(inner: str) -> str:
    return f"<w:tc>{inner}</w:tc>"


def table(inner: str) -> str:
    return f"<w:tbl><w:tr>{inner}</w:tr></w:tbl>"


def test_nested_tables_are_read_in_their_order() -> None:
    inner = table(cell(paragraph("乙")) + cell(paragraph("丙") + table(cell(paragraph("丁")) + cell(paragraph("戊")))))
    body = paragraph("前") + table(cell(paragraph("甲")) + cell(inner + paragraph("己"))) + paragraph("后")
    assert read_document(word_file(body), "a.docx").text.split() == list("前甲乙丙丁戊己后")


def test_tables_nested_beyond_reason_are_read_or_refused() -> None:
    body = paragraph("底")
    for _depth in range(60):
        body = table(cell(body + paragraph("")))
    assert "底" in read_or_refuse(word_file(body), "a.docx")
    for _depth in range(2000):
        body = table(cell(body))
    read_or_refuse(word_file(body), "a.docx")


def test_tracked_changes_and_comments_in_nested_tables_are_counted() -> None:
    changed = (
        '<w:p><w:ins w:id="1"><w:r><w:t>新</w:t></w:r></w:ins>'
        '<w:del w:id="2"><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>'
    )
    read_word = read_document(word_file(paragraph("一、履职情况") + table(cell(table(cell(changed))))), "a.docx")
    assert "新" in read_word.text
    assert "旧" not in read_word.text
    assert [trace.kind for trace in read_word.traces] == ["insertion", "deletion"]


LEAVES = (
    paragraph("甲"), numbered("乙"), "<w:p/>", "<w:r><w:t>丙</w:t></w:r>", "<w:sectPr/>", "<w:tc/>",
    '<w:p><w:r><w:br w:type="page"/><w:tab/><w:t>丁</w:t></w:r></w:p>',
)  # fmt: skip
BRANCHES = ("tbl", "tr", "tc", "p", "r", "sdt", "sdtContent", "ins", "del", "hyperlink", "ruby", "txbxContent")
NODES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.tuples(st.sampled_from(BRANCHES), st.lists(inner, max_size=3)).map(
        lambda pair: f"<w:{pair[0]}>{''.join(pair[1])}</w:{pair[0]}>"
    ),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(NODES, max_size=6).map("".join))
def test_any_order_of_word_elements(body: str) -> None:
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    found = read_or_refuse(word_file(body, numbering=numbering), "a.docx")
    assert set(found) <= set("甲一二三四五六七八九十、乙丙丁百\n\t")
