"""A month's plan from the ledger's proposal to its settlement."""

from datetime import date

import pytest

from tests.ledger.records import hold
from tests.plans.conftest import DAY, NOW
from zhibu.activities import services as activities
from zhibu.activities.entry import PRESENT, Attendee, Entry
from zhibu.activities.queries import entry_of
from zhibu.duties.models import OriginState
from zhibu.errors import UserError
from zhibu.notices.models import Notice
from zhibu.plans import services
from zhibu.plans.services import Row
from zhibu.tasks.models import State, Task

MARCH, APRIL = date(2025, 3, 1), date(2025, 4, 1)
LAST = date(2025, 3, 31)


def draft(cast, first=MARCH):
    return services.draft_plan(cast.secretary, cast.branch, first, DAY, at=NOW)


def in_force(cast):
    plan = draft(cast)
    rows = [Row(0, "主题党日", LAST, cast.members[5], "themed-day"), Row(0, "修订制度", LAST)]
    services.save_plan(cast.secretary, plan, rows, 1, DAY, at=NOW)
    meeting = hold(cast, "committee-meeting", date(2025, 3, 3))
    plan.refresh_from_db()
    return services.approve_plan(cast.secretary, plan, meeting, DAY, at=NOW)


def states(plan):
    return dict(plan.tasks.values_list("text", "state"))


def themed_day(cast, held=date(2025, 3, 19)):
    entry = Entry(
        kind="themed-day", title="三月主题党日", held=held, minutes="学习讨论了本月的主题内容。" * 8,
        attendance=tuple(Attendee(one.pk, PRESENT) for one in cast.members),
    )  # fmt: skip
    return activities.record_activity(cast.secretary, cast.branch, entry, at=NOW)


def test_the_draft_holds_what_the_ledger_asks_for_in_the_month_and_what_the_last_one_left(cast):
    plan = draft(cast)
    found = {(task.kind, task.due) for task in plan.tasks.all()}
    kinds = {kind for kind, _due in found}
    assert {"themed-day", "committee-meeting", "general-meeting"} <= kinds
    assert "member-appraisal" not in kinds  # due at the year's end
    assert all(task.state == State.DRAFT and task.duty for task in plan.tasks.all())
    assert all(DAY <= due <= LAST for _kind, due in found)
    hold(cast, "themed-day", date(2025, 4, 1))
    assert draft(cast, APRIL).tasks.exists()


def test_the_owner_of_an_item_is_told_when_the_plan_is_approved_and_not_before(cast):
    plan = draft(cast)
    rows = [Row(0, "主题党日", LAST, cast.members[5], "themed-day"), Row(0, "修订制度", LAST)]
    services.save_plan(cast.secretary, plan, rows, 1, DAY, at=NOW)
    assert not Notice.objects.exists()
    plan.refresh_from_db()
    services.approve_plan(cast.secretary, plan, hold(cast, "committee-meeting", date(2025, 3, 3)), DAY, at=NOW)
    assert [(one.account, one.said.text()) for one in Notice.objects.all()] == [
        (cast.member, "有一项任务由您负责，2025年3月31日到期：主题党日。")
    ]


@pytest.mark.parametrize("first", [date(2025, 2, 1), date(2025, 6, 1)])
def test_is_not_begun_for_a_month_that_is_over_or_far_off(cast, first):
    with pytest.raises(UserError):
        draft(cast, first)


def test_is_begun_once(cast):
    draft(cast)
    with pytest.raises(UserError) as refused:
        draft(cast)
    assert refused.value.code == "plan-exists"


def test_two_who_edit_do_not_overwrite_each_other(cast):
    plan = draft(cast)
    services.save_plan(cast.secretary, plan, [Row(0, "甲", LAST)], 1, DAY, at=NOW)
    with pytest.raises(services.PlanChanged):
        services.save_plan(cast.deputy, plan, [Row(0, "乙", LAST)], 1, DAY, at=NOW)
    assert list(plan.tasks.values_list("text", flat=True)) == ["甲"]


def test_an_item_lies_in_the_month_and_belongs_to_the_body(cast):
    plan = draft(cast)
    for row in (Row(0, "甲", APRIL), Row(0, " ", LAST), Row(0, "乙", LAST, cast.outsider.member)):
        with pytest.raises(UserError):
            services.save_plan(cast.secretary, plan, [row], 1, DAY, at=NOW)


def test_a_meeting_puts_it_in_force_and_both_lead_to_each_other(cast):
    plan = in_force(cast)
    assert (plan.state, plan.approved_on) == (OriginState.IN_FORCE, date(2025, 3, 3))
    assert plan.activities.get().kind == "committee-meeting"
    assert set(states(plan).values()) == {State.OPEN}
    with pytest.raises(UserError):
        services.save_plan(cast.secretary, plan, [], plan.version, DAY, at=NOW)


def test_what_was_held_before_it_was_approved_carries_out_its_items(cast):
    plan = draft(cast)
    rows = [Row(0, "支委会会议", LAST, kind="committee-meeting"), Row(0, "主题党日", LAST, kind="themed-day")]
    services.save_plan(cast.secretary, plan, rows, 1, DAY, at=NOW)
    meeting = hold(cast, "committee-meeting", date(2025, 3, 3))
    hold(cast, "themed-day", date(2025, 2, 28))
    hold(cast, "themed-day", date(2025, 3, 10), branch=cast.other)
    services.approve_plan(cast.secretary, plan, meeting, DAY, at=NOW)
    assert states(plan) == {"支委会会议": State.CLOSED, "主题党日": State.OPEN}
    assert list(Task.objects.get(text="支委会会议").evidence.all()) == [meeting]


