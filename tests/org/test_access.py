"""Who may do what: a matrix of roles × actions × bodies, and a generated tree in which nobody sees outside."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from zhibu.org import access
from zhibu.org.models import Account, Member, MemberStatus, Organization, Post

DAY = date(2025, 3, 5)

ACTIONS = {
    "see": access.may_see,
    "members": access.may_see_members,
    "minutes": access.may_read_minutes,
    "record": access.may_record,
    "manage": access.may_manage,
    "duties": access.may_lay_down_duties,
    "journal": access.may_read_journal,
}
READING = {"see", "members", "minutes"}
ALL = set(ACTIONS)
NOTHING: set[str] = set()
# role → what it may do in: own branch, its cell, the sister branch, the committee above
MATRIX = {
    "secretary": (ALL, ALL - {"duties"}, NOTHING, NOTHING),
    "deputy": (ALL - {"manage"}, ALL - {"duties", "manage"}, NOTHING, NOTHING),
    "member": (READING, READING, NOTHING, NOTHING),
    "clerk": (ALL - {"duties"}, ALL - {"duties"}, ALL - {"duties"}, ALL),
    "system": ({"see", "members"},) * 4,
    "security": (NOTHING,) * 4,
    "audit": ({"see", "journal"},) * 4,
    "nobody": (NOTHING,) * 4,
    "moved-away": (NOTHING,) * 4,
    "former-secretary": (READING, READING, NOTHING, NOTHING),
}


@pytest.fixture
def roles(cast):
    """Every role of the matrix; the two last ones still have rows that must give them nothing more."""
    moved, former = cast.members[6], cast.members[7]
    moved.statuses.update(until=date(2025, 1, 1))
    Post.objects.create(organization=cast.branch, member=moved, title="clerk", since=date(2024, 1, 1))
    Post.objects.create(
        organization=cast.branch, member=former, title="secretary", since=date(2020, 1, 1), until=date(2024, 3, 1)
    )
    make = Account.objects.create_user
    return {
        "secretary": cast.secretary,
        "deputy": cast.deputy,
        "member": cast.member,
        "clerk": cast.clerk,
        "system": make("system", office="system"),
        "security": make("security", office="security"),
        "audit": make("audit", office="audit"),
        "nobody": make("nobody"),
        "moved-away": make("moved", member=moved),
        "former-secretary": make("former", member=former),
    }


@pytest.mark.parametrize("role", MATRIX)
def test_the_matrix(cast, roles, role):
    bodies = (cast.branch, cast.cell, cast.other, cast.committee)
    may = tuple({name for name, ask in ACTIONS.items() if ask(roles[role], body, DAY)} for body in bodies)
    assert may == MATRIX[role]
    seen = set(access.seen_by(roles[role], DAY))
    assert seen == {body for body, rights in zip(bodies, may, strict=True) if "see" in rights}
    managed = set(access.managed_by(roles[role], DAY))
    assert managed == {body for body, rights in zip(bodies, may, strict=True) if "manage" in rights}


def test_a_leading_group_below_a_branch_is_not_shown_to_its_members(cast):
    group = Organization.objects.add_child(
        cast.branch, {"code": "DZ", "name": "党组", "kind": "leading-group", "founded": date(2020, 1, 1)}
    )
    assert not access.may_see(cast.member, group, DAY)
    assert group not in access.seen_by(cast.member, DAY)
    assert not access.may_read_minutes(cast.member, group, DAY)


def test_posts_count_on_their_days_only(cast):
    assert access.may_manage(cast.secretary, cast.branch, date(2024, 3, 1))
    assert not access.may_manage(cast.secretary, cast.branch, date(2024, 2, 29))
    cast.members[0].posts.update(until=DAY)
    access.forget(cast.secretary)
    assert not access.may_manage(cast.secretary, cast.branch, DAY)


def test_a_locked_or_anonymous_account_may_nothing(cast):
    cast.secretary.is_active = False
    for account in (cast.secretary, AnonymousUser()):
        assert not access.seen_by(account, DAY).exists()
        assert not any(ask(account, cast.branch, DAY) for ask in ACTIONS.values())


def test_a_member_reads_the_own_file_only(cast):
    own, other = cast.members[5], cast.members[6]
    assert access.may_read_file_of(cast.member, cast.branch, own.pk, DAY)
    assert not access.may_read_file_of(cast.member, cast.branch, other.pk, DAY)
    assert access.may_read_file_of(cast.secretary, cast.branch, other.pk, DAY)
    assert not access.may_read_file_of(cast.outsider, cast.branch, other.pk, DAY)


def test_two_queries_answer_everything(cast, django_assert_num_queries):
    account = Account.objects.get(pk=cast.clerk.pk)
    with django_assert_num_queries(2):
        for _ in range(3):
            for body in (cast.branch, cast.other, cast.committee):
                assert all(ask(account, body, DAY) for name, ask in ACTIONS.items() if name != "duties")


def test_what_may_not_be_seen_does_not_exist(cast):
    assert access.get_seen_or_404(cast.member, "GW-01", DAY) == cast.branch
    for code in ("GW-02", "GW", "no-such"):
        with pytest.raises(Http404):
            access.get_seen_or_404(cast.member, code, DAY)
    with pytest.raises(PermissionDenied):
        access.require(False)


# A tree as parents' numbers, members' homes, posts as (person, body, title).
TREES = st.lists(st.integers(0, 6), min_size=3, max_size=7)
TITLES = st.sampled_from(["secretary", "clerk", "committee-member", "cell-leader"])


class TestSubtree(TestCase):
    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    @given(TREES, st.integers(0, 6), st.lists(st.tuples(st.integers(0, 6), TITLES), max_size=3))
    def test_nobody_sees_outside_the_subtrees_of_posts_and_the_own_branch(self, parents, home, posts):
        bodies = self.tree(parents)
        branches = [body for body in bodies if body.kind == "branch"] or [bodies[0]]
        home = branches[home % len(branches)]
        member = Member.objects.create(organization=home, number="1", name="m")
        MemberStatus.objects.create(organization=home, member=member, status="full", since=date(2020, 1, 1))
        held = []
        for place, title in dict(posts).items():
            body = bodies[place % len(bodies)]
            Post.objects.create(organization=body, member=member, title=title, since=date(2021, 1, 1 + place))
            held.append(body)
        account = Account.objects.create_user("a", member=member)

        def allowed(body):
            above = [body, *Organization.objects.get_ancestors(body)]
            return body == home or any(post in above for post in held) or (body.kind == "cell" and home in above)

        assert set(access.seen_by(account, DAY)) == {body for body in bodies if allowed(body)}
        for body in bodies:
            assert access.may_see(account, body, DAY) == allowed(body)
            for name, ask in ACTIONS.items():
                assert allowed(body) or not ask(account, body, DAY), name

    def tree(self, parents):
        kinds = ["organs-work-committee", "organ-committee", "branch", "cell"]
        made = []
        for number, parent in enumerate(parents):
            above = made[parent % len(made)] if made else None
            kind = kinds[min(above.depth, 3)] if above else kinds[0]
            values = {"code": f"T{number}", "name": f"T{number}", "kind": kind, "founded": date(2020, 1, 1)}
            manager = Organization.objects
            made.append(manager.add_child(above, values) if above else manager.add_root(values))
        return made
