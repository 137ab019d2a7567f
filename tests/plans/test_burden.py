"""What a committee asks of those below it is counted, and it is told when the ledger counts it already."""

from datetime import UTC, date, datetime

from tests.plans.conftest import DAY, NOW
from zhibu.plans import origins
from zhibu.plans.burden import burden
from zhibu.plans.origins import About, Asked
from zhibu.tasks import services
from zhibu.tasks.models import Task
from zhibu.tasks.queries import known_already
from zhibu.tasks.services import Terms

PAGE = "/plans/GW/burden/"


def hand(cast, *bodies, **terms):
    whole = services.give_task(cast.clerk, cast.committee, Terms("交办"), DAY, at=NOW)
    services.hand_down(cast.clerk, whole, bodies, Terms("交办", **terms), DAY, at=NOW)


def test_counts_requests_materials_and_notice_by_body_and_month(cast):
    hand(cast, cast.branch, cast.other, asked="报告", due=date(2025, 3, 22))
    hand(cast, cast.branch, due=date(2025, 4, 9))
    about = About("campaign", "党建年", date(2025, 1, 1), issuer="机关工委")
    origin = origins.found_origin(cast.clerk, cast.committee, about, DAY, at=NOW)
    duty = origins.add_asked(cast.clerk, origin, Asked("党课", kind="lecture", per="quarter"), DAY, at=NOW)
    type(duty).objects.update(made_at=NOW)
    services.give_task(cast.secretary, cast.branch, Terms("自己的事"), DAY, at=NOW)
    Task.objects.filter(text="另一年").update(made_at=datetime(2024, 3, 1, tzinfo=UTC))
    found = burden(cast.committee, 2025, 3, DAY)
    rows = {body.code: (row.requests, row.materials, row.notice, row.short) for body, row in found.bodies}
    assert rows == {"GW-01": (3, 1, 11, 1), "GW-02": (2, 1, 2, 1)}
    assert [row.requests for row in found.months] == [0, 0, 5] + [0] * 9


def test_says_when_the_ledger_counts_it_already(cast):
    assert "branch-work/themed-day" in {duty.id for duty in known_already([cast.branch], "themed-day", 2025)}
    assert known_already([cast.branch], "", 2025) == []
    assert known_already([], "themed-day", 2025) == []


def test_the_page_is_the_committees(cast, as_, django_assert_max_num_queries):
    hand(cast, cast.branch, asked="报告", due=date(2025, 3, 22))
    assert "共提出要求1项次" in as_(cast.clerk).get(PAGE).content.decode()
    assert as_(cast.clerk).get(PAGE + "?m=2025-99").status_code == 200
    assert as_(cast.secretary).get(PAGE).status_code == 404
    assert as_(cast.secretary).get("/plans/GW-01/burden/").status_code == 403
    client = as_(cast.clerk)
    with django_assert_max_num_queries(20) as one:
        client.get(PAGE)
    asked = len(one)
    hand(cast, cast.branch, cast.other, asked="报告")
    with django_assert_max_num_queries(asked):
        client.get(PAGE)


def test_more_bodies_than_a_page_lists(cast, as_, monkeypatch):
    monkeypatch.setattr("zhibu.plans.views.BODIES", 1)
    hand(cast, cast.branch, cast.other, asked="报告")
    page = as_(cast.clerk).get(PAGE).content.decode()
    assert "另有1个组织" in page
    assert page.count("<td>青禾县") == 1
    every = as_(cast.clerk).get(PAGE + "?bodies=all").content.decode()
    assert "另有" not in every
    assert every.count("<td>青禾县") == 2


def test_a_committee_is_told_when_it_asks_for_what_is_counted(cast, as_):
    data = {"text": "开展主题党日", "kind": "themed-day", "every_branch": "on"}
    page = as_(cast.clerk).post("/tasks/GW/new/", data, follow=True).content.decode()
    assert "台账已经按“主题党日”在算这件事" in page
