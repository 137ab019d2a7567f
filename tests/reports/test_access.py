"""A draft is for those who write it, those who record there and those above; there is always one that could leak."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import _account, _member
from tests.reports.year import a_report
from zhibu.org.models import Post
from zhibu.reports.access import may_edit_report, may_read_drafts, may_start_report, reports_seen_by

DAY = date(2026, 1, 12)


@pytest.mark.parametrize(
    ("who", "reads", "edits"),
    [
        ("secretary", True, True),
        ("deputy", True, True),
        ("member", False, False),
        ("outsider", False, False),
        ("clerk", True, False),
    ],
)
def test_who_reads_and_who_edits(cast, who, reads, edits):
    report, account = a_report(cast), getattr(cast, who)
    assert reports_seen_by(account, cast.branch, DAY).exists() is reads
    assert may_read_drafts(account, cast.branch, DAY) is reads
    assert may_edit_report(account, report, DAY) is edits
    assert may_start_report(account, cast.branch, DAY) is edits


@pytest.mark.parametrize("office", ["system", "security", "audit"])
def test_no_office_reads_a_draft(cast, office):
    report, account = a_report(cast), _account(office, office=office)
    assert not reports_seen_by(account, cast.branch, DAY).exists()
    assert not may_edit_report(account, report, DAY)


def test_the_branchs_clerk_reads_and_does_not_write(cast):
    report = a_report(cast)
    account = _account("scribe", _member(cast.branch, "010", "夏知秋", "clerk"))
    assert reports_seen_by(account, cast.branch, DAY).get() == report
    assert not may_edit_report(account, report, DAY)


def test_a_writer_who_left_the_post_keeps_only_his_own_report(cast):
    mine = a_report(cast)
    other = a_report_of_the_deputy(cast)
    Post.objects.filter(member=cast.members[0]).update(until=date(2026, 1, 5))
    assert list(reports_seen_by(cast.secretary, cast.branch, DAY)) == [mine]
    assert may_edit_report(cast.secretary, mine, DAY)
    assert not may_edit_report(cast.secretary, other, DAY)


def a_report_of_the_deputy(cast):
    from tests.reports.year import AT, ON
    from zhibu.reports.services import start_report

    return start_report(cast.deputy, cast.branch, 2025, cast.members[1], ON, at=AT)
