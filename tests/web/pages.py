"""What browser tests share: a page of a logged-in account whose console is watched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
WALL = {"width": 3840, "height": 2160}


def session_of(account: Any) -> str:
    """A session of the account, as logging in makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@contextmanager
def watched(
    browser: Any, server: Any, account: Any = None, size: dict[str, int] = DESKTOP, **options: Any
) -> Iterator[Any]:
    """A page in a context of its own. Leaving it fails when the console told of an error or of a refused style,
    script or address (the policy allows none inline)."""
    context = browser.new_context(viewport=size, base_url=server.url, locale="zh-CN", **options)
    if account is not None:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(account), "url": server.url}])
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    try:
        yield page
        # A refusal (4xx) is an answer, told by the browser and by htmx; the test looks at what the page says of it.
        assert not [line for line in told if not re.search(r"status of 4|Status Error Code 4", line)], told
    finally:
        context.close()


def overflow(page: Any) -> int:
    """Pixels the page is wider than its window; 0 when nothing scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
