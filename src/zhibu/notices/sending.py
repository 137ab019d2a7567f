"""One message out of the house: e-mail through Django, robots and webhooks through Apprise and the guarded door."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from zhibu.errors import Sentence
from zhibu.notices.events import signed

BYTES = {"wecom": 2000, "dingtalk": 18_000, "feishu": 18_000, "webhook": 60_000, "email": 60_000}
"""What a platform takes at most, a little below its own limit."""


def send(way: str, secrets: Mapping[str, str], title: str, body: str) -> Sentence | None:
    """Send; None when the other side took it, else why not. Knows no database: it runs in a thread of its own."""
    if way == "email":
        return _mail(secrets["to"], title, body)
    if way == "events":
        return _events(secrets, title, body)
    return _robot(way, secrets, title, body)


def _events(secrets: Mapping[str, str], key: str, body: str) -> Sentence | None:
    """Events as JSON, signed; `key` stays the same when the message is tried again."""
    from zhibu.notices.door import RequestFailed, listening, post, trouble_of

    headers = signed(secrets["signing"], key, timezone.now(), body)
    with listening() as call, suppress(RequestFailed):  # what went wrong stands in the call
        post(secrets["url"], data=body.encode(), headers={"Content-Type": "application/json", **headers})
    return trouble_of(call)


def _mail(to: str, title: str, body: str) -> Sentence | None:
    if not settings.EMAIL_HOST:
        return Sentence("no-mail-server", "系统没有配置发信服务器，请系统管理员设置 ZHIBU_SMTP。")
    try:
        EmailMessage(title, body, settings.DEFAULT_FROM_EMAIL, [to]).send()
    except smtplib.SMTPRecipientsRefused:
        return Sentence("mail-address-refused", "发信服务器不接受这个邮箱地址，请核对。")
    except smtplib.SMTPAuthenticationError:
        return Sentence("mail-log-in", "发信服务器不接受系统的账号，请系统管理员检查 ZHIBU_SMTP。")
    except smtplib.SMTPResponseException as error:
        return Sentence("mail-refused", "发信服务器没有接受（代码{code}）。", code=error.smtp_code)
    except (smtplib.SMTPException, OSError):
        return Sentence("mail-not-reached", "连不上发信服务器，可能暂时停机。")
    return None


def _robot(way: str, secrets: Mapping[str, str], title: str, body: str) -> Sentence | None:
    from zhibu.notices.door import listening, refused  # Apprise takes a while to load: not for pages

    with listening() as call:
        _plugin(way, secrets).send(body=f"{title}\n{body}" if way == "wecom" else body, title=title)
    if not call.status and call.trouble is None:
        return Sentence("not-reached", "连不上对方，可能暂时停机，也可能服务器不能上网。")
    return refused(call, list(secrets.values()))


def _plugin(way: str, secrets: Mapping[str, str]) -> Any:
    """The plugin for one address. Made from its parts, never from a text: Apprise's addresses carry options."""
    from apprise import AppriseAsset
    from apprise.plugins.custom_json import NotifyJSON
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.feishu import NotifyFeishu
    from apprise.plugins.wecombot import NotifyWeComBot

    asset = AppriseAsset(app_id="Zhibu", app_desc="Zhibu", http_redirects=False, storage_mode="memory")
    if way == "wecom":
        return NotifyWeComBot(key=secrets["token"], asset=asset)
    if way == "dingtalk":
        return NotifyDingTalk(token=secrets["token"], secret=secrets.get("signing"), asset=asset)
    if way == "feishu":
        return NotifyFeishu(token=secrets["token"], asset=asset)
    parts = urlsplit(secrets["url"])
    host = parts.hostname or ""
    return NotifyJSON(
        host=f"[{host}]" if ":" in host else host, port=parts.port, fullpath=parts.path or "/",
        secure=parts.scheme == "https", params=dict(parse_qsl(parts.query, keep_blank_values=True)), asset=asset,
    )  # fmt: skip
