"""A review season by five roles: prepared, handed in, read; heard, voted on, graded, answered, followed through."""

from __future__ import annotations

import re
import zipfile
from contextlib import ExitStack, contextmanager
from datetime import date, datetime

import pytest
from django.utils import timezone

from tests.conftest import _account, _member, _organization
from tests.journeys.clock import calendar
from tests.rectify.problems import problem_of
from tests.reports.year import a_year
from tests.web.pages import watched
from zhibu.activities.models import Activity
from zhibu.ballots.models import Ballot
from zhibu.cli.main import main
from zhibu.corpus.services import NewText, add_texts
from zhibu.documents.read import read_document
from zhibu.notices.models import Notice
from zhibu.rectify.models import Problem
from zhibu.reports.models import Report
from zhibu.reports.services import start_report
from zhibu.review import handing_in, jobs, reading, season
from zhibu.review.models import Cycle, Entry, Package, Remark, Stage, Submission
from zhibu.tasks.models import Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEASON = "2025年度党组织书记抓基层党建工作述职评议考核"
FOCUS = "党课质量"
OPENED, HANDED, READ, HEARD = (date(2026, 1, day) for day in (5, 12, 16, 26))
DAYS = (("submit", date(2026, 1, 20)), ("meeting", date(2026, 1, 26)), ("rectify", date(2026, 11, 30)))
LAST_YEARS = "公开栏更新慢，群众看不到近况"
COMMENT = "请写明整改到了哪一步。"
RETURNED = "第四部分没有回答去年的问题，请补写。"
MENDED = "补写了公开栏的整改情况"
PRAISED, QUESTION, ANSWER = "学习抓得实，资料齐。", "三季度为什么没有开党员大会？", "防汛连着值班，四季度已补开。"
LEVEL_REASON, OBJECTION, ANSWERED = "三季度缺一次党员大会", "防汛期间确实走不开。", "会后补开仍算缺一次，维持结果。"
GRADED, ANSWERED_ON, MENDED_ON = date(2026, 1, 30), date(2026, 2, 11), date(2026, 5, 25)
MEASURE = "每季度首月定下党员大会日期"
PROBLEM = "第三季度没有召开党员大会，也没有按时补开"
OWN_WORDS = (
    "七月那场大水，我和两名党员守在清溪口的旧水尺旁，每一刻钟报一次水位，天亮时上游的三个村都转移到了学校。"
    "回来以后我们把这一夜写成党课，讲给新来的同志听：测得准、报得快，就是水文人的初心。"
)
FOREST_2024 = (
    "抓基层党建工作述职报告\n各位领导：\n"
    "2024年3月我带头讲了一堂党课，讲的是护林员巡山三十里把一处火情压在沟口的事。"
    "全年召开支委会11次，党员8人都到过林区的防火点值守，入冬前清理林间小道14公里。\n"
    "存在的问题是学习笔记偏薄，2024年下半年只检查过2次。\n以上报告，请予评议。"
)
FOREST = FOREST_2024.replace("2024", "2025").replace("11次", "12次").replace("14公里", "16公里")
ARCHIVE = (
    "抓基层党建工作述职报告\n各位领导：\n"
    "库房漏水那一夜，五名党员把两千卷档案搬到高处，我负责守门登记。这件事后来写进了党课。\n以上报告，请予评议。"
)


@pytest.fixture
def turn(monkeypatch):
    return calendar(monkeypatch)


@pytest.fixture
def day(browser, live_server, turn):
    """`with day(date, account, …) as pages:` the calendar on that day, a browser for each account."""

    @contextmanager
    def opened(on, *accounts):
        turn(on)
        with ExitStack() as stack:
            yield [stack.enter_context(watched(browser, live_server, one)) for one in accounts]

    return opened


@pytest.fixture
def people(cast):
    """The cast and who else a season needs: a committee's secretary, a third branch, somebody to agree elsewhere."""
    home = _organization(cast.committee, "GW-09", "青禾县工委机关党支部", "branch")
    forest = _organization(cast.committee, "GW-03", "青禾县林场党支部", "branch")
    cast.chair = _account("chair", _member(home, "001", "卓清源", "secretary", organization=cast.committee))
    cast.forester = _account("forester", _member(forest, "001", "宁静河", "secretary"))
    cast.keeper = _account("keeper", _member(cast.other, "003", "沈听澜", "deputy-secretary"))
    cast.ranger = _account("ranger", _member(forest, "002", "鹿鸣野", "deputy-secretary"))
    cast.forest = forest
    cast.auditor = _account("auditor", office="audit")
    a_year(cast)
    problem_of(cast, LAST_YEARS, 2024)
    old = NewText("2024年述职报告", forest.name, 2024, "own", FOREST_2024)
    add_texts(cast.forester, forest, [old], at=timezone.make_aware(datetime(2025, 1, 20)))
    return cast


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


def board():
    return f"/review/GW/{Cycle.objects.get().pk}/"


def place(body, name=""):
    return f"{board()}{Entry.objects.get(organization=body).pk}/{name}"


