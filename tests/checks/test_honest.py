"""Well-written reports on which the rules that are on by default must keep quiet."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhibu.checks import check

HONEST = sorted(Path(__file__).parent.joinpath("honest").glob("*.txt"))


@pytest.mark.parametrize("path", HONEST, ids=lambda path: path.stem)
def test_no_error_and_no_warning(path: Path) -> None:
    found = check(path.read_text("utf-8"))
    assert [(f.code, f.excerpt) for f in found if f.severity != "info"] == []


def test_there_are_several_kinds_of_honest_reports() -> None:
    assert len(HONEST) >= 3
