"""Profiles: the bulk sweep gives the same figures as asking each day one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from zhibu.org.figures import POST_COLUMNS, Rows, post_rows, summed_statuses
from zhibu.org.models import Member, MemberStatus, Organization, Post
from zhibu.org.queries import cells_of, committee_on, members_on, profiles, secretary_on, voting_members_on

START = date(2024, 1, 1)


def body(parent, code, kind, founded=START):
    values = {"code": code, "name": code, "kind": kind, "founded": founded}
    return Organization.objects.add_child(parent, values) if parent else Organization.objects.add_root(values)


def on(found, day):
    return next((profile for profile in reversed(found) if profile.since <= day), None)


def test_the_cast_has_its_figures(cast):
    figures = profiles([cast.branch, cast.committee, cast.cell, cast.other])
    now = on(figures[cast.branch.pk], date(2025, 3, 1))
    assert (now.members, now.full_members, now.voting_members) == (9, 8, 8)
    assert (now.committee, now.secretaries, now.discipline_members, now.cells) == (5, 1, 1, 1)
    assert now.term_ends == date(2027, 3, 1)
    assert on(figures[cast.committee.pk], date(2025, 3, 1)).members == 11
    assert cast.cell.pk not in figures  # nobody was ever put into the cell: not known, which is not nought


@pytest.mark.parametrize("day", [date(2025, 3, 1), date(2025, 7, 1), date(2025, 12, 31)])
def test_a_committees_figures_from_sums(cast, day):
    """Members below a committee are summed by the database; the figures are those of member by member."""
    row = cast.members[8].statuses.get()
    row.until = date(2025, 6, 1)
    row.save()
    MemberStatus.objects.create(organization=cast.branch, member=row.member, status="full", since=row.until)
    posts = post_rows([cast.committee], 2025, day).values_list(*POST_COLUMNS)
    summed = Rows(summed_statuses(cast.committee, 2025, day), posts)
    found = profiles([cast.committee], 2025, day, summed)
    assert found == profiles([cast.committee], 2025, day)
    assert on(found[cast.committee.pk], day).members == 11


def test_nothing_is_known_before_the_first_row(cast):
    figures = profiles([cast.branch])[cast.branch.pk]
    assert figures[0].since == cast.branch.founded
    assert figures[0].committee == 0


def test_a_change_begins_a_profile_on_its_day(cast):
    row = cast.members[8].statuses.get()
    row.until = date(2025, 6, 1)
    row.save()
    MemberStatus.objects.create(
        organization=cast.branch, member=cast.members[8], status="full", since=date(2025, 6, 1), cell=cast.cell
    )
    figures = profiles([cast.branch, cast.cell])
    assert on(figures[cast.branch.pk], date(2025, 5, 31)).full_members == 8
    assert on(figures[cast.branch.pk], date(2025, 6, 1)).full_members == 9
    assert on(figures[cast.branch.pk], date(2025, 6, 1)).members == 9
    assert on(figures[cast.cell.pk], date(2025, 6, 1)).members == 1


@pytest.mark.parametrize("copies", [1, 3, 250])
def test_the_number_of_queries_does_not_grow(cast, django_assert_num_queries, copies):
    bodies = [cast.branch, cast.committee, cast.other, cast.cell]
    for number in range(copies):
        cast.committee.refresh_from_db()
        bodies.append(body(cast.committee, f"X{number}", "branch"))
    with django_assert_num_queries(3):
        assert profiles(bodies)[cast.branch.pk][-1].members == 9


def test_a_year_needs_only_what_overlaps_it(cast):
    row = cast.members[7].statuses.get()
    row.until = date(2023, 5, 1)
    row.save()
    whole = profiles([cast.branch])[cast.branch.pk]
    year = profiles([cast.branch], 2025, date(2025, 3, 1))[cast.branch.pk]
    assert on(whole, date(2025, 3, 1)).members == on(year, date(2025, 3, 1)).members == 8
    assert on(whole, date(2022, 1, 1)).members == 9


SPAN = st.tuples(st.integers(0, 60), st.integers(1, 60) | st.none())
STATUSES = st.sampled_from(["full", "probationary", "probation-in-party", "suspended", "transferred"])
TITLES = st.sampled_from(["secretary", "deputy-secretary", "discipline-member", "committee-member", "clerk"])


class TestSweep(TestCase):
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(SPAN, STATUSES, st.booleans(), st.none() | st.tuples(SPAN, TITLES)), max_size=6))
    def test_the_sweep_agrees_with_asking_day_by_day(self, people):
        root = body(None, "R", "organs-work-committee")
        branch = body(root, "B", "branch")
        cell = body(branch, "C", "cell", START + timedelta(days=20))
        for number, ((since, length), status, in_cell, post) in enumerate(people):
            member = Member.objects.create(organization=branch, number=str(number), name="m")
            MemberStatus.objects.create(
                organization=branch, member=member, status=status, cell=cell if in_cell else None, **span(since, length)
            )
            if post:
                Post.objects.create(organization=branch, member=member, title=post[1], **span(*post[0]))
        figures = profiles([root, branch, cell])
        for day in (START + timedelta(days=days) for days in range(0, 130, 7)):
            for one in [one for one in (root, branch, cell) if one.founded <= day]:
                profile = on(figures.get(one.pk, ()), day)
                assert (profile.members if profile else 0) == members_on(one, day).count()
                assert (profile.voting_members if profile else 0) == voting_members_on(one, day).count()
            profile = on(figures.get(branch.pk, ()), day)
            assert (profile.committee if profile else 0) == len({p.member_id for p in committee_on(branch, day)})
            assert (profile.secretaries > 0 if profile else False) == (secretary_on(branch, day) is not None)
            assert (profile.cells if profile else 0) == cells_of(branch, day).count()


def span(since, length):
    first = START + timedelta(days=since)
    return {"since": first, "until": first + timedelta(days=length) if length else None}
