"""Made-up records for the pages and facts of the ledger, written straight into the tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from zhibu.activities.models import Activity, Attendance, Presence


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def hold(
    cast: Any, kind: str, held: date, *, recorded: date | None = None, branch: Any = None, **fields: Any
) -> Activity:
    """An activity as recorded on `recorded` (default: the next day), all eight full members present."""
    at = noon(recorded or held + timedelta(days=1))
    values = {"title": f"{kind} {held}", "entitled": 8, "present": 8, "attended": 8, **fields}
    return Activity.objects.create(
        organization=branch or cast.branch,
        kind=kind,
        held=held,
        recorded_at=at,
        recorded_by=cast.secretary,
        changed_at=at,
        **values,
    )


def attend(activity: Activity, *members: Any, presence: str = Presence.PRESENT) -> None:
    Attendance.objects.bulk_create(
        Attendance(organization=activity.organization, activity=activity, member=member, presence=presence, voting=True)
        for member in members
    )


def cells(standings: Any, key: str) -> dict[str, str]:
    """Period → status of one duty of branch-work (or of `slug/key`)."""
    duty = key if "/" in key else f"branch-work/{key}"
    return {one.period.key: one.status for one in standings if one.duty.id == duty}
