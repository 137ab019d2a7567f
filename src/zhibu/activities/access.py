"""Which activities an account may read, and where it may record."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from zhibu.activities.kinds import load_kinds
from zhibu.activities.models import Activity
from zhibu.org.access import may_read_minutes, may_record
from zhibu.org.models import Account, Organization


def private_kinds() -> list[str]:
    """Kinds only those taking part and those who may record read."""
    return [kind.slug for kind in load_kinds().values() if kind.private]


def activities_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Activity]:
    """Records of one body the account may read; of private kinds only those it took part in, unless it may record."""
    mine = Activity.objects.filter(organization=organization)
    if not may_read_minutes(account, organization, on):
        return mine.none()
    return mine if may_record(account, organization, on) else without_others_talks(mine, account.member_id)


def without_others_talks(activities: QuerySet[Activity], member: int | None) -> QuerySet[Activity]:
    """Of private kinds only those the member took part in."""
    taken_part = Q(attendance__member=member, attendance__presence="present", attendance__member__isnull=False)
    return activities.filter(~Q(kind__in=private_kinds()) | taken_part).distinct()
