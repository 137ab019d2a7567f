"""Pages of the meeting: they work, refuse bad input, ask for the right person, need no script."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.review.heard import accepted, other_accepted, presented, said
from tests.review.seasons import AT, ON
from zhibu.activities.models import Activity
from zhibu.meetings.models import Meeting
from zhibu.review import hearing, reading
from zhibu.review.models import Remark, Stage, Verb
from zhibu.review.queries import submission_in_force


def hearing_of(cycle):
    return f"/review/GW/{cycle.pk}/hearing/"


def test_a_reporter_is_heard_without_script(cast, as_):
    cycle, entry, leader = accepted(cast)
    client, home = as_(leader), hearing_of(cycle)
    assert "开始述职" in client.get(home).content.decode()
    assert client.post(home, {"act": "begin", "entry": entry.pk}).status_code == 302
    shown = client.get(home).content.decode()
    assert "正在述职" in shown
    assert "到时" in shown
    note = {"act": "save", "verb": "superior", "speaker": "工委书记", "text": "敢抓敢管。", "key": "w"}
    assert client.post(f"{home}notes/{entry.pk}/", note).status_code == 302
    assert "敢抓敢管。" in client.get(home).content.decode()
    assert client.post(home, {"act": "end", "entry": entry.pk}).status_code == 302
    entry.refresh_from_db()
    assert entry.stage == Stage.PRESENTED
    row = Remark.objects.get(verb=Verb.SUPERIOR)
    change = {"text": "敢抓敢管，成效好。", "speaker": "工委书记", "before": row.text}
    assert client.post(f"{home}correct/{row.pk}/", change).status_code == 302
    row.refresh_from_db()
    assert row.text == "敢抓敢管，成效好。"


def test_what_is_typed_is_kept_by_htmx(cast, as_):
    cycle, entry, leader = accepted(cast)
    data = {"act": "draft", "verb": "question", "speaker": "", "text": "打算怎么", "key": "w"}
    answer = as_(leader).post(f"{hearing_of(cycle)}notes/{entry.pk}/", data, headers={"HX-Request": "true"})
    assert "已暂存" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert Remark.objects.get(verb=Verb.QUESTION).key == "w"


def test_the_meeting_becomes_one_record_of_the_committee(cast, as_):
    cycle, _entry, leader = presented(cast)
    client, home = as_(leader), hearing_of(cycle)
    cycle.refresh_from_db()
    form = {
        "act": "arrange",
        "version": cycle.version,
        "day": "2026-01-25",
        "starts": "09:00",
        "place": "三楼",
        "minutes": 6,
    }
    assert client.post(home, form).status_code == 302
    cycle.refresh_from_db()
    counts = {"act": "present", "version": cycle.version, "leaders": "4", "party_members": "30", "public": "8"}
    assert client.post(home, counts).status_code == 302
    answer = client.post(home, {"act": "minutes"})
    assert answer.headers["Location"] == f"/meetings/GW/{cycle.meeting_id}/minutes/"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "点评（工委书记）：抓学习有办法。" in page
    meeting = Meeting.objects.get()
    sent = dict(meeting.draft.items()) | {"act": ["save"], "version": [str(meeting.version)]}
    sent |= {"ends": ["11:00"], "chair": [str(leader.member_id)], "recorder": [str(leader.member_id)]}
    answer = client.post(f"/meetings/GW/{meeting.pk}/minutes/", sent)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    record = Activity.objects.get(kind="debrief-meeting")
    assert (record.organization, record.fields["public"]) == (cast.committee, 8)
    assert client.post(home, {"act": "minutes"}).status_code == 422  # once


def test_the_big_screen_shows_the_report_and_nothing_else(cast, as_):
    cycle, entry, leader = accepted(cast)
    reading.comment(leader, submission_in_force(entry), "数字没有依据", None, ON, at=AT)
    hearing.note_down(leader, entry, said(Verb.SUPERIOR, "不便公开的点评"), ON, at=AT, done=True)
    screen = f"{hearing_of(cycle)}screen/"
    shown = as_(leader).get(screen).content.decode()
    assert "下一位" in shown
    hearing.begin_speaking(leader, entry, ON, at=AT)
    shown = as_(leader).get(f"{screen}?entry={entry.pk}&p=1").content.decode()
    assert "闻知远" in shown
    assert submission_in_force(entry).text.splitlines()[0][:10] in shown
    assert "数字没有依据" not in shown
    assert "不便公开" not in shown
    assert as_(leader).get(f"{screen}?entry=x&p=99999999999999").status_code == 200
    part = as_(leader).get(screen, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"act": "begin", "entry": "x"}, 404), ({"act": "nothing"}, 404), ({"act": "arrange", "minutes": "0"}, 422),
        ({"act": "present", "leaders": "-5"}, 422), ({"act": "minutes"}, 422), ({}, 404),
    ],
)  # fmt: skip
def test_bad_input_is_refused(cast, as_, data, status):
    cycle, entry, leader = accepted(cast)
    assert as_(leader).post(hearing_of(cycle), data).status_code == status
    bad = as_(leader).post(f"{hearing_of(cycle)}notes/{entry.pk}/", {"act": "save", "verb": "praise", "text": "很好"})
    assert bad.status_code == 422
    assert "很好" in bad.content.decode()


@pytest.mark.parametrize("who", ["secretary", "member", "outsider"])
def test_only_who_leads_the_season(cast, as_, who):
    cycle, entry, _leader = presented(cast)
    client = as_(getattr(cast, who))
    row = Remark.objects.filter(verb=Verb.SUPERIOR).get()
    for path in ("", "screen/", f"correct/{row.pk}/"):
        answer = client.get(hearing_of(cycle) + path)
        assert answer.status_code in (403, 404)
        assert "抓学习有办法" not in answer.content.decode()
    data = {"act": "save", "verb": "question", "text": "问"}
    assert client.post(f"{hearing_of(cycle)}notes/{entry.pk}/", data).status_code in (403, 404)
    assert not Remark.objects.filter(verb=Verb.QUESTION).exists()


def test_as_many_queries_for_one_note_as_for_many(cast, as_):
    cycle, entry, leader = presented(cast)
    client = as_(leader)
    client.get(hearing_of(cycle))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(hearing_of(cycle))
    other_accepted(cast, cycle)
    for text in ("一", "二", "三"):
        hearing.note_down(leader, entry, said(Verb.QUESTION, text), ON, at=AT, done=True)
    with CaptureQueriesContext(connection) as many:
        client.get(hearing_of(cycle))
    assert len(many) == len(few) < 20