# --- the season is prepared -------------------------------------------------------------------------------------------


def the_clerk_prepares_the_season(page):
    page.goto("/reports/GW/")
    page.get_by_role("link", name="述职评议", exact=True).click()
    heading(page, "述职评议")
    page.get_by_role("link", name="拟订述职评议").first.click()
    assert page.get_by_label("名称").input_value() == SEASON
    page.get_by_label("文号").fill("青工委〔2026〕1号")
    page.get_by_label("工作方案").set_input_files(
        {"name": "工作方案.txt", "mimeType": "text/plain", "buffer": "一、时间安排".encode()}
    )
    page.get_by_label("述职重点").fill(f"{FOCUS}\n上年度问题整改")
    page.get_by_label("最少字数").fill("100")
    for step, day in (("提交述职报告", "2026-01-15"), ("审阅把关", "2026-01-10"), ("召开述职评议会", "2026-01-25")):
        page.get_by_label(step).fill(day)
    press(page, "保存")
    page.get_by_text("“审阅把关”不能早于“提交述职报告”").wait_for()
    assert not Cycle.objects.exists()
    page.get_by_label("审阅把关").fill("2026-01-20")
    page.get_by_label("工作方案").set_input_files(
        {"name": "工作方案.txt", "mimeType": "text/plain", "buffer": "一、时间安排".encode()}
    )
    press(page, "保存")
    heading(page, "哪些人述职")


def the_clerk_names_the_reporters(page):
    refused_to_begin_empty(page)
    page.goto(f"{board()}reporters/")
    who = page.get_by_role("row", name=re.compile("水文站"))
    assert who.get_by_label("述职 闻知远").is_checked()
    for name in ("闻知远", "阮青岚"):
        page.get_by_label(f"现场 {name}").check()
    press(page, "保存名单")
    page.get_by_text("名单已保存，共3人").wait_for()
    page.get_by_role("link", name="次序").click()
    page.get_by_label("次序 阮青岚").fill("1")
    page.get_by_label("次序 闻知远").fill("2")
    press(page, "保存次序")
    page.get_by_text("次序已保存。").wait_for()
    assert list(Entry.objects.values_list("reporter__name", flat=True)) == ["阮青岚", "闻知远", "宁静河"]


def refused_to_begin_empty(page):
    page.goto(f"{board()}course/open/")
    press(page, "开始")
    page.get_by_text("还没有述职人员，不能开始。").wait_for()


def nobody_below_knows_yet(page):
    page.goto("/review/GW-01/")
    page.get_by_text("没有要办理的述职评议").wait_for()
    refused(page, board(), f"{board()}plan/", f"{board()}reporters/")
    assert SEASON not in told(page)


def the_clerk_opens_it(page):
    page.goto(board())
    page.get_by_role("link", name="开始", exact=True).click()
    page.get_by_text("名单上3人").wait_for()
    press(page, "开始")
    page.get_by_text("进行中").first.wait_for()


# --- a report is written and handed in --------------------------------------------------------------------------------


def the_secretary_is_told_and_drafts(page):
    assert SEASON in told(page)
    page.goto("/review/GW-01/")
    page.get_by_role("link", name=SEASON).click()
    heading(page, "闻知远2025年述职报告")
    page.get_by_text(FOCUS).wait_for()
    page.get_by_role("link", name="起草述职报告").click()
    page.get_by_label("年度").select_option("2025")
    press(page, "生成初稿")
    page.wait_for_url("**/edit/")
    page.locator(".rb-rich", has_text="公开栏更新慢").first.wait_for()
    writes(page, OWN_WORDS)


def writes(page, words):
    """The secretary's own words before the closing line of his report."""
    page.locator(".rb-rich", has_text="以上报告，请予评议").first.click()
    page.keyboard.press("Home")
    page.keyboard.insert_text(words)
    page.keyboard.press("Control+s")
    page.locator("#save-state[data-state=saved]").wait_for(timeout=15_000)


def the_draft_is_no_other_branchs_business(page, body):
    report = Report.objects.get()
    refused(page, "/reports/GW-01/", f"/reports/GW-01/{report.pk}/", f"/reports/GW-02/{report.pk}/", place(body))
    assert "水文站" not in told(page)


def the_committee_waits_for_the_final_text(page, body):
    page.goto(place(body))
    page.get_by_text("等支部定稿。").wait_for()
    refused(page, f"/reports/GW-01/{Report.objects.get().pk}/edit/", status=403)


def the_secretary_checks_and_freezes(page, body):
    report = Report.objects.get()
    page.goto(f"/reports/GW-01/{report.pk}/check/")
    page.locator("[data-note]").first.wait_for()
    page.goto(place(body))
    page.get_by_text("处待补").wait_for()
    press(page, "定稿")
    page.get_by_text("已定稿，请支部委员会审议。").wait_for()
    page.get_by_text("述职人不能审议自己的报告").wait_for()
    assert page.get_by_role("button", name="支部委员会已审议同意").count() == 0


