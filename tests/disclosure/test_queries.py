"""What is due of whom, by whose catalogue; what was heard and answered; what a draft begins with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.conftest import _organization
from tests.disclosure.publishing import DAY, NOTICE, PLAN, at, bring_up, draft, people
from zhibu.activities.entry import Entry, ResolutionRow
from zhibu.activities.services import record_activity
from zhibu.disclosure import boards, opinions, services
from zhibu.disclosure.catalogue import find_item
from zhibu.disclosure.checking import period_of
from zhibu.disclosure.models import Publication
from zhibu.disclosure.queries import (
    adoption,
    archive,
    disclosures_due,
    dues_of,
    newest,
    on_the_way,
    opinions_heard,
    shown_on,
)
from zhibu.disclosure.suggested import suggested_text, suggested_title
from zhibu.org.models import JournalEntry
from zhibu.plans.services import Row as PlanRow
from zhibu.plans.services import approve_plan, draft_plan, save_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(cast):
    return people(cast)


def named(due):
    return [(one.item.slug, one.period.key if one.period else "", one.status, one.days) for one in due]


def test_nothing_is_due_where_nobody_adopted_a_catalogue(cast):
    assert disclosures_due(cast.branch, DAY) == []
    assert adoption(cast.branch).of is None


def test_what_is_overdue_late_in_time_and_to_come(cast, three):
    boards.adopt(cast.secretary, cast.branch, ["monthly-plan", "rules", "honours"], on=date(2026, 2, 1))
    bring_up(cast, three, PLAN, on=DAY)
    assert named(disclosures_due(cast.branch, DAY)) == [
        ("rules", "", "missing", 29), ("monthly-plan", "2026-03", "late", 2),
        ("monthly-plan", "2026-04", "not-yet-due", 0),
    ]  # fmt: skip
    waiting = draft(three.proposer, cast.branch, PLAN, period="2026-04", title="4月工作计划", since=date(2026, 3, 30))
    due = disclosures_due(cast.branch, date(2026, 4, 2))
    assert [(one.publication, one.on_the_way) for one in due if one.status == "missing" and one.period] == [
        (waiting.pk, "draft")
    ]


def test_the_query_asks_twice_however_much_there_is(cast, three, django_assert_num_queries):
    boards.adopt(cast.secretary, cast.branch, ["monthly-plan", "rules"], on=date(2026, 2, 1))
    for _ in range(2):
        with django_assert_num_queries(2):
            disclosures_due(cast.branch, DAY)
        bring_up(cast, three, PLAN)


def test_many_bodies_are_asked_about_at_once(cast, three, django_assert_num_queries):
    boards.adopt(cast.clerk, cast.committee, ["monthly-plan"], on=date(2026, 2, 1))
    boards.adopt(cast.outsider, cast.other, ["rules"], on=date(2026, 2, 1))
    bring_up(cast, three, PLAN)
    bodies = [cast.committee, cast.branch, cast.other, cast.cell]
    with django_assert_num_queries(2):
        found = dues_of(bodies, DAY)
    assert found == {body.pk: disclosures_due(body, DAY) for body in bodies}
    assert found[cast.cell.pk] == []  # a cell has no board


def test_the_catalogue_comes_from_the_nearest_body_above(cast):
    boards.adopt(cast.clerk, cast.committee, ["monthly-plan"], on=date(2026, 1, 1))
    assert [one.item.slug for one in adoption(cast.branch).rows] == ["monthly-plan"]
    assert adoption(cast.other).of == cast.committee
    boards.adopt(cast.secretary, cast.branch, ["rules"], on=DAY)
    assert (adoption(cast.branch).of, adoption(cast.other).of) == (cast.branch, cast.committee)
    assert named(disclosures_due(cast.branch, DAY)) == [("rules", "", "not-yet-due", 0)]
    assert JournalEntry.objects.filter(verb="adopt-catalogue", organization=cast.branch).exists()


def test_what_is_given_up_is_owed_no_more_but_what_was_owed_stays(cast):
    boards.adopt(cast.secretary, cast.branch, ["monthly-plan", "rules"], on=date(2026, 1, 1))
    board = boards.adopt(cast.secretary, cast.branch, ["rules"], on=DAY)
    assert board.items["monthly-plan"] == {"since": "2026-01-01", "until": "2026-03-02"}
    assert board.items["rules"] == {"since": "2026-01-01", "until": None}
    later = disclosures_due(cast.branch, date(2026, 5, 1))
    assert [key for slug, key, *_ in named(later) if slug == "monthly-plan"] == ["2026-02", "2026-03"]
    again = boards.adopt(cast.secretary, cast.branch, ["monthly-plan", "rules"], on=date(2026, 6, 1))
    assert again.items["monthly-plan"] == {"since": "2026-06-01", "until": None}


def test_nothing_was_due_before_the_body_was_founded_or_after_it_ended(cast):
    boards.adopt(cast.clerk, cast.committee, ["monthly-plan"], on=date(2025, 1, 1))
    young = _organization(cast.committee, "GW-09", "青禾县新设党支部", "branch", founded=date(2026, 2, 10))
    assert [key for _slug, key, *_ in named(disclosures_due(young, DAY))] == ["2026-03", "2026-04"]
    young.ended = date(2026, 2, 20)
    assert disclosures_due(young, DAY) == []


def test_what_is_up_what_waits_and_what_is_gone(cast, three):
    up = bring_up(cast, three, PLAN)
    short = bring_up(cast, three, NOTICE, until=date(2026, 3, 4))
    coming = bring_up(cast, three, NOTICE, since=date(2026, 3, 20), until=None)
    gone = services.withdraw(cast.secretary, bring_up(cast, three, NOTICE, title="误发"), "误发", at=at(DAY))
    waiting = draft(three.proposer, cast.branch)
    day = date(2026, 3, 5)
    assert list(shown_on(cast.branch, day)) == [up]
    assert list(on_the_way(cast.branch, day)) == [waiting, coming]
    assert list(archive(Publication.objects.all(), day)) == [gone, short]
    assert newest(cast.branch, "monthly-plan", day) == up
    assert newest(cast.branch, "rules", day) is None


def test_heard_and_answered(cast):
    said = [
        opinions.comment(body, None, "建议", source=source, at=at(day))
        for body, source, day in (
            (cast.branch, "member", date(2026, 1, 5)), (cast.branch, "public", DAY), (cast.other, "public", DAY),
            (cast.branch, "member", date(2025, 12, 31)),
        )
    ]  # fmt: skip
    opinions.answer(cast.secretary, said[1], "采纳", at=at(DAY))
    since, until = at(date(2026, 1, 1)), at(date(2027, 1, 1))
    assert opinions_heard(cast.branch, since, until) == {
        "heard": 2, "answered": 1, "from_members": 1, "from_public": 1, "taken_up": 0, "solved": 0,
    }  # fmt: skip
    assert opinions_heard(cast.committee, since, until)["heard"] == 3


# --- what a draft begins with


def month(key, item="monthly-plan"):
    return period_of(find_item(item), key)


def test_the_title_names_the_period():
    assert suggested_title(find_item("monthly-plan"), month("2026-03")) == "2026年3月工作计划"
    assert suggested_title(find_item("notice"), None) == "通知公告"


def test_results_are_told_from_the_records(cast):
    def held(kind, title, day, body=cast.branch, **more):
        entry = Entry(kind=kind, title=title, held=day, **more)
        return record_activity(cast.secretary, body, entry, at=at(max(day, DAY)))

    held("volunteer-service", "清扫街道", date(2026, 2, 12))
    held("warning-education", "警示教育", date(2026, 2, 5))
    held("talk", "谈心谈话", date(2026, 2, 6), chair=cast.members[0].pk, fields={"partner": cast.members[5].pk})
    held("volunteer-service", "三月的事", date(2026, 3, 1))
    held("volunteer-service", "别处的事", date(2026, 2, 12), cast.other)
    text = suggested_text(cast.branch, find_item("monthly-results"), month("2026-02", "monthly-results"), DAY)
    assert text == "1. 2月5日，警示教育。\n2. 2月12日，清扫街道。"
    assert suggested_text(cast.other, find_item("notice"), None, DAY) == ""


def test_the_months_plan_is_the_text_once_a_meeting_approved_it(cast):
    period, item = month("2026-03"), find_item("monthly-plan")
    plan = draft_plan(cast.secretary, cast.branch, period.start, date(2026, 3, 1), at=at(date(2026, 3, 1)))
    rows = [PlanRow(0, "走访困难党员", date(2026, 3, 20), cast.members[2])]
    save_plan(cast.secretary, plan, rows, plan.version, date(2026, 3, 1), at=at(date(2026, 3, 1)))
    assert suggested_text(cast.branch, item, period, DAY) == ""
    entry = Entry(
        kind="committee-meeting", title="3月支委会", held=date(2026, 3, 1), resolutions=(ResolutionRow("通过计划"),)
    )
    meeting = record_activity(cast.secretary, cast.branch, entry, at=at(date(2026, 3, 1)))
    approve_plan(cast.secretary, plan, meeting, date(2026, 3, 1), at=at(date(2026, 3, 1)))
    assert suggested_text(cast.branch, item, period, DAY) == "1. 走访困难党员（3月20日前，岑若溪）"
    results = suggested_text(cast.branch, find_item("monthly-results"), month("2026-03", "monthly-results"), DAY)
    assert results == "1. 走访困难党员（办理中）"


def test_the_committee_is_named_from_its_posts(cast):
    text = suggested_text(cast.branch, find_item("set-up"), None, DAY)
    assert text.splitlines()[:2] == ["书记：闻知远", "副书记：苏明棠"]


def test_what_was_heard_is_counted_for_its_half_year(cast):
    item = find_item("opinions")
    period = period_of(item, "2026-H1")
    assert suggested_text(cast.branch, item, period, DAY) == ""
    opinions.comment(cast.branch, None, "建议", source="public", at=at(date(2026, 6, 30)))
    opinions.comment(cast.branch, None, "建议", source="public", at=at(date(2026, 7, 1)) + timedelta(hours=2))
    text = suggested_text(cast.branch, item, period, date(2026, 7, 2))
    assert text == "2026年上半年共收到意见建议1条，其中党员0条，群众1条；已答复0条。"
