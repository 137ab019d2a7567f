"""The record of duty of the first responsible person: derived from records, each opening its own; talks counted."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.ledger.records import attend, hold
from zhibu.handbook.deeds import duty_record_of, heads_of
from zhibu.handbook.responsibility import Act, Step, duty_record, groups, of_group
from zhibu.ledger.facts import Span
from zhibu.org.models import Account, Post
from zhibu.rulebook.yamlfile import vocabulary
from zhibu.tasks.models import Verb
from zhibu.tasks.services import Terms, assign, give_task, note_progress, report_done, return_task, verify

from .made import ON, SECRET, SECRET_SUBJECT, YEAR, a_lecture, a_meeting, a_talk

DAY = date(2025, 3, 5)


def act(**fields):
    values = {"id": 1, "code": "GW-01", "body": "水文站", "own": True, "kinds": frozenset({"general-meeting"}),
              "title": "一季度党员大会", "held": DAY}  # fmt: skip
    return Act(**(values | fields))


def record(*acts, steps=(), since=date(2025, 1, 1), until=None):
    return duty_record("闻知远", "书记", since, until, acts, steps)


def test_every_group_names_kinds_and_verbs_there_are():
    assert [group["label"] for group in groups().values()] == ["亲自部署", "亲自过问", "亲自协调", "亲自督办"]
    sources = [source for group in groups().values() for source in group["from"]]
    assert {kind for source in sources for kind in source.get("kinds", [])} <= set(vocabulary()["kinds"])
    assert {verb for source in sources for verb in source.get("verbs", [])} <= set(Verb.values)


def test_chairing_counts_and_being_there_does_not():
    assert [deed.record for deed in record(act(chaired=True)).deeds] == [("GW-01", 1)]
    assert record(act(took_part=True)).deeds == ()


def test_a_visit_counts_by_taking_part_and_once():
    visit = act(kinds=frozenset({"field-visit"}), took_part=True, chaired=True)
    assert [(deed.group, deed.label) for deed in record(visit).deeds] == [("look-into", "调研走访")]


def test_a_day_with_a_lecture_is_a_lecture_and_one_chaired():
    day = act(kinds=frozenset({"general-meeting", "lecture"}), chaired=True, lectured=True)
    assert [deed.label for deed in of_group(record(day), "deploy")] == ["主持会议", "讲党课"]


def test_an_activity_of_a_cell_counts_where_one_only_came():
    there = act(own=False, body="第一党小组", kinds=frozenset({"cell-meeting"}), took_part=True)
    assert [deed.text for deed in of_group(record(there), "coordinate")] == ["第一党小组：一季度党员大会"]
    assert of_group(record(act(own=False, took_part=True, chaired=True)), "coordinate") == []


def test_talks_are_counted_and_never_listed():
    talk = act(kinds=frozenset({"talk"}), chaired=True, took_part=True, private=True, own=False)
    contact = act(kinds=frozenset({"contact"}), chaired=True, private=True)
    found = record(talk, talk, contact)
    assert (found.talks, found.deeds) == (2, ())


@pytest.mark.parametrize(("held", "counted"), [(date(2025, 2, 28), 0), (DAY, 1), (date(2025, 6, 1), 0)])
def test_only_what_was_done_in_office_counts(held, counted):
    found = record(act(chaired=True, held=held), since=date(2025, 3, 1), until=date(2025, 6, 1))
    assert len(found.deeds) == counted
    step = Step(1, "GW-01", "水文站", True, "close", "修订值班表", held)
    assert len(record(steps=[step], since=date(2025, 3, 1), until=date(2025, 6, 1)).deeds) == counted


# --- from the database


def noon(day):
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def of_secretary(cast, on=ON):
    span = Span(YEAR, on)
    return duty_record_of(heads_of(cast.branch, span)[0], span)


def test_what_the_records_hold_of_the_secretary(cast):
    meeting, lecture = a_meeting(cast), a_lecture(cast)
    a_meeting(cast, date(2025, 6, 5), chair=cast.members[1], title="副书记主持的大会")
    a_talk(cast, 0, 6)
    a_talk(cast, 6, 5, held=date(2025, 5, 5))
    visit = hold(cast, "field-visit", date(2025, 7, 7), title="走访困难党员")
    attend(visit, cast.members[0])
    cell = hold(cast, "cell-meeting", date(2025, 8, 8), title="八月小组会", branch=cast.cell)
    attend(cell, cast.members[0])
    found = of_secretary(cast)
    assert [(deed.group, deed.record) for deed in found.deeds] == [
        ("deploy", ("GW-01", meeting.pk)), ("deploy", ("GW-01", lecture.pk)), ("look-into", ("GW-01", visit.pk)),
        ("coordinate", ("GW-01-1", cell.pk)),
    ]  # fmt: skip
    assert (found.name, found.talks) == ("闻知远", 1)


def test_steps_on_tasks_count_but_not_what_follows_from_saving_a_record(cast):
    owner, secretary = cast.members[2], cast.secretary
    reporter = Account.objects.create_user("organizer", member=owner)
    at = noon(DAY)
    task = give_task(secretary, cast.branch, Terms("修订值班表", due=date(2025, 5, 1)), DAY, at=at)
    assign(secretary, task, owner, [], DAY, at=at)
    note_progress(secretary, task, "问了进度", at=at + timedelta(days=1))
    report_done(reporter, task, "做完了", at=at + timedelta(days=2))
    return_task(secretary, task, "缺附件", DAY, at=at + timedelta(days=3))
    report_done(reporter, task, "补上了", at=at + timedelta(days=4))
    verify(secretary, task, "", DAY, at=at + timedelta(days=5))
    other = give_task(reporter, cast.branch, Terms("自己的事", owner=cast.members[0]), DAY, at=at)
    note_progress(secretary, other, "自己的进展", at=at)
    found = [(deed.group, deed.label, deed.task) for deed in of_secretary(cast).deeds]
    mine = ("GW-01", task.pk)
    assert found == [
        ("deploy", "交办任务", mine), ("look-into", "了解进展", mine), ("coordinate", "确定责任人", mine),
        ("supervise", "退回", mine), ("supervise", "核实办结", mine),
    ]  # fmt: skip


def test_what_is_recorded_after_the_day_asked_about_is_not_seen(cast):
    a_meeting(cast)
    assert of_secretary(cast, on=date(2025, 3, 5)).deeds == ()


# --- the page


@pytest.fixture
def year(cast, monkeypatch):
    monkeypatch.setattr("zhibu.handbook.views.today", lambda: ON)
    a_meeting(cast)
    a_talk(cast, 0, 6)
    return cast


def test_the_page_opens_every_record(year, as_):
    client = as_(year.secretary)
    page = client.get("/handbook/GW-01/duty/", {"year": "2025"}).content.decode()
    meeting = year.branch.activities.get(kind="general-meeting")
    assert f'href="/activities/GW-01/{meeting.pk}/"' in page
    assert "谈心谈话1次" in page
    assert SECRET not in page
    assert SECRET_SUBJECT not in page


def test_each_secretary_of_the_year_has_a_record_of_one_s_own(year, as_):
    first = year.branch.posts.get(title="secretary")
    Post.objects.filter(pk=first.pk).update(until=date(2025, 6, 1))
    second = Post.objects.create(
        organization=year.branch, member=year.members[1], title="secretary", since=date(2025, 6, 1)
    )
    client = as_(year.clerk)
    latest = client.get("/handbook/GW-01/duty/", {"year": "2025"}).content.decode()
    assert "苏明棠" in latest
    assert "一季度党员大会" not in latest
    earlier = client.get("/handbook/GW-01/duty/", {"year": "2025", "post": first.pk}).content.decode()
    assert "一季度党员大会" in earlier
    assert client.get("/handbook/GW-01/duty/", {"year": "2025", "post": second.pk + 99}).status_code == 404


@pytest.mark.parametrize("asked", [{"year": "1999"}, {"year": "x"}, {"year": "9" * 40}, {"year": "2025", "post": "x"}])
def test_what_there_is_not_is_not_found(year, as_, asked):
    assert as_(year.secretary).get("/handbook/GW-01/duty/", asked).status_code == 404


def test_members_and_others_do_not_read_it_but_the_secretary_does(year, as_):
    assert as_(year.member).get("/handbook/GW-01/duty/", {"year": "2025"}).status_code == 403
    assert as_(year.outsider).get("/handbook/GW-01/duty/", {"year": "2025"}).status_code == 404
    year.branch.posts.filter(title="secretary").update(until=date(2025, 9, 1))
    page = as_(year.secretary).get("/handbook/GW-01/duty/", {"year": "2025"})
    assert page.status_code == 200
    assert "一季度党员大会" in page.content.decode()


def test_a_body_without_a_secretary_says_so(year, as_):
    page = as_(year.clerk).get("/handbook/GW/duty/", {"year": "2025"}).content.decode()
    assert "没有登记书记" in page


def test_the_page_asks_the_same_whether_there_is_one_record_or_three(year, as_):
    client = as_(year.secretary)
    client.get("/handbook/GW-01/duty/", {"year": "2025"})
    counts = []
    for months in ((), (6, 7)):
        for month in months:
            a_meeting(year, date(2025, month, 5))
        with CaptureQueriesContext(connection) as queries:
            client.get("/handbook/GW-01/duty/", {"year": "2025"})
        counts.append(len(queries))
    assert counts[0] == counts[1] < 25
