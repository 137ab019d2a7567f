"""A submission is read, commented on, returned or accepted. Comments are rows of their own: none overwrites another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhibu.errors import Sentence, UserError
from zhibu.org.journal import note
from zhibu.org.models import Account
from zhibu.review.access import may_judge
from zhibu.review.handing_in import locked
from zhibu.review.models import CycleState, Entry, Remark, Stage, Submission, Verb
from zhibu.review.season import said
from zhibu.review.telling import ACCEPTED, RETURNED, tell_body

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` up to `end` of the submission's text."""

    start: int
    end: int


def mark_read(actor: Account, submission: Submission, on: date, *, at: datetime) -> Remark:
    """Say that a person has read it; once a person and submission."""
    with transaction.atomic():
        entry = _judged(actor, submission.entry_id, on)
        row = entry.remarks.filter(submission=submission, verb=Verb.READ, by=actor).first()
        return row or _remark(actor, entry, submission, Verb.READ, "", at)


def comment(
    actor: Account, submission: Submission, text: str, place: Place | None, on: date, *, at: datetime
) -> Remark:
    """A comment, at a place of the text or on the whole."""
    text = said(text, LONGEST)
    with transaction.atomic():
        entry = _judged(actor, submission.entry_id, on)
        _newest(submission)
        return _remark(actor, entry, submission, Verb.COMMENT, text, at, place)


def settle(actor: Account, remark: Remark, on: date, *, at: datetime) -> Remark:
    """Say that what a comment asked for is done."""
    with transaction.atomic():
        entry = _judged(actor, remark.entry_id, on)
        current = Remark.objects.select_for_update().get(pk=remark.pk)
        if current.verb == Verb.COMMENT and current.settled_at is None:
            current.settled_at, current.settled_by = at, actor
            current.save(update_fields=["settled_at", "settled_by"])
            note(actor, entry.organization, "settle-comment", current, f"意见已落实：{current.text[:100]}")
    return current


def return_report(
    actor: Account, submission: Submission, reason: str, version: int, on: date, *, at: datetime
) -> Entry:
    """Send it back with what has to change; the comments go with it."""
    return _decide(actor, submission, Verb.RETURN, said(reason, LONGEST), version, on, at)


def accept(actor: Account, submission: Submission, version: int, on: date, *, at: datetime) -> Entry:
    """Let it pass to the meeting. UserError before anybody has said that he read it."""
    return _decide(actor, submission, Verb.ACCEPT, "", version, on, at)


_AFTER = {Verb.RETURN: (Stage.RETURNED, RETURNED, "退回"), Verb.ACCEPT: (Stage.ACCEPTED, ACCEPTED, "通过")}


def _decide(
    actor: Account, submission: Submission, verb: Verb, text: str, version: int, on: date, at: datetime
) -> Entry:
    with transaction.atomic():
        entry = _judged(actor, submission.entry_id, on)
        if entry.version != version:
            raise UserError("entry-changed", "打开页面以后，有人办理过这份报告。您写的内容还在下面，请核对后再办。")
        _newest(submission)
        if entry.stage != Stage.SUBMITTED:
            raise UserError(
                "entry-stage", "这份报告现在是“{stage}”，不能这样办。", stage=str(entry.get_stage_display())
            )
        if verb == Verb.ACCEPT and not entry.remarks.filter(submission=submission, verb=Verb.READ).exists():
            raise UserError("nobody-read", "还没有人阅过这一稿，不能通过。")
        stage, form, word = _AFTER[verb]
        _remark(actor, entry, submission, verb, text, at)
        entry.stage, entry.version = stage, entry.version + 1
        entry.save(update_fields=["stage", "version"])
        name = f"{entry.cycle.year}年述职报告（{entry.reporter.name}）"
        note(actor, entry.organization, f"{verb}-report", submission, f"{word}{name}{text[:100]}")
        tell_body(entry, Sentence(form.code, form.message), actor, reason=text[:200])
    return entry


def _judged(actor: Account, pk: int, on: date) -> Entry:
    """The entry, locked; UserError for one who may not judge it or while the season is not open."""
    entry = locked(pk)
    if not may_judge(actor, entry, on):
        raise UserError("judges-own", "不能审阅、评价本人或本组织的述职报告。")
    if entry.cycle.state != CycleState.OPEN:
        state = str(entry.cycle.get_state_display())
        raise UserError("cycle-not-open", "“{title}”{state}，现在不能办理。", title=entry.cycle.title, state=state)
    return entry


def _newest(submission: Submission) -> None:
    """UserError when another was handed in since."""
    last = Submission.objects.filter(entry=submission.entry_id, submitted_at__isnull=False).order_by("-number").first()
    if last is None or last.pk != submission.pk or not last.in_force:
        raise UserError("submission-older", "支部已经另报一稿或撤回，请看最新的一稿。")


def _remark(
    actor: Account, entry: Entry, submission: Submission | None, verb: Verb, text: str, at: datetime,
    place: Place | None = None, speaker: str = "",
) -> Remark:  # fmt: skip
    excerpt = ""
    if place is not None and submission is not None:
        if not 0 <= place.start < place.end <= len(submission.text):
            raise UserError("place-outside", "找不到这处文字，请重新选择。")
        excerpt = submission.text[place.start : place.end][:200]
    return Remark.objects.create(
        organization=entry.organization, entry=entry, submission=submission, verb=verb, text=text, speaker=speaker,
        start=place.start if place else None, end=place.end if place else None, excerpt=excerpt, at=at, by=actor,
    )  # fmt: skip
