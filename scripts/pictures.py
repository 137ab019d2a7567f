"""Make the README's pictures (and, with --all, one of every page) from the made-up county, in Debian's Chromium.

    .venv/bin/python scripts/pictures.py [--all FOLDER]

A demo of a fixed day and seed is built in a temporary folder and served on this machine only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
ZHIBU = ROOT / ".venv" / "bin" / "zhibu"
DAY = "2025-12-30"
PASSWORD = "Qinghe-2026"  # noqa: S105 (the demo's)
README = {"month": "/ledger/ZB001/?m=2025-08", "year": "/ledger/ZB001/2025/", "report": "{report}edit/"}
PAGES = {
    "shuji": [
        "/", "/ledger/ZB001/?m=2025-11", "/ledger/ZB001/2025/", "/ledger/ZB001/snapshots/",
        "/ledger/ZB001/2025/branch-work/committee-meeting/2025-02/", "/activities/ZB001/", "/activities/ZB001/kinds/",
        "/activities/ZB001/record/general-meeting/", "/activities/ZB001/1/", "/activities/ZB001/import/",
        "/duties/ZB001/", "/duties/ZB001/branch-work/", "/org/ZB001/", "/org/ZB001/members/", "/org/ZB001/posts/",
        "/org/ZB001/import/", "/org/ZB001/journal/", "/reports/ZB001/", "/reports/ZB001/new/", "{report}",
        "{report}edit/", "{report}check/", "{report}sources/", "{report}versions/", "{report}export/",
        "/corpus/ZB001/", "/corpus/ZB001/add/", "/plans/ZB001/", "/plans/ZB001/month/2025-12/", "/plans/ZB001/new/",
        "/tasks/ZB001/", "/tasks/ZB001/new/", "/rectify/ZB001/", "/rectify/ZB001/2/", "/rectify/ZB001/lists/results/",
        "/notices/", "/notices/channels/", "/notices/sent/",
        "/notices/groups/ZB001/", "/calendar/", "/password/", "/help/", "/check/",
        "/handbook/ZB001/", "/handbook/ZB001/duty/?year=2025",
        "/check/compare/", "/rules/", "/rules/WO04/", "/rules/meaning/",
    ],
    "gongwei": [
        "/", "/ledger/GW/below/", "/org/", "/org/GW/", "/duties/GW/local/", "/duties/GW/local/new/", "/corpus/GW/",
        "/reports/GW/", "/reports/GW/between/2025/", "/reports/ZB003/2/sources/", "/reports/ZB003/2/sources/report-1/",
        "/plans/GW/", "/plans/GW/1/", "/tasks/GW/?whose=given", "/rectify/GW/below/",
        "/review/GW/", "/review/GW/3/", "/review/GW/3/reporters/", "/review/GW/3/12/", "/review/GW/3/12/read/",
        "/review/GW/3/11/sources/",
    ],
    "dangyuan": ["/", "/ledger/ZB001/2025/", "/activities/ZB001/"],
    "xitong": ["/", "/org/accounts/", "/notices/sending/"],
}  # fmt: skip
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}


@contextmanager
def served() -> Iterator[str]:
    """A demo county behind a server of its own; gives its address."""
    home = tempfile.mkdtemp(prefix="zhibu-pictures-")
    environment = os.environ | {"ZHIBU_HOME": home, "ZHIBU_FONTS": str(ROOT / "var" / "fonts")}
    environment.pop("ZHIBU_DATABASE_URL", None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run([ZHIBU, "demo", "--on", DAY], check=True, env=environment)
    server = subprocess.Popen([ZHIBU, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urlopen(address + "/login/", timeout=2)  # noqa: S310 (our own server)
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


def signed_in(browser: Browser, address: str, username: str, size: str) -> Page:
    width, height = SIZES[size]
    page = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN").new_page()
    page.goto(f"{address}/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    return page


def start_report(page: Page, address: str) -> str:
    """The demo's report of the year, drafted as its secretary would; gives its path."""
    page.goto(f"{address}/reports/ZB001/new/")
    page.select_option("[name=year]", DAY[:4])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/edit/")
    return page.url.removeprefix(address).removesuffix("edit/")


def picture(page: Page, address: str, path: str, file: Path, whole: bool) -> None:
    response = page.goto(address + path)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)  # charts draw themselves
    page.screenshot(path=file, full_page=whole)
    if response and response.status != 200:
        print(f"{path}: {response.status}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page, at desktop and phone width")
    options = parser.parse_args()
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        report = start_report(signed_in(browser, address, "shuji", "desktop"), address)
        if options.all:
            options.all.mkdir(parents=True, exist_ok=True)
            for size in SIZES:
                for username, paths in PAGES.items():
                    page = signed_in(browser, address, username, size)
                    for path in paths:
                        name = f"{username}{path.split('?')[0].replace('/', '_')}{size}.png"
                        picture(page, address, path.format(report=report), options.all / name, whole=True)
        else:
            folder = ROOT / "docs" / "pictures"
            folder.mkdir(exist_ok=True)
            page = signed_in(browser, address, "shuji", "desktop")
            for name, path in README.items():
                picture(page, address, path.format(report=report), folder / f"{name}.png", whole=False)


if __name__ == "__main__":
    main()