def test_a_month_begun_by_what_is_moved_into_it_is_proposed_from_the_ledger_too(cast):
    plan = draft(cast)
    duty = plan.tasks.filter(kind="themed-day").latest("due", "id")
    services.save_plan(
        cast.secretary, plan, [Row(duty.pk, "主题党日", LAST, kind="themed-day")], 1, DAY, at=NOW
    )  # fmt: skip
    services.approve_plan(cast.secretary, plan, hold(cast, "committee-meeting", date(2025, 3, 3)), DAY, at=NOW)
    services.settle_plan(cast.secretary, plan, {duty.pk: ("moved", "值班")}, date(2025, 4, 2), at=NOW)
    following = services.plan_of(cast.branch, APRIL)
    kinds = [task.kind for task in following.tasks.all()]
    assert kinds.count("themed-day") == 2  # the one that was moved, and April's own
    assert "committee-meeting" in kinds
    assert following.tasks.get(parent=duty).text == "主题党日"


def test_only_a_meeting_of_the_body_approves_it(cast):
    plan = draft(cast)
    day = date(2025, 3, 3)
    wrong = [
        hold(cast, "committee-meeting", day, branch=cast.other), hold(cast, "themed-day", day),
        hold(cast, "committee-meeting", day, withdrawn_at=NOW), hold(cast, "committee-meeting", date(2025, 3, 28)),
    ]  # fmt: skip
    for meeting in wrong:
        with pytest.raises(UserError):
            services.approve_plan(cast.secretary, plan, meeting, DAY, at=NOW)


def test_a_record_of_its_kind_carries_an_item_out_and_taken_back_opens_it_again(cast):
    plan = in_force(cast)
    activity = themed_day(cast)
    assert states(plan) == {"主题党日": State.CLOSED, "修订制度": State.OPEN}
    task = Task.objects.get(text="主题党日")
    assert (task.closed_on, list(task.evidence.all())) == (activity.held, [activity])
    activities.withdraw_activity(cast.secretary, activity, "记错了", at=NOW)
    assert states(plan)["主题党日"] == State.OPEN


def test_a_cell_carries_out_what_stands_under_its_name(cast):
    plan = draft(cast)
    rows = [Row(0, f"{name}：党小组会", LAST, kind="cell-meeting") for name in ("第二党小组", "第一党小组")]
    services.save_plan(cast.secretary, plan, rows, 1, DAY, at=NOW)
    services.approve_plan(cast.secretary, plan, hold(cast, "committee-meeting", date(2025, 3, 3)), DAY, at=NOW)
    cast.members[5].statuses.update(cell=cast.cell)
    entry = Entry(
        kind="cell-meeting", title="党小组会", held=date(2025, 3, 12), minutes="学习讨论了本月的主题内容。" * 8,
        attendance=(Attendee(cast.members[5].pk, PRESENT),),
    )  # fmt: skip
    activities.record_activity(cast.secretary, cast.cell, entry, at=NOW)
    assert states(plan) == {"第二党小组：党小组会": State.OPEN, "第一党小组：党小组会": State.CLOSED}


def test_one_record_carries_out_one_item_of_its_kind(cast):
    plan = draft(cast)
    rows = [Row(0, "上旬志愿服务", LAST, kind="themed-day"), Row(0, "下旬志愿服务", LAST, kind="themed-day")]
    services.save_plan(cast.secretary, plan, rows, 1, DAY, at=NOW)
    meeting = hold(cast, "committee-meeting", date(2025, 3, 3))
    services.approve_plan(cast.secretary, plan, meeting, DAY, at=NOW)
    activity = themed_day(cast)
    assert sorted(states(plan).values()) == [State.CLOSED, State.OPEN]
    activities.correct_activity(cast.secretary, activity, entry_of(activity), 1, "改字", at=NOW)
    assert sorted(states(plan).values()) == [State.CLOSED, State.OPEN]


def test_at_the_end_every_item_is_met_moved_or_missed_with_a_reason(cast):
    plan = in_force(cast)
    themed_day(cast)
    left = plan.tasks.get(text="修订制度")
    with pytest.raises(UserError) as early:
        services.settle_plan(cast.secretary, plan, {left.pk: ("moved", "人手不够")}, DAY, at=NOW)
    assert early.value.code == "plan-not-over"
    for verdicts in ({}, {left.pk: ("moved", "")}, {left.pk: ("met", "")}, {left.pk: ("forgotten", "忘了")}):
        with pytest.raises(UserError):
            services.settle_plan(cast.secretary, plan, verdicts, LAST, at=NOW)
    services.settle_plan(cast.secretary, plan, {left.pk: ("moved", "等待上级文件")}, LAST, at=NOW)
    left.refresh_from_db()
    plan.refresh_from_db()
    assert (plan.state, left.state) == (OriginState.CLOSED, State.MOVED)
    again = left.parts.get()
    assert (again.text, again.origin.since, again.state) == ("修订制度", APRIL, State.DRAFT)


def test_a_missed_item_stays_to_be_seen(cast):
    plan = in_force(cast)
    verdicts = {task.pk: ("missed", "没有安排") for task in plan.tasks.all()}
    services.settle_plan(cast.secretary, plan, verdicts, LAST, at=NOW)
    assert set(states(plan).values()) == {State.MISSED}
    assert services.plan_of(cast.branch, APRIL) is None


def test_a_later_item_is_added_openly(cast):
    plan = in_force(cast)
    task = services.add_item(cast.secretary, plan, Row(0, "临时检查", LAST), DAY, at=NOW)
    assert task.state == State.OPEN
    assert task.steps.get().verb == "give"
