"""Prepare, invite, write minutes together, record, confirm: each one transaction with its line in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from zhibu.activities import files as store
from zhibu.activities.entry import Entry
from zhibu.activities.kinds import find_kind
from zhibu.activities.models import Activity
from zhibu.activities.services import record_activity
from zhibu.errors import Sentence, UserError
from zhibu.meetings.access import may_confirm
from zhibu.meetings.models import Invitation, Meeting, MeetingState
from zhibu.notices.services import tell
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Organization
from zhibu.rulebook.reasons import day_name

Draft = dict[str, list[str]]
FIELDS = ("title", "day", "starts", "ends", "place", "chair", "recorder", "agenda", "words")
NOT_KEPT = ("csrfmiddlewaretoken", "act", "version", "seen", "over")
WINDOW = "window"
"""The field of a draft that names the open window it comes from."""
LONGEST_DRAFT = 300_000
"""Characters of all fields of a draft together."""
KEPT_DRAFTS = 20


INVITED = Sentence("meeting-invited", "请参加“{title}”：{day} {place}")
CHANGED = Sentence("meeting-changed", "“{title}”的安排有变化，请再看一次：{day} {place}")
CANCELLED = Sentence("meeting-cancelled", "“{title}”（{day}）不开了。")


class MeetingChanged(UserError):
    """Another hand put minutes aside since these were opened; `meeting` is how it stands. `own`: the same account, in
    another window."""

    def __init__(self, meeting: Meeting, actor: Account) -> None:
        self.meeting, self.own = meeting, meeting.changed_by_id == actor.pk
        if self.own:
            super().__init__("minutes-other-window", "您在另一个窗口也在记录，并已暂存。这里写的还在页面上，没有丢。")
        else:
            who = str(meeting.changed_by)
            super().__init__("minutes-changed", "{who}刚刚也在记录，并已暂存。您写的还在页面上，没有丢。", who=who)


def can_be_prepared(kind_slug: str, organization: Organization) -> bool:
    """Kinds that people are invited to. A talk is between two and is not announced, sums of dues are no meeting."""
    kind = find_kind(kind_slug)
    return organization.kind in kind.bodies and not kind.private and kind.attends not in ("pair", "nobody")


def prepare_meeting(
    actor: Account, organization: Organization, kind: str, values: Mapping[str, Any], invited: Sequence[Member],
    files: Iterable[store.Kept] = (), *, at: datetime,
) -> Meeting:  # fmt: skip
    """Plan a meeting and invite. `values`: FIELDS."""
    if not can_be_prepared(kind, organization):
        raise UserError("meeting-kind", "这一类活动不用会前准备。")
    with transaction.atomic():
        plain = {name: values.get(name) for name in FIELDS}
        meeting = Meeting.objects.create(
            organization=organization, kind=kind, changed_at=at, changed_by=actor,
            **{key: value if value is not None or key in ("starts", "ends", "chair", "recorder") else ""
               for key, value in plain.items()},
        )  # fmt: skip
        _invite(meeting, invited)
        _materials(meeting, actor, files, at)
        _tell(meeting, invited, INVITED, at)
        note(actor, organization, "prepare-meeting", meeting, meeting.title, day=meeting.day)
    return meeting


def change_meeting(
    actor: Account, meeting: Meeting, values: Mapping[str, Any], invited: Sequence[Member],
    files: Iterable[store.Kept] = (), *, at: datetime,
) -> Meeting:  # fmt: skip
    """Another day, place, agenda or list; answers of those who stay invited stay."""
    with transaction.atomic():
        current = _locked(meeting.pk)
        for name in FIELDS:
            setattr(current, name, values.get(name))
        current.save(update_fields=FIELDS)
        _invite(current, invited)
        _materials(current, actor, files, at)
        _tell(current, invited, CHANGED, at)
        note(actor, current.organization, "change-meeting", current, current.title, day=current.day)
    return current


def _invite(meeting: Meeting, invited: Sequence[Member]) -> None:
    wanted = {member.pk for member in invited}
    there = set(meeting.invitations.values_list("member_id", flat=True))
    meeting.invitations.filter(member__in=there - wanted).delete()
    Invitation.objects.bulk_create(
        Invitation(organization_id=meeting.organization_id, meeting=meeting, member=member)
        for member in invited
        if member.pk not in there
    )


def _tell(meeting: Meeting, invited: Sequence[Member], words: Sentence, at: datetime) -> None:
    sentence = Sentence(words.code, words.message, title=meeting.title, day=day_name(meeting.day), place=meeting.place)
    url = reverse("meetings:show", args=[meeting.organization.code, meeting.pk])
    tell(invited, sentence, kind="meeting", at=at, url=url, organization=meeting.organization)


def _materials(meeting: Meeting, actor: Account, files: Iterable[store.Kept], at: datetime) -> None:
    for kept in files:
        meeting.materials.add(store.store(meeting.organization, actor, kept, at))


def cancel_meeting(actor: Account, meeting: Meeting, reason: str, *, at: datetime) -> Meeting:
    reason = " ".join(reason.split())[:200]
    if len(reason) < 2:
        raise UserError("reason-needed", "请写明理由，至少两个字。")
    with transaction.atomic():
        current = _locked(meeting.pk)
        current.state, current.changed_at, current.changed_by = MeetingState.CANCELLED, at, actor
        current.save(update_fields=["state", "changed_at", "changed_by"])
        _tell(current, [row.member for row in current.invitations.select_related("member")], CANCELLED, at)
        note(actor, current.organization, "cancel-meeting", current, f"{current.title}：{reason}")
    return current


def ask_leave(actor: Account, meeting: Meeting, leave: bool, reason: str) -> Invitation:
    """An invited member asks for leave, with the reason, or takes it back."""
    reason = " ".join(reason.split())[:100]
    if leave and len(reason) < 2:
        raise UserError("leave-reason", "请写明请假原因。")
    with transaction.atomic():
        current = _locked(meeting.pk)
        row = current.invitations.filter(member=actor.member_id).first()
        if row is None:
            raise UserError("not-invited", "您不在这次会议的通知名单里。")
        row.leave, row.reason = leave, reason if leave else ""
        row.save(update_fields=["leave", "reason"])
        said = f"{actor}请假：{reason}" if leave else f"{actor}不再请假"
        note(actor, current.organization, "ask-leave", current, f"{current.title}：{said}")
    return row


def plain_draft(data: Any) -> Draft:
    """What a browser sent, as JSON. UserError for far too much."""
    draft = {key: list(data.getlist(key)) for key in data if key not in NOT_KEPT}
    if sum(len(value) for values in draft.values() for value in values) > LONGEST_DRAFT:
        raise UserError("draft-too-long", "记录太长，没有暂存。请分成几次会议记录，或把附件另存。")
    return draft


def put_aside(
    actor: Account, meeting: Meeting, draft: Draft, version: int, *, at: datetime, over: bool = False
) -> Meeting:
    """Keep the minutes as they stand. MeetingChanged when another hand put some aside since `version`; `over`: that was
    seen, and this text shall stand. Then, and always from one account to another, the earlier text is kept beside it.

    Not journaled: it is a page half filled in; the record made of it is.
    """
    with transaction.atomic():
        current = _locked(meeting.pk)
        if _text(current.draft) == _text(draft):
            return current
        same = _same_hand(actor, current, _window(draft))
        if current.version != version and not same:
            raise MeetingChanged(current, actor)
        _keep_earlier(actor, current, over and not same)
        current.draft, current.version = draft, current.version + 1
        current.changed_at, current.changed_by = at, actor
        current.save(update_fields=["draft", "earlier", "version", "changed_at", "changed_by"])
    return current


def _window(draft: Draft) -> str:
    """Which open window wrote a draft: two of the same account are two hands."""
    return "".join(draft.get(WINDOW, ()))[:40]


def _text(draft: Draft) -> Draft:
    return {key: values for key, values in draft.items() if key != WINDOW}


def _same_hand(actor: Account, meeting: Meeting, window: str) -> bool:
    return meeting.changed_by_id == actor.pk and _window(meeting.draft) in ("", window)


def _keep_earlier(actor: Account, meeting: Meeting, other_window: bool) -> None:
    if meeting.draft and (other_window or meeting.changed_by_id != actor.pk):
        old = {"by": str(meeting.changed_by), "at": meeting.changed_at.isoformat(), "draft": meeting.draft}
        meeting.earlier = [*meeting.earlier, old][-KEPT_DRAFTS:]


def record_meeting(
    actor: Account, meeting: Meeting, entry: Entry, files: Iterable[store.Kept] = (), *, version: int,
    window: str = "", over: bool = False, at: datetime,
) -> Activity:  # fmt: skip
    """The meeting was held: what was written becomes the record. Raises what record_activity raises, and
    MeetingChanged when another hand put minutes aside since `version`; what it wrote is kept beside the record."""
    with transaction.atomic():
        current = _locked(meeting.pk)
        same = _same_hand(actor, current, window)
        if current.draft and current.version != version and not same:
            raise MeetingChanged(current, actor)
        _keep_earlier(actor, current, over and not same)
        activity = record_activity(actor, current.organization, entry, files, at=at)
        current.activity, current.state, current.draft = activity, MeetingState.RECORDED, {}
        current.chair, current.recorder = activity.chair, activity.recorder
        current.save(update_fields=["activity", "state", "draft", "earlier", "chair", "recorder"])
    return activity


def confirm_record(actor: Account, meeting: Meeting, role: str, *, at: datetime) -> Meeting:
    """The chair or the recorder confirms the record as it stands now; a later correction asks for it again."""
    if not may_confirm(actor, meeting, role):
        raise UserError("confirm-not-yours", "只有主持人、记录人本人能确认。")
    with transaction.atomic():
        current = (
            Meeting.objects.select_for_update(of=("self",))
            .select_related("organization", "activity")
            .get(pk=meeting.pk)
        )
        assert current.activity is not None
        current.confirmed = {
            **current.confirmed,
            role: {"by": str(actor), "at": at.isoformat(), "version": current.activity.version},
        }
        current.save(update_fields=["confirmed"])
        note(
            actor, current.organization, "confirm-record", current.activity, current.title, role=role,
            version=current.activity.version,
        )  # fmt: skip
    return current


def usual_of(organization: Organization, kind: str, before: date) -> dict[str, Any]:
    """What a new meeting takes over from the last one of its kind: when, where, who; of the agenda the headings.
    Never minutes, attendance or resolutions."""
    last = (
        Activity.objects.filter(organization=organization, kind=kind, withdrawn_at=None, held__lt=before)
        .order_by("-held", "-id")
        .values("starts", "ends", "place", "chair", "recorder", "agenda")
        .first()
    )
    if last is None:
        return {}
    lines = [line.strip() for line in str(last["agenda"]).splitlines() if line.strip()]
    return {key: value for key, value in last.items() if value} | {"agenda": "\n".join(lines[:10])[:1000]}


def _locked(pk: int) -> Meeting:
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("organization", "changed_by__member")
    meeting = rows.get(pk=pk)
    if meeting.state != MeetingState.PLANNED:
        raise UserError("meeting-over", "这次会议{state}，不能再改。", state=meeting.get_state_display())
    return meeting
