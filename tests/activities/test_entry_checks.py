"""Each entry check, in plain words and with the right denominator."""

from dataclasses import replace
from datetime import date, time

import pytest

from tests.activities.entering import MINUTES
from zhibu.activities.entry import Around, Attendee, Earlier, Elsewhere, Entry, Person, ResolutionRow, VoteRow
from zhibu.activities.entry_checks import check_entry, errors, warnings
from zhibu.activities.kinds import find_kind

DAY = date(2025, 3, 5)
PEOPLE = {n: Person(n, f"党员{n}", committee=n <= 3, secretary=n == 1) for n in range(1, 9)} | {
    9: Person(9, "预备党员9", status="probationary", voting=False)
}
AROUND = Around(today=date(2025, 3, 8), founded=date(2019, 1, 10), people=PEOPLE)
MEETING = Entry(
    kind="general-meeting", title="一季度党员大会", held=DAY, starts=time(15), ends=time(16, 30), place="会议室",
    chair=1, recorder=2, agenda="听取报告", minutes=MINUTES,
    attendance=tuple(Attendee(n, "present") for n in PEOPLE), resolutions=(ResolutionRow("调整计划", 2),),
)  # fmt: skip


def found(entry, around=AROUND):
    return check_entry(entry, find_kind(entry.kind), around)


def codes(entry, around=AROUND):
    return {(one.severity, one.sentence.code) for one in found(entry, around)}


def away(*members, presence="leave"):
    return tuple(Attendee(n, presence if n in members else "present", "出差" * (n in members)) for n in PEOPLE)


def vote(**figures):
    return (VoteRow(**{"matter": "工作计划", "entitled": 8, "present": 8, "yes": 8, "passed": True, **figures}),)


def test_a_sound_record_has_no_remarks():
    assert found(MEETING) == []


@pytest.mark.parametrize(
    ("held", "today", "code"),
    [
        (date(2025, 3, 9), date(2025, 3, 8), "held-in-future"),
        (date(2019, 1, 9), date(2025, 3, 8), "before-founding"),
        (date(2025, 3, 5), date(2025, 3, 8), None),
    ],
)
def test_the_day_must_be_possible(held, today, code):
    refused = {one.sentence.code for one in errors(found(replace(MEETING, held=held), replace(AROUND, today=today)))}
    assert refused == ({code} if code else set())


def test_nothing_happens_after_the_body_ended():
    assert ("error", "after-end") in codes(MEETING, replace(AROUND, ended=DAY))
    assert ("error", "after-end") not in codes(MEETING, replace(AROUND, ended=date(2025, 3, 6)))


def test_the_end_comes_after_the_start():
    assert ("error", "ends-before-start") in codes(replace(MEETING, ends=time(15)))


def test_exactly_half_of_those_entitled_is_a_quorum_of_the_general_meeting():
    assert ("warning", "no-quorum") not in codes(replace(MEETING, attendance=away(5, 6, 7, 8)))
    assert ("warning", "no-quorum") in codes(replace(MEETING, attendance=away(4, 5, 6, 7, 8)))


def test_a_probationary_member_makes_no_quorum():
    entry = replace(MEETING, attendance=away(4, 5, 6, 7, 8))
    said = [one.sentence for one in found(entry) if one.sentence.code == "no-quorum"]
    assert [(one.data["entitled"], one.data["present"]) for one in said] == [(8, 3)]


def test_admission_needs_more_than_half_present():
    half = {"rule": "admission", "present": 4, "yes": 4, "passed": False}
    assert ("warning", "admission-quorum") in codes(replace(MEETING, votes=vote(**half)))
    assert ("warning", "vote-quorum") not in codes(replace(MEETING, votes=vote(**{**half, "rule": "ordinary"})))


def test_an_election_needs_four_fifths_present():
    assert ("error", "election-quorum") in codes(
        replace(MEETING, votes=vote(rule="election", entitled=16, present=12, yes=12))
    )
    assert not errors(found(replace(MEETING, votes=vote(rule="election", entitled=16, present=13, yes=13))))


