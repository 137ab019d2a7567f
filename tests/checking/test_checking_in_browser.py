"""A file dropped in, looked at and taken away; two texts compared on a phone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.corpus.texts import ARCHIVES, HYDROLOGY
from tests.web.pages import PHONE, overflow, watched

pytestmark = pytest.mark.browser

TEXT = f"2025年度述职报告\n认真布署工作，存在存在不足。\n{HYDROLOGY}"


def test_a_file_is_dropped_in_and_its_copy_taken_away(browser, live_server, cast):
    with watched(browser, live_server, cast.member) as page:
        page.goto(reverse("checking:check"))
        page.set_input_files("#id_file", [{"name": "报告.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}])
        page.get_by_role("button", name="校核", exact=True).click()
        page.locator(".note", has_text="应为“部署”").wait_for()
        page.get_by_role("button", name="下一处").click()
        page.locator("[data-now]", has_text="第1处").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="下载带批注的 Word 文件").click()
        assert download.value.suggested_filename == "报告（批注）.docx"
        page.locator(".note-rule", has_text="WO04").click()
        page.locator("h1", has_text="WO04").wait_for()
        assert "布署" not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_two_texts_on_a_phone(browser, live_server, cast):
    with watched(browser, live_server, cast.member, size=PHONE) as page:
        page.goto(reverse("checking:compare"))
        page.fill("#id_first_text", f"{ARCHIVES}\n{HYDROLOGY.replace('四十一', '五十六')}")
        page.fill("#id_second_text", HYDROLOGY)
        page.get_by_role("button", name="对照", exact=True).click()
        page.locator("#r1 .pg-differs", has_text="五十六").wait_for()
        assert overflow(page) == 0


@pytest.mark.parametrize("name", ["check", "compare", "rules", "meaning"])
def test_no_page_is_wider_than_a_phone(browser, live_server, cast, name):
    with watched(browser, live_server, cast.member, size=PHONE) as page:
        page.goto(reverse(f"checking:{name}"))
        page.wait_for_load_state("networkidle")
        assert overflow(page) == 0
