"""What a report has in common with the corpus, for a reader; and as the checker's rules are told of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.checks.borrowed import Borrowed
from zhibu.corpus.comparing import Compared, compared, told
from zhibu.corpus.feeds import named
from zhibu.corpus.passages import Sheet
from zhibu.errors import UserError
from zhibu.reports.feed import ReportFeed, sheet_of
from zhibu.reports.models import Report
from zhibu.reports.queries import Text


def sources_of(report: Report, sheet: Sheet, account: Any, on: date) -> Compared:
    """The report held against everything but itself. UserError when the corpus cannot be read or written."""
    own = named(ReportFeed.kind, report.pk)
    return compared(sheet.compared, report.organization, account, on, without=[own])


def borrowed_by(text: Text, account: Any, on: date) -> tuple[Borrowed, ...] | None:
    """What of the text stands elsewhere, as this reader may know it; None when it could not be compared: the checker
    then says nothing about it, and the page of sources says why."""
    sheet = sheet_of(text)
    try:
        found = sources_of(text.report, sheet, account, on)
    except UserError:
        return None
    return told(found, sheet, text.report.organization)
