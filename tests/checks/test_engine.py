"""What holds for every text: no crash, true places, the same answer twice; and the registry's own rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibu.checks import check, engine, load_facts
from zhibu.checks.engine import chosen, rule
from zhibu.checks.outline import parse
from zhibu.errors import Sentence, UserError

FACTS = load_facts(Path(__file__).with_name("snapshot.json"))
PIECES = (
    "2025年度抓基层党建工作述职报告\n",
    "县直机关工委：\n",
    "一、履职情况\n",
    "（一）甲。",
    "一是",
    "二是",
    "二、存在的问题\n",
    "三、原因分析\n",
    "四、下一步措施\n",
    "召开党员大会4次",
    "3月8日召开支委会",
    "现有党员23名",
    "《党章》",
    "“十个一”",
    "XX月XX日",
    "党课(试行)",
    "公开不及时",
    "及时公开",
    "深刻",
    "我",
    "，",
    "。",
    "；",
    "\n",
    "　",
    "0",
    "99",
    "年",
    "月",
    "日",
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_places_are_true_and_answers_repeat(text: str) -> None:
    found = check(text, facts=FACTS)
    assert found == check(text, facts=FACTS)
    count = len(parse(text).paragraphs)
    for finding in found:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.excerpt == text[finding.start : finding.end]
        assert 0 <= finding.paragraph <= count
        assert finding.message.text()
    assert [f.start for f in found] == sorted(f.start for f in found)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_sections_lie_within_the_text_and_within_their_parents(text: str) -> None:
    outline = parse(text)
    for section in outline.sections:
        assert 0 <= section.start <= section.content <= section.leaf_end <= section.end <= len(text)
        if section.parent >= 0:
            parent = outline.sections[section.parent]
            assert parent.start <= section.start <= section.end <= parent.end
    for stretch in (*outline.sentences, *outline.items):
        assert outline.text[stretch.start : stretch.end] == stretch.text


UNITS = ("党", "工作", "1", "X", "一是", "、", "（", "《", "“", "某", "一", "3月8日", "公开", "深刻领会", "习近平")
UNITS += ("我主持党员大会4次，", "重要工作亲自", "召开4次")


@pytest.mark.parametrize(("unit", "size"), [(unit, 100_000) for unit in UNITS] + [("党", 1_000_000)])
def test_one_very_long_line_is_checked_without_backtracking(unit: str, size: int) -> None:
    # A rule that backtracks would not come back for hours; the places must be true as in any text.
    text = "2025年度述职报告\n一、履职情况\n" + unit * (size // len(unit))
    found = check(text, facts=FACTS)
    assert all(finding.excerpt == text[finding.start : finding.end] for finding in found)


def words() -> dict[str, Sentence]:
    return {name: Sentence("x", "甲。") for name in ("message", "why", "fix")}


@pytest.mark.parametrize(("code", "slug"), [("ST01", "new"), ("ST98", "placeholder"), ("XX01", "new"), ("ST1", "new")])
def test_a_code_or_slug_registered_twice_or_malformed_fails(code: str, slug: str) -> None:
    engine.all_rules()
    with pytest.raises(ValueError, match=code):
        rule(code, slug, severity="info", label="甲", label_en="A", **words())(lambda report, context: ())


def test_select_and_ignore_take_codes_families_and_slugs() -> None:
    assert [r.code for r in chosen(["st01", "vendor-residue"])] == ["ST01", "ST02"]
    assert {r.code[:2] for r in chosen(["WO"])} == {"WO"}
    assert "ST01" not in {r.code for r in chosen([], ["placeholder"])}
    with pytest.raises(UserError) as error:
        chosen(["ZZ99"])
    assert error.value.code == "unknown-rule"


def test_rules_that_are_off_by_default_run_when_selected() -> None:
    assert "FA16" not in {r.code for r in chosen()}
    assert [r.code for r in chosen(["FA16"])] == ["FA16"]


def test_an_empty_text_has_no_findings() -> None:
    assert check("") == []
    assert check("\n\n 　\n") == []


def test_the_year_is_taken_from_the_title_unless_given() -> None:
    text = "2020年度抓基层党建工作述职报告\n一、履职情况\n学习党的二十大精神。\n"
    assert [f.excerpt for f in check(text, select=["FA11"])] == ["二十大"]
    assert check(text, year=2022, select=["FA11"]) == []


def test_an_annex_is_no_part_of_the_report():
    report = "2025年度述职报告\n一、履职情况\n我主持召开党员大会4次。\n以上报告，请予评议。\n闻知远\n2025年12月20日"
    annexed = report + "\n附件1\n数据依据\n序号\t文中数据\t依据\n1\tXXXX\t"
    assert check(annexed) == check(report)
    assert "ST01" in {finding.code for finding in check(annexed.replace("附件1", "另附"))}
