"""`.zhibu.toml`: found above the document, taken into the check, refused in clear words when it is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhibu.checks import check
from zhibu.checks.settings import load_settings, settings_of
from zhibu.cli.main import main
from zhibu.errors import UserError

TEXT = "2025年度抓基层党建工作述职报告\n一、履职情况\n" + "我召开党员大会4次，推进甲乙丙工程。" * 3 + "\n部暑慢。\n"


def checked(file: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict]:
    main(["check", str(file), "--format", "json", *options])
    return json.loads(capsys.readouterr().out)


def document(folder: Path, toml: str, below: str = "") -> Path:
    (folder / ".zhibu.toml").write_text(toml, "utf-8")
    file = folder / below / "报告.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TEXT, "utf-8")
    return file


def test_the_nearest_settings_above_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    far = document(tmp_path, 'select = ["WO04"]', "2025/机关")
    assert [row["code"] for row in checked(far, capsys)] == ["WO04"]
    (tmp_path / "近").mkdir()
    near = document(tmp_path / "近", 'select = ["ST13"]\n[length]\nlongest = 40\nshortest = 10')
    assert [row["code"] for row in checked(near, capsys)] == ["ST13"]
    assert "多于通常的40字" in checked(near, capsys)[0]["message"]


def test_the_command_line_goes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = document(tmp_path, 'select = ["WO04"]\nignore = ["ST13"]\nyear = 2024')
    assert settings_of(file).year == 2024
    assert checked(file, capsys, "--select", "ST13") == []
    assert {row["code"] for row in checked(file, capsys, "--select", "ST")} & {"WO04", "ST13"} == set()


def test_a_sentence_may_be_longer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = document(tmp_path, 'select = ["WO18"]\n[length]\nsentence = 5')
    assert {row["code"] for row in checked(file, capsys)} == {"WO18"}


def test_words_a_unit_adds_are_found_and_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "用词.yaml").write_text("- {word: 甲乙丙工程, replacement: 丁工程, source: 本单位}\n", "utf-8")
    file = document(tmp_path, 'select = ["WO04"]\n[wording]\nwrong_words = ["用词.yaml"]')
    assert [row["excerpt"] for row in checked(file, capsys)] == ["甲乙丙工程"] * 3 + ["部暑"]
    assert main(["check", str(file), "--fix", "--in-place"]) == 0
    assert file.read_text("utf-8") == TEXT.replace("甲乙丙工程", "丁工程").replace("部暑", "部署")
    assert [finding.excerpt for finding in check(TEXT, select=["WO04"])] == ["部暑"], "only under those settings"


def test_without_settings_nothing_changes(tmp_path: Path) -> None:
    assert settings_of(tmp_path / "报告.txt").file is None


@pytest.mark.parametrize(
    ("toml", "code"),
    [
        ("select = [", "settings-not-toml"),
        ('selects = ["ST"]', "settings-key"),
        ('select = "ST"', "settings-list"),
        ("ignore = [1]", "settings-list"),
        ('ignore = ["ZZ"]', "settings-rule"),
        ('year = "2025"', "settings-number"),
        ("year = 25", "settings-number"),
        ("year = true", "settings-number"),
        ("length = 5", "settings-table"),
        ("[length]\nlong = 5", "settings-key"),
        ("[length]\nlongest = 0", "settings-number"),
        ("[length]\nshortest = 9000", "settings-lengths"),
        ("[length]\nproblems = 101", "settings-number"),
        ('[wording]\nwords = ["a.yaml"]', "settings-key"),
        ('[wording]\nwrong_words = ["没有.yaml"]', "wording-missing"),
        ('[wording]\nwrong_words = ["a.yaml"]', "wording-incomplete"),
        ('[wording]\necho = ["a.yaml"]', "settings-key"),
    ],
)
def test_wrong_settings_are_refused_with_the_file(tmp_path: Path, toml: str, code: str) -> None:
    (tmp_path / "a.yaml").write_text("- {word: 甲}\n", "utf-8")
    file = tmp_path / ".zhibu.toml"
    file.write_text(toml, "utf-8")
    with pytest.raises(UserError) as refused:
        load_settings(file)
    assert refused.value.code == code
    assert str(tmp_path) in str(refused.value)
    assert "{" not in str(refused.value)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("甲: 乙", "wording-unreadable"),
        ("- [", "wording-unreadable"),
        ("- 甲", "wording-shape"),
        ("- {word: 甲, 换成: 乙}", "wording-key"),
        ("- {replacement: 乙}", "wording-word"),
        ("- {word: 5, replacement: 乙}", "wording-word"),
        ("- {pattern: '(', replacement: 乙}", "wording-pattern"),
        ("- {pattern: '甲*', replacement: 乙}", "wording-pattern"),
    ],
)
def test_wrong_words_are_refused_with_their_number(tmp_path: Path, rows: str, code: str) -> None:
    (tmp_path / "a.yaml").write_text(rows + "\n", "utf-8")
    file = tmp_path / ".zhibu.toml"
    file.write_text('[wording]\nwrong_words = ["a.yaml"]', "utf-8")
    with pytest.raises(UserError) as refused:
        load_settings(file)
    assert refused.value.code == code
    assert "a.yaml" in str(refused.value)


def test_wrong_settings_stop_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(document(tmp_path, "year = 1"))]) == 2
    assert "1990 到 2100" in capsys.readouterr().err
