"""What a report's writer wrote himself: the outline's sentences, the ledger's figures and the frame are left out."""

from __future__ import annotations

from zhibu.documents.model import Block, Document, Span, text_block
from zhibu.reports.composing import Writer, compose, to_document
from zhibu.reports.outlines import outlines
from zhibu.reports.wording import BLANK, own_words, own_words_of_text

SNAPSHOT = {
    "year": 2025, "activities": [], "cells": [], "members": [], "posts": [],
    "organization": {"code": "GW-01", "name": "青禾县水文站党支部", "kind": "branch"},
}  # fmt: skip


def words(*blocks):
    return own_words(Document("", blocks)).replace(BLANK, "").split("\n")


def test_places_stay():
    document = Document(
        "", (text_block("title", "2025年度述职报告"), text_block("paragraph", "以上报告，请予评议。谢谢"))
    )
    assert len(own_words(document)) == len(document.text)


def test_an_outline_says_nothing_of_its_own(monkeypatch):
    monkeypatch.setattr("zhibu.reports.composing.evaluate", lambda *_: None)
    writer = Writer("闻知远", "书记", "青禾县水文站党支部", "青禾县县直机关工委", "2025年12月30日")
    for name, outline in outlines().items():
        document = to_document(compose(outline, SNAPSHOT, writer), SNAPSHOT, writer)
        assert own_words(document).replace(BLANK, "").strip() == "", name


def test_what_stands_between_two_figures_is_the_outlines():
    spans = (
        Span("全年召开党员大会"),
        Span("4", "claim"),
        Span("次，有表决权党员到会率"),
        Span("96%", "claim"),
        Span("。"),
    )
    assert words(Block("paragraph", spans)) == [""]


def test_what_the_writer_wrote_beside_a_figure_is_kept():
    own = "因为汛期推迟了一次，九月在测站补开。"
    spans = (Span("召开支委会会议"), Span("11", "claim"), Span(f"次。{own}"))
    assert words(Block("paragraph", spans)) == [f"次。{own}"]


def test_the_frame_is_left_out_and_a_paragraph_of_ones_own_is_whole():
    own = "我到测站住了七天。"
    blocks = (text_block("byline", "青禾县水文站党支部书记　闻知远"), text_block("paragraph", own))
    assert words(*blocks) == ["", own]


def test_names_of_duties_are_the_ledgers():
    sentence = "二是针对党员领导干部参加双重组织生活没有全部落实的问题，我每月到所在党小组参加一次活动并且发言。"
    (left,) = words(text_block("paragraph", sentence))
    assert "双重组织生活" in left
    left = own_words(Document("", (text_block("paragraph", sentence),)), ["党员领导干部参加双重组织生活"])
    assert left.replace(BLANK, "") == "我每月到所在党小组参加一次活动并且发言。"


def test_a_gap_is_nobodys_words():
    assert words(Block("paragraph", (Span("上年度的问题", "gap"),))) == [""]


def test_of_a_text_from_elsewhere_the_outlines_sentences_are_left_out_too():
    text = "以上报告，请予评议。\n汛期到来之前，支部把值班表贴在测船的舱门上，五名党员轮流守夜。"
    left = own_words_of_text(text)
    assert len(left) == len(text)
    assert left.replace(BLANK, "").split("\n") == ["", text.split("\n")[1]]
