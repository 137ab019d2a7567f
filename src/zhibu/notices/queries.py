"""What an account was told, and what became of what was sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from zhibu.notices.models import Channel, Delivery, DeliveryState, Notice
from zhibu.org.access import MANAGING_TITLES, powers
from zhibu.org.models import Organization

OVERDUE = timedelta(minutes=3)
"""A message that is due for so long and not taken up: no worker is running."""


def notices_of(account: Any, *, kind: str = "", unread: bool = False) -> QuerySet[Notice]:
    """The account's own notices, newest first."""
    found = Notice.objects.filter(account=account)
    if kind:
        found = found.filter(kind=kind)
    if unread:
        found = found.filter(read_at=None)
    return found.select_related("organization").order_by("-at", "-id")


def unread_count(account: Any) -> int:
    return Notice.objects.filter(account=account, read_at=None).count()


def unread_counts(accounts: Iterable[int]) -> dict[int, int]:
    """Account key → unread notices; accounts without any are left out."""
    rows = Notice.objects.filter(account__in=list(accounts), read_at=None).order_by()
    return dict(rows.values_list("account").annotate(Count("id")))


# --- channels and what went out by them -----------------------------------------------------------------------------


def deliveries_of(account: Any, organization: Organization | None) -> QuerySet[Delivery]:
    """What was sent, or is to be, by the account's own channels, or by those of a body's group; removed ones too."""
    whose = Q(channel__organization=organization) if organization else Q(channel__account=account)
    rows = Delivery.objects.filter(whose).select_related("channel")
    return rows.prefetch_related(Prefetch("notices", Notice.objects.order_by("id"))).order_by("-id")


def with_last(channels: Iterable[Channel]) -> list[Channel]:
    """The channels, each with `last`: its newest message, in two queries."""
    found = list(channels)
    newest = Delivery.objects.filter(channel__in=found).order_by().values("channel").annotate(last=Max("pk"))
    rows = Delivery.objects.filter(pk__in=[row["last"] for row in newest])
    last = {delivery.channel_id: delivery for delivery in rows}
    for channel in found:
        channel.last = last.get(channel.pk)  # type: ignore[attr-defined]
    return found


def last_test(channel: Channel) -> Delivery | None:
    return channel.deliveries.filter(test=True).order_by("-id").first()


def own_groups(account: Any, on: date) -> list[Organization]:
    """Bodies in which the account holds a post that keeps the group's robots."""
    paths = {post.path for post in powers(account, on).posts if post.title in MANAGING_TITLES}
    return list(Organization.objects.filter(path__in=paths).order_by("path")) if paths else []


# --- how the sending stands -----------------------------------------------------------------------------------------


def progress() -> dict[str, int]:
    """Notices not yet passed on (`fresh`), and messages in each state."""
    rows = dict(Delivery.objects.order_by().values_list("state").annotate(Count("id")))
    fresh = Notice.objects.filter(passed_on_at=None).count()
    return {"fresh": fresh} | {state: rows.get(state, 0) for state in DeliveryState.values}


def share_done(now: datetime, counts: dict[str, int]) -> int | None:
    """Of what went out within an hour and what is to go out now, the percent gone out; None when nothing is left."""
    under_way = counts["fresh"] + Delivery.objects.filter(state__in=("waiting", "sending"), due__lte=now).count()
    if not under_way:
        return None
    done = Delivery.objects.filter(sent_at__gte=now - timedelta(hours=1)).count()
    return 100 * done // (done + under_way)


def is_stuck(now: datetime) -> bool:
    """Whether messages have been due for a while and nobody took them up."""
    return Delivery.objects.filter(state=DeliveryState.WAITING, due__lt=now - OVERDUE).exists()
