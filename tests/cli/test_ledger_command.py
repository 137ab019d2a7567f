"""`zhibu ledger`: the cells as a table, JSON and CSV, of a body or of those below it."""

import csv
import io
import json
from datetime import date

import pytest
from tests.ledger.records import hold

from zhibu.cli.main import COULD_NOT_RUN, main
from zhibu.ledger.snapshots import verify_file


@pytest.fixture
def ledger(cast, capsys):
    """`ledger("--format", "json")` → (exit code, what was printed, what was complained)."""
    hold(cast, "general-meeting", date(2025, 2, 10))

    def run(*options, org="GW-01", year="2025"):
        code = main(["ledger", "--org", org, "--year", year, *options])
        return code, *capsys.readouterr()

    return run


def test_json_cells_have_what_programs_rely_on(ledger):
    code, out, _err = ledger("--on", "2026-01-31", "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert all({"duty", "subject", "period", "status", "reason", "article", "evidence"} <= set(cell) for cell in found)
    meetings = {cell["period"]: cell for cell in found if cell["duty"] == "branch-work/general-meeting"}
    assert [meetings[f"2025-Q{n}"]["status"] for n in (1, 2, 3, 4)] == ["met", "missing", "missing", "missing"]
    assert len(meetings["2025-Q1"]["evidence"]) == 1
    assert {cell["subject"] for cell in found} == {"GW-01"}


def test_a_day_is_asked_for(ledger):
    _code, out, _err = ledger("--on", "2025-04-30", "--format", "json")
    meetings = [cell["status"] for cell in json.loads(out) if cell["duty"] == "branch-work/general-meeting"]
    assert meetings == ["met", "not-yet-due", "not-yet-due", "not-yet-due"]


def test_csv_has_a_row_a_cell(ledger):
    _code, out, _err = ledger("--on", "2025-12-31", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == len(json.loads(ledger("--on", "2025-12-31", "--format", "json")[1]))
    assert rows[0]["status"] == "met"
    assert "党员大会" in rows[0]["reason"]


def test_the_table_is_for_people(ledger):
    _code, out, _err = ledger("--on", "2025-12-31")
    assert "青禾县水文站党支部（GW-01）" in out
    assert "未完成" in out


def test_a_committee_gives_its_own_cells_and_those_below_on_demand(ledger):
    own = json.loads(ledger("--format", "json", org="GW")[1])
    below = json.loads(ledger("--format", "json", "--below", org="GW")[1])
    assert {cell["subject"] for cell in own} <= {"GW"}
    assert {cell["subject"] for cell in below} == {"GW-01", "GW-01-1", "GW-02"}


def test_a_snapshot_is_kept_beside(ledger, tmp_path):
    file = tmp_path / "snapshot.json"
    ledger("--on", "2025-12-31", "--snapshot", str(file))
    assert verify_file(file.read_text("utf-8"))


@pytest.mark.parametrize(
    ("options", "org", "year", "said"),
    [
        ((), "NOPE", "2025", "没有代码为“NOPE”的组织"),
        ((), "GW-01", "25", "年度“25”不对"),
        (("--snapshot", "/no/such/folder/x.json"), "GW-01", "2025", "无法写入"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(ledger, options, org, year, said):
    code, _out, err = ledger(*options, org=org, year=year)
    assert code == COULD_NOT_RUN
    assert said in err
    assert err.count("\n") == 1


def test_a_wrong_date_names_the_right_form(ledger, capsys):
    with pytest.raises(SystemExit) as stopped:
        ledger("--on", "31.12.2025")
    assert stopped.value.code == COULD_NOT_RUN
    assert "2025-12-31" in capsys.readouterr().err
