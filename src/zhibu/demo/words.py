"""The words the made-up county is built from (words.yaml), and a few ways of drawing them."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def words() -> dict[str, Any]:
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


def name(draw: random.Random) -> str:
    """An invented personal name of two or three characters."""
    w = words()
    given = (
        draw.choice(w["given_first"]) + draw.choice(w["given_second"])
        if draw.random() < 0.85
        else draw.choice(w["given_second"])
    )
    return str(draw.choice(w["surnames"])) + str(given)
