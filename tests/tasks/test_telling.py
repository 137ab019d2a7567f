"""Who hears of a step: whose turn it is, never the one who took it, never anybody else."""

from __future__ import annotations

from datetime import date, timedelta

from tests.ledger.records import hold
from tests.tasks.conftest import DAY, NOW
from zhibu.notices.models import Notice
from zhibu.org.models import Post
from zhibu.tasks import services
from zhibu.tasks.services import Terms


def heard(account):
    return [notice.said.text() for notice in Notice.objects.filter(account=account, kind="task").order_by("id")]


def give(cast, actor=None, giver=None, **terms):
    terms = Terms("修好公开栏", **{"owner": cast.member.member, "due": date(2025, 4, 20), **terms})
    return services.give_task(actor or cast.secretary, cast.branch, terms, DAY, at=NOW, given_by=giver)


def test_the_owner_hears_of_a_new_task_and_nobody_else(cast):
    task = give(cast)
    assert heard(cast.member) == ["有一项任务由您负责，2025年4月20日到期：修好公开栏。"]
    assert Notice.objects.count() == 1
    assert Notice.objects.get().url == f"/tasks/GW-01/{task.pk}/"


def test_who_gives_himself_a_task_is_not_told(cast):
    give(cast, owner=cast.secretary.member)
    assert not Notice.objects.exists()


def test_what_comes_from_above_without_an_owner_is_told_to_those_who_lead(cast):
    give(cast, actor=cast.clerk, giver=cast.committee, owner=None)
    assert heard(cast.secretary) == ["青禾县县直机关工委交办了一项任务，还没有定责任人：修好公开栏。"]
    assert heard(cast.deputy) == heard(cast.secretary)
    assert heard(cast.member) == heard(cast.outsider) == []


def test_the_way_of_a_task(cast):
    Post.objects.create(
        organization=cast.committee, member=cast.clerk.member, title="secretary", since=date(2024, 1, 1)
    )
    task = give(cast, actor=cast.clerk, giver=cast.committee)
    services.note_progress(cast.member, task, "做了一半", at=NOW)
    services.report_done(cast.member, task, "已经做好", at=NOW)
    assert heard(cast.clerk) == ["青禾县水文站党支部报告完成了任务，请核实：修好公开栏。"]
    services.return_task(cast.clerk, task, "右边还没有修", DAY, at=NOW)
    services.move_deadline(cast.clerk, task, date(2025, 5, 1), "材料没有到", DAY, at=NOW)
    services.report_done(cast.member, task, "全做好了", at=NOW)
    services.verify(cast.clerk, task, "看过了", DAY, at=NOW)
    assert heard(cast.member)[1:] == [
        "任务被退回：修好公开栏。右边还没有修",
        "任务的完成时限改为2025年5月1日：修好公开栏。", "任务已核实办结：修好公开栏。",
    ]  # fmt: skip
    assert len(heard(cast.clerk)) == 2
    assert heard(cast.secretary) == []


def test_a_committees_clerk_hears_that_what_he_gave_is_reported(cast):
    task = give(cast, actor=cast.clerk, giver=cast.committee)
    services.report_done(cast.member, task, "已经做好", at=NOW)
    assert heard(cast.clerk) == ["青禾县水文站党支部报告完成了任务，请核实：修好公开栏。"]
    assert heard(cast.outsider) == []


def test_another_owner_is_told_and_so_is_the_end(cast):
    task = give(cast, owner=None)
    services.assign(cast.secretary, task, cast.member.member, [], DAY, at=NOW)
    services.cancel(cast.secretary, task, "改由物业修", at=NOW)
    assert heard(cast.member)[1] == "任务已取消：修好公开栏。改由物业修"


def test_what_an_old_record_resolved_is_no_news(cast):
    old = hold(cast, "committee-meeting", DAY - timedelta(days=60))
    terms = Terms("早就定的事", owner=cast.member.member)
    services.give_task(cast.secretary, cast.branch, terms, DAY, at=NOW, activity=old)
    assert not Notice.objects.exists()


def test_what_a_record_closes_by_itself_is_told_to_nobody(cast):
    task = give(cast)
    services.close_by_record(cast.secretary, task, DAY, "台账已有记录", at=NOW)
    assert len(heard(cast.member)) == 1
