"""Follow the links of the made-up county as its people, and look at one page of each kind: nothing breaks the policy,
nothing scrolls sideways on a phone, and what screen readers need is there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from tests.web.pages import DESKTOP, PHONE, overflow, watched
from zhibu.demo.build import build_demo
from zhibu.org.models import Account

pytestmark = pytest.mark.browser

START = {
    "shuji": "/ledger/ZB001/",
    "gongwei": "/ledger/GW/below/",
    "dangyuan": "/org/ZB001/",
    "xitong": "/",
    "shenjiyuan": "/",
}

FAULTS = (Path(__file__).parent / "faults.js").read_text(encoding="utf-8")


def kind_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return f"no such page: {address}"


@pytest.fixture
def county(transactional_db):
    build_demo(organizations=6, members=120, seed=1, on=date.today(), progress=lambda done, of: None)


LOOKS = [(username, DESKTOP) for username in START] + [("shuji", PHONE), ("gongwei", PHONE)]


@pytest.mark.parametrize(("username", "size"), LOOKS, ids=[f"{name}-{size['width']}" for name, size in LOOKS])
def test_pages(browser, live_server, county, shots, username, size):
    account = Account.objects.get(username=username)
    faults: dict[str, list[str]] = {}
    with watched(browser, live_server, account, size=size) as page:
        waiting, seen = [START[username]], set()
        while waiting:
            address = waiting.pop(0)
            kind = kind_of(address)
            if kind in seen:
                continue
            seen.add(kind)
            try:
                answer = page.goto(address)
            except Error as answered:
                assert "Download is starting" in str(answered)  # noqa: PT017 (a file, not a page)
                continue
            if not (answer.headers.get("content-type") or "").startswith("text/html"):
                continue
            found = page.evaluate(FAULTS)
            if answer.status != 200:
                found.append(f"status {answer.status}")
            if overflow(page) > 0:
                found.append(f"{overflow(page)} pixels wider than the window")
            if found:
                faults[address] = found
            shots(page, f"{username}_{kind.replace(':', '_')}")
            links = page.eval_on_selector_all(
                "a[href]:not([download])", "all => all.map((a) => a.getAttribute('href'))"
            )
            waiting += [link for link in links if link.startswith("/") and not link.startswith("/static/")]
    assert faults == {}
    assert len(seen) > 3