def the_deputy_agrees(page, body):
    page.goto(place(body))
    page.get_by_role("link", name="看定稿").click()
    page.locator(".beside-text", has_text="公开栏更新慢").wait_for()
    page.go_back()
    press(page, "支部委员会已审议同意")
    page.get_by_text("已审议同意，请述职人签字。").wait_for()
    assert page.get_by_role("button", name="我已看过，签字").count() == 0


def the_secretary_signs_and_submits(page, body):
    page.goto(place(body))
    press(page, "我已看过，签字")
    press(page, "提交给青禾县县直机关工委")
    page.get_by_text("已提交。").wait_for()
    page.locator("summary", has_text="撤回").click()
    press(page, "撤回")
    page.get_by_text("请写明理由").wait_for()
    assert Entry.objects.get(organization=body).stage == Stage.SUBMITTED


def the_archive_hands_in_a_copy(page, people):
    page.goto(place(people.other))
    page.locator("summary", has_text="报告是在别处写的").first.click()
    press(page, "上传并定稿")
    page.get_by_text("请选择一个文件，或粘贴文字").first.wait_for()
    copied = Submission.objects.get(entry__organization=people.branch).text.replace("水文站", "档案馆")
    page.get_by_label("或者粘贴文字").fill(copied.replace("闻知远", "阮青岚"))
    press(page, "上传并定稿")
    page.get_by_text("已定稿").wait_for()


def carried_through(body, agreeing, reporting, text=None, reason=""):
    """The other steps of a report that the walk does not follow: `text` freezes another one first."""
    at, on = timezone.now(), timezone.localdate()
    entry = Entry.objects.get(organization=body)
    if text is not None:
        handing_in.prepare_file(reporting, entry, "述职报告", text, None, reason, at=at)
    made = entry.submissions.get(submitted_at=None)
    handing_in.agree(agreeing, made, at=at)
    handing_in.sign(reporting, made, at=at)
    handing_in.submit(reporting, made, on, at=at)


# --- it is read with all that is known beside it ----------------------------------------------------------------------


def the_clerk_reads_with_the_findings_beside(page):
    page.goto(board())
    page.get_by_role("link", name="青禾县水文站党支部").click()
    page.get_by_role("link", name="审阅把关").click()
    heading(page, "青禾县水文站党支部 闻知远")
    page.locator("[data-note]").first.wait_for()
    page.locator("summary", has_text="个数据有台账依据").first.wait_for()
    page.get_by_text(LAST_YEARS).first.wait_for()
    page.get_by_text("还没有人阅过").wait_for()
    press(page, "通过")
    page.get_by_text("还没有人阅过这一稿，不能通过").wait_for()


def copies_are_named(page, people):
    page.goto(place(people.other, "read/"))
    like = page.locator(".read-likes li", has_text="闻知远").first
    like.get_by_role("link").click()
    page.get_by_text("相同部分占").wait_for()
    page.goto(place(people.forest, "read/"))
    like = page.locator(".read-likes li", has_text="2024年述职报告")
    like.get_by_text("只改了数字、日期或名称", exact=True).wait_for()
    like.get_by_role("link").click()
    page.locator(".pg-differs").first.wait_for()


def the_clerk_comments_and_returns(page, people):
    page.goto(place(people.branch, "read/"))
    press(page, "我已阅过这一稿")
    page.get_by_text("已记下您阅过这一稿。").wait_for()
    words = page.locator(".beside-text p", has_text="公开栏更新慢").first
    chosen = words.evaluate("p => p.dataset.start")
    options = page.get_by_label("对哪里").locator("option").all()
    page.get_by_label("对哪里").select_option(next(value for option in options
        if (value := option.get_attribute("value")).startswith(f"{chosen}-")))  # fmt: skip
    page.get_by_label("意见", exact=True).fill(COMMENT)
    press(page, "提出意见")
    page.locator(".note-said", has_text=COMMENT).wait_for()
    assert "公开栏" in Remark.objects.get(verb="comment").excerpt
    press(page, "退回")
    page.get_by_text("请写明理由").wait_for()
    page.get_by_label("退回：要改什么").fill(RETURNED)
    press(page, "退回")
    page.get_by_text("已退回，述职人和支部会收到通知。").wait_for()


def nobody_judges_his_own_branch(page, people):
    page.goto(place(people.other, "read/"))
    page.get_by_text("由其他同志审阅").wait_for()
    assert page.locator("[name=act]").count() == 0


def the_secretary_reads_the_comments_and_resubmits(page, people):
    assert RETURNED in told(page)
    page.goto(place(people.branch))
    page.get_by_text(RETURNED).first.wait_for()
    page.locator(".todo-item", has_text=COMMENT).get_by_role("link", name="在文中看").click()
    page.locator(".note-said", has_text=COMMENT).wait_for()
    page.goto(f"/reports/GW-01/{Report.objects.get().pk}/edit/")
    writes(page, "公开栏已改为每月五日更新。")
    page.goto(place(people.branch))
    page.get_by_role("link", name="看改了哪些").click()
    page.locator("ins", has_text="每月五日更新").wait_for()
    page.go_back()
    press(page, "改好了，定稿")
    page.get_by_text("请写明理由").wait_for()
    page.get_by_label("改了什么，为什么").first.fill(MENDED)
    press(page, "改好了，定稿")
    page.get_by_text("已定稿").wait_for()


