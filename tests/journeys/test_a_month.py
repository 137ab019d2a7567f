"""One month by four roles: planned, published, done, followed up, settled; each is told and shown what is theirs."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.conftest import _account
from tests.journeys.clock import calendar
from tests.web.pages import watched
from zhibu.activities.models import Activity
from zhibu.disclosure.models import Publication
from zhibu.documents.read import read_document
from zhibu.duties.models import Origin
from zhibu.meetings.models import Meeting
from zhibu.notices.models import Notice
from zhibu.tasks.models import State, Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = "/plans/GW-01/month/2025-04/"
MEETING = "3月支委会（研究4月计划）"
VISIT = "走访上游三个村的取水户"
RESOLVED = "整理四月党课讲稿"
LEFT = "修订党员联系群众名单"
ORDERED = "报送汛期党员值班安排"
SAID = "主题党日少念文件，多到现场看一看。"
UNSIGNED = "活动室的灯坏了两盏。"


@pytest.fixture
def turn(monkeypatch):
    return calendar(monkeypatch)


@pytest.fixture
def person(browser, live_server):
    return lambda account=None, **options: watched(browser, live_server, account, **options)


def heading(page, text):
    page.get_by_role("heading", level=1, name=text).wait_for()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def refused(page, *paths, status=404):
    for path in paths:
        assert page.goto(path).status == status, path


def told(page):
    """What the bell's page lists."""
    page.goto("/notices/")
    heading(page, "提醒")
    return page.locator("#main").inner_text()


# --- the month before: a plan is made from what is owed, and a meeting prepared ---------------------------------------


def the_plan_is_proposed_and_edited(page):
    page.goto("/plans/GW-01/")
    page.locator(".todo-item", has_text="2025年4月").get_by_role("button", name="拟计划").click()
    heading(page, "2025年4月工作计划")
    texts = items(page)
    assert {"支委会会议", "主题党日"} <= set(texts)
    blank = page.locator(".plan-row").nth(texts.index(""))
    blank.get_by_label("事项").fill(VISIT)
    blank.get_by_label("时限").fill("2025-05-18")
    blank.get_by_label("责任人").select_option(label="温汝舟")
    press(page, "保存")
    page.get_by_text(f"“{VISIT}”的时限2025-05-18不在这个月里").wait_for()
    page.locator(".plan-row").nth(texts.index("")).get_by_label("时限").fill("2025-04-18")
    press(page, "保存")
    page.get_by_text("已保存。").wait_for()


def items(page):
    """What the table of a draft plan says, row by row."""
    return [field.input_value() for field in page.locator(".plan-row [name$=-text]").all()]


def a_committee_meeting_is_prepared(page):
    page.goto("/meetings/GW-01/")
    page.get_by_label("准备一次").select_option("committee-meeting")
    press(page, "开始准备")
    page.get_by_label("名称").fill(MEETING)
    page.get_by_label("日期").fill("2025-03-26")
    page.get_by_label("开始").fill("09:00")
    page.get_by_label("结束").fill("10:00")
    page.get_by_label("地点").fill("二楼会议室")
    page.get_by_label("主持人").select_option(label="闻知远")
    page.get_by_label("记录人").select_option(label="岑若溪")
    page.get_by_label("议题").fill("研究4月工作计划\n研究党课安排")
    press(page, "保存")
    heading(page, MEETING)
    page.get_by_text("通知5人").wait_for()


def a_draft_is_nobody_elses_business(page):
    page.goto(PLAN)
    page.get_by_text("这个月没有计划").wait_for()
    assert VISIT not in page.locator("#main").inner_text()
    meeting = Meeting.objects.get()
    refused(page, f"/meetings/GW-01/{meeting.pk}/")
    refused(page, f"/meetings/GW-01/{meeting.pk}/minutes/", "/disclosure/GW-01/new/", status=403)
    assert MEETING not in told(page)


# --- the meeting ------------------------------------------------------------------------------------------------------


def the_recorder_writes_while_it_runs(page):
    assert f"请参加“{MEETING}”：2025年3月26日 二楼会议室" in told(page)
    page.locator(".notice-list").get_by_role("link", name=re.compile(re.escape(MEETING))).click()
    heading(page, MEETING)
    page.get_by_role("link", name="开始记录").click()
    page.locator("#id_minutes").fill("会议逐项讨论了4月工作计划，桑以宁建议先走访取水户。")
    press(page, "暂存")
    page.get_by_text("已暂存。").wait_for()
    assert not Activity.objects.exists()


