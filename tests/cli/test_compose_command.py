"""`zhibu compose` as it is called: what it writes, what it refuses and with which words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A demo county of one branch in a state folder of its own."""
    home = tmp_path_factory.mktemp("home")
    run(home, "demo", "--organizations", "1")
    return home


def run(home, *words):
    fonts = os.environ.get("ZHIBU_FONTS", str(ROOT / "var" / "fonts"))
    environment = os.environ | {"ZHIBU_HOME": str(home), "ZHIBU_FONTS": fonts}
    for name in ("ZHIBU_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    command = [sys.executable, "-c", "from zhibu.cli.main import main; import sys; sys.exit(main())", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)


def compose(home, out, *more, org="ZB001", year="2025"):
    return run(home, "compose", "--org", org, "--year", year, "--on", "2025-12-22", "--out", str(out), *more)


@pytest.mark.parametrize(("ending", "start"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_writes_a_document(home, tmp_path, ending, start):
    out = tmp_path / "out" / f"report.{ending}"
    done = compose(home, out, "--annex")
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes().startswith(start)
    text = run(home, "text", str(out)).stdout
    assert "抓基层党建工作述职报告" in text
    assert "数据依据" in text


def test_json_has_claims_gaps_and_a_snapshot_the_checker_takes(home, tmp_path):
    out = tmp_path / "report.json"
    done = compose(home, out)
    data = json.loads(out.read_text("utf-8"))
    assert done.returncode == 0
    assert {"blocks", "claims", "gaps", "snapshot"} <= set(data)
    assert all(f"待补：{gap}" in done.stderr for gap in data["gaps"])
    ids = {record["id"] for record in data["snapshot"]["activities"]}
    assert all(set(claim["evidence"]) <= ids for claim in data["claims"].values())
    report = tmp_path / "report.txt"
    report.write_text("2025年度述职报告\n一、履职情况\n全年召开党员大会99次。\n", "utf-8")
    checked = run(home, "check", str(report), "--facts", str(out), "--format", "json")
    assert "FA02" in {finding["code"] for finding in json.loads(checked.stdout)}, checked.stderr


def test_what_is_composed_passes_its_own_check_but_for_gaps(home, tmp_path):
    """Nothing composed may contradict the ledger, miss a part or read like a template."""
    facts, report = tmp_path / "report.json", tmp_path / "report.docx"
    compose(home, facts)
    compose(home, report)
    checked = run(home, "check", str(report), "--facts", str(facts), "--format", "json")
    found = [finding for finding in json.loads(checked.stdout) if "待补" not in finding["excerpt"]]
    assert {finding["code"] for finding in found} <= {"ST13", "FA03"}, found


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"org": "NONE"}, "没有代码为“NONE”的组织"),
        ({"year": "2019"}, "没有活动记录"),
        ({"out": "report.odt"}, "应以 .docx、.pdf 或 .json 结尾"),
        ({"out": "missing.docx/report.docx"}, "无法写入"),
    ],
)
def test_refuses_in_one_sentence_and_writes_nothing(home, tmp_path, more, sentence):
    (tmp_path / "missing.docx").write_text("in the way")
    out = tmp_path / more.pop("out", "report.docx")
    done = compose(home, out, **more)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


@pytest.mark.parametrize("words", [("--year", "0"), ("--year", "今年"), ("--on", "2025-13-01")])
def test_refuses_a_year_or_day_that_is_none(home, tmp_path, words):
    out = tmp_path / "report.docx"
    done = run(home, "compose", "--org", "ZB001", "--year", "2025", "--out", str(out), *words)
    assert (done.returncode, "不能是" in done.stderr, out.exists()) == (2, True, False)


def test_names_the_writer(home, tmp_path):
    done = compose(home, tmp_path / "report.docx", "--writer", "查无此人")
    assert (done.returncode, "没有可以述职的书记或副书记" in done.stderr) == (2, True)
