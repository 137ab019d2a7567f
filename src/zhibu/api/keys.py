"""Who is asking: the token in the Authorization header, and nothing else. No cookie opens the API."""

from __future__ import annotations

import logging

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from zhibu.api.answers import Refusal
from zhibu.org.access import today
from zhibu.org.models import Account, Scope, Token
from zhibu.org.tokens import mark_used, named, opens

FAILURES = 10
"""Wrong tries from one address, for one token or for no known token, before it has to wait; counted in each process."""
WAIT = 15 * 60
READING = ("GET", "HEAD", "OPTIONS")
log = logging.getLogger("zhibu.api")


class Key(HttpBearer):
    """The token, in force today with an account in service; one to read only reads only."""

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        found = named(token)
        tries = f"api-tries:{get_client_ip_address(request)}:{found.key if found else ''}"
        failed = cache.get(tries, 0)
        if failed >= FAILURES:
            raise Refusal(429, "too-many-tries", "用错误的令牌试得太多，请{seconds}秒后再试。", seconds=WAIT)
        if found is None or not opens(found, token, today()):
            cache.set(tries, failed + 1, WAIT)
            log.warning("refused a token: %s", found.key if found else "unknown")
            raise Refusal(401, "token-refused", "访问令牌无效、已过期或已作废，或者账号已停用。")
        if request.method not in READING and found.scope != Scope.WRITE:
            raise Refusal(403, "token-reads-only", "这个访问令牌只能读取。")
        mark_used(found, today())
        return found


def actor(request: HttpRequest) -> Account:
    """Whose token it is: everything is asked and done in this account's name."""
    token: Token = request.auth  # type: ignore[attr-defined]
    return token.account
