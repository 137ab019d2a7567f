"""The examples of docs/python.md run, one after the other, and name every argument there is."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from zhibu.checks import Finding, check
from zhibu.trace import Source, compare

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for number, example in enumerate(EXAMPLES, start=1):
        exec(compile(example, f"docs/python.md, example {number}", "exec"), names)
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("function", [check, compare])
def test_the_page_names_every_argument(function: object) -> None:
    named = re.search(rf"`{function.__name__}\((.*?)\)` ", PAGE, re.DOTALL)
    assert named is not None
    there = re.findall(r"(\w+)=", re.sub(r"\s+", " ", named[1]))
    wanted = [each.name for each in inspect.signature(function).parameters.values() if each.kind is each.KEYWORD_ONLY]
    assert there == wanted


def test_the_fields_are_named() -> None:
    for name in (*Finding.__dataclass_fields__, *Source.__dataclass_fields__):
        assert f"`{name}`" in PAGE, name
