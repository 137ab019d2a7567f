"""The only door to robots and webhooks. It leads to allowed addresses alone, and hears what the other side answers.

Apprise knows the platforms; it speaks through `requests`, follows where it is led, and takes an answer 200 for success.
But WeCom and DingTalk refuse with 200 and a code in the body, and a name may lead into the own network. So each of its
plugins used here is given this door in place of `requests`: a name is resolved once and the address held against the
policy, no redirect is followed, status and body of the answer are kept for the caller, and the whole has an end.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests
from apprise.plugins import custom_json, dingtalk, feishu, wecombot
from apprise.utils.http import (
    ConnectionTracker,
    HTTPPolicy,
    HTTPPolicySession,
    is_public_ip_address,
    read_bounded_response,
    track_connections,
)
from django.conf import settings

from zhibu.errors import Sentence
from zhibu.notices.addresses import is_loopback, reachable

SECONDS = 10
MOST = 64 * 1024
"""Bytes of an answer that are read."""


@dataclass
class Call:
    """What one message met with: `trouble` when there was no answer."""

    status: int = 0
    body: bytes = b""
    trouble: Sentence | None = None


_call: ContextVar[Call | None] = ContextVar("zhibu_call", default=None)


@contextmanager
def listening() -> Iterator[Call]:
    """What is sent meanwhile in this thread is told in the Call."""
    call = Call()
    token = _call.set(call)
    try:
        yield call
    finally:
        _call.reset(token)


class Door:
    """Stands where a plugin expects the module `requests`."""

    codes = requests.codes
    exceptions = requests.exceptions
    RequestException = requests.RequestException

    @classmethod
    def post(cls, url: str, **options: Any) -> requests.Response:
        return cls.request("POST", url, **options)

    @classmethod
    def request(cls, method: str, url: str, **options: Any) -> requests.Response:
        call = _call.get() or Call()
        options |= {"timeout": (SECONDS / 2, SECONDS), "allow_redirects": False, "stream": True}
        end = time.monotonic() + 2 * SECONDS  # for those who answer a byte at a time
        try:
            with HTTPPolicySession(_policy(url)) as session, track_connections(ConnectionTracker(), end):
                answer = session.request(method, url, **options)
                call.status = answer.status_code
                call.body = read_bounded_response(answer, MOST) or b""
        except requests.RequestException as error:
            late = time.monotonic() >= end
            call.trouble = in_words(requests.exceptions.Timeout() if late else error)
            raise
        answer._content = call.body  # the plugin reads `content`, which is consumed
        return answer


for _plugin in (custom_json, dingtalk, feishu, wecombot):
    _plugin.requests = Door


RequestFailed = requests.RequestException
post = Door.post


def _policy(url: str) -> HTTPPolicy:
    internal = settings.INTERNAL_HOSTS
    host = (requests.utils.urlparse(url).hostname or "").lower()
    allowed = host in internal

    def may(address: str) -> bool:
        return allowed if is_loopback(address) or not is_public_ip_address(address) else True

    return HTTPPolicy(url_filter=lambda one: reachable(one, internal), address_filter=may, resolve_timeout=SECONDS / 2)


def in_words(error: requests.RequestException) -> Sentence:
    """Why there was no answer. The address itself is a secret and not named."""
    text = str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return Sentence("certificate", "对方的安全证书没有通过检查。")
    if isinstance(error, requests.exceptions.InvalidURL) or "passed the outbound HTTP policy" in text:
        return Sentence("not-allowed", "这个地址指向内部网络，没有放行，请系统管理员检查 ZHIBU_INTERNAL_HOSTS。")
    if isinstance(error, requests.exceptions.Timeout):
        return Sentence("no-answer", "对方在{seconds}秒内没有答复。", seconds=SECONDS)
    if "resolve" in text.lower():
        return Sentence("no-such-host", "查不到对方的地址，请核对地址，或检查服务器能否上网。")
    return Sentence("not-reached", "连不上对方，可能暂时停机，也可能服务器不能上网。")


def trouble_of(call: Call) -> Sentence | None:
    """Why there was no answer, or what is wrong with its status."""
    if call.trouble:
        return call.trouble
    if 300 <= call.status < 400:
        return Sentence("redirected", "对方要求转到另一个地址，为安全起见没有跟随，请填写最终的地址。")
    if not 200 <= call.status < 300:
        return Sentence("bad-status", "对方答复出错（状态码{status}）。", status=call.status)
    return None


def refused(call: Call, secrets: Iterator[str] | list[str]) -> Sentence | None:
    """What the other side's answer says against the message; None when it took it."""
    if trouble := trouble_of(call):
        return trouble
    try:
        told = json.loads(call.body)
    except ValueError:
        return None
    code = (told.get("errcode") or told.get("code")) if isinstance(told, dict) else None
    if code in (None, 0, "0"):
        return None
    reason = str(told.get("errmsg") or told.get("msg") or "")
    for secret in secrets:
        reason = reason.replace(secret, "…")
    reason = "".join(sign for sign in reason if sign.isprintable())[:100]
    return Sentence(
        "robot-refused", "机器人没有接受：{reason}（代码{code}）。", reason=reason or "—", code=str(code)[:20]
    )
