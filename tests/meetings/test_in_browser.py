"""Minutes are put aside by themselves while they are written, and two who write are told of each other."""

import pytest

from tests.meetings.test_pages import prepared
from tests.web.pages import PHONE, overflow, watched
from zhibu.meetings.models import Meeting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_minutes_are_put_aside_while_they_are_written(browser, live_server, cast):
    meeting = prepared(cast)
    address = f"/meetings/GW-01/{meeting.pk}/minutes/"
    with watched(browser, live_server, cast.secretary) as page:
        page.goto(address)
        page.fill("[name=minutes]", "第一项：学习文件。")
        page.wait_for_selector("#draft-state >> text=已暂存", timeout=20_000)
        assert Meeting.objects.get().draft["minutes"] == ["第一项：学习文件。"]
        with watched(browser, live_server, cast.deputy, PHONE) as other:
            other.goto(address)
            assert other.input_value("[name=minutes]") == "第一项：学习文件。"
            assert overflow(other) == 0
            other.fill("[name=minutes]", "副书记接着记。")
            other.wait_for_selector("#draft-state >> text=已暂存", timeout=20_000)
        page.fill("[name=minutes]", "书记也接着记。")
        page.wait_for_selector("#draft-state >> text=刚刚也在记录", timeout=20_000)
        assert "副书记接着记。" in page.inner_text("#draft-state")
        assert page.input_value("[name=minutes]") == "书记也接着记。"
        page.click("#draft-state >> text=用我的暂存")
        page.wait_for_load_state("networkidle")
    kept = Meeting.objects.get()
    assert kept.draft["minutes"] == ["书记也接着记。"]
    assert [one["draft"]["minutes"] for one in kept.earlier][-1] == ["副书记接着记。"]
