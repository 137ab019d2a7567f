"""A leader in charge of a branch sees what is open there and what he did about it, and nothing of other branches."""

from datetime import date

import pytest

from tests.ledger.records import attend, hold
from tests.plans.conftest import DAY, NOW
from zhibu.activities.entry import Entry
from zhibu.activities.kinds import find_kind
from zhibu.activities.queries import around
from zhibu.org import posts
from zhibu.org.access import may_record, may_see
from zhibu.tasks import services
from zhibu.tasks.models import Task
from zhibu.tasks.services import Terms

PAGE = "/plans/in-charge/"


@pytest.fixture
def leader(cast):
    """The secretary of the other branch, put in charge of the branch."""
    posts.assign_post(
        cast.clerk, cast.branch, cast.outsider.member, title="in-charge", since=date(2025, 1, 1), today=DAY
    )
    return cast.outsider


def test_sees_what_is_open_and_what_he_did(cast, leader, as_):
    task = services.give_task(cast.secretary, cast.branch, Terms("修订制度"), DAY, at=NOW)
    Task.objects.update(due=date(2025, 3, 1))
    attend(hold(cast, "committee-meeting", date(2025, 3, 6), title="他来过"), leader.member, presence="observer")
    attend(hold(cast, "talk", date(2025, 3, 7), title="一次私下的谈话"), leader.member)
    hold(cast, "committee-meeting", date(2025, 3, 8), title="他没来")
    address = f"/tasks/GW-01/{task.pk}/"
    assert as_(leader).post(address, {"act": "progress", "work-text": "已过问，月底办结"}).status_code == 302
    assert as_(leader).post(address, {"act": "report", "work-text": "办完了"}).status_code == 403
    page = as_(leader).get(PAGE).content.decode()
    assert "定了没办1项" in page
    assert "他来过" in page
    assert "他没来" not in page
    assert "谈心谈话等1次" in page
    assert "一次私下的谈话" not in page
    assert "已过问，月底办结" in page
    assert "我分管的" in as_(leader).get("/plans/GW-01/").content.decode()


def test_is_for_leaders_only_and_gives_no_right_to_write(cast, leader, as_):
    assert as_(cast.member).get(PAGE).status_code == 404
    assert as_(cast.clerk).get(PAGE).status_code == 404
    assert may_see(leader, cast.branch, DAY)
    assert not may_record(leader, cast.branch, DAY)
    assert as_(leader).post("/plans/GW-01/month/2025-03/", {"act": "draft"}).status_code == 403


def test_he_is_none_of_the_branchs_committee(cast, leader):
    entry = Entry(kind="committee-meeting", title="支委会", held=date(2025, 3, 6))
    known = around(cast.branch, entry, find_kind("committee-meeting"), today=DAY)
    assert leader.member_id not in known.people
