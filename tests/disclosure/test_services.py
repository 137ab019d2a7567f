"""Three people bring a matter up; the ledger counts it once, whatever becomes of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.conftest import _account, _member, _organization
from tests.disclosure.publishing import CANDIDATES, DAY, NOTICE, PLAN, at, bring_up, draft, people
from tests.duties.local import lay_down
from tests.ledger.records import cells
from zhibu.activities.entry import Entry
from zhibu.activities.models import Activity
from zhibu.activities.services import record_activity
from zhibu.disclosure import services
from zhibu.disclosure.access import hands
from zhibu.disclosure.checking import calendar_remark
from zhibu.disclosure.models import Publication
from zhibu.disclosure.queries import shown_on
from zhibu.errors import UserError
from zhibu.ledger.queries import ledger_of
from zhibu.org.models import JournalEntry
from zhibu.workdays import known_years

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(cast):
    return people(cast)


def monthly_disclosure(cast):
    """The committee's duty: something is disclosed each month."""
    return lay_down(
        cast, since=date(2026, 1, 1), label="每月公开", text="每月公开1次", strength="shall",
        at_least={"count": 1, "per": "month", "of": ["disclosure"]}, record=["RP"],
    )  # fmt: skip


def status(cast, duty, month, on):
    return cells(ledger_of(cast.branch, on.year, on), f"local-{duty.pk}/duty")[month]


# --- three people


def test_three_people_bring_it_up(cast, three):
    made = bring_up(cast, three)
    assert made.state == "approved"
    assert (made.proposed_by, made.reviewed_by, made.approved_by) == (three.proposer, three.reviewer, cast.secretary)
    assert list(shown_on(cast.branch, DAY)) == [made]
    verbs = set(JournalEntry.objects.filter(object_id=str(made.pk)).values_list("verb", flat=True))
    assert {f"{verb}-publication" for verb in ("draft", "propose", "review", "approve")} <= verbs


def test_nobody_takes_two_steps(cast, three):
    made = draft(cast.secretary, cast.branch)
    services.propose(cast.secretary, made, at=at(DAY))
    with pytest.raises(UserError, match="您自己提出的，须由其他人审核"):
        services.review(cast.secretary, made, at=at(DAY))
    services.review(three.reviewer, made, at=at(DAY))
    with pytest.raises(UserError, match="您自己提出的，须由其他人审批"):
        services.approve(cast.secretary, made, at=at(DAY))
    with pytest.raises(UserError, match="您审核的，须由其他人审批"):
        services.approve(three.reviewer, made, at=at(DAY))
    made.refresh_from_db()
    assert made.state == "reviewed"
    assert not shown_on(cast.branch, DAY).exists()
    assert services.approve(cast.deputy, made, at=at(DAY)).state == "approved"


def test_steps_are_taken_in_order(cast, three):
    made = draft(three.proposer, cast.branch)
    for step in (services.review, services.approve):
        with pytest.raises(UserError, match="现在是“草稿”"):
            step(three.reviewer, made, at=at(DAY))
    services.propose(three.proposer, made, at=at(DAY))
    with pytest.raises(UserError, match="现在是“待审核”"):
        services.save_draft(three.proposer, made, NOTICE, 1, at=at(DAY))
    with pytest.raises(UserError, match="待审核"):
        services.propose(three.proposer, made, at=at(DAY))


def test_given_back_it_is_changed_and_goes_all_the_way_again(cast, three):
    made = draft(three.proposer, cast.branch)
    services.propose(three.proposer, made, at=at(DAY))
    services.review(three.reviewer, made, at=at(DAY))
    with pytest.raises(UserError, match="退回的原因"):
        services.give_back(cast.secretary, made, " ", at=at(DAY))
    back = services.give_back(cast.secretary, made, "日期写错", at=at(DAY))
    assert (back.state, back.reason) == ("draft", "日期写错")
    services.save_draft(three.proposer, back, {**NOTICE, "title": "改过的通知"}, back.version, at=at(DAY))
    again = services.propose(three.organizer, back, at=at(DAY))
    assert (again.title, again.reviewed_by, again.reason) == ("改过的通知", None, "")
    with pytest.raises(UserError, match="不能删除"):
        services.discard(three.proposer, services.give_back(cast.secretary, again, "再改", at=at(DAY)))


