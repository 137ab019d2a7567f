"""Whose channels are whose: one's own, and those of a body's group for who keeps the body."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from zhibu.notices.models import Channel
from zhibu.org.access import may_manage, powers
from zhibu.org.models import Office, Organization


def own_channels(account: Any) -> QuerySet[Channel]:
    """The account's ways of being reached, removed ones left out."""
    return Channel.objects.filter(account=account, removed_at=None).order_by("id")


def may_keep_group(account: Any, organization: Organization, on: date) -> bool:
    """Set up the robots of a body's group: secretary, organisation member and clerk, of the body or one above."""
    return may_manage(account, organization, on)


def group_channels(organization: Organization) -> QuerySet[Channel]:
    return Channel.objects.filter(organization=organization, removed_at=None).order_by("id")


def may_watch_sending(account: Any, on: date) -> bool:
    """See how many messages wait and fail, without their content: the system administrator."""
    return powers(account, on).office == Office.SYSTEM
