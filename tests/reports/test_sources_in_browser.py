"""A source beside the report in Debian's Chromium: panes that scroll together, jumps, a phone, a printer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.corpus.texts import ARCHIVES, HONEST, HYDROLOGY, add, new
from tests.reports.seasons import written
from tests.reports.year import a_report
from tests.web.pages import DESKTOP, PHONE, overflow, watched

pytestmark = pytest.mark.browser

FILLER = tuple(
    f"本人在第{n}周到第{n}个点上住了两天，听到的话原样记在本子上，回来在支部会上念了一遍，没有添减。"
    for n in range(1, 25)
)
IN_VIEW = """n => ["a", "b"].map(pane => {
  const box = document.querySelector(`[data-pane=${pane}]`).getBoundingClientRect();
  const mark = document.getElementById(pane + n).getBoundingClientRect();
  return mark.top >= box.top && mark.bottom <= box.bottom;
})"""


@pytest.fixture
def address(cast):
    report = written(cast.secretary, a_report(cast), HYDROLOGY, *FILLER[:12], ARCHIVES, *FILLER[12:], HONEST)
    other = [HYDROLOGY.replace("四十一", "五十六"), "别的话。" * 90, HONEST, "另外的话。" * 120, ARCHIVES]
    (row,) = add(cast.secretary, cast.branch, new("去年的报告", "\n".join(other)))
    return reverse("reports:source", args=["GW-01", report.pk, "text", row.pk])


def test_passages_are_jumped_to_on_both_sides(browser, live_server, cast, address):
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(address)
        page.locator("[data-now]", has_text="第1处，共3处").wait_for()
        assert page.evaluate(IN_VIEW, 1) == [True, True]
        page.get_by_role("button", name="下一处").click()
        page.get_by_role("button", name="下一处").click()
        page.locator("[data-now]", has_text="第3处，共3处").wait_for()
        assert page.evaluate(IN_VIEW, 3) == [True, True]
        assert page.evaluate(IN_VIEW, 1) == [False, False]
        page.get_by_role("button", name="上一处").click()
        assert page.evaluate(IN_VIEW, 2) == [True, True]
        page.locator("[data-pane=a] .pg.now", has_text="档案馆").wait_for()
        assert page.locator(".pair-rows").is_hidden()


def test_panes_scroll_together_unless_told_not_to(browser, live_server, cast, address):
    place = "document.querySelector('[data-pane=b]').scrollTop"
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(address)
        page.locator("[data-pane=a]").hover()
        page.wait_for_timeout(350)
        before = page.evaluate(place)
        page.mouse.wheel(0, 900)
        page.wait_for_function(f"{place} > {before} + 50")
        page.get_by_label("两边一起滚动").uncheck()
        page.wait_for_timeout(350)
        before = page.evaluate(place)
        page.locator("[data-pane=a]").hover()
        page.mouse.wheel(0, -600)
        page.wait_for_timeout(400)
        assert page.evaluate(place) == before


def test_a_phone_shows_passage_after_passage(browser, live_server, cast, address):
    with watched(browser, live_server, cast.secretary, size=PHONE) as page:
        page.goto(address)
        assert overflow(page) == 0
        assert page.locator(".pair-full").is_hidden()
        row = page.locator("#r1")
        boxes = [cell.bounding_box() for cell in row.locator(".pair-cells p").all()]
        assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
        assert row.locator(".pg-differs").all_inner_texts() == ["四十一", "五十六"]
        page.get_by_text("两篇全文").click()
        assert page.locator(".pair-whole p", has_text="另外的话。").is_visible()


def test_paper_shows_the_passages_side_by_side(browser, live_server, cast, address):
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(address)
        page.emulate_media(media="print")
        assert page.locator(".pair-full").is_hidden()
        left, right = (cell.bounding_box() for cell in page.locator("#r1 .pair-cells p").all())
        assert left["y"] == right["y"]
        assert page.pdf().startswith(b"%PDF")


def test_numbers_lead_across_without_script(browser, live_server, cast, address):
    with watched(browser, live_server, cast.secretary, size=DESKTOP, java_script_enabled=False) as page:
        page.goto(address)
        page.locator("#a2 .pg-n").click()
        assert page.url.endswith("#b2")
        assert page.locator("#b2").is_visible()
        assert page.get_by_role("button", name="下一处").is_hidden()
