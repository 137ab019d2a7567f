"""Reports as texts of the corpus: every one as it stands now, by its writer's own words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.urls import reverse

from zhibu.corpus.feeds import Origin, named
from zhibu.corpus.passages import Sheet
from zhibu.org.models import Organization
from zhibu.reports.access import may_read_report
from zhibu.reports.models import Report
from zhibu.reports.queries import Text as ReportText
from zhibu.reports.wording import own_words
from zhibu.trace import Text

FORM = 1
"""Raised when the same report gives another text than before: after a change of outlines or of `own_words`."""


class ReportFeed:
    kind = "report"

    def mark(self, root: Organization) -> list[int]:
        found = _of_tree(root).aggregate(
            count=Count("id"), versions=Sum("version"), last=Max("id"), changed=Max("changed_at")
        )
        changed = int(found["changed"].timestamp() * 1_000_000) if found["changed"] else 0
        return [found["count"], found["versions"] or 0, found["last"] or 0, changed, FORM]

    def versions(self, root: Organization) -> dict[int, str]:
        rows = _of_tree(root).values_list("pk", "version", "changed_at")
        return {pk: f"{FORM}.{version}@{changed.isoformat()}" for pk, version, changed in rows}

    def texts(self, keys: Collection[int]) -> Iterator[tuple[int, Text]]:
        for report in _whole(keys):
            words = sheet_of(ReportText.of(report)).compared
            yield report.pk, Text(named(self.kind, report.pk), words, report.organization.name, report.year)

    def shown(self, key: int) -> str:
        return next((ReportText.of(report).document().text for report in _whole([key])), "")

    def origins(self, keys: Collection[int], account: Any, on: date) -> Iterator[tuple[int, Origin]]:
        rows = Report.objects.filter(pk__in=keys).defer("body").select_related("organization", "writer")
        for report in rows:
            yield (
                report.pk,
                Origin(
                    named(self.kind, report.pk), report.organization, title_of(report), report.title, report.year, "",
                    may_read_report(account, report, on),
                    reverse("reports:show", args=[report.organization.code, report.pk]),
                ),
            )  # fmt: skip


def title_of(report: Report) -> str:
    """Among other reports a report is called by whose it is: their titles are all the same."""
    return f"{report.organization.name} {report.writer.name}"


def sheet_of(text: ReportText) -> Sheet:
    document = text.document()
    return Sheet(own_words(document, text.duties.values()), document.text)


def _of_tree(root: Organization) -> QuerySet[Report]:
    return Report.objects.filter(organization__path__startswith=root.path)


def _whole(keys: Collection[int]) -> Iterator[Report]:
    rows = Report.objects.filter(pk__in=keys).select_related("organization", "writer", "snapshot")
    return rows.iterator(chunk_size=50)
