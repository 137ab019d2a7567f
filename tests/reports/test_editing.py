"""Blocks as they come from a browser, and as they are saved."""

from __future__ import annotations

import pytest

from zhibu.reports.editing import checked_blocks, moved, rows_of, with_claim

CLAIMS = {"c1": "count talk", "c3": "count lecture"}


def row(text, style="paragraph"):
    return {"style": style, "text": text}


def test_a_line_break_begins_a_new_paragraph_and_blank_ones_fall_away():
    blocks = checked_blocks([row("一、履职", "heading-1"), row("甲\r\n\n  乙  "), row(" ")], CLAIMS)
    assert blocks == [
        {"kind": "heading", "level": 1, "text": "一、履职"},
        {"kind": "paragraph", "level": 0, "text": "甲"},
        {"kind": "paragraph", "level": 0, "text": "乙"},
    ]


def test_what_is_saved_can_be_posted_again():
    rows = [row("标题", "title"), row("（一）学习", "heading-2"), row("谈话[[c1]]次。[[gap 效果]]")]
    assert rows_of({"blocks": checked_blocks(rows, CLAIMS), "claims": CLAIMS}) == rows


def test_signs_nobody_sees_are_taken_out():
    assert checked_blocks([row("谈\u200b话\x07[[c1]]次\ufeff")], CLAIMS)[0]["text"] == "谈话[[c1]]次"


@pytest.mark.parametrize(
    ("act", "order"),
    [
        ("up-1", "乙甲丙"), ("down-1", "甲丙乙"), ("up-0", "甲乙丙"), ("down-2", "甲乙丙"), ("drop-0", "乙丙"),
        ("up-9", "甲乙丙"), ("up-x", "甲乙丙"), ("", "甲乙丙"), ("mine", "甲乙丙"),
    ],
)  # fmt: skip
def test_buttons_without_script(act, order):
    assert "".join(one["text"] for one in moved([row("甲"), row("乙"), row("丙")], act)) == order


def test_a_paragraph_is_added_below_as_a_gap():
    assert [one["text"] for one in moved([row("甲"), row("乙")], "add-0")] == ["甲", "[[gap 新的一段]]", "乙"]


def test_a_new_claim_takes_a_number_never_used():
    body = {"blocks": [], "claims": CLAIMS}
    assert with_claim(body, "count talk") == (body, "c1")
    grown, number = with_claim(body, "count test")
    assert (number, grown["claims"]["c4"], body["claims"]) == ("c4", "count test", CLAIMS)
