"""`zhibu remind` on the cast's branch: who hears what, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.conftest import PASSWORD
from tests.disclosure.publishing import CANDIDATES, bring_up, people
from tests.ledger.records import hold
from zhibu.cli.main import main
from zhibu.disclosure.boards import adopt
from zhibu.meetings import services as meetings
from zhibu.notices.models import Notice
from zhibu.org.models import Account, JournalEntry, Organization, Post
from zhibu.reminders.services import remind, reminders_on
from zhibu.tasks import services as tasks
from zhibu.tasks.services import Terms

AT = datetime(2025, 4, 28, 0, tzinfo=UTC)
DAY = date(2025, 4, 28)


def heard(account, kind=""):
    """What reminders told the account; a step of a task is told by the stage itself, about nothing in particular."""
    rows = Notice.objects.filter(account=account, about__contains="/").order_by("id")
    return [notice.said.text() for notice in (rows.filter(kind=kind) if kind else rows)]


def test_what_is_owed_this_month_is_told_to_those_who_lead_the_branch(cast):
    told = remind(DAY, AT)
    (own,) = [text for text in heard(cast.secretary, "due") if text.startswith("青禾县水文站党支部还有")]
    assert "2025年4月30日到期" in own
    assert own in heard(cast.deputy, "due")
    assert heard(cast.member) == []
    assert not any("水文站" in text for text in heard(cast.outsider))
    assert told.notices == Notice.objects.exclude(account=None).count()
    notice = Notice.objects.get(account=cast.secretary, about="due/GW-01/2025-04-30/3")
    assert notice.organization == cast.branch
    assert notice.url == "/ledger/GW-01/"


def test_the_secretary_hears_of_the_cells_of_the_branch(cast):
    remind(DAY, AT)
    notice = Notice.objects.get(account=cast.secretary, about__contains="/below/")
    assert "青禾县水文站党支部第一党小组" in notice.said.text()
    assert (notice.organization, notice.url) == (cast.branch, "/ledger/GW-01/")


def test_what_was_recorded_is_not_asked_for(cast):
    before = {one.reminder.sentence.text() for one in reminders_on(DAY) if one.reminder.body.code == "GW-01"}
    assert any("支委会会议" in text for text in before)
    hold(cast, "committee-meeting", date(2025, 4, 8))
    after = {one.reminder.sentence.text() for one in reminders_on(DAY) if one.reminder.body.code == "GW-01"}
    due = [text for text in after if "4月30日到期：" in text]
    assert not any("支委会会议" in text for text in due)


def test_what_the_catalogue_asks_to_be_on_the_board_is_told_too(cast):
    adopt(cast.clerk, cast.committee, ["monthly-plan"], on=date(2025, 4, 1))
    told = {one.reminder.sentence.text() for one in reminders_on(DAY) if one.reminder.body.code == "GW-01"}
    assert any("4月30日到期" in text and "公开月工作计划" in text for text in told)


def test_asking_twice_tells_nobody_twice_and_a_later_stage_is_told_anew(cast):
    first = remind(DAY, AT)
    assert first.notices > 0
    assert remind(DAY, AT).notices == 0
    assert remind(DAY + timedelta(days=1), AT + timedelta(days=1)).notices == 0
    later = remind(date(2025, 4, 30), AT + timedelta(days=2))
    assert later.notices > 0


def test_a_day_the_timer_slept_through_is_made_good(cast):
    """Nobody asked on the day of the third stage; the next run tells it."""
    remind(date(2025, 4, 20), AT)
    assert remind(date(2025, 4, 29), AT).notices > 0


def test_those_above_hear_only_after_those_concerned(cast):
    remind(date(2025, 5, 2), AT)
    assert any("还没有完成记录" in text for text in heard(cast.secretary))
    assert not any("下级组织" in text for text in heard(cast.clerk))
    remind(date(2025, 5, 5), AT)
    above = [text for text in heard(cast.clerk) if "下级组织" in text]
    assert above
    assert "水文站党支部" in above[0]
    notice = Notice.objects.filter(account=cast.clerk, about__contains="/below/").first()
    assert notice.url == "/ledger/GW/below/"


def test_a_missed_december_is_told_in_january(cast):
    told = [one.reminder.sentence.text() for one in reminders_on(date(2026, 1, 3)) if one.reminder.body.code == "GW-01"]
    assert any("2025年12月31日到期，还没有完成记录" in text for text in told)


def test_groups_hear_of_what_is_ahead_without_names(cast):
    remind(DAY, AT)
    group = Notice.objects.filter(account=None, organization=cast.branch)
    assert group.count() == 1
    names = {member.name for member in cast.members}
    assert not any(name in group[0].said.text() for name in names)
    remind(date(2025, 5, 5), AT)
    assert not any("还没有完成" in notice.said.text() for notice in Notice.objects.filter(account=None))


def test_the_journal_knows_that_reminders_were_sent(cast):
    remind(DAY, AT)
    remind(DAY, AT)
    assert JournalEntry.objects.filter(verb="remind").count() == 1


# --- tasks ----------------------------------------------------------------------------------------------------------


def given(cast, **terms):
    return tasks.give_task(
        cast.clerk, cast.branch, Terms("修好公开栏", **terms), date(2025, 4, 1), at=AT, given_by=cast.committee
    )


def test_a_task_is_told_to_its_owner_first_and_to_the_giver_only_after(cast):
    given(cast, due=date(2025, 4, 20), owner=cast.member.member)
    remind(date(2025, 4, 20), AT)
    assert heard(cast.member, "task") == ["您负责的任务2025年4月20日到期：修好公开栏。"]
    assert heard(cast.clerk, "task") == []
    remind(date(2025, 4, 24), AT)
    assert len(heard(cast.member, "task")) == 2
    assert len(heard(cast.clerk, "task")) == 1
    assert heard(cast.outsider, "task") == []


def test_a_task_whose_owner_left_finds_the_secretary(cast):
    given(cast, due=date(2025, 4, 20), owner=cast.member.member)
    cast.member.member.statuses.update(until=date(2025, 4, 10))
    remind(date(2025, 4, 20), AT)
    assert heard(cast.member, "task") == []
    assert len(heard(cast.secretary, "task")) == 1


def test_who_reported_is_not_asked_to_verify(cast):
    task = tasks.give_task(
        cast.secretary, cast.branch, Terms("自己的事", owner=cast.member.member, due=date(2025, 4, 20)),
        date(2025, 4, 1), at=AT,
    )  # fmt: skip
    tasks.report_done(cast.secretary, task, "已经办好了", at=AT - timedelta(days=10))
    remind(DAY, AT)
    assert heard(cast.secretary, "task") == []
    assert len(heard(cast.deputy, "task")) == 1


# --- terms ----------------------------------------------------------------------------------------------------------


def test_a_term_is_told_to_the_body_and_to_the_committee_above(cast):
    Post.objects.filter(organization=cast.branch).update(term_ends=date(2025, 10, 20))
    remind(DAY, AT)
    assert heard(cast.secretary, "term") == ["青禾县水文站党支部本届任期2025年10月20日届满，请做好换届准备。"]
    assert heard(cast.clerk, "term") == heard(cast.secretary, "term")
    assert heard(cast.member, "term") == []


# --- many, and the command ------------------------------------------------------------------------------------------


def test_the_queries_do_not_grow_with_the_bodies(cast, django_assert_max_num_queries):
    taken = []
    for number in range(2):
        with django_assert_max_num_queries(40) as counted:
            reminders_on(DAY)
        taken.append(len(counted))
        for more in range(3):
            committee = Organization.objects.get(pk=cast.committee.pk)
            Organization.objects.add_child(committee, {
                "code": f"GW-9{number}{more}", "name": f"第{number}{more}党支部", "kind": "branch",
                "founded": date(2019, 1, 1), "recording_since": date(2024, 1, 1),
            })  # fmt: skip
    assert taken[0] == taken[1]


def test_the_command_tells_what_it_did(cast, capsys):
    assert main(["remind", "--on", "2025-04-28", "--dry-run"]) == 0
    assert "闻知远、苏明棠" in capsys.readouterr().out
    assert not Notice.objects.exists()
    assert main(["remind", "--on", "2025-04-28"]) == 0
    assert "提醒" in capsys.readouterr().out
    assert Notice.objects.exists()
    with pytest.raises(SystemExit):
        main(["remind", "--on", "2025-02-30"])


def test_people_without_an_account_and_locked_ones_stop_nothing(cast):
    Account.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    Account.objects.create_user("third", password=PASSWORD, member=cast.members[2])
    remind(DAY, AT)
    assert heard(cast.secretary) == []
    assert heard(cast.deputy)


# --- meetings -------------------------------------------------------------------------------------------------------


def prepared(cast, invited, **values):
    given = {"title": "五月党员大会", "day": date(2025, 4, 29), "starts": time(9), "place": "会议室", **values}
    return meetings.prepare_meeting(
        cast.secretary, cast.branch, "general-meeting", given, [one.member for one in invited], at=AT
    )


def test_those_invited_are_reminded_the_day_before_but_not_those_on_leave(cast):
    meeting = prepared(cast, [cast.deputy, cast.member])
    meeting.invitations.filter(member=cast.deputy.member).update(leave=True)
    remind(date(2025, 4, 27), AT)
    assert not Notice.objects.filter(about__startswith="meeting/").exists()
    remind(DAY, AT)
    (notice,) = Notice.objects.filter(about__startswith="meeting/")
    assert notice.account == cast.member
    assert notice.said.text() == "请按时参加“五月党员大会”：2025年4月29日 09:00 会议室"
    remind(date(2025, 4, 29), AT)
    assert Notice.objects.filter(about__startswith="meeting/").count() == 1


def test_a_cancelled_meeting_is_not_told(cast):
    meeting = prepared(cast, [cast.member])
    meeting.state = "cancelled"
    meeting.save()
    remind(DAY, AT)
    assert not Notice.objects.filter(about__startswith="meeting/").exists()


# --- publicity ------------------------------------------------------------------------------------------------------


def test_the_last_day_of_a_publicity_and_its_end_are_told_to_those_who_lead(cast):
    up = bring_up(cast, people(cast), CANDIDATES, on=date(2026, 6, 1), until=date(2026, 6, 5))
    for day in (date(2026, 6, 4), date(2026, 6, 5), date(2026, 6, 6)):
        remind(day, AT)
    assert heard(cast.deputy, "publication") == [
        "青禾县水文站党支部的公示“关于拟列为发展对象的公示”2026年6月5日是最后一天，请看看收到的意见。",
        "青禾县水文站党支部的公示“关于拟列为发展对象的公示”2026年6月5日已经期满，请研究收到的意见，办理下一步手续。",
    ]
    assert heard(cast.member, "publication") == heard(cast.outsider, "publication") == []
    assert (
        Notice.objects.filter(about=f"publicity/{up.pk}/2026-06-05/over").first().url == f"/disclosure/GW-01/{up.pk}/"
    )


def test_what_is_shown_without_a_term_is_no_publicity(cast):
    bring_up(cast, people(cast), on=date(2026, 3, 2), until=date(2026, 3, 6))
    remind(date(2026, 3, 6), AT)
    assert not Notice.objects.filter(about__startswith="publicity/").exists()
