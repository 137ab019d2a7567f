"""A browser that runs no script: logging in, recording, writing the report in plain fields, checking and exporting."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import PASSWORD
from tests.journeys.clock import calendar
from tests.reports.year import a_year
from tests.web.pages import watched
from zhibu.activities.models import Activity
from zhibu.reports.models import Report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_recording_and_reporting_need_no_script(cast, browser, live_server, monkeypatch):
    calendar(monkeypatch)(date(2025, 12, 22))
    a_year(cast)
    with watched(browser, live_server, java_script_enabled=False) as page:
        log_in(page)
        record_a_committee_meeting(page)
        write_the_report(page)


def log_in(page):
    page.goto("/")
    page.get_by_label("账号").fill("secretary")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", level=1, name="2025年12月").wait_for()


def record_a_committee_meeting(page):
    line = page.locator(".todo-item", has=page.get_by_role("link", name="支委会会议", exact=True)).first
    line.get_by_role("link", name="现在记录").click()
    page.get_by_label("名称", exact=True).fill("12月支委会")
    page.locator(".roster-row", has_text="蒲云帆").get_by_text("请假").click()
    page.get_by_role("button", name="加一条").click()
    page.locator("#id_resolution-0-text").fill("公示党费收缴情况")
    page.get_by_role("button", name="保存", exact=True).click()
    page.locator(".remark-lacks").wait_for()
    assert page.locator("#id_resolution-0-text").input_value() == "公示党费收缴情况"
    page.get_by_role("button", name="仍然保存").click()
    page.get_by_role("heading", level=1, name="12月支委会").wait_for()
    assert Activity.objects.get(kind="committee-meeting").present == 4


def write_the_report(page):
    page.goto("/reports/GW-01/new/")
    page.get_by_label("年度").select_option("2025")
    page.get_by_role("button", name="生成初稿").click()
    report = Report.objects.get()
    area = page.locator("textarea[name=text]", has_text="以上报告，请予评议").first
    area.fill("全年召开党员大会9次。以上报告，请予评议。")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存。").wait_for()
    page.get_by_role("link", name="校核", exact=True).first.click()
    page.get_by_text("台账是3").wait_for()
    page.get_by_role("link", name="导出", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Word 文件").click()
    assert download.value.path().stat().st_size > 5000
    report.refresh_from_db()
    assert "全年召开党员大会9次。" in report.body["blocks"][-3]["text"]