def test_two_who_change_a_draft_do_not_overwrite_each_other(cast, three):
    made = draft(three.proposer, cast.branch)
    services.save_draft(three.organizer, made, {**NOTICE, "title": "甲"}, 1, at=at(DAY))
    with pytest.raises(UserError, match="已由他人修改"):
        services.save_draft(three.proposer, made, {**NOTICE, "title": "乙"}, 1, at=at(DAY))
    made.refresh_from_db()
    assert made.title == "甲"


def test_who_may_do_what(cast, three):
    on = DAY
    everybody = {
        "publicity": three.proposer, "secretary": cast.secretary, "member": cast.member, "outsider": cast.outsider,
        "clerk": cast.clerk, "audit": _account("audit", office="audit"),
    }  # fmt: skip
    found = {name: hands(account, cast.branch, on) for name, account in everybody.items()}
    assert {name: (one.propose, one.review, one.approve) for name, one in found.items()} == {
        "publicity": (True, True, False), "secretary": (True, True, True), "member": (False, False, False),
        "outsider": (False, False, False), "clerk": (True, False, False), "audit": (False, False, False),
    }  # fmt: skip


def test_above_a_small_committee_the_superior_steps_in(cast):
    small = _organization(cast.committee, "GW-03", "青禾县气象站党支部", "branch")
    secretary = _account("small-secretary", _member(small, "001", "唐晓声", "secretary"))
    member = _account("small-member", _member(small, "002", "段以清"))
    mine = {who.username: hands(who, small, DAY) for who in (secretary, member, cast.clerk, cast.outsider)}
    assert all(one.small for one in mine.values())
    assert [(one.propose, one.review, one.approve) for one in mine.values()] == [
        (True, True, True), (True, False, False), (True, True, True), (False, False, False)
    ]  # fmt: skip
    made = draft(member, small)
    services.propose(member, made, at=at(DAY))
    services.review(cast.clerk, made, at=at(DAY))
    assert services.approve(secretary, made, at=at(DAY)).state == "approved"


# --- what may not go up


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"item": "party"}, "没有“party”"),
        ({"item": "monthly-plan", "period": ""}, "哪一期"),
        ({"item": "monthly-plan", "period": "2026"}, "哪一期"),
        ({"title": " "}, "标题和正文"),
        ({"body": "长" * 10_001}, "不超过10000字"),
        ({"audience": "world"}, "公开范围"),
        ({"until": DAY - timedelta(days=1)}, "不能早于起始日"),
        ({"body": "张某，身份证号11010519491231002X。"}, "身份证号（末四位002X）"),
        ({"item": "candidates", "since": date(2026, 6, 1), "until": date(2026, 6, 4)}, "不少于5个工作日"),
    ],
)
def test_a_draft_that_could_not_be_disclosed_is_refused(cast, three, change, told):
    with pytest.raises(UserError, match=told):
        draft(three.proposer, cast.branch, **change)
    assert not Publication.objects.exists()


def test_eighteen_digits_that_are_no_identity_number_may_stay(cast, three):
    assert draft(three.proposer, cast.branch, body="账号110105194912310021，咨询电话12345678901。").pk


def test_cells_have_no_board(cast, three):
    with pytest.raises(UserError, match="不单独设公开栏"):
        draft(three.proposer, cast.cell)


def test_the_record_it_comes_from_is_the_bodys_own(cast, three):
    entry = Entry(kind="volunteer-service", title="清扫", held=DAY)
    theirs = record_activity(cast.outsider, cast.other, entry, at=at(DAY))
    with pytest.raises(UserError, match="不属于本组织"):
        draft(three.proposer, cast.branch, about=theirs)


def test_without_a_last_day_it_has_the_usual_one(cast, three):
    assert draft(three.proposer, cast.branch).until == date(2026, 3, 15)
    assert draft(three.proposer, cast.branch, PLAN).until == date(2026, 3, 31)
    assert draft(three.proposer, cast.branch, item="rules").until is None
    assert draft(three.proposer, cast.branch, CANDIDATES).until == date(2026, 6, 5)


# --- dates


def test_nothing_goes_up_before_it_is_approved(cast, three):
    made = bring_up(cast, three, CANDIDATES, on=date(2026, 6, 3), since=date(2026, 6, 1), until=date(2026, 6, 5))
    assert (made.since, made.until) == (date(2026, 6, 3), date(2026, 6, 9))  # still five working days


def test_what_is_over_before_it_was_approved_goes_back(cast, three):
    with pytest.raises(UserError, match="3月6日已经过去"):
        bring_up(cast, three, on=date(2026, 3, 9), since=DAY, until=date(2026, 3, 6))