def the_clerk_sees_what_changed_and_accepts(page, people):
    page.goto(place(people.branch, "read/"))
    page.get_by_text(MENDED).wait_for()
    page.locator(".note-said", has_text=COMMENT).get_by_role("button", name="已落实").click()
    page.get_by_role("link", name="比上一稿改了哪些").click()
    page.locator("ins", has_text="每月五日更新").wait_for()
    page.goto(place(people.branch, "read/"))
    press(page, "我已阅过这一稿")
    press(page, "通过")
    page.get_by_text("已通过。").wait_for()
    assert page.get_by_text("逾期提交").count() == 0


def others_see_nothing_of_it(page, *bodies):
    refused(page, *(place(body, name) for body in bodies for name in ("", "text/1/", "changed/2/")))
    refused(page, *(place(body, "read/") for body in bodies))
    assert COMMENT not in told(page)


def members_have_no_part_in_it(page, people):
    refused(page, board(), place(people.branch), place(people.branch, "text/1/"), f"{board()}hearing/")
    page.goto("/review/GW-01/")
    assert SEASON not in page.locator("#main").inner_text()
    assert page.goto(f"/reports/GW-01/{Report.objects.get().pk}/").status in (403, 404)


# --- the meeting ------------------------------------------------------------------------------------------------------


def passed(cast):
    """A season whose three reports have passed, as the first half of the walk leaves it."""
    at = timezone.now()
    plan = season.Plan(2025, SEASON, "青工委〔2026〕1号", FOCUS, 50, 3000, DAYS, "report-grade")
    cycle = season.make_cycle(cast.clerk, cast.committee, plan, at=at)
    reporters = {one.member.name: one for one in season.possible_reporters(cast.committee, 2025)}
    chosen = [(reporters[name], name != "宁静河") for name in ("阮青岚", "闻知远", "宁静河")]
    cycle = season.set_entries(cast.clerk, cycle, chosen, cycle.version)
    season.open_cycle(cast.clerk, cycle, cycle.version, at=at)
    report = start_report(cast.secretary, cast.branch, 2025, cast.members[0], timezone.localdate(), at=at)
    handing_in.prepare(cast.secretary, Entry.objects.get(organization=cast.branch), report, at=at)
    carried_through(cast.branch, cast.deputy, cast.secretary)
    carried_through(cast.other, cast.keeper, cast.outsider, ARCHIVE)
    carried_through(cast.forest, cast.ranger, cast.forester, FOREST_2024.replace("2024", "2025"))
    for entry in Entry.objects.all():
        submission = entry.submissions.get()
        reading.mark_read(cast.chair, submission, timezone.localdate(), at=at)
        reading.accept(cast.chair, submission, entry.version, timezone.localdate(), at=at)


def the_clerk_calls_the_meeting(page):
    page.goto(board())
    page.get_by_role("link", name="述职评议会", exact=True).click()
    heading(page, "述职评议会")
    page.get_by_label("日期").fill("2026-01-26")
    page.get_by_label("开始", exact=True).fill("09:00")
    page.get_by_label("地点").fill("三楼会议室")
    page.get_by_label("每人述职时间（分钟）").fill("6")
    press(page, "保存并通知")
    page.get_by_role("link", name="2025年度述职评议会").wait_for()


def the_secretary_is_invited(page):
    assert "2025年度述职评议会" in told(page)
    refused(page, f"{board()}hearing/", f"{board()}hearing/screen/", status=403)


def the_screen_shows_the_order(page):
    page.goto(f"{board()}hearing/screen/")
    page.locator(".big-next", has_text="阮青岚").wait_for()
    page.locator(".big-order", has_text="闻知远").wait_for()


def one_after_the_other_speaks(page, screen, cast):
    page.goto(f"{board()}hearing/")
    speaks(page, "阮青岚", ("点评", "档案抢救得及时。"))
    with spoken(page, "闻知远"):
        the_report_is_on_the_screen(screen)
        press(page, "记下")
        page.get_by_text("请先写内容。").wait_for()
        for verb, text in (("点评", PRAISED), ("指出问题", PROBLEM), ("提问", QUESTION), ("回答", ANSWER)):
            says(page, verb, text)
        assert PROBLEM not in screen.locator("body").inner_text()
    page.locator(".hearing-rest").get_by_role("link", name="宁静河").click()
    press(page, "书面述职已点评")
    page.get_by_text("还没有对宁静河的点评，请先记录点评。").wait_for()
    page.locator(".hearing-rest").get_by_role("link", name="宁静河").click()
    says(page, "点评", "护林有办法，学习笔记要厚起来。")
    press(page, "书面述职已点评")
    page.get_by_text("已述职3人，共3人").wait_for()