def the_recorder_makes_it_a_record(page):
    assert "桑以宁建议先走访取水户" in page.locator("#id_minutes").input_value()
    page.locator("#id_minutes").press("End")
    page.locator("#id_f-conclusion").fill("通过4月工作计划。")
    resolve(page, 0, RESOLVED, "温汝舟", "2025-04-11")
    press(page, "＋ 加一条")
    page.locator("#id_resolution-1-text").wait_for()
    resolve(page, 1, LEFT, "蒲云帆", "2025-04-20")
    page.get_by_role("button", name=re.compile("^(仍然)?保存$")).click()
    heading(page, MEETING)
    page.get_by_role("button", name="我已看过，确认").click()
    page.get_by_text("岑若溪 2025-03-26").wait_for()


def resolve(page, number, text, owner, due):
    if not page.locator(f"#id_resolution-{number}-text").count():
        press(page, "＋ 加一条")
    page.locator(f"#id_resolution-{number}-text").fill(text)
    page.locator(f"#id_resolution-{number}-owner").select_option(label=owner)
    page.locator(f"#id_resolution-{number}-due").fill(due)


def the_meeting_approves_the_plan(page):
    page.goto(PLAN)
    page.get_by_label("在哪次会议上通过").select_option(str(Activity.objects.get().pk))
    press(page, "通过")
    page.get_by_text("计划已生效").wait_for()
    page.locator(".lead-line").get_by_role("link", name=MEETING).click()
    heading(page, MEETING)
    page.get_by_text(RESOLVED).first.wait_for()


# --- published by three, seen by all whom it concerns -----------------------------------------------------------------


def the_public_page_is_opened(page):
    page.goto("/disclosure/GW-01/ways/")
    page.get_by_role("button", name=re.compile("打开|开放|开启")).first.click()


def one_proposes(page):
    page.goto(PLAN)
    page.get_by_role("link", name="公开这份计划").click()
    heading(page, "月工作计划")
    assert VISIT in page.get_by_label("正文").input_value()
    page.get_by_label(re.compile("不登录也能看到")).check()
    press(page, "保存并提出")
    page.get_by_text("已提出，等待审核。").wait_for()
    assert page.get_by_role("button", name="审核通过").count() == 0


def another_reviews(page):
    assert "等您审核" in told(page)
    page.goto(f"/disclosure/GW-01/{Publication.objects.get().pk}/")
    press(page, "审核通过")
    page.get_by_text("由其他人审批").first.wait_for()
    assert page.get_by_role("button", name="批准公开").count() == 0


def a_third_approves(page):
    assert "等您审批" in told(page)
    page.goto(f"/disclosure/GW-01/{Publication.objects.get().pk}/")
    press(page, "批准公开")
    page.get_by_text("公开中").first.wait_for()


def everybody_reads_the_plan_and_nothing_else(page):
    page.goto("/public/GW-01/")
    page.get_by_role("link", name="2025年4月工作计划").click()
    page.get_by_text(VISIT).wait_for()
    words = page.locator("body").inner_text()
    assert RESOLVED not in words
    assert page.goto(PLAN).url.split("?")[0].endswith("/login/")


# --- done and followed up ---------------------------------------------------------------------------------------------


def task(page, text, code="GW-01"):
    found = Task.objects.get(text=text, organization__code=code)
    page.goto(f"/tasks/{code}/{found.pk}/")
    heading(page, text)
    return found


def the_member_sees_his_part(page):
    page.goto("/disclosure/GW-01/")
    page.get_by_role("link", name="2025年4月工作计划").wait_for()
    words = told(page)
    assert RESOLVED in words
    assert VISIT in words
    page.goto("/tasks/GW-01/?show=mine")
    page.get_by_role("link", name=VISIT).wait_for()
    page.get_by_role("link", name=RESOLVED).click()
    heading(page, RESOLVED)
    page.get_by_label("进展或完成情况").fill("提纲已写好，等试讲。")
    press(page, "记进展")
    page.get_by_text("提纲已写好").wait_for()
    assert page.get_by_role("button", name="核实办结").count() == 0
    assert page.get_by_text("调整时限或取消").count() == 0


def the_clerk_hands_an_instruction_down(page):
    page.goto("/plans/GW/new/")
    page.get_by_label("类别").select_option("instruction")
    page.get_by_label("名称").fill("关于做好汛期值班的通知")
    page.get_by_label("文号").fill("青工委〔2025〕8号")
    page.get_by_label("截止日期").fill("2025-04-30")
    press(page, "建立")
    heading(page, "关于做好汛期值班的通知")
    page.get_by_label("事项", exact=True).fill(ORDERED)
    page.get_by_label("完成时限").fill("2025-04-25")
    page.locator("summary", has_text="或只交给其中几个").click()
    page.get_by_label("青禾县水文站党支部").check()
    press(page, "加上")
    page.get_by_text("已保存。").wait_for()


