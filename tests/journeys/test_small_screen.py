"""On the way home: what is owed is seen, recorded and found done on a phone, without scrolling sideways."""

from __future__ import annotations

from datetime import date

import pytest

from tests.journeys.clock import calendar
from tests.web.pages import PHONE, overflow, watched
from zhibu.activities.models import Activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_themed_day_is_recorded_on_a_phone(cast, browser, live_server, monkeypatch):
    calendar(monkeypatch)(date(2025, 4, 18))
    with watched(browser, live_server, cast.secretary, size=PHONE, has_touch=True) as page:
        page.goto("/")
        assert overflow(page) <= 0
        line = page.locator(".todo-item", has=page.get_by_role("link", name="主题党日", exact=True)).first
        line.get_by_role("link", name="现在记录").tap()
        page.get_by_role("heading", level=1, name="主题党日").wait_for()
        assert overflow(page) <= 0
        page.get_by_label("名称", exact=True).fill("清理河道")
        page.get_by_label("地点").fill("清溪河段")
        row = page.locator(".roster-row", has_text="纪南乔")
        row.get_by_text("请假").tap()
        row.locator(".roster-reason").fill("值班")
        page.locator("#tally", has_text="实到 7").wait_for()
        page.locator("#id_minutes").fill("分三组清理河道两侧，路听雨讲了取水口的保护要求。")
        page.locator("#id_minutes").blur()
        page.locator(".remark-lacks").filter(has_not_text="活动情况").wait_for()
        page.get_by_role("button", name="仍然保存").tap()
        page.get_by_role("heading", level=1, name="清理河道").wait_for()
        assert overflow(page) <= 0
        page.get_by_text("缺项：").wait_for()
        page.goto("/")
        mended = page.locator(".todo-item", has=page.get_by_role("link", name="主题党日", exact=True)).first
        mended.get_by_text("有缺项").wait_for()
    activity = Activity.objects.get()
    assert (activity.title, activity.attended, activity.held) == ("清理河道", 8, date(2025, 4, 18))
