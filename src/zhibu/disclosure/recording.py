"""How a disclosure stands in the ledger: as one activity record, made, corrected and withdrawn with the publication."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from zhibu.activities.entry import Entry
from zhibu.activities.kinds import find_kind
from zhibu.activities.models import Activity
from zhibu.activities.queries import entry_of, whole_activity
from zhibu.activities.services import correct_activity, record_activity, withdraw_activity
from zhibu.disclosure.models import Publication
from zhibu.org.models import Account

KIND = "disclosure"
SCOPES = {"branch": "members", "unit": "unit", "public": "society"}
"""Audience → the choice of the record's field 公开范围."""


def record_publication(actor: Account, publication: Publication, record: Activity | None, at: datetime) -> Activity:
    """One matter, one record: of a correction the `record` of what it corrects, of one recorded by hand that record."""
    entry = _entry(publication)
    if record is not None and record.withdrawn_at is None:
        before = whole_activity(Activity.objects.filter(pk=record.pk)).get()
        return correct_activity(
            actor, before, entry, before.version, "公开内容更正后重新公开", at=at, latest=entry.held
        )
    latest = max(entry.held, timezone.localdate(at))
    return _by_hand(publication, entry) or record_activity(actor, publication.organization, entry, at=at, latest=latest)


def _by_hand(publication: Publication, entry: Entry) -> Activity | None:
    same = Activity.objects.filter(
        organization=publication.organization, kind=entry.kind, title=entry.title, held=entry.held, withdrawn_at=None
    )
    return same.exclude(pk__in=Publication.objects.filter(record__isnull=False).values("record")).first()


def _entry(publication: Publication) -> Entry:
    """What is recorded of it. Of matters that name people only what matter it was: more people read the records."""
    item = publication.matter
    matter = item.label if item.personal else publication.title
    held = publication.first_shown or publication.since
    fields = {
        "matter": matter,
        "item": item.slug if item.slug in find_kind(KIND).tags else "other",
        "scope": SCOPES[publication.audience],
        "way": "board",
        "shown_from": held.isoformat(),
        "shown_until": publication.until.isoformat() if publication.until else "",
        "proposed_by": publication.proposed_by and publication.proposed_by.member_id,
        "reviewed_by": publication.reviewed_by and publication.reviewed_by.member_id,
        "approved_by": publication.approved_by and publication.approved_by.member_id,
    }
    return Entry(
        kind=KIND,
        title=f"公开{matter}",
        held=held,
        fields={name: value for name, value in fields.items() if value},
    )


def shorten_record(actor: Account, publication: Publication, at: datetime) -> None:
    """Taken down early: the record says until when it was really shown."""
    if publication.record_id is None or publication.last is None:
        return
    record = whole_activity(Activity.objects.filter(pk=publication.record_id)).get()
    if record.withdrawn_at is None:
        entry = entry_of(record)
        fields = {**entry.fields, "shown_until": publication.last.isoformat()}
        correct_activity(actor, record, replace(entry, fields=fields), record.version, "公开提前撤下", at=at)


def withdraw_record(actor: Account, publication: Publication, at: datetime) -> None:
    """It was not to be disclosed: the ledger no longer counts it."""
    if publication.record is not None and publication.record.withdrawn_at is None:
        withdraw_activity(actor, publication.record, f"公开已撤回：{publication.reason}"[:200], at=at)