@contextmanager
def spoken(page, name):
    page.locator(".hearing-rest").get_by_role("link", name=name).click()
    page.locator("#chosen", has_text=name).wait_for()
    press(page, "开始述职")
    page.locator("[data-timer]").wait_for()
    yield
    press(page, "述职完毕")
    page.locator("[data-timer]").wait_for(state="detached")


def speaks(page, name, *notes):
    with spoken(page, name):
        for verb, text in notes:
            says(page, verb, text)


def says(page, verb, text):
    page.get_by_label(verb, exact=True).check()
    page.get_by_label("记录", exact=True).fill(text)
    press(page, "记下")
    page.locator(".said", has_text=text).wait_for()


def the_report_is_on_the_screen(page):
    page.locator(".big-screen h1", has_text="闻知远").wait_for()
    page.locator(".big-text p").first.wait_for()


def the_clerk_may_not_comment_on_his_own_branch(page):
    page.goto(f"{board()}hearing/")
    page.locator(".hearing-rest").get_by_role("link", name="阮青岚").click()
    page.get_by_text("本组织的点评和问题，请别人记录").wait_for()
    page.get_by_label("点评", exact=True).check()
    page.get_by_label("记录", exact=True).fill("自己夸自己")
    press(page, "记下")
    page.get_by_text("不能审阅、评价本人或本组织的述职报告。").wait_for()
    assert page.get_by_label("记录", exact=True).input_value() == "自己夸自己"
    assert not Remark.objects.filter(text="自己夸自己").exists()


def the_clerk_writes_the_minutes(page):
    page.goto(f"{board()}hearing/")
    for group, count in (("领导", "3"), ("党员", "12"), ("群众", "5")):
        page.get_by_label(group, exact=True).fill(count)
    page.locator("form", has=page.get_by_label("群众", exact=True)).get_by_role("button", name="保存").click()
    page.get_by_text("到会20人").wait_for()
    press(page, "整理会议记录")
    heading(page, "2025年度述职评议会")
    assert f"提问（未记发言人）：{QUESTION}" in page.locator("#id_minutes").input_value()
    page.get_by_label("结束").fill("11:00")
    page.get_by_label("主持人").select_option(label="卓清源")
    page.get_by_role("button", name=re.compile("^(仍然)?保存$")).click()
    page.locator(".remark-lacks", has_text="记录人").wait_for()
    press(page, "仍然保存")
    page.get_by_role("link", name="看会议记录").wait_for()
    assert Activity.objects.get(kind="debrief-meeting").fields["public"] == 5


# --- the ballot -------------------------------------------------------------------------------------------------------


def the_clerk_prepares_the_ballot(page):
    page.goto(board())
    page.get_by_role("link", name="测评", exact=True).click()
    heading(page, "准备民主测评")
    groups = page.locator(".voting-group").all()
    assert groups[0].get_by_label("投票人").input_value().split() == ["池砚秋", "卓清源"]
    assert groups[1].get_by_label("投票人").input_value().split() == ["阮青岚", "闻知远"]
    groups[0].get_by_label("权重").fill("重")
    groups[1].get_by_label("权重").fill("0.6")
    groups[1].get_by_label("投票人").fill("阮青岚\n闻知远\n温汝舟\n纪南乔\n路听雨")
    groups[2].get_by_label("类别").fill("")
    press(page, "拟好测评")
    page.get_by_text("权重写成 0.4 或 40 这样的数。").wait_for()
    page.locator(".voting-group").first.get_by_label("权重").fill("0.4")
    press(page, "拟好测评")
    page.get_by_text("测评已拟好").wait_for()
    for label, name in (("第一监票人", "沈听澜"), ("第二监票人", "鹿鸣野"), ("第三监票人", "苏明棠")):
        page.get_by_label(label).select_option(label=name)
    press(page, "保存，通知监票人")
    page.get_by_text("等监票人各自生成密钥").wait_for()


def ballot(name=""):
    return f"/ballots/GW/{Ballot.objects.get().pk}/{name}"


def a_scrutineer_makes_his_key(page):
    assert "监票" in told(page)
    page.goto(ballot("key/"))
    press(page, "生成密钥")
    page.locator("#made").wait_for()
    page.get_by_role("button", name="公布公钥").click()
    page.locator(".ballot-mark").first.wait_for()


def the_ballot_is_opened(page):
    """The secret parts of the addresses on the slips, by name."""
    page.goto(ballot())
    press(page, "封存名册和事项")
    press(page, "开启投票")
    page.locator("#progress", has_text="0 / 7").wait_for()
    press(page, "给没有账号的人印投票条")
    heading(page, "投票条")
    slips = {slip.locator("p").first.inner_text(): slip.locator(".slip-address").inner_text()
             for slip in page.locator(".slip").all()}  # fmt: skip
    assert set(slips) == {"温汝舟", "纪南乔", "路听雨"}
    return {name: address.partition("#")[2] for name, address in slips.items()}


