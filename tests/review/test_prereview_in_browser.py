"""In a real browser: words that are selected are commented on at their place, and marked from then on."""

from __future__ import annotations

import pytest

from tests.review.seasons import ON, a_cycle, a_leader, entry_of, submitted
from tests.web.pages import PHONE, overflow, watched
from zhibu.review.models import Remark

pytestmark = pytest.mark.browser

SELECT = """(p) => {
  const all = document.createTreeWalker(p, NodeFilter.SHOW_TEXT), range = document.createRange(), node = all.nextNode();
  range.setStart(node, 2);
  range.setEnd(node, 6);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    for name in ("entry_views", "prereview_views", "views"):
        monkeypatch.setattr(f"zhibu.review.{name}.today", lambda: ON)


def test_selected_words_are_commented_on(transactional_db, cast, browser, live_server):
    cycle = a_cycle(cast)
    made, leader = submitted(cast, cycle), a_leader(cast)
    where = f"/review/GW/{cycle.pk}/{entry_of(cycle, cast.branch).pk}/"
    with watched(browser, live_server, leader) as page:
        page.goto(f"{where}read/")
        page.locator("[data-start]").nth(5).evaluate(SELECT)
        page.click("[data-say-here]")
        page.fill("#say-text", "请写具体")
        page.click("button[value=comment]")
        page.wait_for_selector("[data-said]")
        assert page.evaluate("CSS.highlights.get('said').size") == 1
        remark = Remark.objects.get()
        start = int(page.locator("[data-start]").nth(5).get_attribute("data-start"))
        assert (remark.start, remark.end) == (start + 2, start + 6)
        assert remark.excerpt == made.text[start + 2 : start + 6]
    with watched(browser, live_server, leader, size=PHONE) as page:
        for name in ("", "read/", "text/1/", "sources/"):
            page.goto(where + name)
            assert overflow(page) == 0, name
