"""One spelling for everything that is hashed or signed: JSON without spaces, keys sorted; bytes as base64url."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from zhibu.errors import UserError


def canonical(value: Any) -> bytes:
    """The one JSON text of a value, in UTF-8."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def parsed(data: bytes | str) -> Any:
    """Strict JSON. UserError `bad-json` for anything else, a name said twice, NaN, or far too deep a nesting."""
    try:
        return json.loads(data, object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise UserError("bad-json", "数据不是规范的 JSON，没有收下。") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name said twice")
    return found


def _refused(constant: str) -> Any:
    raise ValueError(constant)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def text_of(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(text: object) -> bytes | None:
    """The bytes a text stands for; None unless it is the one spelling `text_of` gives them."""
    if not isinstance(text, str) or not text.isascii():
        return None
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return data if text_of(data) == text else None
