"""In Chromium: the list narrows while one types; a roster goes in and out again without any script."""

from __future__ import annotations

import pytest

from tests.org.sheets import ROW, people, workbook
from tests.web.pages import watched
from zhibu.org.models import Member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_list_narrows_while_one_types(cast, browser, live_server):
    with watched(browser, live_server, cast.secretary) as page:
        page.goto("/org/GW-01/members/")
        page.get_by_label("姓名或编号").press_sequentially("汝舟")
        page.locator("#rows").get_by_text("闻知远").wait_for(state="detached")
        assert page.locator("#rows").get_by_text("温汝舟").is_visible()
        assert "q=" in page.url


def test_a_roster_goes_in_and_out_without_script(cast, browser, live_server, tmp_path):
    good, bad = tmp_path / "名册.xlsx", tmp_path / "有错.xlsx"
    good.write_bytes(workbook(*people(3)))
    bad.write_bytes(workbook((*ROW[:3], "1990.13", *ROW[4:])))
    with watched(browser, live_server, cast.secretary, java_script_enabled=False) as page:
        page.goto("/org/GW-01/import/")
        page.get_by_label("Excel 文件").set_input_files(bad)
        page.get_by_role("button", name="上传并预览").click()
        page.get_by_text("第2行 出生日期“1990.13”不是日期").wait_for()
        page.get_by_role("link", name="重新上传").click()
        page.get_by_label("Excel 文件").set_input_files(good)
        page.get_by_role("button", name="上传并预览").click()
        page.get_by_role("button", name="确认导入3人").click()
        page.get_by_text("已导入3名党员").wait_for()
        assert Member.objects.filter(organization=cast.branch).count() == 12
        page.get_by_role("link", name="撤销这次导入…").click()
        page.get_by_role("button", name="撤销这次导入").click()
        page.get_by_text("移除了3名党员").wait_for()
        assert Member.objects.filter(organization=cast.branch).count() == 9
