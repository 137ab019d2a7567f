"""The number on the bell as server-sent events: one small ASGI process for all open pages.

It asks the database once every EVERY seconds for what is new, however many pages listen, and not at all while none
does. Events carry a number and nothing else. A stream ends after LASTS seconds; the browser begins another and is
judged anew, so that a session that has ended hears nothing for longer than that. Listening does not prolong a session.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host

from zhibu.notices.models import Notice
from zhibu.notices.queries import unread_counts

EVERY = 2.0
BREATH = 25.0
"""Seconds after which a silent stream says that it is still there, so that no proxy cuts it off."""
LASTS = 300.0
EACH = 6
"""Streams of one account."""
LATE = 200
"""Notices looked at again behind the newest: a transaction with a smaller number may be committed later."""

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Book(Protocol):
    """What the streams know of the database. Its methods wait: they are called in a thread of their own."""

    def account_of(self, cookie: str) -> int | None: ...
    def news(self) -> set[int]: ...
    def counts(self, accounts: Iterable[int]) -> Mapping[int, int]: ...


class Notices:
    """The Book of the product."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._last = 0

    def account_of(self, cookie: str) -> int | None:
        """The account whose session the cookie is of, if it may still log in. The session is read, not touched."""
        key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
        if not key:
            return None
        request = HttpRequest()
        request.session = SessionStore(key)
        user = get_user(request)
        return user.pk if user.is_authenticated and user.is_active else None

    def news(self) -> set[int]:
        """Accounts told anything since the last call. One query; the first call gives none that matter."""
        rows = list(Notice.objects.filter(pk__gt=self._last - LATE).order_by("-pk").values_list("pk", "account"))
        told = {account for pk, account in rows if account and pk not in self._seen}
        self._last = max((pk for pk, _account in rows), default=self._last)
        self._seen = {pk for pk, _account in rows if pk > self._last - LATE}
        return told

    def counts(self, accounts: Iterable[int]) -> Mapping[int, int]:
        return unread_counts(accounts)


class Live:
    """The ASGI application. `GET …/notices` with a session's cookie is a stream; there is nothing else."""

    def __init__(self, book: Book, most: int) -> None:
        self.book, self.most = book, most
        self.listeners: dict[int, set[asyncio.Queue[int]]] = defaultdict(set)
        self.open: Counter[str] = Counter()
        self._thread = ThreadPoolExecutor(1)  # one thread, one connection to the database
        self._polling: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            await send({"type": f"{event['type']}.complete"})
            if event["type"] == "lifespan.shutdown":
                return

    async def _answer(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] != "GET" or not scope["path"].rstrip("/").endswith("/notices"):
            return await _refuse(send, 404)
        if not is_from_here(headers):
            return await _refuse(send, 403)
        if self.open.total() >= self.most:
            return await _refuse(send, 503)
        self.open["streams"] += 1
        try:
            account = await self._ask(self.book.account_of, headers.get("cookie", ""))
            if account is None:
                return await _refuse(send, 403, allowed=headers.get("origin", ""))
            if len(self.listeners.get(account, ())) >= EACH:
                return await _refuse(send, 503, allowed=headers.get("origin", ""))
            await self._stream(account, headers.get("origin", ""), receive, send)
        except DatabaseError:
            await _refuse(send, 503)
        finally:
            self.open["streams"] -= 1
        return None

    async def _stream(self, account: int, origin: str, receive: Receive, send: Send) -> None:
        news: asyncio.Queue[int] = asyncio.Queue()
        self.listeners[account].add(news)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await self._start_polling()
            news.put_nowait((await self._ask(self.book.counts, [account])).get(account, 0))
            await send({"type": "http.response.start", "status": 200, "headers": _headers(origin)})
            await _say(send, "retry: 5000")
            await self._speak(news, gone, send)
        finally:
            gone.cancel()
            self.listeners[account].discard(news)
            if not self.listeners[account]:
                del self.listeners[account]

    async def _speak(self, news: asyncio.Queue[int], gone: asyncio.Future[None], send: Send) -> None:
        end = asyncio.get_running_loop().time() + LASTS
        while (left := end - asyncio.get_running_loop().time()) > 0:
            heard = asyncio.ensure_future(news.get())
            await asyncio.wait((heard, gone), timeout=min(BREATH, left), return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                heard.cancel()
                return
            if heard.done():
                await _say(send, f"event: unread\ndata: {heard.result()}")
            else:
                heard.cancel()
                await _say(send, ":")
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _start_polling(self) -> None:
        async with self._starting:
            if self._polling is None or self._polling.done():
                await self._ask(self.book.news)  # what is there already is in the first count
                self._polling = asyncio.ensure_future(self._poll())

    async def _poll(self) -> None:
        while self.listeners:
            await asyncio.sleep(EVERY)
            with suppress(DatabaseError):  # away for a moment: the next round asks again
                told = (await self._ask(self.book.news)) & set(self.listeners)
                if told:
                    self._tell(told, await self._ask(self.book.counts, told))

    def _tell(self, told: Iterable[int], counts: Mapping[int, int]) -> None:
        for account in told:
            for news in self.listeners.get(account, ()):
                news.put_nowait(counts.get(account, 0))

    async def _ask(self, question: Callable[..., Any], *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _ask_anew, question, *given)


def _ask_anew(question: Callable[..., Any], *given: Any) -> Any:
    """The connection may have been lost since the last question."""
    close_old_connections()
    return question(*given)


def is_from_here(headers: Mapping[str, str]) -> bool:
    """Asked for by a page of this host, on whatever port; other sites' pages may not listen with a reader's cookie."""
    host = split_domain_port(headers.get("host", ""))[0]
    if not host or not validate_host(host, settings.ALLOWED_HOSTS):
        return False
    origin = headers.get("origin", "")
    named = urlsplit(origin).hostname or ""
    return not origin or (f"[{named}]" if ":" in named else named) == host


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": f"{text}\n\n".encode(), "more_body": True})


async def _refuse(send: Send, status: int, allowed: str = "") -> None:
    headers = [*_allowing(allowed), (b"content-type", b"text/plain"), (b"retry-after", b"60")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _headers(origin: str) -> list[tuple[bytes, bytes]]:
    return [
        *_allowing(origin),
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]


def _allowing(origin: str) -> list[tuple[bytes, bytes]]:
    """Pages of this host on another port may read the answer."""
    if not origin:
        return []
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]
