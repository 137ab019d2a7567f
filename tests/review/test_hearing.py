"""The meeting: who speaks, what is said by several hands, what the record is made of."""

from __future__ import annotations

from datetime import date

import pytest

from tests.review.heard import accepted, other_accepted, presented, said
from tests.review.seasons import AT, ON
from zhibu.errors import UserError
from zhibu.meetings.models import Meeting
from zhibu.org.models import JournalEntry
from zhibu.review import hearing, season
from zhibu.review.models import Cycle, Stage, Verb
from zhibu.review.screen import LINES, SIGNS, screen_pages


def test_he_speaks_is_commented_on_and_has_spoken(cast):
    cycle, entry, _leader = presented(cast)
    assert (entry.stage, cycle.speaking) == (Stage.PRESENTED, None)
    assert [row.verb for row in entry.remarks.filter(verb__in=hearing.SAID)] == [Verb.SUPERIOR, Verb.PROBLEM]
    assert entry.remarks.filter(verb=Verb.PRESENT).count() == 1
    assert JournalEntry.objects.filter(verb="note-down").count() == 2


def test_what_is_typed_grows_and_counts_when_he_has_spoken(cast):
    _cycle, entry, leader = accepted(cast)
    hearing.begin_speaking(leader, entry, ON, at=AT)
    first = hearing.note_down(leader, entry, said(Verb.QUESTION, "党课", "王代表", "w1"), ON, at=AT, done=False)
    again = hearing.note_down(
        leader, entry, said(Verb.QUESTION, "党课讲了几次？", "王代表", "w1"), ON, at=AT, done=False
    )
    assert first.pk == again.pk
    assert not JournalEntry.objects.filter(verb="note-down").exists()
    hearing.end_speaking(leader, entry, ON, at=AT)
    again.refresh_from_db()
    assert (again.text, again.key) == ("党课讲了几次？", "")
    assert JournalEntry.objects.filter(verb="note-down").count() == 1


def test_two_recorders_do_not_overwrite_each_other(cast):
    _cycle, entry, leader = accepted(cast)
    one = hearing.note_down(leader, entry, said(Verb.QUESTION, "甲", "", "w1"), ON, at=AT, done=False)
    two = hearing.note_down(cast.clerk, entry, said(Verb.QUESTION, "乙", "", "w1"), ON, at=AT, done=False)
    assert one.pk != two.pk
    with pytest.raises(UserError, match="只能改自己记录的"):
        hearing.correct_note(leader, two, "丙", "", "乙", ON, at=AT)
    with pytest.raises(UserError, match="刚刚有人改过"):
        hearing.correct_note(leader, one, "丙", "", "甲以前", ON, at=AT)
    assert hearing.correct_note(leader, one, "", "", "甲", ON, at=AT) is None
    assert [row.text for row in entry.remarks.filter(verb=Verb.QUESTION)] == ["乙"]


def test_a_written_report_is_commented_on_without_speaking(cast):
    cycle, _entry, leader = accepted(cast)
    other = other_accepted(cast, cycle)
    other.live = False
    other.save()
    with pytest.raises(UserError, match="书面述职，不上台"):
        hearing.begin_speaking(leader, other, ON, at=AT)
    with pytest.raises(UserError, match="请先记录点评"):
        hearing.take_as_presented(leader, other, ON, at=AT)
    hearing.note_down(leader, other, said(Verb.SUPERIOR, "基础工作扎实。", "工委书记"), ON, at=AT, done=True)
    assert hearing.take_as_presented(leader, other, ON, at=AT).stage == Stage.PRESENTED


def test_refused_about_ones_own_body_before_the_report_passed_and_while_paused(cast):
    cycle, entry, leader = accepted(cast)
    other = cycle.entries.get(organization=cast.other)  # the clerk's own body, its report not handed in
    with pytest.raises(UserError, match="本组织"):
        hearing.note_down(cast.clerk, other, said(Verb.SUPERIOR, "很好"), ON, at=AT, done=True)
    assert hearing.note_down(cast.clerk, other, said(Verb.QUESTION, "为什么？"), ON, at=AT, done=True)
    with pytest.raises(UserError, match="没有通过审阅"):
        hearing.begin_speaking(leader, other, ON, at=AT)
    with pytest.raises(UserError, match="组织述职评议的委员会"):
        hearing.begin_speaking(cast.secretary, entry, ON, at=AT)
    cycle.refresh_from_db()
    season.pause_cycle(leader, cycle, "等通知", cycle.version)
    with pytest.raises(UserError, match="暂停"):
        hearing.begin_speaking(leader, entry, ON, at=AT)


def test_the_meeting_is_prepared_and_its_minutes_are_made_of_what_was_noted(cast):
    cycle, _entry, leader = presented(cast)
    asked = hearing.Arrangement(date(2026, 1, 25), None, "三楼会议室", 10)
    cycle = hearing.arrange(leader, cycle, asked, cycle.version, at=AT)
    meeting = Meeting.objects.get()
    assert (cycle.meeting, cycle.minutes, meeting.organization) == (meeting, 10, cast.committee)
    assert cast.members[0].pk in meeting.invitations.values_list("member_id", flat=True)
    cycle = hearing.set_present(leader, cycle, {"leaders": 5, "public": 12}, cycle.version)
    cycle = Cycle.objects.get()
    draft = hearing.compose_minutes(leader, cycle, at=AT).draft
    assert "点评（工委书记）：抓学习有办法。" in draft["minutes"][0]
    assert "阮青岚现场述职（还没有述职）" in draft["minutes"][0]
    assert draft["f-public"] == ["12"]
    with pytest.raises(UserError, match="到会人数"):
        hearing.set_present(leader, cycle, {"leaders": -1}, cycle.version)


def test_pages_of_the_big_screen_lose_no_word_and_fit():
    text = "一、学习\n" + "抓好学习，" * 120 + "\n\n二、组织\n" + "短。" * 3
    pages = screen_pages(text)
    assert "".join(piece for page in pages for piece in page) == text.replace("\n", "")
    assert all(sum(-(-(len(piece) + 2) // SIGNS) for piece in page) <= LINES for page in pages)
    assert screen_pages("") == [[]]