def fills_in(page, choice, slip=""):
    page.goto("about:blank")
    page.goto(f"/vote/{Ballot.objects.get().uid}/{'#' + slip if slip else ''}")
    page.locator("#paper").wait_for()
    for line in page.locator("fieldset").all():
        line.locator("label").nth(choice).click()
    page.get_by_role("button", name="核对").click()


def votes(page, choice, slip=""):
    fills_in(page, choice, slip)
    press(page, "确认投票")
    page.get_by_text("已投入票箱").wait_for()


def the_roll(page):
    page.goto(ballot("roll/"))
    return page.locator("#main").inner_text()


def nobody_sees_who_voted(page, roll):
    """The chair's pages after five votes are what they were before the first, but for how many."""
    assert the_roll(page) == roll
    page.goto(f"{board()}ballot/")
    page.get_by_text("名册7人，已收到5张票。").wait_for()


def the_ballot_is_closed(page):
    page.goto(ballot())
    page.locator("#progress", has_text="5 / 7").wait_for()
    press(page, "截止投票")
    page.get_by_text("拆封。").first.wait_for()


def a_scrutineer_mixes(page):
    page.goto(ballot())
    page.get_by_role("link", name="去拆封").click()
    press(page, "拆封、打乱并签名")
    page.wait_for_url(f"**{ballot()}")


def the_result_appears(page):
    page.goto(ballot())
    press(page, "计票并公布结果")
    page.get_by_text("计票记录 PDF").wait_for()
    page.locator(".ballot-result", has_text="闻知远").wait_for()


def a_voter_finds_his_own_vote(page):
    page.goto(f"/vote/{Ballot.objects.get().uid}/check/")
    page.locator("#said .good", has_text="已原样计入").wait_for()


def a_vote_comes_too_late(page):
    press(page, "确认投票")
    page.get_by_text("没有投入").wait_for()


# --- the grade --------------------------------------------------------------------------------------------------------


def grading(body):
    """The address of a report's evaluation."""
    found = Entry.objects.get(organization=body)
    return f"/scoring/{body.code}/{found.evaluation_id}/"


def the_clerk_takes_the_votes_and_begins(page):
    page.goto(f"{board()}ballot/")
    press(page, "转入3人的测评结果")
    heading(page, "综合评价")
    press(page, "开始评价")
    page.get_by_text("已开始评价3人。").wait_for()


def the_sum_is_shown_line_by_line(page, body):
    page.goto(grading(body))
    heading(page, "书记抓党建述职评议综合评价办法（样例）")
    page.locator("#lectures", has_text="党课").wait_for()
    page.locator("#overall", has_text="民主测评").wait_for()


def the_chair_says_what_the_committee_thinks(page, cast):
    for body in (cast.branch, cast.other, cast.forest):
        page.goto(grading(body))
        for group, choice in (("怎样评价", "好"), ("弄虚作假吗", "没有发现"), ("受到过通报批评吗", "没有")):
            page.get_by_role("group", name=re.compile(group)).get_by_label(choice, exact=True).check()
        press(page, "保存上级评定")
        page.get_by_text("已保存。").wait_for()


def nobody_grades_his_own_branch(page, body):
    page.goto(grading(body))
    assert page.get_by_role("button", name="保存上级评定").count() == 0
    assert page.get_by_role("button", name="定等次").count() == 0


def nothing_is_told_before_it_is_published(page, body):
    refused(page, grading(body))
    refused(page, f"{board()}grades/", f"{board()}letters/", status=403)


def the_levels_are_set_and_published(page, cast):
    page.goto(f"{board()}grades/")
    press(page, "核定得分")
    page.get_by_text("已核定3项。").wait_for()
    page.goto(grading(cast.branch))
    page.locator("summary", has_text="定等次").click()
    page.get_by_role("group", name="等次").get_by_label("一般", exact=True).check()
    press(page, "定等次")
    page.get_by_text("要写明理由").first.wait_for()
    page.get_by_label("改动拟定等次的理由").fill(LEVEL_REASON)
    press(page, "定等次")
    page.get_by_text("等次已定。").wait_for()
    page.get_by_text(f"理由：{LEVEL_REASON}").wait_for()
    page.goto(f"{board()}grades/")
    press(page, "公布结果")
    page.get_by_text("已公布3项结果。").wait_for()
    assert set(Entry.objects.values_list("stage", flat=True)) == {Stage.GRADED}


def the_secretary_objects(page, body):
    assert "综合评价" in told(page)
    page.goto(grading(body))
    page.get_by_text(f"理由：{LEVEL_REASON}").wait_for()
    page.locator("summary", has_text="对结果有异议").click()
    page.get_by_label("对哪一项有异议，为什么").fill(OBJECTION)
    press(page, "提出异议")
    page.get_by_text("异议已提出，等待答复。").wait_for()
    assert page.get_by_role("button", name="答复", exact=True).count() == 0


