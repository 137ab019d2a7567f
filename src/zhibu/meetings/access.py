"""Who sees a prepared meeting: those invited, and those who may record in the body."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.meetings.models import Meeting
from zhibu.org.access import may_record, powers
from zhibu.org.models import Account, Organization


def meetings_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Meeting]:
    meetings = Meeting.objects.filter(organization=organization)
    if may_record(account, organization, on):
        return meetings
    mine = powers(account, on)
    if mine.member_id is None or mine.home_id is None:
        return meetings.none()
    return meetings.filter(invitations__member=mine.member_id)


def may_confirm(account: Account, meeting: Meeting, role: str) -> bool:
    """The chair confirms as chair, the recorder as recorder, each for himself."""
    person = {"chair": meeting.chair_id, "recorder": meeting.recorder_id}.get(role)
    return person is not None and account.member_id == person and meeting.activity_id is not None
