"""A year nobody recorded, and an address of another site: answered in words, led nowhere."""

from __future__ import annotations

import json

import pytest

from zhibu.cli.main import main
from zhibu.ledger.models import Snapshot
from zhibu.reports.models import Report


@pytest.mark.parametrize("year", [2015, 2019, 2024])
def test_a_year_without_records_has_pages_and_a_snapshot(cast, as_, year):
    client = as_(cast.secretary)
    assert client.get(f"/ledger/GW-01/{year}/").status_code == 200
    assert client.get(f"/ledger/GW-01/?m={year}-05").status_code == 200
    assert as_(cast.clerk).get(f"/ledger/GW/below/?year={year}").status_code == 200
    as_(cast.secretary).post("/ledger/GW-01/snapshots/", {"year": year, "on": f"{year}-12-22"})
    assert json.loads(Snapshot.objects.get().data)["activities"] == []


def test_a_report_of_a_year_without_records_names_gaps_or_says_why_not(cast, as_):
    answer = as_(cast.secretary).post("/reports/GW-01/new/", {"year": "2015", "writer": "1", "on": "2015-12-22"})
    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_the_command_says_why_it_composes_nothing(cast, tmp_path, capsys):
    out = tmp_path / "a.docx"
    assert main(["compose", "--org", "GW-01", "--year", "2015", "--out", str(out)]) == 2
    assert capsys.readouterr().err.strip().endswith("。")
    assert not out.exists()


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(7)"]
)
def test_no_way_on_leads_to_another_site(cast, as_, client, there):
    for answer in (
        client.post("/language/", {"language": "en", "next": there}),
        as_(cast.secretary).get("/login/", {"next": there}),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/")
        assert "evil" not in answer["Location"]
