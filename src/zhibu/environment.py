"""Typed reading of ZHIBU_* variables. A bad value is refused with a sentence that says which values are good."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from zhibu.errors import UserError

Network = IPv4Network | IPv6Network
YES, NO = ("yes", "1", "true", "on"), ("no", "0", "false", "off")


class Environment:
    def __init__(self, values: Mapping[str, str] = os.environ) -> None:
        self.values = values
        self.choices: dict[str, tuple[str, str]] = {}

    def text(self, name: str, default: str, allowed: str = "任意文字") -> str:
        self.choices[name] = (default, allowed)
        return self.values.get(name, "").strip() or default

    def words(self, name: str, default: str) -> list[str]:
        return self.text(name, default, "以空格分隔的词").split()

    def flag(self, name: str, default: str) -> bool:
        value = self.text(name, default, "yes 或 no").lower()
        if value in YES:
            return True
        if value in NO:
            return False
        raise UserError("bad-setting", "{name} 应为 yes 或 no，现为“{value}”。", name=name, value=value)

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default, " 或 ".join(allowed)).lower()
        if value in allowed:
            return value
        raise UserError(
            "bad-setting",
            "{name} 应为 {allowed}，现为“{value}”。",
            name=name,
            allowed=" 或 ".join(allowed),
            value=value,
        )

    def number(self, name: str, default: str, least: int, most: int) -> int:
        value = self.text(name, default, f"{least}–{most} 的整数")
        if value.isascii() and value.isdigit() and least <= int(value) <= most:
            return int(value)
        raise UserError(
            "bad-setting",
            "{name} 应为 {least} 到 {most} 的整数，现为“{value}”。",
            name=name,
            least=least,
            most=most,
            value=value,
        )

    def time_zone(self, name: str, default: str) -> str:
        value = self.text(name, default, "tz 数据库中的名称")
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError):
            raise UserError(
                "bad-setting", "{name} 应为时区名称，如 Asia/Shanghai，现为“{value}”。", name=name, value=value
            ) from None

    def folder(self, name: str, default: str) -> Path:
        path = Path(self.text(name, default, "可写的文件夹")).absolute()
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UserError(
                "bad-setting", "{name} 指向的文件夹 {path} 无法使用：{why}。", name=name, path=path, why=error.strerror
            ) from error
        return path

    def secret(self, name: str, file: Path) -> str:
        """A secret given, or else made once and kept in `file`, readable by this account only."""
        given = self.text(name, "", "至少 32 个字符；不设则自动生成")
        if given:
            if len(given) < 32:
                raise UserError("bad-setting", "{name} 至少要有 32 个字符。", name=name)
            return given
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if key := file.read_text().strip():
                return key
            # Made, but never written: the disk was full, or the machine went down.
            raise UserError(
                "empty-secret", "密钥文件 {file} 是空的。请删除它再启动，将重新生成；已登录的人须重新登录。", file=file
            ) from None
        with os.fdopen(descriptor, "w") as out:
            key = secrets.token_urlsafe(48)
            out.write(key)
        return key

    def mail(self, name: str) -> dict[str, Any]:
        """Django's EMAIL_ settings for a server to send by; without a host where none is given."""
        url = self.text(name, "", "smtps://用户:口令@主机:465 或 smtp://主机:25")
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        if url and (parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == 0):
            raise UserError("bad-setting", "{name} 应为 smtps://用户:口令@主机:465 或 smtp://主机:25 这样。", name=name)
        secure = parts.scheme == "smtps"
        return {
            "EMAIL_HOST": parts.hostname or "",
            "EMAIL_PORT": port or (465 if secure else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": secure,
            "EMAIL_USE_TLS": port == 587,
            "EMAIL_TIMEOUT": 15,
        }

    def site(self, name: str) -> str:
        """The address people open the workbench at, without a slash at the end; empty where none is given."""
        url = self.text(name, "", "https:// 或 http:// 开头的网址").rstrip("/")
        if url and not (url.startswith(("https://", "http://")) and urlsplit(url).hostname):
            raise UserError(
                "bad-setting", "{name} 应为网址，如 https://zhibu.example.cn，现为“{value}”。", name=name, value=url
            )
        return url

    def networks(self, name: str) -> tuple[Network, ...]:
        """Addresses and networks, separated by spaces."""
        words = self.text(name, "", "以空格分隔的 IP 地址或网段，如 127.0.0.1 10.0.3.0/24").split()
        try:
            return tuple(ip_network(word) for word in words)
        except ValueError:
            raise UserError(
                "bad-setting",
                "{name} 应为以空格分隔的 IP 地址或网段，如 127.0.0.1 10.0.3.0/24，现为“{value}”。",
                name=name,
                value=" ".join(words),
            ) from None

    def live(self, name: str) -> str:
        """Where live updates come from: a path of this site, a port of this machine, or nothing."""
        value = self.text(name, "", "以 / 开头的路径，或 1–65535 的端口")
        port = value.isascii() and value.isdigit() and 1 <= int(value) <= 65535
        if not value or port or (value.startswith("/") and not value.startswith("//")):
            return value
        raise UserError(
            "bad-setting", "{name} 应为以 / 开头的路径，或 1 到 65535 的端口，现为“{value}”。", name=name, value=value
        )

    def database(self, url: str) -> dict[str, Any]:
        self.choices["ZHIBU_DATABASE_URL"] = (
            "sqlite:///<ZHIBU_HOME>/zhibu.sqlite3",
            "sqlite:///路径 或 postgresql://用户:口令@主机:端口/库",
        )
        parts = urlsplit(url)
        if url.startswith("sqlite:///"):
            return {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": url.removeprefix("sqlite:///"),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
                },
            }
        if parts.scheme in ("postgres", "postgresql"):
            try:
                port = parts.port
            except ValueError:
                raise UserError(
                    "bad-setting", "{name} 中的端口应为 1 到 65535 的整数。", name="ZHIBU_DATABASE_URL"
                ) from None
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.lstrip("/"),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": unquote(parts.hostname or ""),
                "PORT": str(port or ""),
                "CONN_MAX_AGE": 60,
            }
        raise UserError(
            "bad-setting",
            "ZHIBU_DATABASE_URL 应以 sqlite:/// 或 postgresql:// 开头，现为“{scheme}://…”。",
            scheme=parts.scheme or url.split(":")[0],
        )
