"""The digits that prove an e-mail address to be its owner's: computed, kept nowhere."""

from __future__ import annotations

from django.utils.crypto import constant_time_compare, salted_hmac

from zhibu.notices.models import Channel


def code_of(channel: Channel) -> str:
    """Eight digits for this channel and its address: enough that nobody tries them all through the page."""
    digest = salted_hmac("zhibu.notices.code", f"{channel.pk}/{channel.sealed}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 100_000_000:08}"


def is_code_of(channel: Channel, text: str) -> bool:
    return constant_time_compare(code_of(channel), text.strip())
