"""A made-up year of the cast's branch, written straight into the tables, with things that must not leak."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from tests.ledger.records import attend, hold
from zhibu.activities.models import Activity, Attendance, Resolution, Vote

YEAR, ON = 2025, date(2026, 1, 8)
SECRET = "家里出了大事想调走"
SECRET_SUBJECT = "谈调动的事"
MINUTES = "温汝舟建议把学习安排到汛期以后。\n岑若溪同意，认为应当先定值班表。"


def a_meeting(cast: Any, held: date = date(2025, 3, 5), **fields: Any) -> Activity:
    """A general meeting with one on leave, a resolution carried out, another overdue, and a vote."""
    people = cast.members
    values = {
        "title": "一季度党员大会", "starts": time(15), "ends": time(16, 30), "place": "二楼会议室", "chair": people[0],
        "recorder": people[2], "agenda": "听取支委会一季度工作报告", "minutes": MINUTES, "present": 7, "attended": 8,
        "guests": "局办公室主任",
    }  # fmt: skip
    meeting = hold(cast, "general-meeting", held, **{**values, **fields})
    attend(meeting, *people[:5], *people[6:])
    Attendance.objects.create(
        organization=meeting.organization, activity=meeting, member=people[5], presence="leave", reason="在外出差"
    )
    both = {"organization": meeting.organization, "activity": meeting}
    Resolution.objects.create(
        **both, text="调整二季度学习计划", owner=people[2], due=date(2025, 4, 10), done=date(2025, 4, 2)
    )
    Resolution.objects.create(**both, text="修订值班表", owner=people[3], due=date(2025, 5, 1))
    Vote.objects.create(
        **both,
        matter="接收简言之为预备党员",
        rule="admission",
        method="secret",
        entitled=8,
        present=7,
        yes=7,
        passed=True,
    )
    return meeting


def a_talk(cast: Any, *pair: int, held: date = date(2025, 4, 9), **fields: Any) -> Activity:
    """A private talk between two members of the cast, by their places."""
    one, other = (cast.members[place] for place in pair)
    values = {
        "title": SECRET_SUBJECT, "minutes": SECRET, "chair": one, "fields": {"partner": other.pk},
        "tags": ["committee-member", "secretary-talk"],
    }  # fmt: skip
    talk = hold(cast, "talk", held, **{**values, **fields})
    attend(talk, one, other)
    return talk


def a_lecture(cast: Any, held: date = date(2025, 6, 20), **fields: Any) -> Activity:
    """A themed day with a lecture by the secretary, two study hours for everybody but the last."""
    values = {
        "title": "主题党日：学党章", "also": ["lecture"], "hours": 2, "chair": cast.members[1],
        "fields": {"theme": "学党章", "topic": "从一个案例说起", "lecturer": cast.members[0].pk},
    }  # fmt: skip
    lecture = hold(cast, "themed-day", held, **{**values, **fields})
    attend(lecture, *cast.members[:8])
    return lecture
