"""`zhibu outline` as users and programs call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhibu.checks.structure import structure
from zhibu.cli.main import main

TEXT = """2025年度抓基层党建工作述职报告
云岭县审计局党支部书记　周明远
中共云岭县委县直机关工作委员会：
现将我一年来的情况述职如下。
一、履职情况
（一）抓学习。我主持学习《中国共产党章程》2次，3月5日讲党课。支部现有党员23名，全年召开党员大会4次，收集意见36条，培养3名入党积极分子。
（二）抓队伍。党组研究支部工作2次，满意率92%。
二、存在的问题
一是学习不深。二是会议记录不全。
三、下一步措施
我们2026年每月对账。
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "报告.txt"
    path.write_text(TEXT, "utf-8")
    return path


def test_json_has_every_part_at_its_place(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outline", str(file), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["year"] == 2025
    assert [(each["label"], each["level"], each["kind"]) for each in data["sections"]] == [
        ("一", 1, "performance"),
        ("一（一）", 2, "performance"),
        ("一（二）", 2, "performance"),
        ("二", 1, "problems"),
        ("三", 1, "measures"),
    ]
    assert [(each["text"], each["counts"]) for each in data["figures"]] == [
        ("2次", ""),
        ("23名", "党员"),
        ("4次", "党员大会"),
        ("36条", "意见"),
        ("3名", "入党积极分子"),
        ("2次", ""),
        ("92%", "满意率"),
    ]
    assert [each["title"] for each in data["titles"]] == ["中国共产党章程"]
    assert [each["text"] for each in data["dates"]] == ["2025年度", "3月5日", "2026年"]
    assert [each["who"] for each in data["actors"]] == ["writer", "branch", "party-group", "us"]
    assert [each["number"] for each in data["items"]] == [1, 2]
    for part in ("items", "titles", "figures", "dates", "actors"):
        assert all(TEXT[each["start"] : each["end"]] == each["text"] for each in data[part]), part


def test_text_names_heads_figures_and_actors(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outline", str(file)]) == 0
    out = capsys.readouterr().out
    assert "　　一（一）　抓学习　〔履职情况，" in out
    assert "　23名　党员　〔一（一）〕" in out
    assert "　本人　1句" in out


def test_a_text_without_structure_and_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = tmp_path / "a.txt"
    plain.write_text("只有一句话，没有标题。", "utf-8")
    assert main(["outline", str(plain)]) == 0
    assert "没有认出标题" in capsys.readouterr().out
    assert main(["outline", str(tmp_path / "没有.txt")]) == 2


def test_every_sentence_is_counted_once_at_the_top() -> None:
    data = structure(TEXT)
    assert sum(each["sentences"] for each in data["sections"] if each["level"] == 1) == data["sentences"]
