"""What every page's frame needs, at three queries a page and only when the frame is drawn."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject

from zhibu.http import live_address
from zhibu.notices.queries import unread_count

LISTED = 10
"""Up to so many bodies are listed in the switcher; above that it searches."""


class Bodies:
    """The bodies an account may see: one query, when it is first asked for."""

    def __init__(self, account: Any) -> None:
        self.account = account

    @cached_property
    def _some(self) -> list[Any]:
        from zhibu.org.access import seen_by

        return list(seen_by(self.account, timezone.localdate()).order_by("path")[: LISTED + 1])

    @property
    def first(self) -> list[Any]:
        return self._some[:LISTED]

    @property
    def own(self) -> Any:
        """The body whose links stand on pages about none; nothing for those who look after many."""
        return self._some[0] if self._some and not self.many and not self.account.office else None

    @property
    def many(self) -> bool:
        return len(self._some) > LISTED


def workbench(request: HttpRequest) -> dict[str, object]:
    """Context of every page: account_name, bodies, draft_owner, bell_count, live."""
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return {}
    if not hasattr(request, "_frame"):
        request._frame = {
            "bodies": Bodies(account),
            "account_name": SimpleLazyObject(lambda: str(account)),
            "bell_count": SimpleLazyObject(lambda: unread_count(account)),
            "live": live_address(request),
            "draft_owner": salted_hmac("draft-owner", str(account.pk)).hexdigest()[:24],
        }
    return request._frame
