"""The feedback letter: composed from what was said, edited, sent once; its problems go on as tasks."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document as Word

from tests.review.heard import presented
from tests.review.seasons import AT, ON, told_to
from zhibu.errors import UserError
from zhibu.org.models import JournalEntry
from zhibu.rectify.models import Problem
from zhibu.rectify.services import Finding, add_measure, found, open_list
from zhibu.review import letters
from zhibu.review.models import Cycle, Entry, Remark, Stage, Verb
from zhibu.tasks.models import State, Task
from zhibu.tasks.services import Terms

PROBLEM = "党课次数不足，质量不高。"


def sent(cast):
    cycle, entry, leader = presented(cast)
    entry = letters.save_letter(leader, entry, letters.composed(entry), entry.version, ON, at=AT)
    return cycle, letters.send_letter(leader, entry, entry.version, ON, at=AT), leader


def test_composed_from_the_records_with_gaps_named(cast):
    _cycle, entry, _leader = presented(cast)
    letter = letters.composed(entry)
    assert (letter.opinion, letter.problems, letter.until) == ("抓学习有办法。", (PROBLEM,), "2026-11-30")
    assert "2026年11月30日前" in letter.asks
    text = letters.document(entry, letter).text
    assert "青禾县水文站党支部闻知远同志：" in text
    assert f"1.{PROBLEM}" in text
    assert "【待补：发出日期】" in text
    Remark.objects.filter(entry=entry).delete()
    assert letters.composed(entry) == letters.Letter("【待补：会上的点评】", (), "", "2026-11-30")


def test_sent_once_and_its_problems_are_on_the_list(cast):
    _cycle, entry, leader = sent(cast)
    assert entry.stage == Stage.FED_BACK
    problem = Problem.objects.get()
    assert (problem.text, problem.organization, problem.origin.source) == (PROBLEM, cast.branch, "review")
    assert problem.origin.organization == cast.committee
    assert "反馈意见已发出" in told_to(cast.secretary)
    assert JournalEntry.objects.filter(verb="send-letter").count() == 1
    with pytest.raises(UserError, match="已经发出"):
        letters.send_letter(leader, entry, entry.version, ON, at=AT)
    with pytest.raises(UserError, match="已经发出"):
        letters.save_letter(leader, entry, letters.composed(entry), entry.version, ON, at=AT)
    before = letters.document(entry, letters.Letter.of(entry)).text
    assert "2026年1月10日" in before
    entry.live = False  # what is put right later does not change what was sent
    entry.cycle.scheme = "report-grade"
    assert letters.document(entry, letters.Letter.of(entry)).text == before


def test_a_problem_that_stands_on_the_list_already_is_the_same_one(cast):
    _cycle, entry, leader = presented(cast)
    known = open_list(leader, cast.committee, "review", 2025, at=AT)
    [there] = found(leader, known, cast.branch, [Finding(PROBLEM)], at=AT)
    letter = letters.composed(entry)
    more = letters.Letter(letter.opinion, (PROBLEM, "谈心谈话没有覆盖全体党员。"), letter.asks, letter.until)
    entry = letters.save_letter(leader, entry, more, entry.version, ON, at=AT)
    entry = letters.send_letter(leader, entry, entry.version, ON, at=AT)
    assert entry.letter["entered"] == [there.pk, Problem.objects.latest("id").pk]
    assert Problem.objects.count() == 2


def test_refused_with_gaps_before_the_grade_and_by_ones_own_body(cast):
    cycle, entry, leader = presented(cast)
    letter = letters.Letter("【待补：会上的点评】", (PROBLEM,), "请整改。", "")
    entry = letters.save_letter(leader, entry, letter, entry.version, ON, at=AT)
    with pytest.raises(UserError, match="待补"):
        letters.send_letter(leader, entry, entry.version, ON, at=AT)
    with pytest.raises(UserError, match="有人办理过"):
        letters.save_letter(leader, entry, letter, entry.version - 1, ON, at=AT)
    other = cycle.entries.get(organization=cast.other)
    with pytest.raises(UserError, match="本组织"):
        letters.save_letter(cast.clerk, other, letter, other.version, ON, at=AT)
    with pytest.raises(UserError, match="至少4个字"):
        letters.save_letter(leader, entry, letters.Letter("好", ("差",), "", ""), entry.version, ON, at=AT)
    entry = letters.save_letter(leader, entry, letters.composed(entry), entry.version, ON, at=AT)
    Cycle.objects.filter(pk=cycle.pk).update(scheme="report-grade")
    with pytest.raises(UserError, match="等次还没有公布"):
        letters.send_letter(leader, entry, entry.version, ON, at=AT)
    assert not Problem.objects.exists()


def test_closed_when_all_its_problems_are(cast):
    cycle, entry, leader = sent(cast)
    cycle = Cycle.objects.get(pk=cycle.pk)
    assert letters.close_rectified(leader, cycle, ON, at=AT) == []
    terms = Terms("每季度讲一次党课", "有记录", date(2026, 6, 30), cast.members[0])
    add_measure(cast.secretary, list(Problem.objects.all()), terms, ON, at=AT)
    Task.objects.update(state=State.CLOSED, closed_on=date(2026, 5, 1))
    assert [one.pk for one in letters.close_rectified(leader, cycle, ON, at=AT)] == [entry.pk]
    assert Entry.objects.get(pk=entry.pk).stage == Stage.CLOSED


# --- pages -----------------------------------------------------------------------------------------------------------


def page_of(entry):
    return f"/review/GW/{entry.cycle_id}/{entry.pk}/letter/"


def test_edited_sent_and_read_without_script(cast, as_):
    _cycle, entry, leader = presented(cast)
    client = as_(leader)
    shown = client.get(page_of(entry)).content.decode()
    assert "由会上的记录拟出" in shown
    form = {
        "version": entry.version,
        "opinion": "学习抓得紧。",
        "problems": PROBLEM,
        "asks": "请整改。",
        "until": "2026-11-30",
    }
    bad = client.post(page_of(entry), form | {"act": "send", "asks": ""})
    assert bad.status_code == 422
    assert "学习抓得紧。" in bad.content.decode()
    entry.refresh_from_db()
    assert entry.letter == {}  # all or nothing
    assert client.post(page_of(entry), form | {"act": "save"}).status_code == 302
    entry.refresh_from_db()
    assert client.post(page_of(entry), form | {"act": "send", "version": entry.version}).status_code == 302
    for account in (leader, cast.secretary, cast.deputy):
        assert "学习抓得紧。" in as_(account).get(page_of(entry)).content.decode()
    answer = as_(cast.secretary).get(f"/review/GW/{entry.cycle_id}/{entry.pk}/letter.docx")
    words = "\n".join(one.text for one in Word(BytesIO(answer.content)).paragraphs)
    assert "学习抓得紧。" in words
    assert as_(cast.secretary).get(f"/review/GW/{entry.cycle_id}/{entry.pk}/letter.exe").status_code == 404
    assert as_(leader).get(f"/review/GW/{entry.cycle_id}/letters/").status_code == 200


@pytest.mark.parametrize("who", ["secretary", "deputy", "member", "outsider"])
def test_a_draft_is_read_by_who_judges_alone(cast, as_, who):
    cycle, entry, leader = presented(cast)
    secret = letters.Letter("还在斟酌的话。", (), "", "")
    entry = letters.save_letter(leader, entry, secret, entry.version, ON, at=AT)
    client = as_(getattr(cast, who))
    for address in (page_of(entry), page_of(entry)[:-1] + ".docx", f"/review/GW/{cycle.pk}/letters/"):
        answer = client.get(address)
        assert answer.status_code in (403, 404), address
        assert b"\xe6\x96\x9f\xe9\x85\x8c" not in answer.content
    assert client.post(page_of(entry), {"act": "send"}).status_code in (403, 404)
    assert Entry.objects.get(pk=entry.pk).letter_at is None


def test_a_letter_is_closed_to_members_and_to_others_once_it_is_out(cast, as_):
    _cycle, entry, _leader = sent(cast)
    for who in (cast.member, cast.outsider):
        assert as_(who).get(page_of(entry)).status_code in (403, 404)
    assert as_(cast.secretary).post(page_of(entry), {"act": "send"}).status_code == 403


def test_the_list_asks_as_often_for_one_letter_as_for_two(cast, as_):
    cycle, _entry, leader = sent(cast)
    client, address = as_(leader), f"/review/GW/{cycle.pk}/letters/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert "1个，已整改0个" in client.get(address).content.decode()
    other = cycle.entries.get(organization=cast.other)
    Remark.objects.create(organization=cast.other, entry=other, verb=Verb.PROBLEM, text="会议记录不全。", at=AT)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
