"""In the browser, as a secretary does it: on a phone, with script and without, alone and two at a time."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.activities.entering import filled
from tests.conftest import PASSWORD
from zhibu.activities.models import Activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(browser, live_server):
    """`open_page(account, path, script=True)` gives a phone-sized page of that account; errors on the page fail."""
    contexts, problems = [], []

    def opened(account, path, script=True):
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=script)
        contexts.append(context)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([session])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def write_meeting(page, cast):
    page.fill("#id_title", "一季度党员大会")
    page.fill("#id_starts", "15:00")
    page.fill("#id_ends", "16:30")
    page.fill("#id_place", "二楼会议室")
    page.select_option("#id_chair", str(cast.members[0].pk))
    page.select_option("#id_recorder", str(cast.members[2].pk))
    page.fill("#id_agenda", "听取一季度工作报告")
    page.fill("#id_minutes", "会议听取报告，温汝舟提出错开汛期值班与学习时间的建议，会议同意。")
    page.fill("#id_f-conclusion", "同意调整二季度学习计划。")


def test_a_meeting_is_recorded_and_corrected_on_a_phone(cast, open_page):
    page = open_page(cast.secretary, "/activities/GW-01/record/general-meeting/?date=2025-03-05")
    write_meeting(page, cast)
    row = page.locator(".roster-row", has_text="蒲云帆")
    assert not row.locator(".roster-reason").is_visible()
    row.get_by_text("请假").click()
    page.locator("#tally", has_text="实到 7").wait_for()
    row.locator(".roster-reason").fill("出差")
    page.get_by_role("button", name="加一条").click()
    page.fill("#id_resolution-0-text", "调整学习计划")
    page.get_by_role("button", name="加一项表决").click()
    assert page.input_value("#id_vote-0-present") == "7"
    page.fill("#id_vote-0-matter", "二季度学习计划")
    page.fill("#id_vote-0-yes", "9")
    page.fill("#id_vote-0-no", "0")
    page.locator(".remark-error", has_text="多于参加表决的7人").wait_for()
    page.fill("#id_vote-0-yes", "7")
    page.check("#id_vote-0-passed")
    page.locator(".remark-error").wait_for(state="detached")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="一季度党员大会").wait_for()

    activity = Activity.objects.get()
    assert (activity.entitled, activity.present, activity.lacks) == (8, 7, [])
    assert activity.votes.get().passed
    assert activity.resolutions.get().text == "调整学习计划"

    page.get_by_role("link", name="更正").click()
    page.fill("#id_place", "三楼会议室")
    page.fill("#id_reason", "地点写错了")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="历次版本").click()
    assert page.locator("del", has_text="二楼会议室").is_visible()
    assert page.locator("ins", has_text="三楼会议室").is_visible()


def test_changing_the_day_changes_the_roster(cast, open_page):
    cast.members[7].statuses.update(since="2025-04-01")
    page = open_page(cast.secretary, "/activities/GW-01/record/general-meeting/?date=2025-04-05")
    assert page.locator(".roster-row").count() == 9
    page.fill("#id_held", "2025-03-05")
    page.locator("#id_held").blur()
    page.locator("#tally", has_text="应到 7").wait_for()
    assert page.locator(".roster-row").count() == 8


def test_without_script_a_meeting_is_recorded(cast, open_page):
    page = open_page(cast.secretary, "/activities/GW-01/record/general-meeting/?date=2025-03-05", script=False)
    page.fill("#id_place", "二楼会议室")
    page.get_by_role("button", name="加一条").click()
    page.fill("#id_resolution-0-text", "调整学习计划")
    page.get_by_role("button", name="保存").click()
    assert page.locator(".remark", has_text="缺项").is_visible()
    page.get_by_role("button", name="仍然保存").click()
    page.get_by_role("heading", name="2025年3月党员大会").wait_for()
    assert Activity.objects.get().place == "二楼会议室"


def test_two_people_at_once_see_both_versions(cast, open_page, as_):
    as_(cast.secretary).post("/activities/GW-01/record/general-meeting/", filled(cast))
    address = f"/activities/GW-01/{Activity.objects.get().pk}/correct/"
    first, second = open_page(cast.secretary, address), open_page(cast.deputy, address)
    for page, place in ((first, "三楼会议室"), (second, "四楼会议室")):
        page.fill("#id_place", place)
        page.fill("#id_reason", "地点写错了")
        page.get_by_role("button", name="保存").click()
    both = second.locator(".conflict")
    assert both.get_by_text("三楼会议室").is_visible()
    assert both.get_by_text("四楼会议室").is_visible()
    assert second.input_value("#id_place") == "四楼会议室"
    second.get_by_role("button", name="保存").click()
    second.get_by_text("四楼会议室").wait_for()
    assert Activity.objects.get().version == 3


def test_the_form_is_filled_in_by_keyboard(cast, open_page):
    page = open_page(cast.secretary, "/activities/GW-01/record/general-meeting/?date=2025-03-05")
    first = page.locator(f"input[name='presence-{cast.members[0].pk}'][value='present']")
    first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(f"input[name='presence-{cast.members[0].pk}'][value='leave']").is_checked()
    page.focus("#id_title")
    page.keyboard.press("Enter")  # looks it over, never saves
    page.locator(".remark").first.wait_for()
    assert not Activity.objects.exists()


def test_text_survives_a_session_that_ends_while_typing(cast, open_page):
    page = open_page(cast.secretary, "/activities/GW-01/record/general-meeting/?date=2025-03-05")
    page.fill("#id_minutes", "写了很久的会议记录，不能丢。")
    page.locator("#id_minutes").blur()
    page.locator(".remark").first.wait_for()  # looked over, which is not saved
    Session.objects.all().delete()
    page.get_by_role("button", name="保存").click()
    page.fill("input[name='username']", "secretary")
    page.fill("input[name='password']", PASSWORD)
    page.locator("main button[type='submit']").click()
    page.get_by_role("button", name="恢复文字").click()
    assert page.input_value("#id_minutes") == "写了很久的会议记录，不能丢。"
