"""The booth as a visitor gets it: which scripts a page asks for, and whether they are the sealed ones."""

from __future__ import annotations

import re
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

from zhibu.ballots.canonical import digest
from zhibu.ballots.manifest import Manifest
from zhibu.errors import UserError

LARGEST = 2_000_000
LOCAL = ("localhost", "127.0.0.1", "::1")
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)


def changed_scripts(url: str, manifest: Manifest) -> list[str]:
    """Names of scripts that are not as sealed, that are missing, or that are there in addition; none: all is well.
    UserError when the page cannot be had."""
    page = _get(url).decode("utf-8", "replace")
    found: dict[str, str] = {}
    for attributes, inside in SCRIPT.findall(page):
        source = re.search(r'\bsrc="([^"]+)"', attributes)
        if source is None or inside.strip():
            found["<script>"] = ""
            continue
        address = urljoin(url, source[1])
        # A deployment serves files under a name with its own mark in it: booth.1a2b3c4d5e6f.js
        name = re.sub(r"\.[0-9a-f]{12}(?=\.js$)", "", urlsplit(address).path.rsplit("/", 1)[-1])
        found[name] = digest(_get(address)) if urlsplit(address).netloc == urlsplit(url).netloc else ""
    names = sorted({*found, *manifest.booth})
    return [name for name in names if found.get(name) != manifest.booth.get(name)]


def _get(url: str) -> bytes:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise UserError("booth-address", "投票页的网址应以 https:// 开头：{url}", url=url[:80])
    try:
        with urlopen(Request(url), timeout=20) as answer:  # noqa: S310 (https, or this machine)
            return bytes(answer.read(LARGEST))
    except (URLError, OSError, ValueError) as error:
        raise UserError("booth-unreachable", "打不开“{url}”：{why}。", url=url[:80], why=str(error)[:80]) from error
