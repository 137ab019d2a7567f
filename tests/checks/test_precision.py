"""No finding that nobody has judged; no rule that cries wolf; and the page says what the data say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.checks import precision
from tests.checks.precision import FLOOR, FLOOR_OF_ALL, Judged, counted, findings_of, judged, key_of, share
from zhibu.checks import all_rules

LOUD = [rule for rule in all_rules() if rule.default and rule.severity in ("error", "warning")]


@pytest.mark.parametrize("text", judged(), ids=lambda text: text.name)
def test_every_finding_was_judged_and_is_still_there(text: Judged) -> None:
    found = Counter(map(key_of, findings_of(text)))
    known = Counter([*text.right, *(key for key, _why in text.wrong)])
    assert found - known == Counter(), "not judged: look at each, and add it to judged.yaml as right or wrong"
    assert known - found == Counter(), "no longer found: take it out of judged.yaml, or list the fault as missed"


def test_every_text_is_judged_and_all_styles_are_there() -> None:
    folders = (precision.HERE / "styles", precision.HERE / "honest")
    assert {text.path for text in judged()} == {path for folder in folders for path in folder.glob("*.txt")}
    styles = " ".join(text.style for text in judged())
    for style in ("concise", "long", "bought", "last year", "padded", "very short", "very long", "township", "school"):
        assert style in styles


@pytest.mark.parametrize("rule", LOUD, ids=lambda rule: rule.code)
def test_no_error_or_warning_cries_wolf(rule: object) -> None:
    right, wrong, _missed = counted()
    code = rule.code  # type: ignore[attr-defined]
    assert share(right[code], wrong[code]) >= FLOOR


def test_all_errors_and_warnings_together() -> None:
    right, wrong, _missed = counted()
    codes = [rule.code for rule in LOUD]
    assert share(sum(right[code] for code in codes), sum(wrong[code] for code in codes)) >= FLOOR_OF_ALL


def test_honest_texts_get_no_error_but_for_their_form() -> None:
    for text in judged():
        if text.style.startswith("honest"):
            errors = [f.code for f in findings_of(text) if f.severity == "error"]
            assert [code for code in errors if not code.startswith("ST")] == [], text.name


def test_the_page_is_current() -> None:
    root = Path(__file__).resolve().parents[2]
    assert (root / "docs" / "precision.md").read_text("utf-8") == precision.page(), (
        "run: python scripts/precision_page.py"
    )
