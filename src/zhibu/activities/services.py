"""Record, correct, withdraw: each one transaction with its line in the journal, whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from zhibu.activities import files as store
from zhibu.activities.derived import derive
from zhibu.activities.entry import PRESENT, Around, Attendee, Entry
from zhibu.activities.entry_checks import Remark, check_entry, errors
from zhibu.activities.history import whole
from zhibu.activities.kinds import Kind, find_kind
from zhibu.activities.models import Activity, Attachment, Attendance, Resolution, Revision, Vote
from zhibu.activities.queries import around, entry_of, names_of, whole_activity
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, ImportBatch, Organization

activity_saved = Signal()
"""Sent in the transaction of every recording, correction and withdrawal with `activity`, `actor` and `at`; for the
stages above, which this one does not know."""


class EntryRefused(UserError):
    """The record has errors; `remarks` are all that was found, errors first."""

    def __init__(self, remarks: list[Remark]) -> None:
        first = remarks[0].sentence
        super().__init__(first.code, first.message, **first.data)
        self.remarks = remarks


class SavedByOther(UserError):
    """Someone saved the record since it was opened; `activity` is how it stands now."""

    def __init__(self, activity: Activity) -> None:
        super().__init__("saved-by-other", "这条记录在您填写期间已由他人更正。请对照两个版本，再决定保存什么。")
        self.activity = activity


def record_activity(
    actor: Account | None,
    organization: Organization,
    data: Entry,
    files: Iterable[store.Kept] = (),
    *,
    at: datetime,
    batch: ImportBatch | None = None,
    latest: date | None = None,
) -> Activity:
    """Save a new record with all its rows. `at`: the moment of recording; `files`: looked at and kept (files.keep).

    `latest`: the last day it may be dated when that is not the day of recording: what is approved for a day to come.

    Raises EntryRefused when the entry checks find an error; warnings are the door's business and do not stop it.
    """
    kind = find_kind(data.kind)
    entry, known = prepare(organization, data, kind, at, latest=latest)
    with transaction.atomic():
        activity = Activity(organization=organization, recorded_at=at, recorded_by=actor, changed_at=at, batch=batch)
        fill(activity, entry, kind, known)
        activity.save()
        _save_rows(activity, entry, known)
        _attach(activity, actor, files, at)
        note(actor, organization, "record", activity, _called(activity), held=activity.held.isoformat())
        activity_saved.send(Activity, activity=activity, actor=actor, at=at)
    return activity


def correct_activity(
    actor: Account | None,
    activity: Activity,
    data: Entry,
    version: int,
    reason: str,
    files: Iterable[store.Kept] = (),
    *,
    at: datetime,
    drop: Iterable[int] = (),
    latest: date | None = None,
) -> Activity:
    """Replace a record, keeping the whole earlier version. `version`: the one that was opened; `drop`: attachments to
    remove. Raises SavedByOther if somebody was quicker, EntryRefused, or UserError without a reason."""
    if not reason.strip():
        raise UserError("reason-needed", "请写明更正原因。")
    kind = find_kind(activity.kind)
    entry, known = prepare(activity.organization, data, kind, at, activity.pk, latest)
    with transaction.atomic():
        current = _locked(activity.pk)
        if current.version != version:
            raise SavedByOther(current)
        keep_version(actor, current, reason.strip(), at)
        fill(current, entry, kind, known)
        current.version, current.changed_at = version + 1, at
        current.save()
        _save_rows(current, entry, known)
        current.attachments.filter(pk__in=list(drop)).delete()
        _attach(current, actor, files, at)
        note(
            actor, current.organization, "correct", current, _called(current),
            reason=reason.strip(), version=current.version,
        )  # fmt: skip
        activity_saved.send(Activity, activity=current, actor=actor, at=at)
    return current


def withdraw_activity(actor: Account | None, activity: Activity, reason: str, *, at: datetime) -> Activity:
    """Take a record out of the ledger; it stays readable with its reason. It is never deleted."""
    if not reason.strip():
        raise UserError("reason-needed", "请写明撤回原因。")
    with transaction.atomic():
        current = _locked(activity.pk)
        keep_version(actor, current, reason.strip(), at)
        current.withdrawn_at, current.withdrawn_reason = at, reason.strip()
        current.version, current.changed_at = current.version + 1, at
        current.save()
        note(actor, current.organization, "withdraw", current, _called(current), reason=reason.strip())
        activity_saved.send(Activity, activity=current, actor=actor, at=at)
    return current


def finish_resolution(resolution: Resolution, done: date | None) -> None:
    """Say when a resolution was carried out, or that it is open again: the follow-up knows, nobody types it twice."""
    resolution.done = done
    resolution.save(update_fields=["done"])


def _called(activity: Activity) -> str:
    """Kind and title for the journal; of a private kind (a talk) no title, as more people read the journal."""
    kind = find_kind(activity.kind)
    return kind.label if kind.private else f"{kind.label}：{activity.title}"


def prepare(
    organization: Organization,
    data: Entry,
    kind: Kind,
    at: datetime,
    but: int | None = None,
    latest: date | None = None,
) -> tuple[Entry, Around]:
    """The entry made whole and what is around it. Raises EntryRefused on errors, UserError for a kind out of place."""
    if organization.kind not in kind.bodies:
        raise UserError("kind-not-for-body", "{body}不记录“{kind}”。", body=organization.name, kind=kind.label)
    entry = completed(data, kind)
    known = around(organization, entry, kind, today=latest or _day(at), but=but)
    remarks = check_entry(entry, kind, known)
    if errors(remarks):
        raise EntryRefused(remarks)
    return entry, known


def completed(entry: Entry, kind: Kind) -> Entry:
    """For a talk the two who talked are its list of those present; what names nobody has none."""
    if kind.attends == "nobody":
        return replace(entry, attendance=())
    if kind.attends != "pair":
        return entry
    pair = [one for one in (entry.chair, entry.fields.get("partner")) if one]
    return replace(entry, attendance=tuple(Attendee(one, PRESENT) for one in dict.fromkeys(pair)))


def _day(at: datetime) -> date:
    return timezone.localdate(at)


def _locked(pk: int) -> Activity:
    activity = whole_activity(Activity.objects.select_for_update(of=("self",))).get(pk=pk)
    if activity.withdrawn_at is not None:
        raise UserError("already-withdrawn", "这条记录已经撤回，不能再改。")
    return activity


def keep_version(actor: Account | None, activity: Activity, reason: str, at: datetime) -> Revision:
    """Store the record as it stands under its version number."""
    return Revision.objects.create(
        organization=activity.organization, activity=activity, number=activity.version,
        data=whole_of(activity), reason=reason[:200], made_at=at, made_by=actor,
    )  # fmt: skip


def whole_of(activity: Activity) -> dict[str, Any]:
    """The record as it stands, as data. Best given one loaded with queries.whole_activity."""
    entry = entry_of(activity)
    known = {one.member_id: one.member.name for one in activity.attendance.all()}
    return whole(entry, names_in(entry, known), [one.file.name for one in activity.attachments.all()])


def names_in(entry: Entry, known: Mapping[int, str] = MappingProxyType({})) -> dict[int, str]:
    """Names of everybody an entry mentions; only those not `known` are asked for."""
    kind = find_kind(entry.kind)
    members = [entry.fields.get(field.slug) for field in kind.fields if field.type == "member"]
    owners = [one.owner for one in entry.resolutions]
    mentioned = {entry.chair, entry.recorder, *(one.member for one in entry.attendance), *members, *owners} - {None}
    named = {pk: known[pk] for pk in mentioned if pk in known}
    return named | names_of(mentioned - set(named))


def fill(activity: Activity, entry: Entry, kind: Kind, known: Around) -> None:
    found = derive(entry, kind, known.people)
    for name in ("kind", "title", "held", "starts", "ends", "place", "agenda", "minutes", "guests"):
        setattr(activity, name, getattr(entry, name))
    activity.chair_id, activity.recorder_id = entry.chair, entry.recorder
    activity.also, activity.studied, activity.fields = list(entry.also), list(entry.studied), dict(entry.fields)
    activity.entitled, activity.present, activity.attended = found.entitled, found.present, found.attended
    activity.hours, activity.lacks, activity.tags = found.hours, list(found.lacks), list(found.tags)


def attendance_rows(activity: Activity, entry: Entry, known: Around) -> list[Attendance]:
    return [
        Attendance(
            organization=activity.organization, activity=activity, member_id=one.member, presence=one.presence,
            reason=one.reason, voting=one.member in known.people and known.people[one.member].voting,
        )
        for one in entry.attendance
    ]  # fmt: skip


def _save_rows(activity: Activity, entry: Entry, known: Around) -> None:
    """Attendance and votes are written anew; resolutions that go on keep their row, for what refers to it."""
    organization = activity.organization
    activity.attendance.all().delete()
    Attendance.objects.bulk_create(attendance_rows(activity, entry, known))
    activity.votes.all().delete()
    Vote.objects.bulk_create(
        Vote(
            organization=organization, activity=activity, matter=one.matter, rule=one.rule, method=one.method,
            entitled=one.entitled, present=one.present, yes=one.yes, no=one.no, abstain=one.abstain,
            written=one.written, passed=one.passed,
        )
        for one in entry.votes
    )  # fmt: skip
    mine = {one.pk: one for one in activity.resolutions.all()}
    going_on = {one.id for one in entry.resolutions if one.id in mine}
    activity.resolutions.exclude(pk__in=going_on).delete()
    for one in entry.resolutions:
        row = mine.get(one.id) if one.id else None
        row = row or Resolution(organization=organization, activity=activity)
        row.text, row.owner_id, row.due, row.done = one.text, one.owner, one.due, one.done
        row.save()


def _attach(activity: Activity, actor: Account | None, files: Iterable[store.Kept], at: datetime) -> None:
    for kept in files:
        file = store.store(activity.organization, actor, kept, at)
        Attachment.objects.get_or_create(organization=activity.organization, activity=activity, file=file)
