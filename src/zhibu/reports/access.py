"""Who reads and who writes a report that is still a draft: not all members, and never an office.

The committee of the body writes, and the writer himself; those who may record there, and posts above, read.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from zhibu.org.access import may_record, may_see, powers
from zhibu.org.models import COMMITTEE_TITLES, Organization, Title
from zhibu.reports.models import Report

WRITING_TITLES = frozenset({*COMMITTEE_TITLES, Title.GROUP_SECRETARY, Title.GROUP_MEMBER})


def may_start_report(account: Any, organization: Organization, on: date) -> bool:
    """Start a report for somebody of this body: its own committee."""
    return powers(account, on).holds_in(WRITING_TITLES, organization)


def may_edit_report(account: Any, report: Report, on: date) -> bool:
    """Change the text, keep versions, waive findings: the body's own committee, and the writer while he is of it."""
    if may_start_report(account, report.organization, on):
        return True
    return _wrote(account, report, on)


def may_read_drafts(account: Any, organization: Organization, on: date) -> bool:
    """Read what is still being written: those who may record there, and posts in the body or above it."""
    return may_record(account, organization, on) or powers(account, on).reaches(organization)


def may_read_report(account: Any, report: Report, on: date) -> bool:
    """`reports_seen_by` for one report: with all drafts of its body, or as one's own."""
    if may_read_drafts(account, report.organization, on):
        return True
    return _wrote(account, report, on)


def _wrote(account: Any, report: Report, on: date) -> bool:
    mine = powers(account, on)
    wrote = mine.member_id is not None and mine.member_id == report.writer_id and not mine.office
    return wrote and may_see(account, report.organization, on)


def reports_seen_by(account: Any, organization: Organization, on: date) -> QuerySet[Report]:
    """The body's reports the account may read: all of them, or only its own."""
    reports = Report.objects.filter(organization=organization).select_related("organization", "writer", "snapshot")
    if may_read_drafts(account, organization, on):
        return reports
    mine = powers(account, on)
    own = mine.member_id if not mine.office and may_see(account, organization, on) else None
    return reports.filter(writer=own) if own is not None else reports.none()
