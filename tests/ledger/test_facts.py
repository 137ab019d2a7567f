"""Facts from the database are what the rules should see, as it stood on the day asked about."""

from datetime import date

import pytest

from tests.ledger.records import attend, cells, hold, noon
from zhibu.activities.models import Presence
from zhibu.duties.models import Explanation
from zhibu.ledger.facts import subjects
from zhibu.ledger.queries import ledger_of
from zhibu.org.models import MemberStatus, Organization, Post

YEAR_END = date(2025, 12, 31)


def subject_of(cast, year=2025, on=YEAR_END):
    return subjects([cast.branch], year, on)[0]


def test_figures_of_the_roster_reach_the_subject(cast):
    profile = subject_of(cast).profile(YEAR_END)
    assert (profile.members, profile.full_members, profile.committee, profile.cells) == (9, 8, 5, 1)


def test_a_record_carries_what_rules_ask_of_it(cast):
    hold(cast, "themed-day", date(2025, 3, 5), recorded=date(2025, 5, 1), also=["lecture"], lacks=["地点"], tags=["x"],
         fields={"appraised": 8, "topic": "不是数"})  # fmt: skip
    (record,) = subject_of(cast).records
    assert record.kinds == {"themed-day", "lecture"}
    assert (record.held, record.recorded, record.lacks) == (date(2025, 3, 5), date(2025, 5, 1), ("地点",))
    assert record.measures == {"appraised": 8}


def test_the_day_of_recording_is_the_day_on_the_wall_not_in_greenwich(cast):
    activity = hold(cast, "themed-day", date(2025, 3, 5))
    activity.recorded_at = noon(date(2025, 3, 6)).replace(hour=2)  # 5 March, 18:00 in Greenwich
    activity.save()
    assert subject_of(cast).records[0].recorded == date(2025, 3, 6)


def test_a_past_day_is_answered_as_it_stood_then(cast):
    hold(cast, "general-meeting", date(2025, 2, 10), recorded=date(2025, 6, 1))
    assert cells(ledger_of(cast.branch, 2025, date(2025, 4, 30)), "general-meeting")["2025-Q1"] == "missing"
    assert cells(ledger_of(cast.branch, 2025, date(2025, 6, 1)), "general-meeting")["2025-Q1"] == "late"


def test_a_withdrawn_record_counts_until_the_day_it_was_withdrawn(cast):
    activity = hold(cast, "general-meeting", date(2025, 2, 10))
    activity.withdrawn_at = noon(date(2025, 6, 10))
    activity.save()
    assert cells(ledger_of(cast.branch, 2025, date(2025, 6, 9)), "general-meeting")["2025-Q1"] == "met"
    assert cells(ledger_of(cast.branch, 2025, date(2025, 6, 10)), "general-meeting")["2025-Q1"] == "missing"


def test_records_of_another_branch_stay_there(cast):
    hold(cast, "general-meeting", date(2025, 2, 10), branch=cast.other)
    assert subject_of(cast).records == ()


def test_hours_follow_the_member_wherever_they_were_earned(cast):
    here = hold(cast, "lecture", date(2025, 3, 5), hours=2)
    above = hold(cast, "training", date(2025, 5, 5), hours=16, branch=cast.committee)
    last_year = hold(cast, "training", date(2024, 5, 5), hours=30)
    first, second = cast.members[:2]
    attend(here, first)
    attend(above, first)
    attend(last_year, first)
    attend(here, second, presence=Presence.LEAVE)
    hours = {one.code: one.hours for one in subject_of(cast).members}
    assert hours["001"] == 18
    assert hours["002"] == 0


def test_who_is_exempt_from_the_hours(cast):
    cared, suspended, newcomer, confirmed = cast.members[5:9]
    cared.cared_for = True
    cared.save()
    old = suspended.statuses.get()
    old.until = date(2025, 7, 1)
    old.save()
    MemberStatus.objects.create(organization=cast.branch, member=suspended, status="suspended", since=date(2025, 7, 1))
    newcomer.statuses.update(since=date(2025, 2, 1))
    confirmed.statuses.update(until=date(2025, 6, 1))
    MemberStatus.objects.create(organization=cast.branch, member=confirmed, status="full", since=date(2025, 6, 1))
    exempt = {one.code: one.exempt for one in subject_of(cast).members}
    assert [exempt[code] for code in ("001", "006", "007", "008", "009")] == [False, True, True, True, False]


def test_groups_follow_the_posts(cast):
    groups = {one.code: one.groups for one in subject_of(cast).members}
    assert groups["003"] == {"member", "committee"}
    assert groups["006"] == {"member"}
    groups_then = {one.code: one.groups for one in subject_of(cast, 2024, date(2024, 12, 31)).members}
    assert groups_then["001"] == {"member", "committee", "new-secretary"}


def test_events_are_read_from_posts_statuses_and_records(cast):
    kinds = {(event.kind, event.on) for event in subject_of(cast, 2024, date(2024, 12, 31)).events}
    assert ("secretary-appointed", date(2024, 3, 1)) in kinds
    assert ("committee-elected", date(2024, 3, 1)) in kinds
    assert subject_of(cast).events == ()
    cast.members[8].statuses.update(since=date(2025, 4, 2))
    assert [(event.kind, event.on) for event in subject_of(cast).events] == [("member-admitted", date(2025, 4, 2))]


def test_a_secretary_elected_again_is_not_newly_appointed(cast):
    post = Post.objects.get(organization=cast.branch, title="secretary")
    post.until = date(2025, 3, 1)
    post.save()
    Post.objects.create(organization=cast.branch, member=post.member, title="secretary", since=date(2025, 3, 1))
    assert "secretary-appointed" not in {event.kind for event in subject_of(cast).events}


def test_a_reason_stands_beside_the_cell_from_the_day_it_was_given(cast):
    Explanation.objects.create(
        organization=cast.branch, duty="branch-work/general-meeting", period="2025-Q1", reason="集中换届",
        made_at=noon(date(2025, 5, 1)), made_by=cast.secretary,
    )  # fmt: skip
    before, after = (
        next(one for one in ledger_of(cast.branch, 2025, on) if one.duty.key == "general-meeting")
        for on in (date(2025, 4, 30), date(2025, 5, 1))
    )
    assert (before.reason.code, after.reason.code) == ("none-recorded", "missing-explained")
    assert "集中换届" in str(after.reason)


@pytest.mark.parametrize("extra", [0, 4])
def test_the_number_of_queries_does_not_grow(cast, django_assert_num_queries, extra):
    for number in range(extra):
        body = Organization.objects.add_child(
            Organization.objects.get(pk=cast.committee.pk),
            {"code": f"GW-1{number}", "name": "演练支部", "kind": "branch", "founded": date(2020, 1, 1)},
        )
        hold(cast, "themed-day", date(2025, 3, 5), branch=body)
    bodies = list(Organization.objects.filter(kind="branch"))
    with django_assert_num_queries(5):
        assert len(subjects(bodies, 2025, YEAR_END)) == 2 + extra
