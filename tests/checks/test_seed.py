"""The bought report of 2020 that the project began with: every finding judged by hand, none missing and none false."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checks.seed import SEED
from zhibu.checks import Finding, all_rules, check
from zhibu.documents.read import read_document

EXPECTED = yaml.safe_load(Path(__file__).with_name("seed_findings.yaml").read_text("utf-8"))


@cache
def seed_findings() -> list[Finding]:
    return check(read_document(SEED).text)


@pytest.mark.skipif(not SEED.is_file(), reason="the seed report is not beside this checkout (../shared/data)")
def test_findings_of_the_seed_report() -> None:
    found = seed_findings()
    assert [[f.code, f.section, f.excerpt[: len(row[2])]] for f, row in zip(found, EXPECTED, strict=False)] == EXPECTED
    assert len(found) == len(EXPECTED)


DEFECTS = yaml.safe_load(Path(__file__).with_name("seed_defects.yaml").read_text("utf-8"))


@pytest.mark.parametrize("row", DEFECTS, ids=lambda row: f"{row['place']} {row['defect'][:30]}")
def test_each_known_defect_is_found_or_left_to_a_person(row: dict[str, Any]) -> None:
    assert ("found" in row) != ("reviewer" in row)
    if not SEED.is_file():
        pytest.skip("the seed report is not beside this checkout (../shared/data)")
    there = Counter((f.code, f.section, f.excerpt) for f in seed_findings())
    for code, section, words in row.get("found", ()):
        match = next((key for key in there.elements() if key[:2] == (code, section) and words in key[2]), None)
        assert match is not None, (code, section, words)
        there[match] -= 1


def test_most_defects_are_found_by_a_rule() -> None:
    assert sum("found" in row for row in DEFECTS) > 0.8 * len(DEFECTS)


def test_every_row_of_the_catalogue_is_covered_or_left_to_a_person() -> None:
    rows = yaml.safe_load(Path(__file__).with_name("catalogue.yaml").read_text("utf-8"))
    codes = {rule.code for rule in all_rules()}
    for name, row in rows.items():
        assert ("rules" in row) or ("reviewer" in row), name
        assert set(row.get("rules", ())) <= codes, name