def test_approved_ahead_it_goes_up_on_its_day_and_is_recorded_for_that_day(cast, three):
    duty = monthly_disclosure(cast)
    made = bring_up(cast, three, on=date(2026, 2, 26), since=DAY)
    assert not shown_on(cast.branch, date(2026, 3, 1)).exists()
    assert shown_on(cast.branch, DAY).exists()
    assert made.record.held == DAY
    assert status(cast, duty, "2026-02", date(2026, 2, 28)) == "not-yet-due"
    assert status(cast, duty, "2026-02", DAY) == "missing"
    assert status(cast, duty, "2026-03", DAY) == "met"


def test_in_a_year_whose_holidays_are_not_known_people_are_told_to_count(cast, three):
    year = max(known_years()) + 1
    since = date(year, 3, 1)
    with pytest.raises(UserError, match=f"{year}年的放假"):
        draft(three.proposer, cast.branch, CANDIDATES, since=since, until=None)
    made = draft(three.proposer, cast.branch, CANDIDATES, since=since, until=since + timedelta(days=9))
    assert f"{year}年" in str(calendar_remark(made.matter, made.since, made.until))
    assert calendar_remark(made.matter, date(2026, 6, 1), date(2026, 6, 5)) is None
    with pytest.raises(UserError, match="不少于5个工作日"):
        draft(three.proposer, cast.branch, CANDIDATES, since=since, until=since + timedelta(days=3))


# --- the ledger counts it once


def test_approval_makes_the_record_the_ledger_counts(cast, three):
    duty = monthly_disclosure(cast)
    assert status(cast, duty, "2026-03", DAY) == "not-yet-due"
    made = bring_up(cast, three, PLAN)
    record = Activity.objects.get()
    assert (made.record, record.kind, record.title, record.lacks) == (record, "disclosure", "公开2026年3月工作计划", [])
    assert record.fields == {
        "matter": "2026年3月工作计划", "item": "monthly-plan", "scope": "unit", "way": "board",
        "shown_from": "2026-03-02", "shown_until": "2026-03-31",
        "proposed_by": cast.members[3].pk, "reviewed_by": cast.members[4].pk, "approved_by": cast.members[0].pk,
    }  # fmt: skip
    assert status(cast, duty, "2026-03", DAY) == "met"


def test_a_duty_of_one_matter_is_not_done_by_disclosing_another(cast, three):
    duty = lay_down(
        cast, since=date(2026, 1, 1), label="公开月计划", text="每月公开工作计划", strength="shall",
        at_least={"count": 1, "per": "month", "of": ["disclosure"], "tags": ["monthly-plan"]}, record=["RP"],
    )  # fmt: skip
    bring_up(cast, three, NOTICE)
    assert status(cast, duty, "2026-03", date(2026, 4, 1)) == "missing"
    bring_up(cast, three, PLAN)
    assert status(cast, duty, "2026-03", date(2026, 4, 1)) == "met"


def test_what_names_people_is_recorded_without_its_title(cast, three):
    bring_up(cast, three, CANDIDATES, on=date(2026, 6, 1), title="关于拟列张三为发展对象的公示")
    assert Activity.objects.get().title == "公开发展对象公示"
    assert "张三" not in str(Activity.objects.get().fields)


def test_what_was_recorded_by_hand_is_not_recorded_again(cast, three):
    entry = Entry(kind="disclosure", title="公开2026年3月工作计划", held=DAY, fields={"matter": "计划"})
    by_hand = record_activity(cast.secretary, cast.branch, entry, at=at(DAY))
    assert bring_up(cast, three, PLAN).record == by_hand
    assert Activity.objects.count() == 1


def test_withdrawn_as_mistaken_it_leaves_the_ledger_and_a_trace(cast, three):
    duty = monthly_disclosure(cast)
    made = bring_up(cast, three, PLAN)
    with pytest.raises(UserError, match="请写明原因"):
        services.withdraw(cast.secretary, made, "  ", at=at(DAY))
    gone = services.withdraw(cast.secretary, made, "金额有误", at=at(DAY, 5))
    assert (gone.state, gone.reason, gone.ended_by) == ("withdrawn", "金额有误", cast.secretary)
    assert not shown_on(cast.branch, DAY).exists()
    record = Activity.objects.get()
    assert record.withdrawn_reason == "公开已撤回：金额有误"
    assert status(cast, duty, "2026-03", date(2026, 3, 3)) == "not-yet-due"
    with pytest.raises(UserError, match="现在是“已撤回”"):
        services.withdraw(cast.secretary, made, "再撤", at=at(DAY))


