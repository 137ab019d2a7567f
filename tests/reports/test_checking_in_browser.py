"""Checking in Debian's Chromium: while typing, beside the text, on a phone, without script."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.reports.seasons import written
from tests.reports.year import a_report
from tests.web.pages import PHONE, overflow, watched
from zhibu.reports.models import Report

pytestmark = pytest.mark.browser

FAULTY = "认真布署工作，存在存在一些不足。"


@pytest.fixture
def report(cast):
    return written(cast.secretary, a_report(cast), FAULTY)


NEVER_SAVED = """() => {
  const real = window.fetch;
  window.fetch = (url, options) => String(url).endsWith("/edit/") ? new Promise(() => {}) : real(url, options);
}"""
TOLD = "times => document.querySelector('#panel').textContent.split('应为“部署”').length === times + 1"


def address(name, report):
    return reverse(f"reports:{name}", args=["GW-01", report.pk])


def remark(page, words):
    return page.locator("[data-remark]", has_text=words)


def test_findings_come_while_typing_before_anything_is_saved(browser, live_server, cast, report):
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(address("edit", report))
        remark(page, "应为“部署”").wait_for()
        page.evaluate(NEVER_SAVED)
        page.locator(".rb-rich", has_text="根据会议安排").click()
        page.keyboard.press("End")
        page.keyboard.type("全局同志凝心聚力加强学习，认真布署。")
        page.wait_for_function(TOLD, arg=2)
        assert "认真布署。" not in str(Report.objects.get().body)
        # The paragraph that is written in is lit up in the panel.
        assert "布署" in page.locator(".remark.here").first.inner_text()
        page.keyboard.press("Control+a")
        page.keyboard.type("述职如下。")
        page.wait_for_function(TOLD, arg=1)


def test_the_panel_is_narrowed_and_leads_to_the_words(browser, live_server, cast, report):
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(address("edit", report))
        remark(page, "应为“部署”").wait_for()
        page.select_option("[data-filter]", "WO04")
        assert page.locator("[data-remark]:visible").count() == 1
        page.get_by_role("button", name="下一处").click()
        assert page.evaluate("getSelection().toString()") == "布署"
        # A reason half typed is not lost to a check that comes in meanwhile, and the filter stays.
        remark(page, "应为“部署”").locator("summary").click()
        page.locator("[data-remark]:visible input[name=reason]").fill("引用")
        page.evaluate("document.querySelector('[data-editor]').dispatchEvent(new CustomEvent('report-edited'))")
        page.wait_for_timeout(1500)
        reason = page.locator("[data-remark]:visible input[name=reason]")
        assert reason.input_value() == "引用"
        reason.fill("引用原文如此")
        reason.press("Enter")
        page.locator(".waived", has_text="引用原文如此").wait_for(state="attached")
        assert remark(page, "应为“部署”").count() == 0


PLACE = """() => {
  const field = Array.from(document.querySelectorAll(".rb-rich")).find((one) => one.textContent.includes("布署"));
  const range = document.createRange();
  const at = field.firstChild.data.indexOf("布署");
  range.setStart(field.firstChild, at);
  range.setEnd(field.firstChild, at + 2);
  const box = range.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}"""


def test_clicking_marked_words_shows_the_finding(browser, live_server, cast, report):
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(address("edit", report))
        remark(page, "应为“部署”").wait_for()
        page.locator(".rb-rich", has_text="布署").click()
        page.wait_for_timeout(300)
        page.mouse.click(*page.evaluate(PLACE))
        assert remark(page, "应为“部署”").locator("details").get_attribute("open") is not None


def test_findings_stand_in_the_margin_and_are_jumped_to(browser, live_server, cast, report):
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(address("check", report))
        row = page.locator(".beside-row", has_text=FAULTY)
        text, note = row.locator("p.bt").bounding_box(), row.locator(".note").first.bounding_box()
        assert note["x"] >= text["x"] + text["width"]
        assert abs(note["y"] - text["y"]) < 20
        total = page.locator("[data-note]").count()
        page.locator("[data-now]", has_text=f"共{total}处").wait_for()
        page.select_option("[data-rule]", "WO01")
        page.locator("[data-now]", has_text="共1处").wait_for()
        page.get_by_role("button", name="下一处").click()
        assert page.locator(".mk.now").inner_text() == "存在存在"
        page.select_option("[data-rule]", "")
        page.locator("#show-error").uncheck()
        assert page.locator(".note-error:visible").count() == 0
        assert page.locator(".note-warning:visible").count() > 0


def test_a_finding_is_waived_on_the_page(browser, live_server, cast, report):
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(address("check", report))
        note = page.locator("[data-rule=WO04][data-note]")
        note.get_by_text("保留原文").first.click()
        note.get_by_label("不改的理由").fill("引用原文如此")
        note.get_by_role("button", name="保留原文").click()
        page.locator(".waived", has_text="引用原文如此").wait_for(state="attached")
        assert page.locator("[data-rule=WO04][data-note]").count() == 0
        assert page.locator("[data-step]").first.is_visible()


def test_a_phone_has_the_notes_under_their_paragraph(browser, live_server, cast, report):
    with watched(browser, live_server, cast.secretary, size=PHONE) as page:
        page.goto(address("check", report))
        assert overflow(page) == 0
        row = page.locator(".beside-row", has_text=FAULTY)
        text, note = row.locator("p.bt").bounding_box(), row.locator(".note").first.bounding_box()
        assert note["y"] >= text["y"] + text["height"] - 1
        page.goto(address("edit", report))
        remark(page, "应为“部署”").wait_for()
        page.locator(".rb-rich", has_text="存在存在").click()
        page.locator(".rb-notes", has_text="应为“部署”").wait_for()
        assert overflow(page) == 0


def test_boxes_and_numbers_work_without_script(browser, live_server, cast, report):
    with watched(browser, live_server, cast.secretary, java_script_enabled=False) as page:
        page.goto(address("check", report))
        page.locator("#show-error").uncheck()
        assert page.locator(".note-error:visible").count() == 0
        note = page.locator("[data-rule=WO04][data-note]")
        number = note.locator(".note-n")
        number.click()
        assert page.url.endswith(f"#t{number.inner_text()}")
        page.select_option("#only-rule", "WO04")
        page.get_by_role("button", name="查看").click()
        assert page.locator("[data-note]").count() == 1
