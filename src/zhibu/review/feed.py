"""Reports written elsewhere and handed in, as texts of the corpus; those composed here stand in it as reports."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Sum
from django.urls import reverse

from zhibu.corpus.feeds import Origin, named
from zhibu.corpus.passages import Sheet
from zhibu.org.models import Organization
from zhibu.reports.wording import own_words_of_text
from zhibu.review.access import may_read_entry
from zhibu.review.models import Submission
from zhibu.trace import Text

FORM = 2
"""Raised when the same submission gives another text than before: after a change of outlines or of `own_words`."""


class SubmissionFeed:
    kind = "submission"

    def mark(self, root: Organization) -> list[int]:
        found = in_force(root).aggregate(count=Count("id"), last=Max("id"), sum=Sum("id"))
        return [found["count"], found["last"] or 0, int(found["sum"] or 0), FORM]  # PostgreSQL sums keys to a Decimal

    def versions(self, root: Organization) -> dict[int, str]:
        return {pk: f"{FORM}.{digest}" for pk, digest in in_force(root).values_list("pk", "digest")}

    def texts(self, keys: Collection[int]) -> Iterator[tuple[int, Text]]:
        for row in _whole(keys):
            words = sheet_of_outside(row.text).compared
            yield row.pk, Text(named(self.kind, row.pk), words, row.organization.name, row.entry.cycle.year)

    def shown(self, key: int) -> str:
        return next((row.text for row in _whole([key])), "")

    def origins(self, keys: Collection[int], account: Any, on: date) -> Iterator[tuple[int, Origin]]:
        for row in _whole(keys).defer("text", "body"):
            entry = row.entry
            title = f"{entry.organization.name} {entry.reporter.name}"
            readable = may_read_entry(account, entry, on)
            address = reverse("review:text", args=[entry.cycle.organization.code, entry.cycle_id, entry.pk, row.number])
            yield (
                row.pk,
                Origin(
                    named(self.kind, row.pk), entry.organization, title, row.title, entry.cycle.year, "",
                    readable, address,
                ),
            )  # fmt: skip


def sheet_of_outside(text: str) -> Sheet:
    """Of a text from outside too only its own words are compared, as of a report composed here."""
    return Sheet(own_words_of_text(text), text)


def in_force(root: Organization) -> QuerySet[Submission]:
    """Of every entry the newest submission, where it is a text from outside and was not withdrawn."""
    rows = Submission.objects.filter(submitted_at__isnull=False)
    later = rows.filter(entry=OuterRef("entry"), number__gt=OuterRef("number"))
    return rows.filter(~Exists(later), withdrawn_at=None, snapshot=None, organization__path__startswith=root.path)


def _whole(keys: Collection[int]) -> QuerySet[Submission]:
    rows = Submission.objects.filter(pk__in=keys, submitted_at__isnull=False, withdrawn_at=None)
    return rows.select_related("organization", "entry__organization", "entry__reporter", "entry__cycle__organization")
