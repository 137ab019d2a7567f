"""A sentence on its way through the database: kept as template and data, so that each reader has it in his language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhibu.errors import Sentence


def packed(sentence: Sentence) -> dict[str, Any]:
    """The sentence as JSON: {"code", "message", "data"}. Data may be text, numbers, days and further sentences."""
    return {
        "code": sentence.code,
        "message": sentence.message,
        "data": {key: _packed(value) for key, value in sentence.data.items()},
    }


def _packed(value: Any) -> Any:
    if isinstance(value, Sentence):
        return packed(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float | bool) else str(value)


def unpacked(kept: Mapping[str, Any]) -> Sentence:
    """What `packed` kept, as a sentence again."""
    data = {key: unpacked(value) if isinstance(value, dict) else value for key, value in kept["data"].items()}
    return Sentence(kept["code"], kept["message"], **data)