@pytest.mark.parametrize(
    ("entitled", "present", "yes", "rule", "passes"),
    [
        (16, 8, 8, "ordinary", False),  # half of those entitled is not more than half
        (16, 9, 9, "ordinary", True),
        (15, 8, 8, "ordinary", True),
        (16, 14, 8, "election", True),  # more than half of the 14 present
        (16, 14, 7, "election", False),
    ],
)
def test_passing_is_judged_by_the_right_denominator(entitled, present, yes, rule, passes):
    figures = {"entitled": entitled, "present": present, "yes": yes, "no": present - yes, "rule": rule}
    said = {one.sentence.code for one in errors(found(replace(MEETING, votes=vote(**figures))))}
    assert bool(said & {"not-passed", "not-elected"}) is not passes


def test_enough_votes_not_marked_as_passed_is_asked_about():
    assert ("warning", "passed-not-marked") in codes(replace(MEETING, votes=vote(passed=False)))


def test_more_votes_than_voters_is_refused_and_written_opinions_are_voters():
    assert ("error", "more-votes-than-voters") in codes(replace(MEETING, votes=vote(yes=8, no=1)))
    assert ("error", "more-votes-than-voters") not in codes(replace(MEETING, votes=vote(yes=8, no=1, written=1)))
    assert ("warning", "fewer-votes-than-voters") in codes(replace(MEETING, votes=vote(yes=7)))


def test_more_present_than_entitled_is_refused():
    assert ("error", "present-above-entitled") in codes(replace(MEETING, votes=vote(present=9, yes=9)))


def test_a_vote_that_differs_from_the_list_is_asked_about():
    assert ("warning", "vote-and-list-differ") in codes(replace(MEETING, votes=vote(entitled=7, present=7, yes=7)))


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (date(2025, 4, 1), None, "not-yet-a-member"),
        (None, date(2025, 2, 1), "no-longer-a-member"),
        (None, None, "not-a-member"),
    ],
)
def test_an_attendee_must_be_a_member_on_that_day(since, until, code):
    around = replace(AROUND, strangers={77: ("外来人", since, until)})
    entry = replace(MEETING, attendance=(*MEETING.attendance, Attendee(77, "present")))
    assert ("error", code) in codes(entry, around)
    assert not errors(found(replace(entry, attendance=(*MEETING.attendance, Attendee(77, "observer"))), around))


def test_nobody_stands_on_the_list_twice():
    assert ("error", "listed-twice") in codes(
        replace(MEETING, attendance=(*MEETING.attendance, Attendee(3, "leave", "病")))
    )


def test_nobody_talks_with_himself():
    talk = Entry(kind="talk", title="谈心谈话", held=DAY, chair=1, minutes="谈了思想。", fields={"partner": 1})
    assert ("error", "talk-with-oneself") in codes(talk)
    assert not errors(found(replace(talk, fields={"partner": 2})))


def test_one_person_in_two_places_at_overlapping_times():
    other = Elsewhere("防汛会商", time(16), time(17), frozenset({4}))
    assert ("warning", "two-places") in codes(MEETING, replace(AROUND, elsewhere=(other,)))
    afterwards = replace(other, starts=time(16, 30))
    assert ("warning", "two-places") not in codes(MEETING, replace(AROUND, elsewhere=(afterwards,)))
    absent = replace(MEETING, attendance=away(4))
    assert ("warning", "two-places") not in codes(absent, replace(AROUND, elsewhere=(other,)))


def test_chair_and_recorder_were_there():
    entry = replace(MEETING, attendance=away(1, 2))
    assert {("warning", "chair-not-present"), ("warning", "recorder-not-present")} <= codes(entry)


