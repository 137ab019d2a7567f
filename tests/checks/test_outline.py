"""The parser on heads as people write them: numbered in many ways, or not at all, or in plain words."""

from __future__ import annotations

import pytest

from zhibu.checks.outline import parse


def kinds(text: str) -> list[tuple[str, str]]:
    return [(section.label, section.kind) for section in parse("2025年度述职报告\n" + text).sections]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("履职情况", "performance"),
        ("今年做的事", "performance"),
        ("上年度评议反馈问题整改情况", "last-findings"),
        ("去年提的意见", "last-findings"),
        ("先说去年答应大家的事", "last-findings"),
        ("去年的欠账", "last-findings"),
        ("支部基本情况", "basic"),
        ("存在的问题", "problems"),
        ("有哪些没做好", "problems"),
        ("做得不好的地方", "problems"),
        ("问题和原因", "problems"),
        ("原因分析", "causes"),
        ("为什么没做好", "causes"),
        ("下一步措施", "measures"),
        ("措施", "measures"),
        ("明年怎么干", "measures"),
        ("接下来", "measures"),
        ("新的一年", "measures"),
    ],
)
def test_what_a_part_is_about(head: str, kind: str) -> None:
    assert kinds(f"一、{head}\n我开会4次。\n") == [("一", kind)]


def test_what_stands_under_causes_are_causes() -> None:
    text = "一、原因分析\n（一）能力素质上存在短板。\n（二）工作机制上存在不足。\n"
    assert kinds(text) == [("一", "causes"), ("一（一）", "causes"), ("一（二）", "causes")]


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        (["1、开会", "2、7名流动党员", "3、学习"], ["1.", "2.", "3."]),
        (["1、3月底前去谈", "2、7月开会"], ["1.", "2."]),
        (["1.党员大会4次", "2.2月24日开会", "3.2025年5月换届"], ["1.", "2.", "3."]),
        (["1、2月开会两次", "3、4月各一次"], []),
        (["1.5公里长", "3.14"], []),
        (["（1）开会", "(2)学习"], ["（1）", "（2）"]),
        (["(一)开会", "（二）、学习"], ["（一）", "（二）"]),
    ],
)
def test_numbers_before_heads(lines: list[str], labels: list[str]) -> None:
    found = [label for label, _kind in kinds("一、履职情况\n" + "\n".join(lines) + "\n结束。\n")]
    assert [label.removeprefix("一") for label in found[1:]] == labels


@pytest.mark.parametrize("date", ["2025年12月30日", "二〇二五年十二月三十日", "2025.12.30", "2025-12-30", "2025年12月"])
def test_a_date_at_the_end(date: str) -> None:
    text = f"2025年度述职报告\n一、履职情况\n开会4次。\n云岭县审计局党支部书记　张三\n{date}\n"
    assert [line.text for line in parse(text).lines("date")] == [date]
