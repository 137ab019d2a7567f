"""Everybody's first page: where their own work begins, and nothing of others."""

from datetime import date

import pytest
from django.urls import reverse

from tests.conftest import PASSWORD, _organization
from zhibu.org.models import Account, Member, Post

pytestmark = pytest.mark.django_db


def first_page(client):
    answer = client.get("/")
    return answer["Location"] if answer.status_code == 302 else answer


def test_a_secretary_and_a_deputy_begin_with_this_month(as_, cast):
    assert first_page(as_(cast.secretary)) == reverse("ledger:month", args=["GW-01"])
    assert first_page(as_(cast.deputy)) == reverse("ledger:month", args=["GW-01"])


def test_a_clerk_of_the_committee_begins_with_the_roll_up(as_, cast):
    assert first_page(as_(cast.clerk)) == reverse("ledger:rollup", args=["GW"])


def test_a_member_begins_with_the_own_branch(as_, cast):
    assert first_page(as_(cast.member)) == reverse("org:show", args=["GW-01"])


def test_a_post_that_has_ended_leads_nowhere(as_, cast):
    Post.objects.filter(member=cast.secretary.member).update(until=date(2024, 6, 1))
    assert first_page(as_(cast.secretary)) == reverse("org:show", args=["GW-01"])


@pytest.mark.parametrize("office", ["system", "security", "audit"])
def test_the_three_administrators_begin_with_their_own_pages(client, cast, office):
    client.force_login(
        Account.objects.create_user("keeper", password=PASSWORD, office=office),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    page = client.get("/", follow=True)
    assert page.status_code == 200
    assert ("/enter/GW-01/" in page.content.decode()) == (office != "security")


def test_an_account_that_belongs_nowhere_is_told_what_to_do(client, cast):
    Post.objects.filter(member=cast.member.member).delete()
    cast.member.member.statuses.all().delete()
    client.force_login(cast.member, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/")
    assert page.status_code == 200
    assert "请联系本单位的系统管理员" in page.content.decode()


def test_it_requires_somebody(client, db):
    assert client.get("/")["Location"] == "/login/?next=/"


# --- the switcher --------------------------------------------------------------------------------------------------


def test_the_search_finds_only_what_may_be_seen(as_, cast):
    page = as_(cast.secretary).get("/bodies/", {"q": "党支部"}).content.decode()
    assert "水文站" in page
    assert "档案馆" not in page
    fragment = as_(cast.clerk).get("/bodies/", {"q": "档案 GW"}, headers={"hx-request": "true"}).content.decode()
    assert "档案馆" in fragment
    assert "<html" not in fragment
    assert "水文站" not in fragment


def test_a_search_without_result_says_so(as_, cast):
    assert "没有找到可以查看的组织" in as_(cast.clerk).get("/bodies/", {"q": "没有这个"}).content.decode()


def test_entering_a_body_needs_the_right_to_see_it(as_, cast):
    assert as_(cast.secretary).get("/enter/GW-02/").status_code == 404
    assert as_(cast.clerk).get("/enter/GW-02/")["Location"] == reverse("ledger:month", args=["GW-02"])


def test_the_frame_costs_two_queries_of_its_own(as_, cast, django_assert_num_queries):
    """Session and account, the powers (two), then the bodies and the bell; the name came with the powers."""
    client = as_(cast.member)
    client.get("/help/")
    with django_assert_num_queries(6):
        client.get("/help/")


def test_many_bodies_bring_a_search_and_no_further_query(as_, cast, django_assert_num_queries):
    for number in range(20, 35):
        cast.committee.refresh_from_db()
        _organization(cast.committee, f"GW-{number}", f"第{number}党支部", "branch", recording_since=None)
    client = as_(cast.clerk)
    client.get("/help/")
    page = client.get("/help/").content.decode()
    assert 'id="body-search"' in page
    assert "第34党支部" not in page
    with django_assert_num_queries(6):
        client.get("/help/")


def test_names_are_never_markup(as_, cast):
    Member.objects.filter(pk=cast.member.member_id).update(name="<b>某</b>")
    assert "<b>某</b>" not in as_(cast.member).get("/help/").content.decode()
