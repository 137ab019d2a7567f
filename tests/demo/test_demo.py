"""The made-up county: the right size, the same each time, honest to its own rules."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from zhibu.activities.models import Activity, Attendance
from zhibu.demo.build import build_demo
from zhibu.errors import UserError
from zhibu.org.models import Account, Member, Organization
from zhibu.review import queries
from zhibu.review.handed import Handed
from zhibu.review.models import Cycle, Entry, Submission

ON = date(2026, 3, 31)


def build(**more):
    build_demo(**{"organizations": 9, "members": 180, "seed": 5, "on": ON, "progress": lambda done, of: None, **more})


def fingerprint():
    return (
        list(Organization.objects.order_by("path").values_list("code", "name", "founded", "path", "numchild")),
        list(Member.objects.order_by("id").values_list("name", "number", "organization__code")),
        list(Activity.objects.order_by("id").values_list("kind", "title", "held", "entitled", "present", "minutes")),
    )


@pytest.mark.django_db
def test_the_county_has_the_size_asked_for_and_a_sound_tree():
    build()
    assert Organization.objects.filter(kind="branch").count() == 9
    assert Member.objects.exclude(number="900").count() == 180
    assert all(not problems for problems in Organization.objects.find_problems())


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_gives_the_same_county():
    from django.core.management import call_command

    build()
    first = fingerprint()
    call_command("flush", interactive=False, verbosity=0)
    build()
    second = fingerprint()
    assert first == second
    call_command("flush", interactive=False, verbosity=0)
    build(seed=6)
    assert fingerprint() != first


@pytest.mark.django_db
def test_nothing_lies_after_the_day():
    build()
    assert not Activity.objects.filter(held__gt=ON).exists()
    assert max(activity.recorded_at.date() for activity in Activity.objects.all()) <= ON


@pytest.mark.django_db
def test_the_derived_columns_follow_from_the_rows():
    build()
    for activity in Activity.objects.prefetch_related("attendance"):
        rows = list(activity.attendance.all())
        voting = [row for row in rows if row.voting]
        assert activity.entitled == len(voting)
        assert activity.present == sum(row.presence == "present" for row in voting)
        assert activity.attended == sum(row.presence == "present" for row in rows)
        assert activity.chair_id is None or not rows or activity.chair_id in {row.member_id for row in rows}


@pytest.mark.django_db
def test_there_are_lapses_and_late_records():
    build(organizations=20, members=400)
    activities = list(Activity.objects.all())
    assert any(activity.lacks for activity in activities)
    assert any(activity.late_days > 30 for activity in activities)
    assert Attendance.objects.filter(presence="absent").exists()


@pytest.mark.django_db
def test_a_database_with_data_is_left_alone(cast):
    with pytest.raises(UserError, match="已有数据"):
        build()
    assert Organization.objects.count() == 4


@pytest.mark.django_db
def test_the_first_branchs_board_has_its_lapses():
    from zhibu.disclosure.models import Comment, Publication
    from zhibu.disclosure.queries import disclosures_due

    build()
    body = Organization.objects.get(code="ZB001")
    mine = Publication.objects.filter(organization=body)
    assert set(mine.values_list("state", flat=True)) == {"approved", "withdrawn", "draft", "proposed", "reviewed"}
    assert not Publication.objects.exclude(organization=body).exists()
    statuses = {due.status for due in disclosures_due(body, ON)}
    assert {"late", "missing", "met"} <= statuses
    assert Comment.objects.filter(organization=body, answer="").exists()
    records = [one.record_id for one in mine.filter(state="approved")]
    assert None not in records
    assert len(set(records)) == len(records)
    plans = Activity.objects.filter(
        organization=body, kind="disclosure", title__contains="月支部工作计划", held__year=2026
    )
    assert plans.count() == mine.filter(item="monthly-plan").count()  # recorded once, not once more by the board


@pytest.mark.django_db
def test_a_report_taken_over_and_one_from_last_year_are_found():
    from zhibu.corpus.comparing import compared
    from zhibu.org.models import Account
    from zhibu.reports.feed import sheet_of
    from zhibu.reports.models import Report
    from zhibu.reports.queries import Text

    build(on=date(2025, 12, 30))
    clerk = Account.objects.get(username="gongwei")
    found = {}
    for report in Report.objects.select_related("organization", "writer", "snapshot"):
        sheet = sheet_of(Text.of(report))
        sources = compared(sheet.compared, report.organization, clerk, ON, without=[f"report/{report.pk}"])
        found[report.organization.code] = [
            (each.origin.organization.code, each.category, each.share > 0.4) for each in sources.seen
        ]
    assert found == {
        "ZB002": [("ZB003", "sister", True)], "ZB003": [("ZB002", "sister", True)],
        "ZB004": [("ZB004", "own", True)], "ZB005": [],
    }  # fmt: skip


@pytest.mark.django_db
def test_a_year_nobody_recorded_has_no_reports():
    from zhibu.reports.models import Report

    build(years=1)
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_three_seasons_two_of_them_closed_and_copies_to_be_found_in_the_third():
    build(organizations=20, members=400, on=date(2025, 12, 30))
    states = dict(Cycle.objects.values_list("year", "state"))
    assert states == {2023: "closed", 2024: "closed", 2025: "open"}
    entries = Cycle.objects.get(year=2025).entries.select_related("organization", "cycle__organization", "reporter")
    stages = {entry.organization.code: entry.stage for entry in entries}
    assert {"waiting", "submitted", "returned", "accepted"} <= set(stages.values())
    deputy = Account.objects.get(username="gongwei2")
    found = {}
    for code in ("ZB003", "ZB004"):
        entry = next(one for one in entries if one.organization.code == code)
        handed = Handed(entry, queries.submission_in_force(entry))
        first = handed.compared(deputy, date(2025, 12, 30)).seen[0]
        found[code] = first.category, first.origin.organization.code
        assert first.share > 0.5
    assert found == {"ZB003": ("sister", "ZB002"), "ZB004": ("own", "ZB004")}
    assert not Submission.objects.filter(submitted_at__gt=timezone.make_aware(datetime(2025, 12, 30, 23))).exists()
    letters = Entry.objects.filter(cycle__year=2024).select_related("evaluation")
    assert all(entry.letter["grade"] == entry.evaluation.level for entry in letters)
    assert all(len(entry.letter["entered"]) == len(entry.letter["problems"]) for entry in letters)
    assert any(entry.letter["problems"] for entry in letters)
