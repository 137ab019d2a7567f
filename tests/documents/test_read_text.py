import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.documents.read import read_document
from zhibu.errors import UserError

REPORT = "2025年度述职报告\n县直机关工委：\n根据安排，现将一年来的情况述职如下。\n一、履职情况"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings(encoding):
    assert read_document(REPORT.encode(encoding), "报告.txt").text == REPORT


@pytest.mark.parametrize("text", ["述职", "一、一是一", "审计局党支部", "述职报告\n", "①②③……——"])
def test_short_gb18030_and_unmarked_utf16(text):
    assert read_document(text.encode("gb18030"), "a.txt").text == text.removesuffix("\n")
    assert read_document(codecs.BOM_UTF16_BE + text.encode("utf-16-be"), "a.txt").text == text.removesuffix("\n")


HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4, max_size=60)


@given(HANZI)
def test_any_hanzi_in_gb18030_are_read_back(text):
    assert read_document(f"{text}。".encode("gb18030"), "a.txt").text == f"{text}。"


@given(HANZI)
def test_any_hanzi_in_unmarked_utf16_are_read_back(text):
    line = f"{text}，2025年\n{text}。"
    assert read_document(line.encode("utf-16-le"), "a.txt").text == line


def test_line_ends_and_blank_lines():
    read = read_document("甲\r\n\r\n乙\r丙\x0c丁\n".encode(), "a.txt")
    assert read.text == "甲\n\n乙\n丙\n丁"
    assert [(p.index, p.start, p.end) for p in read.paragraphs] == [(0, 0, 1), (1, 3, 4), (2, 5, 6), (3, 7, 8)]


LONG = (
    "一年来，我始终把抓好支部建设作为首要职责，坚持每月研究支部工作，全年主持召开支部党员大会四次，支部委员会会议十二次，"
    "为党员讲党课两次，组织主题党日十二次，党员参加率保持在百分之九十五以上，做到了年初有计划、每月有安排、年底有总结，"
    "同时对照上一年度评议中指出的问题逐项整改，除一项因办公场所搬迁延期外均已完成。"
)


def wrapped(text: str, measure: int) -> str:
    text = "\u3000\u3000" + text
    return "\n".join(text[start : start + measure] for start in range(0, len(text), measure))


def test_lines_broken_by_hand_are_joined():
    broken = wrapped(LONG, 28) + "\n" + wrapped(LONG[5:], 28)
    assert read_document(broken.encode(), "a.txt").text == f"{LONG}\n{LONG[5:]}"


def test_lines_broken_after_a_number_of_characters_are_joined():
    text = LONG.replace("四次", "4次，2025年12月31日前XX项").replace("十二", "12")
    assert read_document("\n".join([wrapped(text, 30)] * 2).encode(), "a.txt").text == f"{text}\n{text}"


def test_a_line_is_a_paragraph_when_lines_differ_in_length():
    lines = "\n".join([REPORT, LONG, "（一）思想建设", LONG[:70], LONG[:90]])
    assert read_document(lines.encode(), "a.txt").text == lines


def test_a_list_of_equal_sentences_is_not_taken_for_broken_lines():
    lines = "\n".join(f"{month:02d}月召开了支部委员会会议，研究了当月的工作安排和任务。" for month in range(1, 13))
    assert read_document(lines.encode(), "a.txt").text == lines


def test_markdown_loses_its_marks_and_keeps_levels():
    source = (
        "# 述职报告\n\n**一年来**，支部\n开展[学习](http://example.org)。\n\n"
        "## 一、履职\n- 第一项\n- 第二项\n\n|月份|次数|\n|---|---|\n|1月|2|\n"
    )
    read = read_document(source.encode(), "a.md")
    assert read.text == "述职报告\n一年来，支部开展学习。\n一、履职\n第一项\n第二项\n月份\t次数\n1月\t2"
    assert [p.level for p in read.paragraphs if p.level] == [1, 2]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8", b"\x81\x81\xff\xff\x81", bytes(range(128, 256))])
def test_bytes_in_no_known_encoding_are_refused(data):
    with pytest.raises(UserError) as refusal:
        read_document(data, "a.txt")
    assert refusal.value.code in ("text-undecodable", "not-a-document")