def the_chair_answers(page, body):
    assert "异议" in told(page)
    page.goto(f"{board()}grades/")
    press(page, "结果定下来")
    page.get_by_text("异议期没有过，或异议没有答复").wait_for()
    page.goto(grading(body))
    page.get_by_label("不采纳，维持结果").check()
    page.get_by_label("答复", exact=True).fill(ANSWERED)
    press(page, "答复")
    page.get_by_text("已答复。").wait_for()


def the_grades_are_final(page):
    page.goto(f"{board()}grades/")
    press(page, "结果定下来")
    page.get_by_text("已定下3项结果。").wait_for()


# --- the letter, and what becomes of it -------------------------------------------------------------------------------


def the_letter_is_written_and_sent(page, cast):
    page.goto(board())
    page.get_by_role("link", name="反馈", exact=True).click()
    page.get_by_role("link", name="青禾县水文站党支部").click()
    heading(page, "反馈意见")
    assert page.get_by_label("点评意见").input_value() == PRAISED
    assert page.get_by_label("存在的问题").input_value() == PROBLEM
    asks = page.get_by_label("整改要求")
    kept = asks.input_value()
    asks.fill("")
    press(page, "保存并发出")
    page.get_by_text("列了问题，请写明整改要求和时限。").wait_for()
    asks.fill(kept)
    press(page, "保存")
    page.get_by_text("已保存，还没有发出。").wait_for()
    assert not Problem.objects.filter(text=PROBLEM).exists()
    press(page, "保存并发出")
    page.get_by_text("反馈意见已发出。").wait_for()
    page.locator(".letter", has_text="综合评价等次为“一般”").wait_for()
    for body in (cast.other, cast.forest):
        page.goto(place(body, "letter/"))
        press(page, "保存并发出")
        page.get_by_text("反馈意见已发出。").wait_for()


def the_secretary_reads_it_and_sets_a_measure(page, body):
    assert "反馈意见" in told(page)
    page.goto(place(body, "letter/"))
    page.locator(".letter", has_text=PRAISED).wait_for()
    assert page.get_by_role("button", name="保存并发出").count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Word", exact=True).click()
    letter = read_document(download.value.path().read_bytes(), download.value.suggested_filename).text
    assert PROBLEM in letter
    page.get_by_role("link", name=PROBLEM).click()
    heading(page, PROBLEM)
    page.locator("#id_measure-text").fill("  ")
    page.locator("#id_measure-owner").select_option(label="温汝舟")
    page.locator("#id_measure-due").fill("2026-06-30")
    press(page, "定下")
    page.get_by_text("这个字段是必填项。").wait_for()
    page.locator("#id_measure-text").fill(MEASURE)
    press(page, "定下")
    page.get_by_role("link", name=MEASURE).wait_for()


def the_member_reports_it_done(page):
    assert MEASURE in told(page)
    page.goto(f"/tasks/GW-01/{Task.objects.get(text=MEASURE).pk}/")
    page.get_by_label("进展或完成情况").fill("二季度党员大会已于5月20日召开。")
    press(page, "报告完成")
    page.get_by_text("待核实").first.wait_for()
    assert page.get_by_role("button", name="核实办结").count() == 0


def the_deputy_verifies_it(page):
    page.goto(f"/tasks/GW-01/{Task.objects.get(text=MEASURE).pk}/")
    press(page, "核实办结")
    page.get_by_text("已办结").first.wait_for()


def an_office_sees_nothing_of_it(page, body):
    names = ("", "hearing/", "ballot/", "grades/", "letters/", "archive/")
    refused(page, *(f"{board()}{name}" for name in names), place(body, "read/"), place(body, "letter/"))
    refused(page, ballot(), ballot("roll/"), grading(body))


def others_and_members_read_no_letter(page, body):
    refused(page, place(body), place(body, "letter/"), f"{place(body)}letter.docx", grading(body))


# --- the end ----------------------------------------------------------------------------------------------------------


def the_season_is_closed(page):
    page.goto(f"{board()}letters/")
    press(page, "核对整改，办结已整改的")
    page.get_by_text("3人已办结。").wait_for()
    page.goto(board())
    page.get_by_role("link", name="结束", exact=True).click()
    press(page, "结束")
    page.get_by_text("已结束").first.wait_for()
    assert page.get_by_role("link", name="名单", exact=True).count() == 0


def its_archive_is_exported_and_verified(page, path, capsys):
    page.get_by_role("link", name="归档", exact=True).click()
    press(page, "导出档案包")
    page.get_by_text("后台进程在整理").wait_for()
    jobs.make_package.func(Package.objects.get().pk)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    file = path / "season.zip"
    download.value.save_as(file)
    assert main(["archive", "verify", str(file)]) == 0
    assert "核对无误" in capsys.readouterr().out
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(path / "altered.zip", "w") as altered:
        for name in whole.namelist():
            words = whole.read(name)
            altered.writestr(name, words.replace(PRAISED.encode(), b"") if name.endswith("letter.txt") else words)
    assert main(["archive", "verify", str(path / "altered.zip")]) == 1
    assert "letter.txt" in capsys.readouterr().out


