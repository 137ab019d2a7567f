"""Preparing a season, who reports in it, its course; refused when it cannot be kept, is closed or was changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.review.seasons import AT, PLAN, a_cycle, entry_of, told_to
from zhibu.errors import UserError
from zhibu.notices.models import Notice
from zhibu.org.models import JournalEntry, Post
from zhibu.review import season
from zhibu.review.models import Cycle, CycleState, Stage
from zhibu.review.telling import tell_opened


def reporters(cast, year=2025):
    return [
        (one.organization.code, one.member.name, one.since.isoformat(), one.until.isoformat())
        for one in season.possible_reporters(cast.committee, year)
    ]


def test_secretaries_below_may_report_each_for_the_year(cast):
    assert reporters(cast) == [
        ("GW-01", "闻知远", "2025-01-01", "2025-12-31"),
        ("GW-02", "阮青岚", "2025-01-01", "2025-12-31"),
    ]


def test_who_changed_post_in_june_reports_his_part_and_so_does_who_came_after(cast):
    Post.objects.filter(organization=cast.branch, title="secretary").update(until=date(2025, 6, 16))
    Post.objects.create(organization=cast.branch, member=cast.members[3], title="secretary", since=date(2025, 6, 16))
    assert reporters(cast)[:2] == [
        ("GW-01", "闻知远", "2025-01-01", "2025-06-15"),
        ("GW-01", "蒲云帆", "2025-06-16", "2025-12-31"),
    ]


def test_a_body_that_ended_in_the_year_reports_its_part(cast):
    cast.other.ended = date(2025, 9, 1)
    cast.other.save()
    assert "GW-02" in [row[0] for row in reporters(cast)]
    assert "GW-02" not in [row[0] for row in reporters(cast, 2026)]


def test_without_a_secretary_the_deputy_reports(cast):
    Post.objects.filter(organization=cast.branch, title="secretary").delete()
    assert reporters(cast)[0][1] == "苏明棠"


def test_opening_tells_the_reporters_and_who_leads_their_bodies(cast):
    cycle = a_cycle(cast)
    assert cycle.state == CycleState.OPEN
    told = set(Notice.objects.filter(kind="review").values_list("account__username", flat=True))
    assert {"secretary", "deputy", "outsider"} <= told
    assert "clerk" not in told
    assert "1月15日前提交" in told_to(cast.secretary)


def test_a_season_without_reporters_does_not_open(cast):
    cycle = season.make_cycle(cast.clerk, cast.committee, PLAN, at=AT)
    with pytest.raises(UserError, match="还没有述职人员"):
        season.open_cycle(cast.clerk, cycle, cycle.version, at=AT)
    cycle.refresh_from_db()
    assert cycle.state == CycleState.DRAFT


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"year": 1890}, "年度应在"),
        ({"title": "  "}, "请填写名称"),
        ({"shortest": 4000}, "从少到多"),
        ({"days": (("submit", date(2026, 2, 1)), ("review", date(2026, 1, 1)))}, "“审阅把关”不能早于“提交述职报告”"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(cast, change, sentence):
    with pytest.raises(UserError, match=sentence):
        season.make_cycle(cast.clerk, cast.committee, replace(PLAN, **change), at=AT)
    assert not Cycle.objects.exists()


def test_a_name_is_given_once_a_year(cast):
    season.make_cycle(cast.clerk, cast.committee, PLAN, at=AT)
    with pytest.raises(UserError, match="已经有“2025年度述职评议考核”"):
        season.make_cycle(cast.clerk, cast.committee, PLAN, at=AT)


def test_an_open_season_keeps_its_year(cast):
    cycle = a_cycle(cast)
    with pytest.raises(UserError, match="不能再改年度"):
        season.change_cycle(cast.clerk, cycle, replace(PLAN, year=2024), cycle.version)
    assert season.change_cycle(cast.clerk, cycle, replace(PLAN, focus="党课"), cycle.version).focus == "党课"


def test_who_comes_second_is_told(cast):
    cycle = a_cycle(cast)
    season.pause_cycle(cast.clerk, cycle, "上级通知推迟", cycle.version)
    with pytest.raises(UserError, match="有人改过"):
        season.pause_cycle(cast.clerk, cycle, "上级通知推迟", cycle.version)


def test_a_season_closes_when_all_have_their_letters_and_opens_again_with_a_reason(cast):
    cycle = a_cycle(cast)
    with pytest.raises(UserError, match="还有2份没有反馈"):
        season.close_cycle(cast.clerk, cycle, cycle.version)
    cycle.entries.update(stage=Stage.FED_BACK)
    closed = season.close_cycle(cast.clerk, cycle, cycle.version)
    with pytest.raises(UserError, match="已经结束"):
        season.change_cycle(cast.clerk, closed, PLAN, closed.version)
    with pytest.raises(UserError, match="请写明理由"):
        season.reopen_cycle(cast.clerk, closed, " ", closed.version)
    again = season.reopen_cycle(cast.clerk, closed, "误点了结束", closed.version)
    assert (again.state, again.reason) == (CycleState.OPEN, "误点了结束")
    assert JournalEntry.objects.filter(verb="reopen-cycle").count() == 1


def test_who_has_handed_in_stays_in_the_list_and_others_may_go(cast):
    cycle = a_cycle(cast)
    entry_of(cycle, cast.branch).submissions.create(
        organization=cast.branch,
        number=1,
        title="述职",
        text="述职",
        digest="0" * 64,
        made_at=AT,
        made_by=cast.secretary,
    )
    with pytest.raises(UserError, match="闻知远已经报送过"):
        season.set_entries(cast.clerk, cycle, [], cycle.version)
    keep = [(one, False) for one in season.possible_reporters(cast.committee, 2025) if one.organization == cast.branch]
    season.set_entries(cast.clerk, cycle, keep, cycle.version)
    assert [entry.live for entry in cycle.entries.all()] == [False]


def test_the_order_of_speaking_is_set(cast):
    cycle = a_cycle(cast)
    first, second = cycle.entries.all()
    season.set_order(cast.clerk, cycle, {first.pk: 2, second.pk: 1}, cycle.version)
    assert [entry.pk for entry in cycle.entries.all()] == [second.pk, first.pk]


def test_opening_asks_for_all_leaders_at_once(cast):
    cycle = a_cycle(cast, opened=False)
    entries = list(cycle.entries.select_related("organization", "reporter", "cycle__organization"))
    with CaptureQueriesContext(connection) as asked:
        tell_opened(cycle, entries, cast.clerk)
    assert sum('"org_post"' in row["sql"] and "SELECT" in row["sql"] for row in asked.captured_queries) == 1
