"""`zhibu check` as users and programs call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from zhibu.cli.main import main

HONEST = Path(__file__).with_name("honest") / "audit_2025.txt"
SNAPSHOT = Path(__file__).with_name("snapshot.json")
BAD = "2020年度抓基层党建工作述职报告\n县委县直机关工委：\n根据安排述职如下。\n"
BAD += "一、履职情况\n😀我XX月XX日召开党员大会9次。\n"
KEYS = [
    "file", "code", "rule", "severity", "section", "paragraph", "start", "end", "excerpt", "message", "why", "fix",
]  # fmt: skip


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "坏报告.txt"
    path.write_text(BAD, "utf-8")
    return path


def test_clean_findings_and_could_not_run(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(HONEST)]) == 0
    assert "没有发现问题" in capsys.readouterr().out
    assert main(["check", str(bad)]) == 1
    assert "ST01 错误 一 第5段：“XX月XX日”" in capsys.readouterr().out
    assert main(["check", str(bad.parent / "missing.txt")]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_one_unreadable_file_does_not_hide_the_others(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(bad.parent / "missing.txt"), str(bad)]) == 2
    out, err = capsys.readouterr()
    assert "ST01" in out
    assert "missing.txt" in err


def test_json_has_the_documented_shape(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(bad), "--format", "json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert rows
    for row in rows:
        assert list(row) == KEYS
        assert BAD[row["start"] : row["end"]] == row["excerpt"]
        assert row["file"] == str(bad)
    assert main(["check", str(HONEST), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_sarif_has_the_shape_of_2_1_0(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(bad), "--format", "sarif"]) == 1
    log = json.loads(capsys.readouterr().out)
    assert (log["version"], log["$schema"].endswith("sarif-2.1.0.json")) == ("2.1.0", True)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "zhibu"
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"].isascii()
        region = place["region"]
        start, end = region["charOffset"], region["charOffset"] + region["charLength"]
        assert BAD[start:end] == region["snippet"]["text"]
        lines = BAD.split("\n")
        if region["startLine"] == region["endLine"]:
            line = lines[region["startLine"] - 1]
            assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == region["snippet"]["text"]


def test_select_ignore_year_and_facts(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def codes(*options: str) -> list[str]:
        main(["check", str(bad), "--format", "json", *options])
        return [row["code"] for row in json.loads(capsys.readouterr().out)]

    assert codes("--select", "ST01,ST16") == ["ST16", "ST01"]
    assert codes("--select", "ST", "--ignore", "ST01") == [code for code in codes("--select", "ST") if code != "ST01"]
    assert codes("--select", "FA02") == []
    assert codes("--select", "FA02", "--facts", str(SNAPSHOT), "--year", "2025") == ["FA02"]
    assert main(["check", str(bad), "--select", "ZZ"]) == 2
    assert main(["check", str(bad), "--facts", str(bad)]) == 2
    with pytest.raises(SystemExit) as left:
        main(["check", str(bad), "--year", "去年"])
    assert left.value.code == 2


def test_a_folder_is_checked_without_its_sidecars(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bad.parent / "下级").mkdir()
    (bad.parent / "下级" / "b.txt").write_text(BAD, "utf-8")
    (bad.parent / "~$坏报告.docx").write_bytes(b"lock")
    (bad.parent / "坏报告.txt.waivers.yaml").write_text(
        "- {code: ST01, excerpt: XX, reason: 样例, name: 张三, date: 2025-12-20}\n", "utf-8"
    )
    assert main(["check", str(bad.parent), "--select", "ST01,ST99"]) == 1
    out = capsys.readouterr().out
    assert "共 2 份文档（1 份没有发现问题），1 处" in out
    assert out.count("ST01 错误") == 1
    (bad.parent / "空").mkdir()
    assert main(["check", str(bad.parent / "空")]) == 2


def test_a_waiver_without_a_reason_stops_the_run(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bad.parent / "坏报告.txt.waivers.yaml").write_text("- {code: ST01, excerpt: XX, name: 张三}\n", "utf-8")
    assert main(["check", str(bad)]) == 2
    assert "理由" in capsys.readouterr().err


def test_list_and_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--list"]) == 0
    assert "FA01  错误  activity-not-in-ledger" in capsys.readouterr().out
    assert main(["check", "--explain", "st01"]) == 0
    assert "不好：" in capsys.readouterr().out
    assert main(["check", "--explain", "ST"]) == 2
    assert main(["check"]) == 2


def test_checking_loads_neither_django_nor_a_database() -> None:
    code = (
        "import sys; from zhibu.cli.main import main; main(['check', sys.argv[1]]);"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('django', 'sqlite3', 'duckdb', 'docx', 'lxml')))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(HONEST)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_colours_only_on_a_terminal(
    bad: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["check", str(bad)])
    assert "\x1b[" not in capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    main(["check", str(bad)])
    assert "\x1b[31mST01 错误\x1b[0m" in capsys.readouterr().out


@pytest.fixture
def folder(bad: Path) -> Path:
    """Thirty documents, one of them unreadable: enough for several processes."""
    season = bad.parent / "season"
    season.mkdir()
    for number in range(28):
        (season / f"{number:02d}.txt").write_text(BAD.replace("9次", f"{number + 1}次"), "utf-8")
    (season / "好.txt").write_bytes(HONEST.read_bytes())
    (season / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    return season


def test_a_summary_has_a_line_a_document_and_totals_by_rule(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--summary", "--select", "ST01,ST16"]) == 2
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == f"{folder}/00.txt：2 处需要看一看（错误 1，提示 1）。"
    assert f"{folder}/好.txt：没有发现问题。" in lines
    assert "共 30 份文档（1 份没有发现问题，1 份没有读成），56 处需要看一看（错误 28，提示 28）。" in lines
    assert lines[-2:] == [
        "  ST01  错误  没有填写的空白：28 处，28 份",
        "  ST16  提示  主送机关没有写全称：28 处，28 份",
    ]
    assert "坏.docx" in err


def test_several_processes_say_what_one_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for jobs in ("1", "2"):
        assert main(["check", str(folder), "--format", "json", "--jobs", jobs]) == 2
        said.append(capsys.readouterr())
    assert said[0] == said[1]
    assert len(json.loads(said[0].out)) > 28
    with pytest.raises(SystemExit):
        main(["check", str(folder), "--jobs", "0"])


def test_progress_shows_on_a_terminal_and_goes_away(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["check", str(folder), "--summary"])
    assert "\r" not in capsys.readouterr().err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    main(["check", str(folder), "--summary"])
    err = capsys.readouterr().err
    assert "\r\x1b[K校核 30/30\r\x1b[K" in err
    assert "\r\x1b[Kzhibu: “坏.docx”" in err
    main(["check", str(HONEST)])
    assert capsys.readouterr().err == "", "one document needs no progress"


def test_an_interruption_ends_the_processes(folder: Path) -> None:
    from zhibu.cli import checking

    results = checking.checked(checking.Job(), sorted(folder.iterdir()), 2)
    next(results)
    results.close()
