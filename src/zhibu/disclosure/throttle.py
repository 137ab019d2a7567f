"""How often one place may write or ask where nobody logs in. Counted in memory and forgotten: no address is kept."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from zhibu.errors import UserError

WINDOW = 3600
"""Seconds."""


def count(what: str, who: str, limit: int) -> None:
    """Raises UserError when `who` did `what` more than `limit` times within the hour."""
    key = "throttle:" + salted_hmac(f"zhibu.disclosure.throttle/{what}", who).hexdigest()[:32]
    cache.add(key, 0, WINDOW)
    try:
        times = cache.incr(key)
    except ValueError:  # it ran out between the two
        return
    if times > limit:
        raise UserError("too-often", "提交得太频繁，请过一个小时再试。")
