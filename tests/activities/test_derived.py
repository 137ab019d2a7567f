"""Columns that follow from the rows: counts, hours, gaps, who talked with whom."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.activities.entering import filled, save
from zhibu.activities.derived import derive, measures, study_hours
from zhibu.activities.entry import Attendee, Entry, Person
from zhibu.activities.kinds import find_kind
from zhibu.activities.models import Activity
from zhibu.activities.queries import entry_of
from zhibu.activities.roster import people_on

PEOPLE = {
    1: Person(1, "书记", committee=True, secretary=True),
    2: Person(2, "委员", committee=True),
    3: Person(3, "党员"),
    4: Person(4, "另一党员"),
    5: Person(5, "预备党员", status="probationary", voting=False),
}


def entry(kind, **values):
    return Entry(kind=kind, title="记录", held=date(2025, 3, 5), **values)


def test_those_with_a_vote_are_entitled_and_all_there_attended():
    rows = (
        Attendee(1, "present"),
        Attendee(2, "leave"),
        Attendee(3, "absent"),
        Attendee(4, "observer"),
        Attendee(5, "present"),
    )
    found = derive(entry("general-meeting", attendance=rows), find_kind("general-meeting"), PEOPLE)
    assert (found.entitled, found.present, found.attended) == (3, 1, 2)


@given(
    st.lists(
        st.tuples(st.sampled_from([*PEOPLE, 99]), st.sampled_from(["present", "leave", "absent", "observer"])),
        unique_by=lambda row: row[0],
    )
)
def test_counts_never_contradict_each_other(rows):
    found = derive(
        entry("general-meeting", attendance=tuple(Attendee(*row) for row in rows)), find_kind("general-meeting"), PEOPLE
    )
    assert found.present <= found.entitled <= 4
    assert found.present <= found.attended <= len(rows)


@pytest.mark.parametrize(
    ("pair", "tags"),
    [
        ((1, 2), ("committee-committee", "secretary-talk")),
        ((1, 3), ("committee-member", "secretary-talk")),
        ((2, 3), ("committee-member",)),
        ((3, 4), ("member-member",)),
        ((3,), ()),
        ((3, 99), ()),
    ],
)
def test_a_talk_is_named_by_the_posts_of_the_two(pair, tags):
    talk = entry("talk", attendance=tuple(Attendee(one, "present") for one in pair))
    assert derive(talk, find_kind("talk"), PEOPLE).tags == tags


@pytest.mark.parametrize(
    ("given_hours", "starts", "ends", "hours"),
    [
        (3.5, time(9), time(10), 3.5),
        (None, time(9), time(11, 40), 2.5),
        (None, time(8), time(20), 8.0),
        (None, time(9), None, 0.0),
        (0, time(9), time(11), 0),
    ],
)
def test_hours_are_those_entered_else_the_length_of_the_activity(given_hours, starts, ends, hours):
    assert study_hours(entry("study", hours=given_hours, starts=starts, ends=ends), find_kind("study")) == hours


def test_a_meeting_without_hours_gives_none():
    assert study_hours(entry("committee-meeting", starts=time(9), ends=time(11)), find_kind("committee-meeting")) == 0


def test_a_guest_lecturer_stands_for_the_lecturer():
    kind = find_kind("lecture")
    lecture = entry("lecture", fields={"topic": "题目"})
    assert "授课人" in derive(lecture, kind, PEOPLE).lacks
    assert (
        "授课人"
        not in derive(replace(lecture, fields={"topic": "题目", "guest_lecturer": "党校教师"}), kind, PEOPLE).lacks
    )


def test_nought_is_an_answer():
    fields = {"appraised": 5, "excellent": 0, "qualified": 5, "opinion": "合格"}
    lacks = derive(entry("member-appraisal", fields=fields), find_kind("member-appraisal"), PEOPLE).lacks
    assert not {"优秀人数", "参加评议人数"} & set(lacks)
    assert measures(fields, find_kind("member-appraisal")) == {"appraised": 5.0, "excellent": 0.0, "qualified": 5.0}


def test_saved_columns_are_those_that_follow_from_the_rows(cast, as_):
    for kind, changes in {
        "general-meeting": {"place": "", f"presence-{cast.members[4].pk}": "absent"},
        "themed-day": {"f-theme": "巡河", "hours": "", f"presence-{cast.members[8].pk}": "observer"},
        "talk": {"f-partner": str(cast.members[6].pk)},
    }.items():
        save(as_(cast.secretary), f"/activities/GW-01/record/{kind}/", filled(cast, **changes))
    for activity in Activity.objects.all():
        shape = find_kind(activity.kind)
        asked = replace(entry_of(activity), hours=None if activity.kind == "themed-day" else activity.hours)
        found = derive(asked, shape, people_on(cast.branch, activity.held, shape))
        columns = (
            activity.entitled,
            activity.present,
            activity.attended,
            activity.hours,
            activity.lacks,
            activity.tags,
        )
        assert columns == (
            found.entitled, found.present, found.attended, found.hours, list(found.lacks), list(found.tags)
        )  # fmt: skip
    assert Activity.objects.count() == 3


def test_the_pure_parts_never_load_django():
    modules = ["kinds", "entry", "derived", "similar", "studied", "entry_checks", "import_rows"]
    code = (
        "import sys; "
        + "".join(f"import zhibu.activities.{one}; " for one in modules)
        + "print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
