"""The bell in a browser: it counts on its own, follows what is read, and works without script."""

from __future__ import annotations

import pytest

from tests.notices.conftest import AT
from tests.web.pages import DESKTOP, PHONE, overflow, session_of, watched
from zhibu.errors import Sentence
from zhibu.notices.models import Notice
from zhibu.notices.services import tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def told(account, text="党员大会快到期了"):
    tell([account], Sentence("due-soon", text), kind="due", at=AT, url="/org/GW-01/")


def number(page):
    return page.locator("[data-bell-number]").inner_text() if page.locator("[data-bell-count]").is_visible() else ""


def test_without_live_updates_it_asks_once_a_minute(browser, live_server, cast):
    with watched(browser, live_server, cast.secretary) as page:
        page.clock.install()
        page.goto("/help/")
        assert number(page) == ""
        told(cast.secretary)
        page.clock.fast_forward(61_000)
        page.locator("[data-bell-count]").wait_for(state="visible")
        assert number(page) == "1"


def test_with_live_updates_out_of_reach_it_falls_back(browser, live_server, cast, settings):
    settings.LIVE = "/live/"  # nobody answers there, which the browser notes in its console
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(cast.secretary), "url": live_server.url}
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([cookie])
    page = context.new_page()
    page.clock.install()
    with page.expect_response("**/live/notices"):
        page.goto("/help/")
    told(cast.secretary)
    page.clock.fast_forward(61_000)
    page.locator("[data-bell-count]").wait_for(state="visible")
    context.close()


def test_marking_one_read_changes_its_row_and_the_number(browser, live_server, cast):
    told(cast.secretary, "第一件")
    told(cast.secretary, "第二件")
    with watched(browser, live_server, cast.secretary) as page:
        page.goto("/notices/")
        assert number(page) == "2"
        page.locator(".notice").first.get_by_role("button").click()
        page.locator("[data-bell-number]", has_text="1").wait_for()
        assert page.locator(".notice-new").count() == 1
        page.get_by_role("link", name="第一件").click()
        page.wait_for_url("**/org/GW-01/")
        assert number(page) == ""
    assert not Notice.objects.filter(read_at=None).exists()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_without_script_it_counts_and_reads(browser, live_server, cast, size):
    told(cast.secretary)
    with watched(browser, live_server, cast.secretary, size=size, java_script_enabled=False) as page:
        page.goto("/org/GW-01/")
        assert number(page) == "1"
        page.locator(".bell").click()
        assert page.get_by_text("党员大会快到期了").is_visible()
        page.get_by_role("button", name="标为已读", exact=True).click()
        assert number(page) == ""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_scrolls_sideways(browser, live_server, cast, size):
    told(cast.secretary, "长" * 200)
    with watched(browser, live_server, cast.secretary, size=size) as page:
        for address in (
            "/notices/",
            "/notices/channels/",
            "/notices/channels/new/dingtalk/",
            "/notices/sent/",
            "/calendar/",
        ):
            page.goto(address)
            assert overflow(page) <= 0, address
