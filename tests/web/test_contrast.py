"""Text stands out from its ground by at least 4.5 to 1 (WCAG 2.2, 1.4.3), computed from the style sheet's variables."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "src/zhibu/web/static/web/zhibu.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--z-([\w-]+):\s*(#[0-9a-f]{6})", CSS))
STATUSES = ["met", "late", "defective", "missing", "not-yet-due", "exempt", "unknown", "info"]
PAIRS = [
    ("ink", "paper"), ("ink", "ground"), ("ink", "red-tint"), ("grey", "paper"), ("grey", "ground"), ("red", "paper"),
    ("red", "ground"), ("red-deep", "paper"), ("red-deep", "red-tint"), ("paper", "red"), ("paper", "red-deep"),
    *[(name, f"{name}-tint") for name in STATUSES], *[(name, "paper") for name in STATUSES],
    *[("ink", f"{name}-tint") for name in STATUSES],
]  # fmt: skip


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out(text, ground):
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


def test_every_colour_is_looked_at():
    assert set(COLOURS) - {"line"} == {name for pair in PAIRS for name in pair}
