"""One branch walks through a year as people do it: asked, recorded, corrected, imported, reported, checked."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from tests.conftest import PASSWORD
from tests.journeys.clock import calendar
from tests.journeys.sheets import FEBRUARY, JANUARY, LECTURE, sheet
from tests.web.pages import watched
from zhibu.activities.models import Activity
from zhibu.checks import check, parse_facts
from zhibu.documents.read import read_document
from zhibu.ledger.models import Snapshot
from zhibu.ledger.snapshots import as_file
from zhibu.reports.models import Report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def turn(monkeypatch):
    return calendar(monkeypatch)


@pytest.fixture
def person(browser, live_server):
    """`with person(account) as page:` a browser of that account; with `log_in`, by the form like everybody."""
    return lambda account=None, **options: watched(browser, live_server, account, **options)


def log_in(page, username):
    page.goto("/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def save(page):
    """保存, and once more where the page has something to remark on."""
    page.get_by_role("button", name=re.compile("^(仍然)?保存$")).click()


def heading(page, text):
    page.get_by_role("heading", level=1, name=text).wait_for()


# --- one step of the year each ------------------------------------------------------------------------------------


def a_local_duty_is_laid_down(page):
    log_in(page, "clerk")
    heading(page, "2025年总览")
    page.get_by_role("link", name="本地任务").click()
    page.get_by_role("link", name="下达任务").first.click()
    page.get_by_label("文件名称").fill("关于开展节水志愿服务的通知")
    page.get_by_label("文号").fill("青工委〔2025〕3号")
    page.get_by_label("施行日期").fill("2025-01-01")
    page.get_by_label("原文用语").fill("每季度至少开展1次志愿服务")
    page.get_by_label("用词", exact=True).select_option("shall")
    page.get_by_label("任务名称").fill("节水志愿服务")
    page.get_by_label("党支部", exact=True).check()
    page.get_by_label("每个周期至少开展几次活动").check()
    page.get_by_label("周期", exact=True).select_option("quarter")
    page.get_by_role("button", name="下达").click()
    page.get_by_text("请填写这一项。").wait_for()  # which activities would do
    page.get_by_label("志愿服务", exact=True).check()
    page.get_by_role("button", name="下达").click()
    page.get_by_text("任务已下达").wait_for()


def owed(page, name):
    return page.locator(".todo-item", has=page.get_by_role("link", name=name, exact=True))


def this_months_meeting_is_recorded(page):
    log_in(page, "secretary")
    heading(page, "2025年3月")
    owed(page, "节水志愿服务").first.get_by_text("关于开展节水志愿服务的通知").wait_for()
    owed(page, "支委会会议").first.get_by_role("link", name="现在记录").click()
    heading(page, "支委会会议")
    page.get_by_label("名称", exact=True).fill("3月支委会")
    meeting(page, "2025-03-12")
    page.get_by_label("议题").fill("研究第一季度党员大会议题")
    page.locator("#id_minutes").fill("会议研究党员大会议题，桑以宁建议把学习时间避开汛期值班，会议同意。")
    page.locator("#id_f-conclusion").fill("同意一季度党员大会安排。")
    save(page)
    heading(page, "3月支委会")


def meeting(page, day):
    page.get_by_label("日期", exact=True).fill(day)
    page.get_by_label("开始").fill("09:00")
    page.get_by_label("结束").fill("10:00")
    page.get_by_label("地点").fill("会议室")
    page.get_by_label("主持人").select_option(label="闻知远")
    page.get_by_label("记录人").select_option(label="岑若溪")


def the_cell_fills_and_explains_itself(page):
    page.get_by_role("link", name="台账", exact=True).first.click()
    heading(page, "2025年台账")
    page.get_by_role("row", name=re.compile("^支委会会议")).get_by_role("link", name=re.compile("2025年3月")).click()
    heading(page, "支委会会议")
    assert page.locator(".st-met").first.is_visible()
    page.locator(".citation", has_text="每月召开1次").first.wait_for()
    page.get_by_text("第十二条").first.wait_for()
    page.get_by_role("link", name="3月支委会").wait_for()


def a_vote_that_lacks_its_threshold_is_mended(page):
    page.goto("/activities/GW-01/record/general-meeting/?date=2025-03-11")
    page.get_by_label("名称", exact=True).fill("一季度党员大会")
    meeting(page, "2025-03-11")
    page.get_by_label("议题").fill("讨论全年学习计划")
    page.locator("#id_minutes").fill("闻知远说明计划，温汝舟建议四月后再安排外出，表决通过学习计划。")
    page.locator("#id_f-conclusion").fill("通过全年学习计划。")
    page.get_by_role("button", name="加一项表决").click()
    page.get_by_label("表决事项").fill("全年学习计划")
    page.get_by_label("赞成").fill("4")
    page.get_by_label("反对").fill("4")
    page.get_by_label("通过", exact=True).check()
    save(page)
    page.get_by_text("没有超过应到会有表决权的8人的半数（至少5票），不能记为通过").wait_for()
    assert not Activity.objects.filter(kind="general-meeting").exists()
    page.get_by_label("赞成").fill("6")
    page.get_by_label("反对").fill("2")
    page.locator(".remark-error").wait_for(state="detached")
    save(page)
    heading(page, "一季度党员大会")
    page.get_by_text("赞成6票，反对2票").wait_for()


def a_record_is_corrected_and_the_history_kept(page):
    page.get_by_role("link", name="更正").click()
    page.get_by_label("地点").fill("三楼会议室")
    page.get_by_label("更正原因").fill("地点写错了")
    save(page)
    page.get_by_text("已更正").wait_for()
    page.get_by_role("link", name="历次版本").click()
    page.get_by_text("地点写错了").wait_for()
    page.locator("ins", has_text="三楼会议室").wait_for()


def past_activities_come_from_excel(page):
    page.goto("/activities/GW-01/import/")
    wrong = [FEBRUARY[0], "2025-02-30", *FEBRUARY[2:]]
    upload(page, sheet(JANUARY, wrong, LECTURE))
    row = page.locator(".import-row", has_text="第3行")
    row.get_by_text("“2025-02-30”不是日期").wait_for()
    assert page.get_by_role("button", name="确认导入").count() == 0
    page.get_by_role("link", name="重新上传").click()
    upload(page, sheet(JANUARY, FEBRUARY, LECTURE))
    page.get_by_role("button", name="确认导入").click()
    page.get_by_text("已导入3条活动记录").wait_for()


def upload(page, file):
    page.get_by_label("Excel 文件").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()


def the_clerk_drills_down_to_the_record(page):
    page.goto("/")
    heading(page, "2025年总览")
    page.get_by_role("row", name=re.compile("青禾县水文站党支部")).get_by_role("link").click()
    page.get_by_role("row", name=re.compile("^支委会会议")).get_by_role("link", name=re.compile("2025年2月")).click()
    page.get_by_role("link", name="2月支委会").click()
    heading(page, "2月支委会")
    page.get_by_text("由 Excel 导入").wait_for()


def a_member_reads_and_does_not_record(page):
    page.goto("/ledger/GW-01/2025/")
    heading(page, "2025年台账")
    page.get_by_role("row", name=re.compile("^支委会会议")).get_by_role("link", name=re.compile("2025年3月")).click()
    page.get_by_role("link", name="3月支委会").click()
    heading(page, "3月支委会")
    assert page.get_by_role("link", name="更正").count() == 0
    assert page.goto("/activities/GW-01/record/committee-meeting/").status == 403
    assert page.goto("/reports/GW-01/new/").status == 403


def nothing_is_there_for_others(page):
    report = Report.objects.get()
    record = Activity.objects.first()
    for path in ("/ledger/GW-01/", "/ledger/GW-01/2025/", f"/activities/GW-01/{record.pk}/",
                 f"/reports/GW-01/{report.pk}/", f"/reports/GW-02/{report.pk}/"):  # fmt: skip
        assert page.goto(path).status == 404, path


# --- the report ---------------------------------------------------------------------------------------------------


def stored(page):
    page.locator("#save-state[data-state=saved]").wait_for(timeout=15_000)


def a_report_is_started(page):
    page.goto("/reports/GW-01/")
    page.get_by_role("link", name="起草述职报告").first.click()
    page.get_by_label("年度").select_option("2025")
    page.get_by_role("button", name="生成初稿").click()
    page.wait_for_url("**/edit/")


def a_figure_opens_its_evidence(page):
    page.locator(".rb-rich", has_text="全年召开党员大会").locator(".chip:not(.chip-gap)").first.click()
    page.locator("dialog[open] a", has_text="一季度党员大会").wait_for()
    page.get_by_role("button", name="关闭").click()


def a_gap_is_written_over_and_a_wrong_number_told(page):
    page.locator(".rb-rich .chip-gap").first.click()
    page.keyboard.type("上年度没有指出问题")
    stored(page)
    closing = page.locator(".rb-rich", has_text="以上报告，请予评议").first
    closing.click()
    page.keyboard.press("Home")
    page.keyboard.type("全年召开党员大会9次。")
    page.keyboard.press("Control+s")
    stored(page)
    page.locator("#panel .fact-no", has_text="台账是1").wait_for(timeout=15_000)
    for _sign in "全年召开党员大会9次。":
        page.keyboard.press("Backspace")
    page.keyboard.press("Control+s")
    page.locator("#panel .fact-no").wait_for(state="detached", timeout=15_000)


def a_version_is_kept_and_compared(page):
    page.get_by_role("link", name="版本", exact=True).click()
    page.get_by_label("说明").fill("送支委会讨论稿")
    page.get_by_role("button", name="留存为一个版本").click()
    page.get_by_text("已留存为第1版").wait_for()
    page.get_by_role("link", name="编辑", exact=True).first.click()
    page.locator(".rb-rich", has_text="以上报告，请予评议").first.click()
    page.keyboard.press("End")
    page.keyboard.type("谢谢大家。")
    page.keyboard.press("Control+s")
    stored(page)
    page.get_by_role("link", name="比较", exact=True).click()
    page.locator("ins", has_text="谢谢大家。").wait_for()


def the_word_file_contradicts_nothing(page):
    page.get_by_role("link", name="导出", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Word 文件").click()
    name = download.value.suggested_filename
    assert name == "2025年度抓基层党建工作述职报告（闻知远）.docx"
    text = read_document(download.value.path().read_bytes(), name).text
    assert "上年度没有指出问题" in text
    snapshot = Snapshot.objects.get(pk=Report.objects.get().snapshot_id)
    facts = parse_facts(json.loads(as_file(snapshot)))
    assert [finding for finding in check(text, facts=facts) if finding.code in CONTRADICTIONS] == []
    lie = text.replace("召开党员大会1次", "召开党员大会9次")
    assert "FA02" in [finding.code for finding in check(lie, facts=facts)]


CONTRADICTIONS = ("FA01", "FA02", "FA04", "FA08", "FA09")
"""An activity, figure, date or claim that the ledger says otherwise about."""


def test_a_year(cast, person, turn):
    turn(date(2025, 1, 6))
    with person() as page:
        a_local_duty_is_laid_down(page)
    turn(date(2025, 3, 12))
    with person() as page:
        this_months_meeting_is_recorded(page)
        the_cell_fills_and_explains_itself(page)
        a_vote_that_lacks_its_threshold_is_mended(page)
        a_record_is_corrected_and_the_history_kept(page)
        past_activities_come_from_excel(page)
    turn(date(2025, 12, 22))
    with person(cast.clerk) as page:
        the_clerk_drills_down_to_the_record(page)
    with person(cast.secretary) as page:
        a_report_is_started(page)
        a_figure_opens_its_evidence(page)
        a_gap_is_written_over_and_a_wrong_number_told(page)
        a_version_is_kept_and_compared(page)
        the_word_file_contradicts_nothing(page)
    with person(cast.member) as page:
        a_member_reads_and_does_not_record(page)
    with person(cast.outsider) as page:
        nothing_is_there_for_others(page)
