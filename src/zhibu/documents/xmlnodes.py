"""Looking at XML nodes by local name, so that transitional and strict files read alike."""

from __future__ import annotations

import re
from typing import Any


def tag_of(node: Any) -> str:
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child_of(node: Any, name: str) -> Any | None:
    return next((child for child in node if tag_of(child) == name), None)


def attribute(node: Any, name: str) -> str:
    return next((str(value) for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def value_of(node: Any, name: str) -> str:
    child = child_of(node, name)
    return "" if child is None else attribute(child, "val")


def integer(text: str, default: int = 0) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else default