def test_taken_down_early_it_stays_in_the_ledger(cast, three):
    duty = monthly_disclosure(cast)
    made = bring_up(cast, three, PLAN)
    with pytest.raises(UserError, match="还没有公开满一天"):
        services.take_down(cast.secretary, made, "计划已完成", at=at(DAY))
    later = date(2026, 3, 20)
    down = services.take_down(cast.secretary, made, "计划已完成", at=at(later))
    assert (down.state, down.last) == ("ended", date(2026, 3, 19))
    assert not shown_on(cast.branch, later).exists()
    assert shown_on(cast.branch, date(2026, 3, 19)).exists()
    record = Activity.objects.get()
    assert (record.withdrawn_at, record.fields["shown_until"], record.version) == (None, "2026-03-19", 2)
    assert status(cast, duty, "2026-03", date(2026, 4, 1)) == "met"


def test_a_publicity_is_not_taken_down_before_its_working_days(cast, three):
    made = bring_up(cast, three, CANDIDATES, on=date(2026, 6, 1), until=date(2026, 6, 30))
    with pytest.raises(UserError, match="现在还不到，不能撤下"):
        services.take_down(cast.secretary, made, "已公示", at=at(date(2026, 6, 5)))
    assert services.take_down(cast.secretary, made, "已公示", at=at(date(2026, 6, 6))).state == "ended"


def test_a_correction_takes_the_place_and_the_record_of_what_it_corrects(cast, three):
    duty = monthly_disclosure(cast)
    first = bring_up(cast, three, PLAN)
    later = date(2026, 3, 5)
    fresh = services.correct(three.proposer, first, at=at(later))
    assert (fresh.state, fresh.replaces, fresh.body) == ("draft", first, first.body)
    with pytest.raises(UserError, match="已有一份更正（草稿）"):
        services.correct(three.proposer, first, at=at(later))
    services.save_draft(three.proposer, fresh, {**PLAN, "title": "2026年3月工作计划（更正）"}, 1, at=at(later))
    services.propose(three.proposer, fresh, at=at(later))
    services.review(three.reviewer, fresh, at=at(later))
    assert list(shown_on(cast.branch, later)) == [first]  # until the new one is approved
    up = services.approve(cast.secretary, fresh, at=at(later))
    first.refresh_from_db()
    assert (first.state, first.record, first.reason) == ("ended", None, "内容更正，已由新的版本代替")
    assert list(shown_on(cast.branch, later)) == [up]
    assert (up.since, up.first_shown) == (later, DAY)
    record = Activity.objects.get()
    assert (record.held, record.title, record.version) == (DAY, "公开2026年3月工作计划（更正）", 2)
    assert record.revisions.get().reason == "公开内容更正后重新公开"
    assert status(cast, duty, "2026-03", later) == "met"


def test_a_correction_of_what_was_withdrawn_is_recorded_anew(cast, three):
    first = bring_up(cast, three, PLAN)
    services.withdraw(cast.secretary, first, "有误", at=at(DAY))
    later = date(2026, 3, 5)
    fresh = services.correct(three.proposer, first, at=at(later))
    for step, who in ((services.propose, three.proposer), (services.review, three.reviewer)):
        step(who, fresh, at=at(later))
    up = services.approve(cast.secretary, fresh, at=at(later))
    assert (up.first_shown, up.record.held) == (later, later)
    assert Activity.objects.filter(withdrawn_at=None).count() == 1


def test_a_correction_approved_ahead_leaves_no_gap(cast, three):
    first = bring_up(cast, three, PLAN)
    fresh = services.correct(three.proposer, first, at=at(DAY))
    services.save_draft(three.proposer, fresh, {**PLAN, "since": date(2026, 3, 9)}, 1, at=at(DAY))
    services.propose(three.proposer, fresh, at=at(DAY))
    services.review(three.reviewer, fresh, at=at(DAY))
    services.approve(cast.secretary, fresh, at=at(DAY))
    days = [date(2026, 3, day) for day in (2, 8, 9, 31)]
    assert [list(shown_on(cast.branch, day)) for day in days] == [[first], [first], [fresh], [fresh]]


def test_a_draft_is_thrown_away(cast, three):
    made = draft(three.proposer, cast.branch)
    services.discard(three.proposer, made)
    assert not Publication.objects.exists()
    assert JournalEntry.objects.filter(verb="discard-publication").exists()