def test_a_season_is_prepared_handed_in_and_read(people, day):
    cast = people
    with day(OPENED, cast.clerk, cast.secretary) as (clerk, secretary):
        the_clerk_prepares_the_season(clerk)
        the_clerk_names_the_reporters(clerk)
        nobody_below_knows_yet(secretary)
        the_clerk_opens_it(clerk)
    roles = (cast.secretary, cast.deputy, cast.clerk, cast.outsider)
    with day(HANDED, *roles) as (secretary, deputy, clerk, archive):
        the_secretary_is_told_and_drafts(secretary)
        the_draft_is_no_other_branchs_business(archive, cast.branch)
        the_committee_waits_for_the_final_text(clerk, cast.branch)
        the_secretary_checks_and_freezes(secretary, cast.branch)
        the_deputy_agrees(deputy, cast.branch)
        the_secretary_signs_and_submits(secretary, cast.branch)
        the_archive_hands_in_a_copy(archive, cast)
        carried_through(cast.other, cast.keeper, cast.outsider)
        carried_through(cast.forest, cast.ranger, cast.forester, FOREST)
    roles = (cast.clerk, cast.secretary, cast.outsider, cast.member)
    with day(READ, *roles) as (clerk, secretary, archive, member):
        the_clerk_reads_with_the_findings_beside(clerk)
        copies_are_named(clerk, cast)
        the_clerk_comments_and_returns(clerk, cast)
        nobody_judges_his_own_branch(clerk, cast)
        the_secretary_reads_the_comments_and_resubmits(secretary, cast)
        carried_through(cast.branch, cast.deputy, cast.secretary)
        the_clerk_sees_what_changed_and_accepts(clerk, cast)
        others_see_nothing_of_it(archive, cast.branch, cast.forest)
        members_have_no_part_in_it(member, cast)
    assert not Notice.objects.filter(account=cast.member).exists()


def test_a_season_is_heard_graded_and_followed_through(people, day, tmp_path, capsys):
    cast = people
    with day(READ, cast.clerk, cast.secretary) as (clerk, secretary):
        passed(cast)
        the_clerk_calls_the_meeting(clerk)
        the_secretary_is_invited(secretary)
    with day(HEARD, cast.chair, cast.chair, cast.clerk) as (chair, screen, clerk):
        the_screen_shows_the_order(screen)
        one_after_the_other_speaks(chair, screen, cast)
        the_clerk_may_not_comment_on_his_own_branch(clerk)
        the_clerk_writes_the_minutes(clerk)
        the_clerk_prepares_the_ballot(clerk)
    scrutineers = (cast.keeper, cast.ranger, cast.deputy)
    with day(HEARD, cast.clerk, cast.chair, *scrutineers, cast.secretary, cast.outsider, None, None) as pages:
        clerk, chair, *watching, secretary, archive, phone, second = pages
        for page in watching:
            a_scrutineer_makes_his_key(page)
        slips = the_ballot_is_opened(clerk)
        roll = the_roll(clerk)
        votes(chair, 1)
        votes(secretary, 0)
        votes(archive, 1)
        votes(phone, 0, slips["温汝舟"])
        votes(second, 2, slips["纪南乔"])
        nobody_sees_who_voted(clerk, roll)
        fills_in(second, 3, slips["路听雨"])
        the_ballot_is_closed(clerk)
        a_vote_comes_too_late(second)
        for page in watching:
            a_scrutineer_mixes(page)
        the_result_appears(clerk)
        a_voter_finds_his_own_vote(phone)
        a_voter_finds_his_own_vote(secretary)

    with day(GRADED, cast.clerk, cast.chair, cast.secretary) as (clerk, chair, secretary):
        the_clerk_takes_the_votes_and_begins(clerk)
        the_sum_is_shown_line_by_line(clerk, cast.branch)
        nobody_grades_his_own_branch(clerk, cast.other)
        the_chair_says_what_the_committee_thinks(chair, cast)
        nothing_is_told_before_it_is_published(secretary, cast.branch)
        the_levels_are_set_and_published(chair, cast)
        the_secretary_objects(secretary, cast.branch)
        the_chair_answers(chair, cast.branch)
    with day(ANSWERED_ON, cast.chair, cast.secretary, cast.member, cast.outsider) as (
        chair,
        secretary,
        member,
        archive,
    ):
        the_grades_are_final(chair)
        the_letter_is_written_and_sent(chair, cast)
        the_secretary_reads_it_and_sets_a_measure(secretary, cast.branch)
        others_and_members_read_no_letter(archive, cast.branch)
        others_and_members_read_no_letter(member, cast.branch)
    with day(MENDED_ON, cast.member, cast.deputy, cast.clerk, cast.auditor) as (member, deputy, clerk, auditor):
        an_office_sees_nothing_of_it(auditor, cast.branch)
        the_member_reports_it_done(member)
        the_deputy_verifies_it(deputy)
        the_season_is_closed(clerk)
        its_archive_is_exported_and_verified(clerk, tmp_path, capsys)
