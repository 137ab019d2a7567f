"""Records carry plan items out: of a private talk the plan tells that there was one, and nothing else."""

from datetime import date

import pytest

from tests.conftest import _account
from tests.ledger.records import hold
from tests.plans.conftest import DAY, NOW
from zhibu.activities import services as activities
from zhibu.activities.entry import Entry
from zhibu.org.models import JournalEntry
from zhibu.plans import services
from zhibu.plans.services import Row
from zhibu.tasks.models import State, Task

MARCH, LAST = date(2025, 3, 1), date(2025, 3, 31)


@pytest.fixture
def plan(cast):
    """With the three kinds of talk the regulation asks for, and one item of no duty."""
    drafted = services.draft_plan(cast.secretary, cast.branch, MARCH, DAY, at=NOW)
    rows = [Row(0, "同思想有波动的党员谈一次", LAST, kind="talk")]
    services.save_plan(cast.secretary, drafted, rows, 1, DAY, at=NOW)
    for duty in ("committee-committee", "committee-member", "member-member"):
        Task.objects.create(
            organization=cast.branch, given_by=cast.branch, origin=drafted, text=duty, kind="talk", due=LAST,
            duty=f"branch-work/talk-{duty}", state=State.DRAFT, made_at=NOW, made_by=cast.secretary,
        )  # fmt: skip
    drafted.refresh_from_db()
    return services.approve_plan(
        cast.secretary, drafted, hold(cast, "committee-meeting", date(2025, 3, 3)), DAY, at=NOW
    )


def talk(cast, one, other, held=date(2025, 3, 12)):
    entry = Entry(
        kind="talk", title="同温汝舟谈调岗的事", held=held, minutes="温汝舟说家里有困难，不想去上游站。",
        chair=one.pk, fields={"partner": other.pk},
    )  # fmt: skip
    return activities.record_activity(cast.secretary, cast.branch, entry, at=NOW)


def states(plan):
    return dict(plan.tasks.values_list("text", "state"))


def test_a_talk_meets_the_item_whose_duty_it_fits_and_no_other(cast, plan):
    talk(cast, cast.members[0], cast.members[5])
    found = states(plan)
    assert sorted(found.values()) == [State.CLOSED, State.OPEN, State.OPEN, State.OPEN]
    talk(cast, cast.members[0], cast.members[5], date(2025, 3, 14))
    talk(cast, cast.members[6], cast.members[7], date(2025, 3, 15))
    found = states(plan)
    assert found["committee-committee"] == State.OPEN
    assert {found["committee-member"], found["member-member"], found["同思想有波动的党员谈一次"]} == {State.CLOSED}


def test_who_reads_the_plan_learns_that_there_was_one_and_nothing_else(cast, plan, as_):
    activity = talk(cast, cast.members[0], cast.members[5])
    done = plan.tasks.get(state=State.CLOSED)
    reader = _account("reader", cast.members[6])
    client = as_(reader)
    pages = [client.get(f"/tasks/GW-01/{done.pk}/"), client.get("/plans/GW-01/month/2025-03/"),
             client.get("/tasks/GW-01/?show=over"), client.get(f"/api/v1/tasks/GW-01/{done.pk}/")]  # fmt: skip
    for page in pages:
        words = page.content.decode()
        assert "温汝舟谈调岗" not in words
        assert "家里有困难" not in words
        assert f"/activities/GW-01/{activity.pk}/" not in words
    words = pages[0].content.decode()
    assert "2025-03-12 谈心谈话" in words
    step = done.steps.last()
    assert step.by is None  # who recorded it was most often one of the two
    assert "调岗" not in str(list(JournalEntry.objects.filter(verb="task-close").values_list("summary", "data")))


def test_a_talk_taken_back_opens_its_item_again(cast, plan):
    activity = talk(cast, cast.members[0], cast.members[5])
    activities.withdraw_activity(cast.secretary, activity, "记错了", at=NOW)
    assert set(states(plan).values()) == {State.OPEN}
