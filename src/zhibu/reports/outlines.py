"""Outlines: data files that say which sections, sentences and claims a report of a certain writer has. Pure."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zhibu.errors import UserError

FOLDER = Path(__file__).parent / "outlines"


@cache
def outlines() -> dict[str, dict[str, Any]]:
    """Every outline by its file's name."""
    return {
        path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for path in sorted(FOLDER.glob("*.yaml"))
    }


def outline_named(name: str) -> dict[str, Any]:
    try:
        return outlines()[name]
    except KeyError:
        raise UserError("no-such-outline", "没有名为“{name}”的提纲。", name=name) from None


def outline_for(kind: str, post: str) -> str:
    """The outline for a writer holding `post` in a body of `kind`. Raises UserError when none fits."""
    for name, outline in outlines().items():
        if kind in outline["for"] and post in outline["posts"]:
            return name
    raise UserError("no-outline", "没有适合这一述职身份的提纲。请先登记述职人在本组织的职务。")
