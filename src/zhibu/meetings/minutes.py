"""Minutes before they are a record: the record's form, name → values, as it was put aside."""

from __future__ import annotations

from django.http import QueryDict

from zhibu.activities.kinds import find_kind
from zhibu.meetings.models import Meeting
from zhibu.meetings.services import Draft


def first_draft(meeting: Meeting) -> Draft:
    """What the form begins with: the preparation, the agenda's items as headings, those on leave marked."""
    clock = {name: f"{value:%H:%M}" for name in ("starts", "ends") if (value := getattr(meeting, name))}
    headings = [line.strip() for line in meeting.agenda.splitlines() if line.strip()]
    first = {
        "title": meeting.title, "held": meeting.day.isoformat(), "place": meeting.place, "agenda": meeting.agenda,
        "chair": str(meeting.chair_id or ""), "recorder": str(meeting.recorder_id or ""),
        "minutes": "\n\n".join(headings) + "\n" if len(headings) > 1 else "", **clock,
    }  # fmt: skip
    invited = {row.member_id: row for row in meeting.invitations.all()}
    chosen = find_kind(meeting.kind).attends == "chosen"
    for pk, row in invited.items():
        first[f"presence-{pk}"] = ("" if chosen else "leave") if row.leave else "present"
        first[f"reason-{pk}"] = row.reason
    return {key: [value] for key, value in first.items()}


def as_sent(draft: Draft) -> QueryDict:
    """A draft as a browser would send it."""
    data = QueryDict(mutable=True)
    for key, values in draft.items():
        data.setlist(key, values)
    return data