def the_secretary_answers_for_it(page):
    assert "青禾县县直机关工委交办了一项任务" in told(page)
    task(page, ORDERED)
    page.get_by_text("青工委〔2025〕8号").wait_for()
    page.get_by_label("责任人").select_option(label="苏明棠")
    press(page, "确定")
    page.get_by_text("苏明棠").first.wait_for()


def the_deputy_reports_it(page):
    assert ORDERED in told(page)
    task(page, ORDERED)
    page.get_by_label("进展或完成情况").fill("值班表已排好，党员轮流带班。")
    press(page, "报告完成")
    page.get_by_text("待核实").first.wait_for()


def the_clerk_verifies_it(page):
    assert "报告完成了任务" in told(page)
    page.goto("/tasks/GW/?whose=given&show=reported")
    page.get_by_role("link", name=ORDERED).click()
    press(page, "核实办结")
    page.get_by_text("已办结").first.wait_for()


def a_themed_day_carries_its_item_out(page):
    page.goto("/activities/GW-01/record/themed-day/?date=2025-04-10")
    page.get_by_label("名称", exact=True).fill("到取水口看水情")
    page.get_by_label("地点").fill("清溪河段")
    page.locator("#id_minutes").fill("分两组看取水口，路听雨讲了保护要求，纪南乔提出补立标牌。")
    page.get_by_role("button", name=re.compile("^(仍然)?保存$")).click()
    page.locator(".remark-lacks").first.wait_for()
    press(page, "仍然保存")
    heading(page, "到取水口看水情")
    page.goto(PLAN)
    page.locator(".todo-item", has_text="主题党日").get_by_text("已办结").wait_for()


def the_member_reports_and_suggests(page):
    task(page, RESOLVED)
    page.get_by_label("进展或完成情况").fill("讲稿已定稿，试讲过一次。")
    page.get_by_label("依据哪些活动记录").select_option(label="2025-04-10 到取水口看水情")
    press(page, "报告完成")
    page.get_by_text("待核实").first.wait_for()
    suggest(page, SAID, signed=True)
    assert page.locator(".opinion", has_text=SAID).count() == 1
    assert page.locator(".opinion", has_text=UNSIGNED).count() == 0


def suggest(page, text, signed):
    page.goto("/disclosure/GW-01/suggestions/")
    page.get_by_role("textbox", name="意见建议").fill(text)
    if signed:
        page.get_by_label("署上我的姓名").check()
    press(page, "提交")
    page.get_by_text("已收到，谢谢。").wait_for()


def another_verifies(page):
    assert "报告完成了任务" in told(page)
    task(page, RESOLVED)
    page.get_by_role("link", name="到取水口看水情").first.wait_for()
    press(page, "核实办结")
    page.get_by_text("已办结").first.wait_for()


def the_suggestion_is_taken_up_and_answered(page):
    assert "收到一条意见建议" in told(page)
    page.goto("/disclosure/GW-01/suggestions/")
    page.get_by_text(UNSIGNED).wait_for()
    page.locator(".opinion", has_text=SAID).get_by_role("link", name="转为任务").click()
    page.get_by_label("事项").fill("五月主题党日改在现场开展")
    page.get_by_label("责任人").select_option(label="蒲云帆")
    page.get_by_label("完成时限").fill("2025-05-10")
    press(page, "转为任务")
    opinion = page.locator(".opinion", has_text=SAID)
    opinion.get_by_text("已转为任务").wait_for()
    opinion.locator("summary", has_text="答复").click()
    opinion.get_by_label("答复").fill("采纳，五月起改在现场开展。")
    opinion.get_by_role("button", name="保存答复").click()
    page.get_by_text("已答复。").wait_for()


def the_answer_comes_back(page):
    words = told(page)
    assert "您的意见建议有了答复" in words
    assert "任务已核实办结" in words
    page.goto("/disclosure/GW-01/suggestions/")
    opinion = page.locator(".opinion", has_text=SAID)
    opinion.get_by_text("采纳，五月起改在现场开展。").wait_for()
    opinion.get_by_text("已转为任务").wait_for()
    assert page.get_by_role("link", name="转为任务").count() == 0


