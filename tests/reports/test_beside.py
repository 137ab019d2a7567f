"""A text with its findings beside it: no word is lost, every finding has one place in the text and one note."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhibu.checks import check
from zhibu.checks.findings import Finding
from zhibu.errors import Sentence
from zhibu.reports.beside import marked

TEXT = "2025年度述职报告\n一、履职情况\n认真布署工作，存在存在不足。\n\n三是布署了任务。"


def finding(start, end, text, code="WO04", severity="warning"):
    words = Sentence("x", "话")
    return Finding("", code, "x", severity, "", 1, start, end, text[start:end], words, words, words)


def words(line):
    return "".join(piece.text for piece in line.pieces)


def test_findings_stand_at_their_paragraph():
    found = marked(TEXT, check(TEXT, select=["WO01", "WO04"]))
    assert [words(line) for line in found.lines] == [line for line in TEXT.split("\n") if line]
    third = found.lines[2]
    assert [(piece.text, piece.severity) for piece in third.pieces if piece.severity] == [
        ("布署", "warning"), ("存在存在", "error"),
    ]  # fmt: skip
    assert [note.finding.excerpt for note in third.notes] == ["布署", "存在存在"]
    assert found.lines[1].style == "heading-1"
    assert found.lines[0].style == "title"


def test_what_is_asked_for_alone_keeps_its_number():
    findings = check(TEXT, select=["WO01", "WO04"])
    found = marked(TEXT, findings, only={"rule": "WO01", "family": "", "severity": ""})
    assert [(note.number, note.rule.code) for note in found.notes] == [(2, "WO01")]
    assert [(rule.code, count) for rule, count in found.rules] == [("WO01", 1), ("WO04", 2)]
    assert found.families == (("WO", 3),)


def test_a_finding_over_several_paragraphs_has_its_note_at_the_first():
    text = "第一段的话。\n第二段的话。"
    found = marked(text, [finding(3, 10, text)])
    assert [len(line.notes) for line in found.lines] == [1, 0]
    assert [piece.text for line in found.lines for piece in line.pieces if piece.severity] == ["的话。", "第二段"]
    assert [piece.begins for line in found.lines for piece in line.pieces if piece.begins] == [(1,)]


def test_the_worst_severity_colours_what_two_findings_share():
    text = "甲乙丙丁"
    found = marked(text, [finding(0, 3, text, severity="info"), finding(1, 4, text, severity="error")])
    assert [(piece.text, piece.severity) for piece in found.lines[0].pieces] == [
        ("甲", "info"), ("乙丙", "error"), ("丁", "error"),
    ]  # fmt: skip


def test_an_empty_text_keeps_its_notes():
    found = marked("", [finding(0, 0, "")])
    assert [len(line.notes) for line in found.lines] == [1]


@given(
    st.text("甲乙。\n 一、", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=6),
)
def test_no_word_and_no_finding_is_lost(text, spans):
    findings = [
        finding(min(begin, len(text)), min(begin + length, len(text)), text) for begin, length in sorted(spans)
    ]  # fmt: skip
    found = marked(text, findings)
    kept = [line.strip() for line in text.split("\n") if line.strip()]
    assert [words(line) for line in found.lines if line.pieces] == kept
    assert sorted(note.number for line in found.lines for note in line.notes) == list(range(1, len(spans) + 1))
