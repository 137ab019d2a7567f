"""Choosing, drafting, handing in, reviewing, approving, giving back, correcting, taking down: by the right person."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.disclosure.publishing import CANDIDATES, DAY, NOTICE, PLAN, at, bring_up, draft, people
from tests.journeys.clock import calendar
from zhibu.activities.entry import Entry
from zhibu.activities.services import record_activity
from zhibu.disclosure import services
from zhibu.disclosure.models import Publication
from zhibu.notices.models import Notice

pytestmark = pytest.mark.django_db

NEW = "/disclosure/GW-01/new/notice/"
FORM = {
    "title": "关于值班的通知", "body": "自本周起轮流值班。", "audience": "unit", "since": "2026-03-02", "until": "",
    "act": "save",
}  # fmt: skip


@pytest.fixture
def three(cast, monkeypatch, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    calendar(monkeypatch)(DAY)
    return people(cast)


def text(answer):
    return answer.content.decode()


def step(client, made, act, **more):
    return client.post(f"/disclosure/GW-01/{made.pk}/step/", {"act": act, **more})


# --- drafting


def test_the_whole_way_without_script(cast, as_, three):
    assert "月工作计划" in text(as_(three.proposer).get("/disclosure/GW-01/new/"))
    page = as_(three.proposer).get("/disclosure/GW-01/new/monthly-plan/?period=2026-04")
    assert 'value="2026年4月工作计划"' in text(page)
    assert "在这一期开始之前公开" in text(page)
    sent = {**FORM, "period": "2026-04", "title": "2026年4月工作计划", "act": "propose"}
    answer = as_(three.proposer).post("/disclosure/GW-01/new/monthly-plan/", sent, follow=True)
    made = Publication.objects.get()
    assert (made.state, made.period, made.until) == ("proposed", "2026-04", date(2026, 4, 30))
    assert "由其他人审核、审批" in text(answer)
    assert "审核通过" in text(as_(three.reviewer).get(f"/disclosure/GW-01/{made.pk}/"))
    assert step(as_(three.reviewer), made, "review").status_code == 302
    assert "批准公开" in text(as_(cast.secretary).get(f"/disclosure/GW-01/{made.pk}/"))
    answer = as_(cast.secretary).post(f"/disclosure/GW-01/{made.pk}/step/", {"act": "approve"}, follow=True)
    assert "公开中" in text(answer)
    assert "2026年4月工作计划" in text(as_(cast.member).get("/disclosure/GW-01/"))


def test_each_is_told_when_it_is_their_turn(cast, as_, three):
    as_(three.proposer).post(NEW, {**FORM, "act": "propose"})
    made = Publication.objects.get()

    def told():
        rows = Notice.objects.filter(kind="publication").order_by("id")
        return {(row.account.username, row.sentence["code"]) for row in rows}

    assert ("discipline", "to-review") in told()
    assert ("publicity", "to-review") not in told()  # who proposed it is not asked
    step(as_(three.reviewer), made, "review")
    assert {("secretary", "to-approve"), ("deputy", "to-approve")} <= told()
    step(as_(cast.secretary), made, "approve")
    assert ("publicity", "publication-approved") in told()


def test_the_chair_who_approves_his_own_is_refused_in_a_sentence(cast, as_, three):
    as_(cast.secretary).post(NEW, {**FORM, "act": "propose"})
    made = Publication.objects.get()
    refused = step(as_(cast.secretary), made, "review")
    assert refused.status_code == 422
    assert "这件事是您自己提出的，须由其他人审核" in text(refused)
    step(as_(three.reviewer), made, "review")
    refused = step(as_(cast.secretary), made, "approve")
    assert refused.status_code == 422
    assert "这件事是您自己提出的，须由其他人审批" in text(refused)
    made.refresh_from_db()
    assert made.state == "reviewed"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": ""}, "title"),
        ({"body": ""}, "body"),
        ({"audience": "world"}, "audience"),
        ({"since": "2026-02-30"}, "since"),
        ({"until": "2026-03-01"}, "until"),
        ({"body": "身份证号11010519491231002X"}, "body"),
        ({"since": "1800-01-01"}, "since"),
    ],
)
def test_rejects_and_keeps_what_was_typed(cast, as_, three, change, told):
    answer = as_(three.proposer).post(NEW, {**FORM, **change})
    assert answer.status_code == 422
    assert told in answer.context["form"].errors
    assert ("自本周起轮流值班" in text(answer)) == ("body" not in change)
    assert not Publication.objects.exists()


def test_a_publicity_that_is_too_short_names_the_day(cast, as_, three):
    sent = {**FORM, "since": "2026-06-01", "until": "2026-06-04"}
    answer = as_(three.proposer).post("/disclosure/GW-01/new/candidates/", sent)
    assert "第5个工作日是2026年6月5日" in text(answer)
    assert "until" in answer.context["form"].errors


def test_a_period_that_has_one_already_is_told(cast, as_, three):
    address = "/disclosure/GW-01/new/monthly-plan/?period=2026-03"
    assert "这一期已经有一份" not in text(as_(three.proposer).get(address))
    made = bring_up(cast, three, PLAN)
    assert f'href="/disclosure/GW-01/{made.pk}/"' in text(as_(three.proposer).get(address))
    assert "这一期已经有一份" not in text(as_(three.proposer).get("/disclosure/GW-01/new/monthly-plan/?period=2026-04"))


def test_an_unknown_matter_is_not_found(cast, as_, three):
    assert as_(three.proposer).get("/disclosure/GW-01/new/party/").status_code == 404


def test_files_survive_a_slip(cast, as_, three):
    upload = SimpleUploadedFile("明细.pdf", b"%PDF-1.7 made up")
    answer = as_(three.proposer).post(NEW, {**FORM, "title": "", "files": upload})
    ticket = answer.context["tickets"][0][1]
    as_(three.proposer).post(NEW, {**FORM, "ticket": ticket})
    made = Publication.objects.get()
    assert made.files.get().name == "明细.pdf"
    sent = {**FORM, "version": made.version, "drop": made.files.get().pk}
    assert as_(three.proposer).post(f"/disclosure/GW-01/{made.pk}/edit/", sent).status_code == 302
    assert not made.files.exists()
    bad = SimpleUploadedFile("程序.exe", b"MZ")
    answer = as_(three.proposer).post(NEW, {**FORM, "files": bad})
    assert "不能上传“程序.exe”" in text(answer)
    assert Publication.objects.count() == 1


def test_the_record_it_comes_from_is_chosen_from_ones_own(cast, as_, three):
    def held(body):
        entry = Entry(kind="committee-meeting", title="研究月计划", held=date(2026, 3, 1))
        return record_activity(cast.secretary, body, entry, at=at(DAY))

    mine, theirs = held(cast.branch), held(cast.other)
    address = "/disclosure/GW-01/new/monthly-plan/"
    sent = {**FORM, "period": "2026-03"}
    for wrong in (theirs.pk, "9" * 30):
        answer = as_(three.proposer).post(address, {**sent, "about": wrong})
        assert "about" in answer.context["form"].errors
    assert as_(three.proposer).post(address, {**sent, "about": mine.pk}).status_code == 302
    assert Publication.objects.get().about == mine


def test_two_who_edit_do_not_overwrite_each_other(cast, as_, three):
    made = draft(three.proposer, cast.branch)
    address = f"/disclosure/GW-01/{made.pk}/edit/"
    assert as_(three.organizer).post(address, {**FORM, "version": "1", "title": "甲"}).status_code == 302
    answer = as_(three.proposer).post(address, {**FORM, "version": "1", "title": "乙"})
    assert "已由他人修改" in text(answer)
    assert 'value="乙"' in text(answer)
    made.refresh_from_db()
    assert made.title == "甲"


# --- who may


def test_requires_the_right_person(cast, as_, three, client):
    made = draft(three.proposer, cast.branch)
    assert client.post(NEW, FORM).status_code == 302
    assert as_(cast.member).post(NEW, FORM).status_code == 403
    assert as_(cast.outsider).post(NEW, FORM).status_code == 404
    assert step(as_(cast.member), made, "propose").status_code == 404
    assert step(as_(cast.outsider), made, "propose").status_code == 404
    services.propose(three.proposer, made, at=at(DAY))
    assert step(as_(cast.clerk), made, "review").status_code == 403  # the committee is not small
    services.review(three.reviewer, made, at=at(DAY))
    assert step(as_(three.organizer), made, "approve").status_code == 403
    assert step(as_(cast.secretary), made, "no-such").status_code == 403
    made.refresh_from_db()
    assert made.state == "reviewed"


def test_a_publication_of_another_body_is_not_reached_by_its_number(cast, as_, three):
    theirs = draft(cast.outsider, cast.other)
    for part in ("", "edit/", "end/", "poster/"):
        assert as_(cast.secretary).get(f"/disclosure/GW-01/{theirs.pk}/{part}").status_code == 404
    assert step(as_(cast.secretary), theirs, "propose").status_code == 404


def test_what_was_handed_in_is_not_edited(cast, as_, three):
    made = draft(three.proposer, cast.branch)
    services.propose(three.proposer, made, at=at(DAY))
    sent = {**FORM, "version": "1", "title": "偷改"}
    assert as_(three.proposer).post(f"/disclosure/GW-01/{made.pk}/edit/", sent).status_code == 302
    made.refresh_from_db()
    assert made.title == NOTICE["title"]


# --- back, away, again


def test_given_back_with_a_reason(cast, as_, three):
    made = draft(three.proposer, cast.branch)
    services.propose(three.proposer, made, at=at(DAY))
    assert step(as_(three.reviewer), made, "give-back").status_code == 422
    assert step(as_(three.reviewer), made, "give-back", reason="写明地点").status_code == 302
    page = text(as_(three.proposer).get(f"/disclosure/GW-01/{made.pk}/"))
    assert "退回的原因：写明地点" in page
    assert "每一步" in page
    assert Notice.objects.get(account=three.proposer).sentence["code"] == "given-back"


def test_a_draft_is_deleted_once(cast, as_, three):
    made = draft(three.proposer, cast.branch)
    assert step(as_(three.proposer), made, "discard").url == "/disclosure/GW-01/queue/"
    assert step(as_(three.proposer), made, "discard").status_code == 404


def test_approval_after_its_day_tells_the_new_span(cast, as_, three, monkeypatch):
    made = draft(three.proposer, cast.branch, CANDIDATES, until=date(2026, 6, 5))
    services.propose(three.proposer, made, at=at(DAY))
    services.review(three.reviewer, made, at=at(DAY))
    calendar(monkeypatch)(date(2026, 6, 3))
    page = text(as_(cast.secretary).get(f"/disclosure/GW-01/{made.pk}/"))
    assert "将从2026年6月3日起公开，到2026年6月9日为止" in page


def test_taken_down_or_withdrawn_on_a_page_of_its_own(cast, as_, three, monkeypatch):
    made = bring_up(cast, three, PLAN)
    address = f"/disclosure/GW-01/{made.pk}/end/"
    assert as_(cast.member).get(address).status_code == 403
    assert as_(cast.secretary).post(address, {"how": "down", "reason": ""}).status_code == 422
    refused = as_(cast.secretary).post(address, {"how": "down", "reason": "办完了"})
    assert "还没有公开满一天" in text(refused)
    answer = as_(cast.secretary).post(address, {"how": "withdraw", "reason": "金额有误"}, follow=True)
    assert "金额有误" in text(answer)
    assert as_(cast.secretary).get(address).status_code == 403  # it is over
    page = text(as_(cast.secretary).get(f"/disclosure/GW-01/{made.pk}/"))
    assert "只有支委会还能看到内容" in page
    assert "改后重新公开" in page


def test_a_correction_begins_from_the_same_text(cast, as_, three):
    made = bring_up(cast, three, PLAN)
    answer = step(as_(three.proposer), made, "correct")
    fresh = Publication.objects.get(replaces=made)
    assert answer.url == f"/disclosure/GW-01/{fresh.pk}/edit/"
    page = text(as_(three.proposer).get(answer.url))
    assert "这是更正稿" in page
    assert "召开支委会" in page
    assert "已有一份更正（草稿）" in text(step(as_(three.proposer), made, "correct"))


# --- poster


def test_a_poster_of_what_was_approved(cast, as_, three):
    made = bring_up(cast, three, PLAN)
    for paper in ("a4", "a3"):
        answer = as_(cast.member).get(f"/disclosure/GW-01/{made.pk}/poster/?paper={paper}")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    assert "海报只有 A4 和 A3" in text(as_(cast.member).get(f"/disclosure/GW-01/{made.pk}/poster/?paper=a0"))
    waiting = draft(three.proposer, cast.branch)
    assert as_(three.proposer).get(f"/disclosure/GW-01/{waiting.pk}/poster/").status_code == 404
