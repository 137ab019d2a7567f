"""Resolutions of a recorded meeting become tasks and follow the record."""

from datetime import date

from tests.tasks.conftest import DAY, NOW
from zhibu.activities import services as activities
from zhibu.activities.entry import PRESENT, Attendee, Entry, ResolutionRow
from zhibu.activities.queries import entry_of
from zhibu.tasks import services
from zhibu.tasks.models import State, Task


def meeting(cast, *resolutions, kind="general-meeting"):
    return Entry(kind=kind, title="党员大会", held=date(2025, 3, 5), resolutions=resolutions)


def test_a_resolution_becomes_a_task_and_its_closing_is_the_day_it_was_done(cast):
    rows = (ResolutionRow("调整学习计划", cast.members[5].pk, date(2025, 4, 10)), ResolutionRow("已办", done=DAY))
    activity = activities.record_activity(cast.secretary, cast.branch, meeting(cast, *rows), at=NOW)
    task = Task.objects.get()
    assert (task.text, task.owner, task.due) == ("调整学习计划", cast.members[5], date(2025, 4, 10))
    services.report_done(cast.member, task, "计划已调整", at=NOW)
    services.verify(cast.secretary, task, "", DAY, at=NOW)
    assert activity.resolutions.get(text="调整学习计划").done == DAY


def test_a_deadline_of_last_year_is_recorded_all_the_same(cast):
    row = ResolutionRow("补录的事", due=date(2024, 4, 10))
    activities.record_activity(cast.secretary, cast.branch, meeting(cast, row), at=NOW)
    assert Task.objects.get().due == date(2024, 4, 10)


def test_corrections_reach_the_task_but_not_terms_changed_since(cast):
    rows = (ResolutionRow("甲", due=date(2025, 4, 10)), ResolutionRow("乙", due=date(2025, 4, 10)))
    activity = activities.record_activity(cast.secretary, cast.branch, meeting(cast, *rows), at=NOW)
    first, second = Task.objects.order_by("id")
    services.move_deadline(cast.secretary, first, date(2025, 5, 1), "等待批复", DAY, at=NOW)
    kept = [ResolutionRow(f"{row.text}事", due=date(2025, 4, 12), id=row.id) for row in entry_of(activity).resolutions]
    activities.correct_activity(cast.secretary, activity, meeting(cast, *kept), 1, "改字", at=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.text, first.due) == ("甲事", date(2025, 5, 1))
    assert (second.text, second.due) == ("乙事", date(2025, 4, 12))


def test_dropped_done_and_withdrawn_resolutions_end_their_tasks(cast):
    rows = [ResolutionRow(text) for text in "甲乙丙"]
    activity = activities.record_activity(cast.secretary, cast.branch, meeting(cast, *rows), at=NOW)
    _gone, done, kept = entry_of(activity).resolutions
    corrected = meeting(cast, ResolutionRow("乙", done=date(2025, 3, 8), id=done.id), ResolutionRow("丙", id=kept.id))
    activities.correct_activity(cast.secretary, activity, corrected, 1, "更正", at=NOW)
    states = dict(Task.objects.values_list("text", "state"))
    assert states == {"甲": State.CANCELLED, "乙": State.CLOSED, "丙": State.OPEN}
    activities.withdraw_activity(cast.secretary, activity, "记错了", at=NOW)
    assert Task.objects.get(text="丙").state == State.CANCELLED
    assert Task.objects.get(text="乙").closed_on == date(2025, 3, 8)


def test_what_a_private_talk_agreed_on_becomes_no_task(cast):
    talk = Entry(
        kind="talk", title="谈话", held=date(2025, 3, 5), chair=cast.members[0].pk,
        fields={"partner": cast.members[5].pk}, minutes="谈了近期的工作和生活。" * 6,
        attendance=(Attendee(cast.members[0].pk, PRESENT),), resolutions=(ResolutionRow("帮扶"),),
    )  # fmt: skip
    activities.record_activity(cast.secretary, cast.branch, talk, at=NOW)
    assert not Task.objects.exists()
