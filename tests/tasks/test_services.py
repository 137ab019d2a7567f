"""A task from its beginning to its end, and what is refused on the way."""

from datetime import date

import pytest

from tests.ledger.records import hold
from tests.tasks.conftest import DAY, NOW
from zhibu.errors import UserError
from zhibu.org.models import JournalEntry
from zhibu.tasks import services
from zhibu.tasks.models import State, Task
from zhibu.tasks.services import Terms


def give(cast, body=None, text="修订学习制度", **terms):
    return services.give_task(cast.secretary, body or cast.branch, Terms(text, **terms), DAY, at=NOW)


def test_from_giving_to_closing_every_step_stays(cast):
    task = give(cast, due=date(2025, 3, 31), owner=cast.members[5])
    meeting = hold(cast, "committee-meeting", date(2025, 3, 18))
    services.note_progress(cast.member, task, "初稿已写好", at=NOW)
    services.report_done(cast.member, task, "制度已经支委会通过", at=NOW, evidence=[meeting])
    services.return_task(cast.secretary, task, "请写明施行日期", DAY, at=NOW)
    services.report_done(cast.member, task, "已补上施行日期", at=NOW)
    services.verify(cast.secretary, task, "", DAY, at=NOW)
    task.refresh_from_db()
    assert (task.state, task.closed_on) == (State.CLOSED, DAY)
    assert list(task.evidence.all()) == [meeting]
    verbs = list(task.steps.values_list("verb", flat=True))
    assert verbs == ["give", "progress", "report", "return", "report", "close"]
    assert JournalEntry.objects.filter(verb__startswith="task-").count() == 6


def test_nobody_verifies_what_he_did_himself(cast):
    own = give(cast, owner=cast.members[0])
    services.report_done(cast.deputy, own, "已经办好", at=NOW)
    with pytest.raises(UserError) as refused:
        services.verify(cast.secretary, own, "", DAY, at=NOW)
    assert refused.value.code == "task-own-verify"
    with pytest.raises(UserError):
        services.verify(cast.deputy, own, "", DAY, at=NOW)  # he reported it
    with pytest.raises(UserError):
        services.verify(cast.outsider, own, "", DAY, at=NOW)
    services.verify(cast.clerk, own, "", DAY, at=NOW)
    assert Task.objects.get().state == State.CLOSED


def test_what_a_committee_gave_it_verifies_itself(cast):
    whole = services.give_task(cast.clerk, cast.committee, Terms("清查制度"), DAY, at=NOW)
    [part] = services.hand_down(cast.clerk, whole, [cast.branch], Terms("清查本支部制度"), DAY, at=NOW)
    services.report_done(cast.member, part, "清查完毕", at=NOW)
    with pytest.raises(UserError):
        services.verify(cast.secretary, part, "", DAY, at=NOW)
    services.verify(cast.clerk, part, "", DAY, at=NOW)
    part.refresh_from_db()
    assert part.state == State.CLOSED


def test_is_handed_down_once_and_never_up_or_round(cast):
    whole = services.give_task(cast.clerk, cast.committee, Terms("清查制度"), DAY, at=NOW)
    [part] = services.hand_down(cast.clerk, whole, [cast.branch], Terms("清查"), DAY, at=NOW)
    for task, body in ((whole, cast.branch), (part, cast.committee), (part, cast.branch), (part, cast.other)):
        with pytest.raises(UserError):
            services.hand_down(cast.clerk, task, [cast.other, body], Terms("清查"), DAY, at=NOW)
    assert Task.objects.count() == 2  # all or none
    with pytest.raises(UserError, match="下级"):
        services.give_task(cast.secretary, cast.committee, Terms("倒过来"), DAY, at=NOW, given_by=cast.branch)


def test_a_part_ends_with_the_whole_at_the_latest(cast):
    whole = give(cast, due=date(2025, 4, 1))
    with pytest.raises(UserError, match="不能晚于"):
        services.split(cast.secretary, whole, Terms("一部分", due=date(2025, 4, 2)), DAY, at=NOW)
    part = services.split(cast.secretary, whole, Terms("一部分", due=date(2025, 4, 1)), DAY, at=NOW)
    with pytest.raises(UserError, match="不能晚于"):
        services.move_deadline(cast.secretary, part, date(2025, 4, 9), "来不及", DAY, at=NOW)


def test_a_deadline_moves_only_with_a_reason_and_into_the_future(cast):
    task = give(cast, due=date(2025, 3, 31))
    for due, reason in ((date(2025, 4, 30), " "), (date(2025, 3, 1), "提前办"), (date(2025, 3, 31), "没有变")):
        with pytest.raises(UserError):
            services.move_deadline(cast.secretary, task, due, reason, DAY, at=NOW)
    moved = services.move_deadline(cast.secretary, task, date(2025, 4, 30), "等待上级批复", DAY, at=NOW)
    assert moved.due == date(2025, 4, 30)
    assert task.steps.last().data == {"due": ["2025-03-31", "2025-04-30"]}


@pytest.mark.parametrize("terms", [{"text": "  "}, {"due": date(2025, 3, 19)}])
def test_bad_terms_make_no_task(cast, terms):
    with pytest.raises(UserError):
        give(cast, **{"text": "办事", **terms})
    assert not Task.objects.exists()


def test_only_people_of_the_body_are_charged(cast):
    with pytest.raises(UserError, match="不是"):
        give(cast, owner=cast.outsider.member)
    task = give(cast)
    with pytest.raises(UserError, match="不是"):
        services.assign(cast.secretary, task, cast.members[0], [cast.outsider.member], DAY, at=NOW)


def test_cancelling_takes_the_parts_along_and_ends_it(cast):
    whole = give(cast)
    part = services.split(cast.secretary, whole, Terms("一部分"), DAY, at=NOW)
    services.cancel(cast.secretary, whole, "上级另有安排", at=NOW)
    part.refresh_from_db()
    assert part.state == State.CANCELLED
    with pytest.raises(UserError) as refused:
        services.note_progress(cast.secretary, whole, "还在办", at=NOW)
    assert refused.value.code == "task-over"


def test_evidence_is_of_the_body_or_below(cast):
    task = give(cast)
    elsewhere = hold(cast, "committee-meeting", date(2025, 3, 18), branch=cast.other)
    with pytest.raises(UserError, match="本组织"):
        services.report_done(cast.member, task, "已经办好", at=NOW, evidence=[elsewhere])
    task.refresh_from_db()
    assert task.state == State.OPEN
