"""With script: charts are drawn under the strict policy, filters swap a part, a square leads to its cell."""

from datetime import date

import pytest

from tests.ledger.records import hold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(cast, as_, browser, live_server):
    """`open_page(account, path, width)` → a page of the real browser; a complaint in its console fails the test."""
    complaints, contexts = [], []

    def opened(account, path, width=1280):
        context = browser.new_context(viewport={"width": width, "height": 844})
        contexts.append(context)
        session = as_(account).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda one: complaints.append(str(one)))
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def test_the_year_is_drawn_and_leads_to_the_cell(cast, open_page):
    hold(cast, "general-meeting", date(2025, 2, 10))
    page = open_page(cast.secretary, "/ledger/GW-01/2025/")
    page.wait_for_selector(".chart canvas")
    page.click('.square[title^="2025年第一季度"]')
    page.wait_for_url("**/general-meeting/2025-Q1/")
    assert page.inner_text("h1") == "党员大会"


@pytest.mark.parametrize("path", ["/ledger/GW-01/", "/ledger/GW-01/2025/", "/duties/GW-01/branch-work/"])
def test_a_phone_never_scrolls_sideways(cast, open_page, path):
    page = open_page(cast.secretary, path, width=390)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_filter_changes_the_overview_and_the_address(cast, open_page):
    hold(cast, "general-meeting", date(2025, 2, 10), lacks=["记录人"])
    page = open_page(cast.clerk, "/ledger/GW/below/?year=2025")
    page.wait_for_selector(".chart canvas")
    page.select_option("select[name=duty]", "branch-work/general-meeting")
    page.wait_for_url("**duty=branch-work*")
    page.select_option("select[name=status]", "defective")
    page.locator("#overview a[href='/ledger/GW-02/2025/']").wait_for(state="detached")
    assert page.locator("#overview a[href='/ledger/GW-01/2025/']").count() == 1
    page.wait_for_selector(".chart canvas")  # drawn anew in the part that came
    assert "status=defective" in page.url


def test_the_regulation_fetches_how_it_stands(cast, open_page):
    page = open_page(cast.secretary, "/duties/GW-01/branch-work/")
    page.wait_for_selector("#standing ~ *, .squares")
    assert page.locator(".squares").count() >= 1
