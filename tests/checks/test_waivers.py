from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from zhibu.checks import Waiver, check, load_waivers
from zhibu.errors import UserError

TEXT = "2025年度抓基层党建工作述职报告\n一、履职情况\n03月05日、4月06日开会。\n"
FULL = "- {code: st17, excerpt: 03月, reason: 原件如此, name: 张三, date: 2025-12-20}\n"


def test_a_waiver_covers_its_finding_only(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.waivers.yaml"
    path.write_text(FULL, "utf-8")
    waivers = load_waivers(path)
    assert waivers == (Waiver("ST17", "原件如此", "张三", date(2025, 12, 20), "03月"),)
    assert [f.excerpt for f in check(TEXT, select=["ST17", "ST99"], waivers=waivers)] == ["4月06日"]


def test_a_waiver_by_section_or_paragraph() -> None:
    for place in ({"section": "一"}, {"paragraph": 3}):
        waiver = Waiver("ST17", "原件如此", "张三", date(2025, 12, 20), **place)
        assert check(TEXT, select=["ST17", "ST99"], waivers=[waiver]) == []


def test_an_idle_waiver_is_reported_unless_its_rule_did_not_run() -> None:
    waiver = Waiver("ST01", "原件如此", "张三", date(2025, 12, 20), "XX")
    assert [f.code for f in check(TEXT, select=["ST01", "ST99"], waivers=[waiver])] == ["ST99"]
    assert check(TEXT, select=["ST99"], waivers=[waiver]) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- {code: ST17, excerpt: 甲, name: 张三, date: 2025-12-20}", "waiver-incomplete"),
        ("- {code: ST17, excerpt: 甲, reason: '  ', name: 张三, date: 2025-12-20}", "waiver-incomplete"),
        ("- {code: ST17, excerpt: 甲, reason: 乙, date: 2025-12-20}", "waiver-incomplete"),
        ("- {code: ST17, excerpt: 甲, reason: 乙, name: 张三, date: 昨天}", "waiver-date"),
        ("- {code: ST17, reason: 乙, name: 张三, date: 2025-12-20}", "waiver-placeless"),
        ("- {code: ST17, paragraph: 三, reason: 乙, name: 张三, date: 2025-12-20}", "waiver-paragraph"),
        ("- {code: ST17, because: 乙}", "waiver-key"),
        ("- ST17", "waiver-shape"),
        ("code: ST17", "waivers-unreadable"),
        ("- {", "waivers-unreadable"),
    ],
)
def test_a_waiver_that_is_not_complete_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "a.waivers.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError) as error:
        load_waivers(path)
    assert error.value.code == code
    assert "{" not in str(error.value)


def test_no_file_or_an_empty_one_waives_nothing(tmp_path: Path) -> None:
    assert load_waivers(tmp_path / "missing.yaml") == ()
    (tmp_path / "empty.yaml").write_text("", "utf-8")
    assert load_waivers(tmp_path / "empty.yaml") == ()
