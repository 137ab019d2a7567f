"""Lists, campaigns and projects: broken into duties and tasks, handed down, linked, closed with a summary."""

from datetime import date

import pytest

from tests.ledger.records import hold
from tests.plans.conftest import DAY, NOW
from zhibu.duties.models import LocalDuty
from zhibu.duties.queries import duties_of
from zhibu.errors import UserError
from zhibu.plans import origins
from zhibu.plans.origins import About, Asked
from zhibu.plans.packs import packs
from zhibu.tasks import services as tasks
from zhibu.tasks.models import Task

YEAR = {"since": date(2025, 1, 1), "until": date(2025, 12, 31)}


def found(cast, form="list", actor=None, body=None, **more):
    about = {"title": "党建责任清单", "issuer": "青禾县县直机关工委", "number": "青直工〔2025〕1号", **YEAR, **more}
    return origins.found_origin(
        actor or cast.clerk, body or cast.committee, About(form=form, **about), DAY, at=NOW
    )  # fmt: skip


def test_an_item_with_a_deadline_is_handed_down_and_each_body_sees_the_chain(cast):
    origin = found(cast)
    item = Asked("清查制度", due=date(2025, 6, 30), bodies=(cast.branch, cast.other))
    whole = origins.add_asked(cast.clerk, origin, item, DAY, at=NOW)
    parts = Task.objects.filter(parent=whole)
    assert {part.organization for part in parts} == {cast.branch, cast.other}
    assert {part.origin for part in parts} == {origin}


def test_an_item_that_recurs_is_a_duty_the_ledger_counts(cast):
    origin = found(cast)
    item = Asked("每季度讲党课", kind="lecture", per="quarter", count=1, bodies=(cast.branch,))
    duty = origins.add_asked(cast.clerk, origin, item, DAY, at=NOW)
    assert duty.source == origin
    assert [one.label for one in duties_of(cast.branch, 2025) if one.id.startswith("local-")] == ["每季度讲党课"]
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    "item",
    [
        Asked("没有活动", per="month"),
        Asked("太多", kind="lecture", per="month", count=0),
        Asked("没有这种周期", kind="lecture", per="day"),
        Asked("太晚", due=date(2026, 1, 1)),
        Asked("早已过去", due=date(2025, 1, 2)),
    ],
)
def test_bad_items_are_refused_and_nothing_is_left(cast, item):
    origin = found(cast)
    with pytest.raises(UserError):
        origins.add_asked(cast.clerk, origin, item, DAY, at=NOW)
    assert not Task.objects.exists()
    assert not LocalDuty.objects.exists()


@pytest.mark.parametrize("about", [{"title": " "}, {"issuer": ""}, {"until": date(2024, 1, 1)}, {"form": "plan"}])
def test_a_list_without_a_source_or_a_time_is_refused(cast, about):
    with pytest.raises(UserError):
        found(cast, **about)


def test_every_template_can_be_begun(cast):
    for slug, pack in packs().items():
        about = About(pack.form, pack.label, issuer="青禾县县直机关工委", **YEAR)
        day = date(2025, 1, 1)
        origin = origins.found_origin(cast.clerk, cast.committee, about, day, at=NOW, pack=pack, bodies=(cast.branch,))
        assert origin.template == slug
        own = origin.tasks.filter(parent=None).count() + origin.duties.count()
        assert own == len(pack.items)


def test_a_campaign_ends_with_a_summary_and_its_duties_with_it(cast):
    origin = found(cast, form="campaign", title="党建年")
    duty = origins.add_asked(cast.clerk, origin, Asked("党课", kind="lecture", per="quarter"), DAY, at=NOW)
    task = origins.add_asked(cast.clerk, origin, Asked("总结"), DAY, at=NOW)
    with pytest.raises(UserError, match="没有办结"):
        origins.close_origin(cast.clerk, origin, "全年讲党课四次，成效明显。", DAY, at=NOW)
    tasks.cancel(cast.clerk, task, "并入全年总结", at=NOW)
    with pytest.raises(UserError):
        origins.close_origin(cast.clerk, origin, " ", DAY, at=NOW)
    closed = origins.close_origin(cast.clerk, origin, "全年讲党课四次，成效明显。", DAY, at=NOW)
    duty.refresh_from_db()
    assert (closed.until, duty.until) == (DAY, DAY)
    with pytest.raises(UserError):
        origins.add_asked(cast.clerk, closed, Asked("再加"), DAY, at=NOW)


def test_records_are_linked_once_and_only_of_the_body_or_below(cast):
    project = found(cast, form="project", title="水库大坝安全审计", body=cast.branch, actor=cast.secretary, issuer="")
    mine = hold(cast, "themed-day", date(2025, 3, 4))
    assert origins.link_activities(cast.secretary, project, [mine]) == 1
    assert origins.link_activities(cast.secretary, project, [mine]) == 0
    with pytest.raises(UserError):
        origins.link_activities(cast.secretary, project, [hold(cast, "lecture", date(2025, 3, 5), branch=cast.other)])
    assert list(project.activities.all()) == [mine]
