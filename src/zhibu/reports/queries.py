"""A report with what it rests on; who can write one; which records stand behind a figure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from zhibu.activities.kinds import load_kinds
from zhibu.checks import Waiver as CheckWaiver
from zhibu.checks.borrowed import Borrowed
from zhibu.documents.model import Document
from zhibu.errors import Sentence
from zhibu.ledger.models import Snapshot
from zhibu.org.models import Organization
from zhibu.org.queries import posts_on
from zhibu.reports.claims import UNMET, Claim, problems_behind
from zhibu.reports.composing import Writer, to_document, values
from zhibu.reports.drafting import REPORTERS
from zhibu.reports.models import Report, ReportVersion
from zhibu.reports.outlines import outline_named, outlines
from zhibu.reports.palette import Offer, label_of, offers
from zhibu.reports.reviewing import Review, review


def frozen(snapshot: Snapshot) -> dict[str, Any]:
    """The data of a snapshot, with its hash, as parse_facts reads it."""
    data: dict[str, Any] = json.loads(snapshot.data)
    return data | {"hash": {"algorithm": snapshot.algorithm, "value": snapshot.digest}}


def writer_of_report(report: Report) -> Writer:
    return Writer(report.writer.name, report.reporter_post, report.organization.name, "")


@dataclass
class Text:
    """A text of a report with its own snapshot: what stands in it, what its figures say. Computed when asked for."""

    report: Report
    body: dict[str, Any]
    snapshot: Snapshot

    @classmethod
    def of(cls, report: Report) -> Text:
        return cls(report, report.body, report.snapshot)

    @classmethod
    def of_version(cls, version: ReportVersion, report: Report) -> Text:
        return cls(report, version.body, version.snapshot)

    @cached_property
    def data(self) -> dict[str, Any]:
        return frozen(self.snapshot)

    @cached_property
    def found(self) -> dict[str, Claim | None]:
        return values(self.body, self.data, self.report.writer.name)

    def document(self, annex: bool = False) -> Document:
        return to_document(
            self.body, self.data, writer_of_report(self.report),
            annex=annex, digest=self.snapshot.digest, day=self.snapshot.on.isoformat(),
            labels=claim_labels(self.body, self.data) if annex else None,
        )  # fmt: skip

    def review(self, borrowed: Sequence[Borrowed] | None = None) -> Review:
        """What is left to do. `borrowed`: what of it stands in other texts too, None when nobody compared."""
        return review(
            self.document(), self.data, outline_of(self.report), waivers_of(self.report),
            borrowed=borrowed, owner=self.report.organization.name,
        )  # fmt: skip

    @cached_property
    def duties(self) -> dict[str, str]:
        return {cell["duty"]: cell["label"] for cell in self.data["cells"]}

    def label(self, claim: str) -> Sentence:
        """What the figure is, in words."""
        return label_of(self.body["claims"][claim], kind_labels(), self.duties)

    def offers(self) -> list[Offer]:
        return offers(self.data, self.report.writer.name, kind_labels())


def claim_labels(body: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, str]:
    """What each figure is, in the words of the document."""
    duties = {cell["duty"]: cell["label"] for cell in data["cells"]}
    return {number: label_of(query, kind_labels(), duties).text() for number, query in body["claims"].items()}


def kind_labels() -> dict[str, str]:
    return {slug: kind.label for slug, kind in load_kinds().items()}


def outline_of(report: Report) -> Mapping[str, Any]:
    """The report's outline; an empty one when its file is no longer shipped."""
    return outline_named(report.outline) if report.outline in outlines() else {}


def waivers_of(report: Report) -> list[CheckWaiver]:
    rows = report.waivers.select_related("made_by__member").order_by("id")
    return [
        CheckWaiver(row.code, row.reason, str(row.made_by), timezone.localdate(row.made_at), row.excerpt)
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A figure and what it rests on: records, ledger cells and problems as the snapshot froze them."""

    number: str
    claim: Claim | None
    label: Sentence
    records: tuple[Mapping[str, Any], ...]
    cells: tuple[Mapping[str, Any], ...]
    problems: tuple[Mapping[str, Any], ...] = ()


def evidence_of(text: Text, number: str) -> Evidence:
    """Raises KeyError for a claim the text does not have."""
    query = text.body["claims"][number]
    claim = text.found[number]
    ids = set(claim.evidence) if claim else set()
    verb, *rest = query.split()
    cells = [
        cell | {"slug": cell["duty"].partition("/")[0], "key": cell["duty"].partition("/")[2]}
        for cell in text.data["cells"]
        if (cell["duty"] in rest and (verb == "owed" or cell["status"] in UNMET))
    ]
    records = [record for record in text.data["activities"] if record["id"] in ids]
    problems = problems_behind(query, text.data)
    return Evidence(number, claim, text.label(number), tuple(records), tuple(cells), tuple(problems))


NO_SUPERIOR = "[[gap 述职对象]]"


def superior_name(organization: Organization) -> str:
    """The body the report is addressed to: the next one above; a named gap for a body with none above it here."""
    above: Organization | None = Organization.objects.get_parent(organization)
    return above.name if above else NO_SUPERIOR


def possible_writers(organization: Organization, on: date) -> list[Any]:
    """Posts whose holders report, highest first; one person once."""
    found: dict[int, Any] = {}
    for post in posts_on(organization, on).filter(title__in=list(REPORTERS)):
        found.setdefault(post.member_id, post)
    return list(found.values())


def reports_below(committee: Organization) -> QuerySet[Report]:
    """Reports of the bodies under a committee, newest year first, without their texts."""
    return (
        Report.objects.filter(organization__path__startswith=committee.path, organization__depth__gt=committee.depth)
        .select_related("organization", "writer")
        .defer("body")
        .order_by("-year", "organization__path", "id")
    )


def versions_of(report: Report) -> QuerySet[ReportVersion]:
    """Newest first, without their texts."""
    return report.versions.defer("body").select_related("made_by__member", "snapshot").order_by("-number")
