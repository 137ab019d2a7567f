"""Who is asking: the token in the Authorization header, and nothing else. No cookie opens the API."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.http import HttpRequest
from ninja.security import HttpBearer

from zhibu.api.answers import Refusal
from zhibu.org.access import today
from zhibu.org.models import Account, Scope, Token
from zhibu.org.throttle import count, tried
from zhibu.org.tokens import mark_used, named, opens

FAILURES = 10
"""Wrong tries from one address, for one token or for no known token, before it has to wait."""
WAIT = timedelta(minutes=15)
READING = ("GET", "HEAD", "OPTIONS")
log = logging.getLogger("zhibu.api")


class Key(HttpBearer):
    """The token, in force today with an account in service; one to read only reads only."""

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        found = named(token)
        who = f"{request.META.get('REMOTE_ADDR', '')} {found.key if found else ''}"
        if tried("token", who) >= FAILURES:
            seconds = int(WAIT.total_seconds())
            raise Refusal(429, "too-many-tries", "用错误的令牌试得太多，请{seconds}秒后再试。", seconds=seconds)
        if found is None or not opens(found, token, today()):
            count("token", who, WAIT)
            log.warning("refused a token: %s", found.key if found else "unknown")
            raise Refusal(401, "token-refused", "访问令牌无效、已过期或已作废，或者账号已停用。")
        if request.method not in READING and found.scope != Scope.WRITE:
            raise Refusal(403, "token-reads-only", "这个访问令牌只能读取。")
        mark_used(found, today())
        return found


def actor(request: HttpRequest) -> Account:
    """Whose token it is: everything is asked and done in this account's name, and the journal tells of the token."""
    token: Token = request.auth  # type: ignore[attr-defined]
    token.account.token = token
    return token.account