# --- the month ends ---------------------------------------------------------------------------------------------------


def the_month_is_settled(page):
    page.goto(PLAN)
    for box in page.locator(".settle").all():
        if box.locator("legend", has_text=VISIT).count():
            box.get_by_label("转下月").check()
        else:
            box.get_by_label("未完成").check()
            box.get_by_role("textbox").fill("人员都在防汛，没有开成")
    press(page, "小结")
    page.get_by_text(f"请写明“{VISIT}”没有办完的原因").wait_for()
    # nothing typed is lost on the way
    again = page.locator(".settle", has_text=VISIT)
    assert again.get_by_label("转下月").is_checked()
    again.get_by_role("textbox").fill("道路抢修，改在五月走访")
    press(page, "小结")
    page.get_by_text("本月计划已小结。").wait_for()
    row = page.locator(".todo-item", has_text=VISIT)
    row.get_by_text("转下月").wait_for()


def what_is_left_is_shown(page):
    page.goto("/plans/GW-01/month/2025-05/")
    assert {VISIT, "主题党日", "支委会会议"} <= set(items(page))
    page.goto("/tasks/GW-01/?show=overdue")
    page.get_by_role("link", name=LEFT).wait_for()
    words = page.locator("#main").inner_text()
    assert RESOLVED not in words
    assert ORDERED not in words


def the_handbook_has_it_all(page):
    page.goto("/handbook/GW-01/")
    page.get_by_label("年度").select_option("2025")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Word")).first.click()
    text = read_document(download.value.path().read_bytes(), download.value.suggested_filename).text
    for words in (MEETING, RESOLVED, VISIT, ORDERED, "到取水口看水情"):
        assert words in text, words
    assert SAID not in text


def nothing_is_there_for_others(page):
    publication, meeting, origin = Publication.objects.get(), Meeting.objects.get(), Origin.objects.first()
    paths = [PLAN, "/tasks/GW-01/", f"/meetings/GW-01/{meeting.pk}/", f"/disclosure/GW-01/{publication.pk}/",
             f"/plans/GW-01/{origin.pk}/", "/disclosure/GW-01/suggestions/", "/handbook/GW-01/"]  # fmt: skip
    paths += [f"/tasks/GW-02/{one}/" for one in Task.objects.values_list("pk", flat=True)]
    refused(page, *paths)
    assert "GW-01" not in told(page)
    assert not Notice.objects.filter(account__username="outsider").exists()


def test_a_month(cast, person, turn):
    recorder = _account("recorder", cast.members[2])
    turn(date(2025, 3, 24))
    with person(cast.secretary) as secretary:
        the_plan_is_proposed_and_edited(secretary)
        a_committee_meeting_is_prepared(secretary)
        with person(cast.member) as member:
            a_draft_is_nobody_elses_business(member)
    turn(date(2025, 3, 26))
    with person(recorder) as page:
        the_recorder_writes_while_it_runs(page)
        the_recorder_makes_it_a_record(page)
    with person(cast.secretary) as secretary, person(cast.deputy) as deputy, person(recorder) as third:
        the_meeting_approves_the_plan(secretary)
        the_public_page_is_opened(secretary)
        one_proposes(third)
        another_reviews(deputy)
        a_third_approves(secretary)
    turn(date(2025, 4, 2))
    with person() as reader, person(cast.member) as member, person(cast.clerk) as clerk:
        everybody_reads_the_plan_and_nothing_else(reader)
        the_member_sees_his_part(member)
        the_clerk_hands_an_instruction_down(clerk)
    turn(date(2025, 4, 10))
    with person(cast.secretary) as secretary, person(cast.deputy) as deputy, person(cast.clerk) as clerk:
        the_secretary_answers_for_it(secretary)
        the_deputy_reports_it(deputy)
        the_clerk_verifies_it(clerk)
        suggest(deputy, UNSIGNED, signed=False)
        a_themed_day_carries_its_item_out(secretary)
    with person(cast.member) as member, person(cast.deputy) as deputy, person(recorder) as third:
        the_member_reports_and_suggests(member)
        another_verifies(deputy)
        the_suggestion_is_taken_up_and_answered(third)
        the_answer_comes_back(member)
    turn(date(2025, 4, 30))
    with person(cast.secretary) as secretary:
        the_month_is_settled(secretary)
        what_is_left_is_shown(secretary)
        the_handbook_has_it_all(secretary)
    with person(cast.outsider) as outsider:
        nothing_is_there_for_others(outsider)
    assert Task.objects.filter(state=State.MOVED).count() == 1
