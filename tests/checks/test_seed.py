"""The bought report of 2020 that the project began with: every finding judged by hand, none missing and none false."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from zhibu.checks import check
from zhibu.documents.read import read_document

BESIDE = Path(__file__).resolve().parents[2] / "../shared/data/seed-report.txt"
SEED = Path(os.environ.get("SEED_REPORT", BESIDE))
EXPECTED = yaml.safe_load(Path(__file__).with_name("seed_findings.yaml").read_text("utf-8"))


@pytest.mark.skipif(not SEED.is_file(), reason="the seed report is not beside this checkout (../shared/data)")
def test_findings_of_the_seed_report() -> None:
    found = check(read_document(SEED).text)
    assert [[f.code, f.section, f.excerpt[: len(row[2])]] for f, row in zip(found, EXPECTED, strict=False)] == EXPECTED
    assert len(found) == len(EXPECTED)
