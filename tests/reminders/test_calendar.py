"""The calendar one subscribes to: read back with a parser, opened by its secret alone, with nobody else's matters."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from tests.conftest import PASSWORD
from tests.ledger.records import hold
from zhibu.activities.models import Activity
from zhibu.meetings import services as meetings
from zhibu.notices.models import Channel
from zhibu.org.models import Account, JournalEntry, Post
from zhibu.reminders.calendar import Entry, as_ics
from zhibu.tasks import services as tasks
from zhibu.tasks.services import Terms

AT = datetime(2025, 4, 15, 2, tzinfo=UTC)
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("zhibu.reminders.views.today", lambda: date(2025, 4, 15))


def events(text):
    return {str(event["uid"]): event for event in Calendar.from_ical(text).walk("VEVENT")}


def titles(text):
    return {str(event["summary"]) for event in events(text).values()}


# --- the text -------------------------------------------------------------------------------------------------------


def test_days_and_hours_come_back_as_they_went_in():
    noon = datetime(2025, 3, 30, 1, tzinfo=UTC)
    text = as_ics(
        "支部工作",
        [Entry("a", "全天，带逗号;分号\n换行", date(2025, 4, 30)), Entry("b", "会", date(2025, 3, 30), noon)],
        BERLIN,
        AT,
    )
    found = events(text)
    assert found["a@zhibu"].start == date(2025, 4, 30)
    assert found["a@zhibu"].end == date(2025, 5, 1)
    assert str(found["a@zhibu"]["summary"]) == "全天，带逗号;分号\n换行"
    assert found["b@zhibu"].start == noon  # the morning on which Berlin changes its clocks
    assert found["b@zhibu"].start.utcoffset().total_seconds() == 7200
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))


def test_an_empty_calendar_is_one():
    assert events(as_ics("支部工作", [], SHANGHAI, AT)) == {}


# --- the page -------------------------------------------------------------------------------------------------------


def made(as_, account):
    """Press the button; give the path of the address shown."""
    html = as_(account).post("/calendar/", {"act": "renew"}).content.decode()
    return re.search(r"https?://testserver(/calendar/[^<]+)<", html)[1]


def feed(client, path):
    client.logout()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return answer.content


def test_a_secret_address_opens_the_calendar_without_log_in(as_, client, cast):
    hold(cast, "general-meeting", date(2025, 4, 10))
    path = made(as_, cast.member)
    assert any("activity" in uid for uid in events(feed(client, path)))


def test_the_address_is_shown_once_and_kept_as_a_digest(as_, cast):
    path = made(as_, cast.member)
    secret = re.search(r"-(.+)\.ics", path)[1]
    assert secret not in as_(cast.member).get("/calendar/").content.decode()
    assert secret not in str(list(Channel.objects.values())) + str(list(JournalEntry.objects.values()))


def test_renewing_ends_the_old_address_and_stopping_ends_all(as_, client, cast):
    first = made(as_, cast.member)
    second = made(as_, cast.member)
    assert client.get(first).status_code == 404
    feed(client, second)
    as_(cast.member).post("/calendar/", {"act": "stop"})
    assert client.get(second).status_code == 404
    assert JournalEntry.objects.filter(verb__in=("renew-calendar", "stop-calendar")).count() == 3


def test_other_addresses_lead_nowhere(as_, client, cast):
    mine, theirs = made(as_, cast.member), made(as_, cast.deputy)
    number = re.search(r"/(\d+)-", theirs)[1]
    swapped = re.sub(r"/\d+-", f"/{number}-", mine)
    client.logout()
    for path in (
        swapped,
        mine.replace(".ics", "x.ics"),
        f"/calendar/{number}-.ics",
        f"/calendar/{number}-x.ics",
        "/calendar/999-x.ics",
    ):
        assert client.get(path).status_code == 404


def test_a_robots_channel_is_no_calendar(as_, client, cast):
    channel = Channel.objects.create(account=cast.member, way="webhook", sealed="x", made_at=AT, made_by=cast.member)
    assert client.get(f"/calendar/{channel.pk}-x.ics").status_code == 404


def test_a_locked_account_has_no_calendar(as_, client, cast):
    path = made(as_, cast.member)
    Account.objects.filter(pk=cast.member.pk).update(is_active=False)
    assert client.get(path).status_code == 404


def test_it_requires_somebody_to_make_one(client, db):
    assert client.get("/calendar/")["Location"].startswith("/login/")
    assert client.post("/calendar/", {"act": "renew"})["Location"].startswith("/login/")


# --- what stands in it ----------------------------------------------------------------------------------------------


def test_a_member_sees_the_meetings_of_the_branch_and_nothing_of_other_branches(as_, client, cast):
    hold(cast, "general-meeting", date(2025, 4, 10))
    Activity.objects.update(
        title="本支部的会", minutes="机密的讨论", agenda="机密的议题", starts=time(9), place="会议室"
    )
    hold(cast, "general-meeting", date(2025, 4, 10), branch=cast.other)
    Activity.objects.filter(organization=cast.other).update(title="别的支部的会")
    text = feed(client, made(as_, cast.member))
    assert titles(text) == {"本支部的会"}
    (event,) = events(text).values()
    assert event.start == datetime(2025, 4, 10, 9, tzinfo=SHANGHAI)
    assert "机密" not in text.decode()


def test_talks_are_not_in_it_even_for_those_who_held_them(as_, client, cast):
    hold(cast, "talk", date(2025, 4, 10))
    Activity.objects.update(title="谈心谈话", minutes="私下说的话")
    assert (
        events(feed(client, made(as_, cast.secretary)))
        .keys()
        .isdisjoint({f"activity-{Activity.objects.get().pk}@zhibu"})
    )


def test_deadlines_are_those_of_who_leads_the_branch(as_, client, cast):
    Post.objects.filter(organization=cast.branch).update(term_ends=date(2025, 9, 1))
    text = feed(client, made(as_, cast.secretary))
    found = events(text)
    assert found["due-GW-01-2025-04-30@zhibu"].start == date(2025, 4, 30)
    assert "支委会会议" in str(found["due-GW-01-2025-04-30@zhibu"]["summary"])
    assert "青禾县水文站党支部本届任期届满" in titles(text)
    assert not any("due-" in uid or "term-" in uid for uid in events(feed(client, made(as_, cast.member))))


def test_tasks_are_ones_own(as_, client, cast):
    for owner, text in ((cast.member.member, "我的任务"), (cast.members[6], "别人的任务")):
        terms = Terms(text, owner=owner, due=date(2025, 4, 20))
        tasks.give_task(cast.secretary, cast.branch, terms, date(2025, 4, 1), at=AT)
    assert titles(feed(client, made(as_, cast.member))) == {"任务：我的任务"}


def test_meetings_to_come_are_those_one_is_invited_to(as_, client, cast):
    for title, invited in (("请我的会", [cast.member]), ("别人的会", [cast.deputy])):
        given = {"title": title, "day": date(2025, 4, 22), "starts": time(9), "place": "会议室"}
        people = [one.member for one in invited]
        meetings.prepare_meeting(cast.secretary, cast.branch, "general-meeting", given, people, at=AT)
    (event,) = events(feed(client, made(as_, cast.member))).values()
    assert str(event["summary"]) == "请我的会"
    assert event.start == datetime(2025, 4, 22, 9, tzinfo=SHANGHAI)
    cast.member.member.invitations.update(leave=True)
    assert events(feed(client, made(as_, cast.member))) == {}


def test_an_office_has_an_empty_calendar(as_, client, cast):
    hold(cast, "general-meeting", date(2025, 4, 10))
    office = Account.objects.create_user("system", password=PASSWORD, office="system")
    assert events(feed(client, made(as_, office))) == {}


def test_who_left_the_branch_sees_its_meetings_no_longer(as_, client, cast):
    hold(cast, "general-meeting", date(2025, 4, 10))
    path = made(as_, cast.member)
    cast.member.member.statuses.update(until=date(2025, 4, 12))
    assert events(feed(client, path)) == {}


def test_links_need_the_address_of_the_site(as_, client, cast, settings):
    hold(cast, "general-meeting", date(2025, 4, 10))
    path = made(as_, cast.member)
    assert b"URL" not in feed(client, path)
    settings.ADDRESS = "https://zhibu.example.cn"
    assert b"https://zhibu.example.cn/activities/GW-01/" in feed(client, path)


def test_the_queries_do_not_grow_with_the_entries(as_, client, cast, django_assert_max_num_queries):
    path = made(as_, cast.secretary)
    taken = []
    for rows in (1, 3):
        while Activity.objects.count() < rows:
            hold(cast, "general-meeting", date(2025, 4, 10))
        client.logout()
        with django_assert_max_num_queries(25) as counted:
            client.get(path)
        taken.append(len(counted))
    assert taken[0] == taken[1]


def test_the_feed_touches_no_session(as_, client, cast):
    path = made(as_, cast.member)
    client.logout()
    assert client.get(path).cookies == {}
