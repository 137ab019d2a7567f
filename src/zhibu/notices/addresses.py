"""Addresses as people paste them: recognised, checked, and taken apart into what is kept. Pure: no name is looked
up."""

from __future__ import annotations

import base64
import ipaddress
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from zhibu.errors import UserError

ROBOTS = {
    "wecom": r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(?P<token>[A-Za-z0-9_-]{8,80})",
    "dingtalk": r"https://oapi\.dingtalk\.com/robot/send\?access_token=(?P<token>[A-Za-z0-9]{8,100})",
    "feishu": r"https://open\.feishu\.cn/open-apis/bot/v2/hook/(?P<token>[A-Za-z0-9_-]{8,80})/?",
}
"""The whole address each platform shows when a robot is added to a group."""
EXAMPLES = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=…",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/…",
}
EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)


@dataclass(frozen=True, slots=True)
class Address:
    """`secrets` are sealed; `tail` may be shown."""

    secrets: dict[str, str]
    tail: str


def read_address(way: str, text: str, signing: str, internal: Collection[str]) -> Address:
    """What somebody entered for a way of sending. `signing`: DingTalk's 加签 secret; `internal`: hosts of the own
    network that may be written to. UserError says what is wrong."""
    text, signing = text.strip(), signing.strip()
    if way == "email":
        return _email(text)
    if way in ROBOTS:
        return _robot(way, text, signing)
    address = _webhook(text, internal)
    return replace(address, secrets={**address.secrets, "signing": _key(signing)}) if way == "events" else address


def _email(text: str) -> Address:
    if not EMAIL.fullmatch(text):
        raise UserError("email-shape", "这不像一个电子邮件地址，请核对。")
    name, _at, host = text.partition("@")
    return Address({"to": text}, f"{name[0]}…@{host}"[:60])


def _robot(way: str, text: str, signing: str) -> Address:
    found = re.fullmatch(ROBOTS[way], text)
    if found is None:
        raise UserError("robot-shape", "请粘贴机器人的完整地址，形如 {example}", example=EXAMPLES[way])
    if signing and not (way == "dingtalk" and re.fullmatch(r"[A-Za-z0-9]{8,100}", signing)):
        raise UserError("signing-shape", "加签密钥是钉钉机器人安全设置中以 SEC 开头的一串字母和数字，请核对。")
    token = found["token"]
    return Address({"token": token, **({"signing": signing} if signing else {})}, f"…{token[-4:]}")


def _webhook(text: str, internal: Collection[str]) -> Address:
    parts = _parts(text)
    host = (parts.hostname or "").lower()
    if not reachable(text, internal):
        raise UserError(
            "webhook-not-allowed",
            "地址须以 https:// 开头，且不能指向内部网络。确需使用内部地址的，"
            "请系统管理员在 ZHIBU_INTERNAL_HOSTS 中放行。",
        )
    return Address({"url": text}, f"{host[:40]}…{text[-4:]}" if len(text) > len(host) + 14 else host[:60])


def _key(signing: str) -> str:
    """The secret messages are signed with, as Standard Webhooks writes it."""
    try:
        size = len(base64.b64decode(signing.removeprefix("whsec_"), validate=True))
    except ValueError:
        size = 0
    if not signing.startswith("whsec_") or not 24 <= size <= 64:
        raise UserError("signing-shape", "签名密钥以 whsec_ 开头，后面是24到64个字节的 Base64。用页面给出的就可以。")
    return signing


def new_key() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _parts(text: str):  # type: ignore[no-untyped-def]
    wrong = UserError("webhook-shape", "请填写完整的地址，形如 https://example.cn/hook")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise wrong from None
    named = parts.username is not None or parts.password is not None or parts.fragment
    if not parts.hostname or port == 0 or named or len(text) > 1000 or not text.isascii() or re.search(r"\s", text):
        raise wrong
    return parts


def reachable(url: str, internal: Collection[str]) -> bool:
    """Whether the address may be written to by its looks: https, and http to this machine itself where that is
    allowed; a literal address must be public or allowed. What a name leads to is judged when connecting."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme == "http":
        return host in internal and is_loopback(host)
    if parts.scheme != "https" or not host:
        return False
    return host in internal or (host != "localhost" and (literal(host) is None or is_public(host)))


def literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address, where the host is one: also as one number or in octal, which the system's resolver takes too."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if re.fullmatch(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}", host):
        return ipaddress.IPv4Address(0)  # never public
    return None


def is_public(host: str) -> bool:
    from apprise.utils.http import is_public_ip_address

    found = literal(host)
    return found is not None and is_public_ip_address(str(found))


def is_loopback(host: str) -> bool:
    found = literal(host)
    return host == "localhost" or (found is not None and found.is_loopback)
