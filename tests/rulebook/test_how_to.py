"""The examples of docs/how-to-add-a-regulation.md are files that work."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from zhibu.ledger.cases import run_all
from zhibu.rulebook.regulations import load_regulations
from zhibu.rulebook.shapes import SHAPES

TEXT = (Path(__file__).parents[2] / "docs" / "how-to-add-a-regulation.md").read_text("utf-8")


def test_the_examples_are_a_regulation_whose_cases_hold(tmp_path: Path) -> None:
    regulation, cases = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)
    (tmp_path / "example").mkdir()
    (tmp_path / "example" / "regulation.yaml").write_text(regulation, "utf-8")
    (tmp_path / "example" / "cases.yaml").write_text(cases, "utf-8")
    assert [duty.id for duty in load_regulations(tmp_path)[0].duties] == ["example/general-meeting"]
    outcome = run_all(tmp_path)
    assert (outcome.passed, outcome.failures) == (3, ())


def test_every_shape_and_its_fields_are_named() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)$", TEXT, re.M))
    for key, (shape, _) in SHAPES.items():
        assert all(f"`{field.name}" in rows[key] for field in fields(shape)), key
