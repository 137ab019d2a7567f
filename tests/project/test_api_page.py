"""docs/api.md tells of every address and every shape as they are."""

from __future__ import annotations

import re
from pathlib import Path

from zhibu.api.reference import HEAD, reference
from zhibu.api.urls import document

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_reference_is_of_today():
    _by_hand, head, rest = PAGE.partition(HEAD)
    assert head + rest == reference(document()), "run: python scripts/api_page.py"


def test_addresses_in_the_text_are_there():
    known = {address.removeprefix("/api/v1") for address in document()["paths"]} | {"/openapi.json"}
    told = set(re.findall(r"/api/v1(/[\w{}/.-]+)", PAGE.partition(HEAD)[0]))
    patterns = [re.sub(r"\{\w+\}", "[^/]+", one).replace(".", r"\.") for one in known]
    assert told
    assert [one for one in told if not any(re.fullmatch(pattern, one) for pattern in patterns)] == []
