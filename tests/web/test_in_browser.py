"""The frame in Debian's Chromium: the policy holds, nothing scrolls sideways, the keyboard reaches everything."""

import pytest
from django.contrib.sessions.models import Session

from tests.conftest import _organization
from tests.web.pages import DESKTOP, PHONE, WALL, overflow, watched
from zhibu.web.navigation import ON_A_PHONE, body_tabs

pytestmark = pytest.mark.browser

ANONYMOUS = ["/login/", "/help/", "/no-such-page/"]
MEMBERS = ["/password/", "/bodies/", "/help/", "/bodies/?q=水文", "/no-such-page/"]


@pytest.mark.parametrize("size", [PHONE, DESKTOP, WALL], ids=["phone", "desktop", "wall"])
def test_no_page_breaks_the_policy_or_the_width(browser, live_server, cast, size, shots):
    with watched(browser, live_server, size=size) as page:
        for address in ANONYMOUS:
            page.goto(address)
            shots(page, address)
            assert overflow(page) == 0, address
    with watched(browser, live_server, cast.clerk, size=size) as page:
        for address in MEMBERS:
            page.goto(address)
            shots(page, address)
            assert overflow(page) == 0, address


def test_the_keyboard_reaches_the_text_the_menus_and_out_again(browser, live_server, cast):
    with watched(browser, live_server, cast.member) as page:
        page.goto("/help/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("details.switcher").get_attribute("open") is not None
        page.keyboard.press("Escape")
        assert page.locator("details.switcher").get_attribute("open") is None


def test_the_language_is_switched_and_stays(browser, live_server, cast):
    with watched(browser, live_server, cast.member) as page:
        page.goto("/help/")
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        page.locator("summary", has_text="温汝舟").click()
        page.get_by_role("button", name="English").click()
        page.wait_for_url("**/help/")
        assert page.locator("html").get_attribute("lang") == "en"
        page.goto("/password/")
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").inner_text() == "Change password"


def test_menus_and_log_in_work_without_script(browser, live_server, cast):
    with watched(browser, live_server, cast.member, java_script_enabled=False) as page:
        page.goto("/help/")
        page.locator("summary", has_text="温汝舟").click()
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url("**/login/")
        page.fill("#id_username", "member")
        page.fill("#id_password", "Correct-Horse-7")
        page.locator("button", has_text="登录").click()
        page.goto("/password/")
        assert page.locator("h1").inner_text() == "修改密码"


def test_the_switcher_searches_while_one_types(browser, live_server, cast):
    for number in range(20, 35):
        cast.committee.refresh_from_db()
        _organization(cast.committee, f"GW-{number}", f"第{number}党支部", "branch", recording_since=None)
    with watched(browser, live_server, cast.clerk) as page:
        page.goto("/help/")
        page.locator("details.switcher summary").click()
        page.locator("#body-search").press_sequentially("第34")
        page.locator("#bodies-found", has_text="第34党支部").wait_for()
        assert page.locator("#bodies-found li").count() == 1
        page.locator("#bodies-found a").click()
        page.wait_for_load_state()
        assert "GW-34" in page.url


def test_a_session_that_ended_leads_a_fragment_to_the_log_in_and_back(browser, live_server, cast):
    for number in range(20, 35):
        cast.committee.refresh_from_db()
        _organization(cast.committee, f"GW-{number}", f"第{number}党支部", "branch", recording_since=None)
    with watched(browser, live_server, cast.clerk) as page:
        page.goto("/help/")
        page.locator("details.switcher summary").click()
        Session.objects.all().delete()
        page.locator("#body-search").press_sequentially("第34")
        page.wait_for_url("**/login/?next=/help/**")
        assert page.locator("h1").inner_text() == "登录"


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_on_a_phone_every_link_of_a_body_is_reached_and_the_current_one_shown(browser, live_server, cast, script):
    every = [label for label, *_rest in body_tabs(cast.branch)]
    with watched(browser, live_server, cast.secretary, size=PHONE, java_script_enabled=script) as page:
        page.goto("/ledger/GW-01/")
        bar = page.locator(".tabs-row > li:visible")
        assert [one.strip() for one in bar.all_inner_texts()] == [*every[: ON_A_PHONE - 1], "更多"]
        assert all(one["x"] + one["width"] <= PHONE["width"] for one in (each.bounding_box() for each in bar.all()))
        page.locator(".tab-more summary").click()
        rest = page.locator(".tab-more a:visible")
        assert [one.strip() for one in rest.all_inner_texts()] == every[ON_A_PHONE - 1 :]
        rest.get_by_text("党员", exact=True).click()
        page.wait_for_url("**/org/GW-01/members/")
        assert page.locator(".tabs-row > li:visible > a[aria-current=page]").inner_text().strip() == "党员"
        assert overflow(page) == 0


def test_on_a_desktop_all_links_stand_in_a_row(browser, live_server, cast):
    with watched(browser, live_server, cast.secretary) as page:
        page.goto("/org/GW-01/members/")
        assert page.locator(".tabs-row > li:visible").count() == len(body_tabs(cast.branch))
        assert page.locator(".tab-more").is_hidden()
