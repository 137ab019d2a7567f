"""From notices to messages: each goes to the channels of its account, or group, that want its kind, in one digest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from zhibu.notices.models import Channel, Delivery, DeliveryState, Notice
from zhibu.notices.timing import moment

AT_A_TIME = 500


def pass_on(now: datetime) -> int:
    """Give AT_A_TIME notices to their channels; the number, 0 when none was left.

    One transaction: a notice is passed on once, however often a worker dies. A message still waiting takes it up.
    """
    with transaction.atomic():
        fresh = Notice.objects.select_for_update(skip_locked=True).filter(passed_on_at=None).order_by("id")
        notices = list(fresh[:AT_A_TIME])
        _into_messages(notices, now)
        Notice.objects.filter(pk__in=[one.pk for one in notices]).update(passed_on_at=now)
    return len(notices)


def _into_messages(notices: list[Notice], now: datetime) -> None:
    wanted = _wanted(notices)
    waiting = _waiting(wanted)
    through = Delivery.notices.through
    new = {channel: _message(channel, now) for channel in wanted if channel.pk not in waiting}
    Delivery.objects.bulk_create(new.values())
    waiting |= {channel.pk: message for channel, message in new.items()}
    rows = [
        through(delivery_id=waiting[channel.pk].pk, notice_id=notice.pk)
        for channel, some in wanted.items()
        for notice in some
    ]
    through._default_manager.bulk_create(rows, 1000)


def _wanted(notices: Iterable[Notice]) -> dict[Channel, list[Notice]]:
    """Channel → the notices it is to carry, in two queries."""
    of_account, of_group = defaultdict(list), defaultdict(list)
    for one in notices:
        (of_account[one.account_id] if one.account_id else of_group[one.organization_id]).append(one)
    channels = Channel.objects.filter(
        Q(account__in=list(of_account), account__is_active=True) | Q(organization__in=list(of_group)),
        confirmed_at__isnull=False,
        removed_at=None,
    )
    found: dict[Channel, list[Notice]] = {}
    for channel in channels:
        mine = of_account[channel.account_id] if channel.account_id else of_group[channel.organization_id]
        some = [one for one in mine if one.kind in channel.kinds]
        if some:
            found[channel] = some
    return found


def _waiting(channels: Iterable[Channel]) -> dict[int, Delivery]:
    """Channel key → its message that nobody has taken up, locked until the notices are in it."""
    rows = Delivery.objects.select_for_update().filter(
        channel__in=[one.pk for one in channels], state=DeliveryState.WAITING, test=False
    )
    return {row.channel_id: row for row in rows.order_by("-id")}


def _message(channel: Channel, now: datetime) -> Delivery:
    zone = ZoneInfo(settings.TIME_ZONE)
    due = moment(now, zone, channel.digest, channel.quiet_from, channel.quiet_until)
    return Delivery(channel=channel, due=due, made_at=now)
