"""Proposed, reviewed, approved by three people; shown by its dates; corrected, taken down or withdrawn with a trace.

Approval makes the activity record the ledger counts; a correction corrects that record, a withdrawal withdraws it. So a
disclosure is recorded once, whatever becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhibu.activities import files as store
from zhibu.disclosure.catalogue import BODIES
from zhibu.disclosure.checking import checked, refuse_span, span_from
from zhibu.disclosure.models import Publication, State
from zhibu.disclosure.recording import record_publication, shorten_record, withdraw_record
from zhibu.disclosure.telling import tell_approvers, tell_proposer, tell_reviewers
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Organization
from zhibu.workdays import working_days

COPIED = ("item", "period", "title", "body", "audience", "since", "until", "about")
FILES = 5


# --- on its way up ----------------------------------------------------------------------------------------------------


def draft(
    actor: Account,
    organization: Organization,
    values: Mapping[str, Any],
    files: Iterable[store.Kept] = (),
    *,
    at: datetime,
) -> Publication:
    """A new draft. `values`: the fields of COPIED. Raises UserError as `checked`."""
    if organization.kind not in BODIES:
        raise UserError("no-board", "{body}不单独设公开栏，请在所属的党支部公开。", body=organization.name)
    fields = checked(organization, values)
    with transaction.atomic():
        publication = Publication.objects.create(organization=organization, made_at=at, made_by=actor, **fields)
        _keep_files(publication, actor, files, (), at)
        note(actor, organization, "draft-publication", publication, publication.title, item=publication.item)
    return publication


def save_draft(
    actor: Account,
    publication: Publication,
    values: Mapping[str, Any],
    version: int,
    files: Iterable[store.Kept] = (),
    drop: Iterable[int] = (),
    *,
    at: datetime,
) -> Publication:
    """Change a draft. `version`: the one that was opened; `drop`: files to leave out."""
    fields = checked(publication.organization, values)
    with transaction.atomic():
        current = _locked(publication, State.DRAFT)
        if current.version != version:
            raise UserError("saved-by-other", "这份草稿在您填写期间已由他人修改。请先看看现在的内容，再修改。")
        for name, value in fields.items():
            setattr(current, name, value)
        current.version += 1
        current.save()
        _keep_files(current, actor, files, drop, at)
        note(actor, current.organization, "edit-publication", current, current.title, version=current.version)
    return current


def _keep_files(
    publication: Publication, actor: Account, files: Iterable[store.Kept], drop: Iterable[int], at: datetime
) -> None:
    publication.files.remove(*publication.files.filter(pk__in=list(drop)))
    for kept in files:
        publication.files.add(store.store(publication.organization, actor, kept, at))
    if publication.files.count() > FILES:
        raise UserError("too-many-files", "附件不超过{limit}个。", limit=FILES)


def discard(actor: Account, publication: Publication) -> None:
    """Throw away a draft nobody has proposed yet; what was once proposed stays."""
    with transaction.atomic():
        current = _locked(publication, State.DRAFT)
        if current.proposed_at is not None:
            raise UserError("was-proposed", "这份草稿已经提交过，要留痕，不能删除。")
        note(actor, current.organization, "discard-publication", current, current.title)
        current.delete()


def propose(actor: Account, publication: Publication, *, at: datetime) -> Publication:
    """Hand a draft in for review. From now on its text does not change."""
    with transaction.atomic():
        current = _locked(publication, State.DRAFT)
        refuse_span(current.matter, current.since, current.until)
        current.state, current.reason = State.PROPOSED, ""
        current.proposed_at, current.proposed_by = at, actor
        current.reviewed_at, current.reviewed_by = None, None
        current.save()
        note(actor, current.organization, "propose-publication", current, current.title)
        tell_reviewers(current, at)
    return current


def review(actor: Account, publication: Publication, *, at: datetime) -> Publication:
    """Secrecy, need and accuracy were looked at. Raises UserError for whoever proposed it."""
    with transaction.atomic():
        current = _locked(publication, State.PROPOSED)
        if actor.pk == current.proposed_by_id:
            raise UserError(
                "reviewed-by-proposer", "这件事是您自己提出的，须由其他人审核。提出、审核、审批应是三个人。"
            )
        current.state, current.reviewed_at, current.reviewed_by = State.REVIEWED, at, actor
        current.save()
        note(actor, current.organization, "review-publication", current, current.title)
        tell_approvers(current, at)
    return current


def give_back(actor: Account, publication: Publication, reason: str, *, at: datetime) -> Publication:
    """Back to a draft, with the reason: by the reviewer, the approver, or whoever proposed it."""
    if not reason.strip():
        raise UserError("reason-needed", "请写明退回的原因。")
    with transaction.atomic():
        current = _locked(publication, State.PROPOSED, State.REVIEWED)
        current.state, current.reason = State.DRAFT, reason.strip()[:200]
        current.save()
        note(actor, current.organization, "give-back-publication", current, current.title, reason=current.reason)
        tell_proposer(current, at)
    return current


def approve(actor: Account, publication: Publication, *, at: datetime) -> Publication:
    """Let it go up on its day, at the earliest today, and record that in the activities.

    Raises UserError for whoever proposed or reviewed it, and when its time has passed.
    """
    with transaction.atomic():
        current = _locked(publication, State.REVIEWED)
        _refuse_own(actor, current)
        current.since, current.until = span_from(current, timezone.localdate(at))
        old = _still_up(current)
        current.first_shown = min(filter(None, (current.since, old.first_shown if old else None)))
        current.state, current.approved_at, current.approved_by = State.APPROVED, at, actor
        current.record = record_publication(actor, current, old.record if old else None, at)
        if old is not None:
            _put_aside(actor, old, current, at)
        current.save()
        note(
            actor,
            current.organization,
            "approve-publication",
            current,
            current.title,
            since=current.since,
            until=current.until,
            audience=current.audience,
        )
        tell_proposer(current, at)
    return current


def _refuse_own(actor: Account, publication: Publication) -> None:
    if actor.pk == publication.proposed_by_id:
        raise UserError("approved-by-proposer", "这件事是您自己提出的，须由其他人审批。提出、审核、审批应是三个人。")
    if actor.pk == publication.reviewed_by_id:
        raise UserError("approved-by-reviewer", "这件事是您审核的，须由其他人审批。提出、审核、审批应是三个人。")


def _still_up(correction: Publication) -> Publication | None:
    """What a correction takes the place of, unless that was withdrawn meanwhile."""
    rows = Publication.objects.select_for_update(of=("self",)).select_related("record", "organization")
    return rows.filter(pk=correction.replaces_id, state=State.APPROVED).first()


def _put_aside(actor: Account, old: Publication, new: Publication, at: datetime) -> None:
    """The corrected one gives up its place, and its record, on the day the new one goes up."""
    old.state, old.ended_on, old.ended_at, old.ended_by = State.ENDED, new.since, at, actor
    old.reason, old.record = "内容更正，已由新的版本代替", None
    old.save()
    note(actor, old.organization, "take-down-publication", old, old.title, reason=old.reason, replaced_by=new.pk)


# --- corrected, taken down, withdrawn ---------------------------------------------------------------------------------


def correct(actor: Account, publication: Publication, *, at: datetime) -> Publication:
    """A draft with the same text that will take its place once it is approved. Until then the present one stays up."""
    with transaction.atomic():
        current = _locked(publication, State.APPROVED, State.WITHDRAWN)
        if (going_on := current.corrections.exclude(state__in=(State.WITHDRAWN, State.ENDED)).first()) is not None:
            raise UserError(
                "correction-under-way", "已有一份更正（{state}），请先办完。", state=going_on.get_state_display()
            )
        copied = {name: getattr(current, name) for name in COPIED}
        fresh = Publication.objects.create(
            organization=current.organization, replaces=current, made_at=at, made_by=actor, **copied
        )
        fresh.files.set(current.files.all())
        note(actor, current.organization, "correct-publication", fresh, fresh.title, replaces=current.pk)
    return fresh


def take_down(actor: Account, publication: Publication, reason: str, *, at: datetime) -> Publication:
    """It has been shown long enough: from today it is no longer. The ledger keeps its record.

    Raises UserError while a publicity with a least number of working days has not had them.
    """
    today = timezone.localdate(at)
    with transaction.atomic():
        current = _ending(publication, reason)
        if current.since >= today:
            raise UserError("not-shown-yet", "还没有公开满一天，不能撤下。不应公开的，请选“撤回”。")
        least = current.matter.least_days(current.since)
        if least and _days_shown(current.since, today) < least:
            raise UserError(
                "publicity-not-over",
                "{item}不少于{count}个工作日，现在还不到，不能撤下。内容有误的，请选“撤回”。依据：{basis}。",
                item=current.matter.label,
                count=least,
                basis=current.matter.basis.sentence,
            )
        _end(actor, current, State.ENDED, reason, at)
        shorten_record(actor, current, at)
        note(actor, current.organization, "take-down-publication", current, current.title, reason=current.reason)
    return current


def _days_shown(since: date, today: date) -> int:
    """Working days before today; where the calendar is not known, at most the days there were."""
    try:
        return working_days(since, today - timedelta(days=1))
    except UserError:
        return (today - since).days


def withdraw(actor: Account, publication: Publication, reason: str, *, at: datetime) -> Publication:
    """It should not have been shown: nobody but the committee reads it any more, and its record leaves the ledger."""
    with transaction.atomic():
        current = _ending(publication, reason)
        _end(actor, current, State.WITHDRAWN, reason, at)
        withdraw_record(actor, current, at)
        note(actor, current.organization, "withdraw-publication", current, current.title, reason=current.reason)
    return current


def _ending(publication: Publication, reason: str) -> Publication:
    if not reason.strip():
        raise UserError("reason-needed", "请写明原因。")
    return _locked(publication, State.APPROVED)


def _end(actor: Account, publication: Publication, state: State, reason: str, at: datetime) -> None:
    publication.state, publication.ended_on = state, timezone.localdate(at)
    publication.ended_at, publication.ended_by, publication.reason = at, actor, reason.strip()[:200]
    publication.save()


def _locked(publication: Publication, *states: str) -> Publication:
    """The row as it stands now, to be changed by nobody else meanwhile. Raises UserError in any other state."""
    rows = Publication.objects.select_for_update(of=("self",)).select_related(
        "organization", "record", "proposed_by", "reviewed_by"
    )
    current = rows.get(pk=publication.pk)
    if current.state not in states:
        raise UserError(
            "publication-moved-on",
            "这件事现在是“{state}”，不能这样办理。请刷新页面。",
            state=current.get_state_display(),
        )
    return current
