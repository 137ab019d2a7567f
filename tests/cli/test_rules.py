"""`zhibu rules`: list, show and test, without Django and without a database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from zhibu.cli.main import main
from zhibu.cli.table import clip, table, width
from zhibu.ledger import cases
from zhibu.rulebook.regulations import all_duties


def test_list_json_has_the_fixed_fields(capsys) -> None:
    assert main(["rules", "list", "--format", "json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert len(rows) == len(all_duties())
    assert rows["branch-work/general-meeting"] == {
        "id": "branch-work/general-meeting",
        "title": "党员大会",
        "subject": "branch",
        "recurrence": "quarter",
        "article": "第十一条",
        "regulation": "中国共产党支部工作条例（试行）",
        "strength": "usually",
        "confidence": "V",
    }


def test_list_table_aligns_wide_characters(capsys) -> None:
    assert main(["rules", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if "/" in line.split(" ")[0]]
    assert len(rows) == len(all_duties())
    start = {width(line[: line.index(word)]) for line in rows for word in ("已核对", "未核对") if line.endswith(word)}
    assert len(start) == 1
    assert "条文未核对" in lines[-1]


def test_show_explains_in_plain_words(capsys) -> None:
    assert main(["rules", "show", "branch-work/general-meeting"]) == 0
    shown = capsys.readouterr().out
    for words in (
        "《中国共产党支部工作条例（试行）》第十一条：“一般每季度召开1次”",
        "一般：",
        "党支部",
        "每季度至少有1次",
    ):
        assert words in shown
    assert "一季度未开党员大会，二季度第一天看欠一次（2025-Q1 未完成" in shown
    assert "注意" not in shown


def test_show_says_clearly_when_an_article_is_not_verified(capsys) -> None:
    for duty in all_duties():
        assert main(["rules", "show", duty.id]) == 0
        assert ("⚠ 注意" in capsys.readouterr().out) == (not duty.verified)


def test_show_json_adds_the_explanation(capsys) -> None:
    assert main(["rules", "show", "general-meeting", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["id"] == "branch-work/general-meeting"
    assert shown["text"] == "一般每季度召开1次"
    assert shown["cases"]


def test_show_of_an_unknown_duty_names_near_ones_and_could_not_run(capsys) -> None:
    assert main(["rules", "show", "branch-work/general-meetin"]) == 2
    assert "branch-work/general-meeting" in capsys.readouterr().err


def test_test_runs_all_cases(capsys) -> None:
    assert main(["rules", "test", "--format", "json"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["passed"] >= 150
    assert (outcome["failed"], outcome["failures"]) == (0, [])


@pytest.fixture
def wrong_case(tmp_path: Path, monkeypatch) -> Path:
    """A regulation whose one case is wrong, in place of the shipped ones."""
    (tmp_path / "test").mkdir()
    duty = "{label: 党课, subject: [branch], text: 每年1次, strength: shall, confidence: M, {shape}}"
    duty = duty.replace("{shape}", "at_least: {per: year, of: [lecture]}")
    head = "title: 试验条例\nissuer: 试验机关\nsource: 试验\nin_force: {from: 2018-10-28}\n"
    (tmp_path / "test" / "regulation.yaml").write_text(f"{head}duties:\n  lecture: {duty}\n", "utf-8")
    case = (
        "- {name: 未上党课却说上了, subject: {founded: 2020-01-01}, on: 2026-01-01, year: 2025, owed: {lecture: 0}}\n"
    )
    (tmp_path / "test" / "cases.yaml").write_text(case, "utf-8")
    monkeypatch.setattr("zhibu.cli.rules.run_all", lambda: cases.run_all(tmp_path))
    return tmp_path


def test_test_exits_with_one_when_a_case_fails(capsys, wrong_case: Path) -> None:
    assert main(["rules", "test", "--format", "json"]) == 1
    outcome = json.loads(capsys.readouterr().out)
    assert (outcome["passed"], outcome["failed"]) == (0, 1)
    assert outcome["failures"][0]["case"] == "未上党课却说上了"
    assert main(["rules", "test"]) == 1
    shown = capsys.readouterr().out
    assert "lecture应欠0项，台账欠1项。" in shown
    assert "0例相符，1例不符。" in shown


def test_test_without_any_case_could_not_run(capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("zhibu.cli.rules.run_all", lambda: cases.run_all(tmp_path))
    assert main(["rules", "test"]) == 2
    assert "没有找到任何事例" in capsys.readouterr().err


def test_rules_load_neither_django_nor_a_database() -> None:
    code = (
        "import sys; from zhibu.cli.main import main; main(['rules', 'list']); "
        "sys.exit(sorted({'django', 'duckdb', 'sqlite3'} & set(sys.modules)) != [])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_width_counts_columns() -> None:
    assert width("支部ab。") == 8
    assert clip("支部工作条例", 12) == "支部工作条例"
    assert clip("支部工作条例", 11) == "支部工作条…"
    assert clip("支部工作条例", 10) == "支部工作…"
    lines = table(("名", "no"), [("支部", 1), ("a", 22)]).splitlines()
    assert lines == ["名    no", "────  ──", "支部  1", "a     22"]
