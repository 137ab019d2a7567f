"""A report's way in Debian's Chromium: started, written, saved, traced, compared, exported; and what may go wrong."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.reports.year import AT, a_report, a_year
from tests.web.pages import DESKTOP, PHONE, overflow, watched
from zhibu.reports import services
from zhibu.reports.editing import rows_of
from zhibu.reports.models import Report

pytestmark = pytest.mark.browser


def edit(report):
    return reverse("reports:edit", args=[report.organization.code, report.pk])


def block(page, text):
    return page.locator(".rb-rich", has_text=text).first


def saved(page):
    page.locator("#save-state[data-state=saved]").wait_for(timeout=15_000)


def text_of(report):
    report.refresh_from_db()
    return "\n".join(row["text"] for row in report.body["blocks"])


def test_a_report_from_the_first_click_to_the_file(browser, live_server, cast):
    a_year(cast)
    with watched(browser, live_server, cast.secretary, size=DESKTOP) as page:
        page.goto(reverse("reports:index", args=["GW-01"]))
        page.get_by_role("link", name="起草述职报告").click()
        page.select_option("#id_year", "2025")
        page.fill("#id_on", "2025-12-22")
        page.get_by_role("button", name="生成初稿").click()
        page.wait_for_url("**/edit/")
        report = Report.objects.get()

        block(page, "根据会议安排").click()
        page.keyboard.press("End")
        page.keyboard.type("请各位同志批评指正。")
        assert page.locator("#save-state").get_attribute("data-state") in ("dirty", "saving", "saved")
        saved(page)
        assert re.search(r"已保存 \d\d:\d\d", page.locator("#save-state").inner_text())
        assert "述职如下。请各位同志批评指正。" in text_of(report)

        page.locator(".chip:not(.chip-gap)", has_text="3").first.click()
        page.locator("dialog[open]", has_text="第一季度党员大会").wait_for()
        page.get_by_role("button", name="关闭").click()

        services.keep_version(cast.secretary, report, "初稿", at=AT)
        page.locator(".chip-gap").first.click()
        page.keyboard.type("上年度指出三个问题")
        page.keyboard.press("Control+s")
        saved(page)
        assert "整改情况是：上年度指出三个问题" in text_of(report)

        page.get_by_role("link", name="比较", exact=True).click()
        page.locator("ins", has_text="上年度指出三个问题").wait_for()
        page.get_by_role("link", name="导出", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name="下载 Word 文件").click()
        assert download.value.suggested_filename == "2025年度抓基层党建工作述职报告（闻知远）.docx"


def test_a_figure_is_deleted_whole_and_comes_back(browser, live_server, cast):
    report = a_report(cast)
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(edit(report))
        line = block(page, "支部现有党员")
        before = page.locator("#block-5 textarea").input_value()
        line.click()
        page.keyboard.press("Control+Home")
        for _step in range(6):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Delete")
        assert page.locator("#block-5 textarea").input_value() == before.replace("[[c1]]", "", 1)
        page.keyboard.press("Control+z")
        assert page.locator("#block-5 textarea").input_value() == before
        assert line.locator(".chip").first.get_attribute("contenteditable") == "false"


def test_paragraphs_are_split_joined_and_moved_by_keyboard(browser, live_server, cast):
    report = a_report(cast)
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(edit(report))
        block(page, "以上报告，请予评议").click()
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        page.keyboard.type("另起一段。")
        page.keyboard.press("Alt+ArrowUp")
        saved(page)
        assert "另起一段。\n以上报告，请予评议。" in text_of(report)
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+s")
        saved(page)
        block(page, "另起一段").click()
        page.keyboard.press("Home")
        page.keyboard.press("Backspace")
        page.locator("#save-state[data-state=dirty]").wait_for()
        page.keyboard.press("Control+s")
        saved(page)
        assert "以上报告，请予评议。另起一段。" in text_of(report)


def test_a_figure_of_the_palette_goes_where_the_caret_was(browser, live_server, cast):
    report = a_report(cast)
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(edit(report))
        block(page, "以上报告，请予评议").click()
        page.keyboard.press("Home")
        page.get_by_text("插入数据", exact=True).click()
        page.select_option("#palette", "resolutions")
        page.get_by_role("button", name="插入到光标处").click()
        saved(page)
        token = next(number for number, query in _fresh(report).body["claims"].items() if query == "resolutions")
        assert f"[[{token}]]以上报告，请予评议。" in text_of(report)


def _fresh(report):
    report.refresh_from_db()
    return report


PASTE = """() => {
    const data = new DataTransfer();
    data.setData("text/plain", "贴来的话[[c999]]\\n第二段");
    data.setData("text/html", "<b>贴来的话</b>");
    const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(event);
}"""


def test_pasted_text_is_plain_and_quotes_nothing_unknown(browser, live_server, cast):
    report = a_report(cast)
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(edit(report))
        block(page, "以上报告，请予评议").click()
        page.keyboard.press("End")
        page.evaluate(PASTE)
        saved(page)
        assert "请予评议。贴来的话［［c999］］\n第二段" in text_of(report)
        assert page.locator(".rb-rich b").count() == 0


def test_text_survives_a_server_that_does_not_answer(browser, live_server, cast):
    report = a_report(cast)
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(edit(report))
        page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')); }")
        block(page, "根据会议安排").click()
        page.keyboard.press("End")
        page.keyboard.type("断网时写的话。")
        page.locator("#save-state[data-state=failed]").wait_for(timeout=15_000)
        assert "文字保留在本机" in page.locator("#save-state").inner_text()
        page.reload()
        page.get_by_role("button", name="恢复文字").click()
        assert block(page, "断网时写的话。").is_visible()
        saved(page)
        assert "断网时写的话。" in text_of(report)


def test_an_expired_session_is_told_and_loses_nothing(browser, live_server, cast):
    report = a_report(cast)
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(edit(report))
        page.context.clear_cookies(name="sessionid")
        block(page, "根据会议安排").click()
        page.keyboard.press("End")
        page.keyboard.type("过期时写的话。")
        page.locator("#save-state[data-state=expired]").wait_for(timeout=15_000)
        assert "登录已过期" in page.locator("#save-state").inner_text()
        assert "过期时写的话。" in page.evaluate("Object.values(localStorage).join()")


def test_two_writers_see_both_texts(browser, live_server, cast):
    report = a_report(cast)
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(edit(report))
        rows = rows_of(report.body)
        rows[3]["text"] = "副书记写的开头。"
        services.save_report(cast.deputy, report, rows, 1, at=AT)
        block(page, "以上报告，请予评议").click()
        page.keyboard.press("End")
        page.keyboard.type("谢谢。")
        page.locator("#conflicted", has_text="副书记写的开头。").wait_for(timeout=15_000)
        page.get_by_role("button", name="以我的为准").click()
        page.wait_for_url("**/edit/")
        assert "请予评议。谢谢。" in text_of(report)
        assert "副书记写的开头。" in [version.body["blocks"][3]["text"] for version in report.versions.all()]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_page_breaks_the_policy_or_the_width(browser, live_server, cast, size):
    report = a_report(cast)
    services.keep_version(cast.secretary, report, "初稿", at=AT)
    with watched(browser, live_server, cast.secretary, size=size) as page:
        for name in ("edit", "show", "check", "versions", "compare", "exports"):
            page.goto(reverse(f"reports:{name}", args=["GW-01", report.pk]))
            page.wait_for_load_state("networkidle")
            assert overflow(page) == 0, name


def test_editing_works_without_script(browser, live_server, cast):
    report = a_report(cast)
    with watched(browser, live_server, cast.secretary, java_script_enabled=False) as page:
        page.goto(edit(report))
        page.locator("#block-3 textarea").fill("没有脚本也能写。")
        page.get_by_role("button", name="保存", exact=True).click()
        assert "没有脚本也能写。" in text_of(report)
        page.locator("#block-3 button[value=down-3]").click()
        assert [row["text"] for row in _fresh(report).body["blocks"]].index("没有脚本也能写。") == 4
        page.locator(".chip, [data-evidence]").first.wait_for(state="attached")