def test_a_document_is_not_studied_before_it_was_issued():
    early = replace(MEETING, held=date(2019, 3, 5), studied=("《中国共产党党员教育管理工作条例》",))
    around = replace(AROUND, today=date(2019, 3, 8))
    assert ("warning", "studied-before-issue") in codes(early, around)
    assert ("warning", "studied-before-issue") not in codes(
        replace(early, held=date(2019, 5, 6)), replace(AROUND, today=date(2019, 5, 8))
    )
    later = replace(MEETING, studied=("党的二十届四中全会精神",))
    assert ("warning", "studied-before-issue") in codes(later)


def test_a_revised_document_could_be_studied_in_its_older_version():
    assert found(replace(MEETING, studied=("中国共产党发展党员工作细则",))) == []


def test_minutes_that_repeat_an_earlier_record_name_it():
    before = Earlier(31, "2月党员大会", date(2025, 2, 5), MINUTES.replace("一季度", "二季度").replace("，", ","))
    remarks = [
        one for one in found(MEETING, replace(AROUND, earlier=(before,))) if one.sentence.code == "minutes-repeat"
    ]
    assert [(one.severity, one.record, one.sentence.data["title"]) for one in remarks] == [
        ("warning", 31, "2月党员大会")
    ]
    old = replace(before, held=date(2023, 3, 4))
    assert ("warning", "minutes-repeat") not in codes(MEETING, replace(AROUND, earlier=(old,)))
    other = replace(
        before, minutes="支部组织党员到河口站巡查测流设备，更换了两处老化线缆，走访沿河群众听取对汛期预警的意见，" * 2
    )
    assert ("warning", "minutes-repeat") not in codes(MEETING, replace(AROUND, earlier=(other,)))


def test_recorded_after_thirty_days_is_noted_and_kept():
    assert codes(MEETING, replace(AROUND, today=date(2025, 4, 4))) == set()
    assert codes(MEETING, replace(AROUND, today=date(2025, 4, 5))) == {("note", "recorded-late")}


def test_empty_required_parts_are_named_and_the_record_kept():
    remarks = found(replace(MEETING, place="", recorder=None, resolutions=()))
    assert not errors(remarks)
    assert [one.sentence.data["items"] for one in warnings(remarks)] == ["地点、记录人、决议或结论"]


def test_absence_without_a_reason_is_a_gap():
    entry = replace(MEETING, attendance=(*MEETING.attendance[:-1], Attendee(9, "absent")))
    assert [one.sentence.data["items"] for one in warnings(found(entry))] == ["缺席和请假原因"]


def test_no_more_members_pay_dues_than_owe_them():
    fields = {"month": "m03", "owing": 8, "paid": 9, "amount": "1204.10"}
    entry = Entry(kind="dues-collected", title="收缴3月党费", held=DAY, fields=fields)
    assert ("error", "dues-more-paid") in codes(entry)
    assert codes(replace(entry, fields={**fields, "paid": 8})) == set()


def test_appraisal_grades_add_up_and_excellent_is_a_third_at_most():
    fields = {"appraised": 8, "excellent": 3, "qualified": 5, "opinion": "同意"}
    entry = replace(MEETING, kind="member-appraisal", fields=fields)
    assert ("warning", "too-many-excellent") in codes(entry)
    assert ("warning", "too-many-excellent") not in codes(replace(entry, fields={**fields, "appraised": 9}))
    assert ("error", "more-grades-than-members") in codes(replace(entry, fields={**fields, "qualified": 6}))


def test_ballots_add_up():
    fields = {"issued": 8, "returned": 9, "valid": 8, "invalid": 1}
    entry = replace(MEETING, kind="election", fields=fields)
    assert ("error", "ballots-returned") in codes(entry)
    assert ("error", "ballots-valid") in codes(replace(entry, fields={**fields, "returned": 8}))


def test_sentences_read_as_people_speak():
    said = [str(one.sentence) for one in found(replace(MEETING, held=date(2025, 3, 9)))]
    assert said == ["日期2025年3月9日还没有到。请在活动开展之后记录。"]
