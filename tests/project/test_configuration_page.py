"""docs/configuration.md lists the settings that are read, and no others."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
LISTED = set(re.findall(r"^\| `(ZHIBU_\w+)`", PAGE, re.MULTILINE))


def test_every_setting_is_listed():
    assert set(settings.CHOICES) - LISTED == set()


def test_every_variable_in_the_code_is_listed_and_every_listed_one_is_read():
    code = "\n".join(
        path.read_text(encoding="utf-8") for folder in ("src", "scripts") for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".sh")
    )  # fmt: skip
    assert set(re.findall(r"\bZHIBU_[A-Z_]+\b", code)) - {"ZHIBU_"} == LISTED
