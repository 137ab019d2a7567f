"""Messages that are due go out; what came of each is kept. A message is taken up by one worker and sent at most once.

A worker that dies between sending and writing it down leaves a message of which nobody can say whether it arrived:
it is shown as such and sent again only when its owner says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from zhibu.errors import Sentence, UserError
from zhibu.notices import logbook, messages
from zhibu.notices.confirming import code_of
from zhibu.notices.events import body_of
from zhibu.notices.models import Channel, Delivery, DeliveryState, Way
from zhibu.notices.sealing import unseal
from zhibu.notices.sending import BYTES, send
from zhibu.notices.timing import again
from zhibu.notices.troubles import tell_owner
from zhibu.notices.wording import packed, unpacked

TOGETHER = 8
"""Messages under way at a time: the time goes into waiting for the other side, and a worker that is killed leaves no
more than these in doubt."""
TAKEN_UP = 200
"""Messages one round takes up: with so many the database waits for the disk twice, not once or twice for each eight."""
WRITTEN_DOWN = 2.0
"""Seconds after which what came of the messages is to be seen on the pages, even within a round."""


def deliver(worker: str, now: datetime) -> int:
    """Send up to TAKEN_UP messages that are due; the number taken up, 0 when none was left."""
    settle(worker, _left_in_the_middle(worker), now)  # of a round that broke off
    with logbook.begun_anew(worker) as book:
        taken = _take_up(worker, now)
        if taken:
            _send(taken, book)
    logbook.forget(worker)  # all of it is in the database
    return len(taken)


def _send(taken: Sequence[Delivery], book: logbook.Logbook) -> None:
    """TOGETHER at a time; the logbook knows of each before and after."""
    outcomes: list[tuple[Delivery, Sentence | None]] = []
    written = time.monotonic()
    with ThreadPoolExecutor(TOGETHER) as pool:
        for start in range(0, len(taken), TOGETHER):
            some = taken[start : start + TOGETHER]
            parcels = [_parcel(delivery) for delivery in _with_channels(some)]
            book.begin(delivery.pk for delivery in some)
            found = list(zip(some, pool.map(_sent, parcels), strict=True))
            book.done((one.pk, packed(trouble) if trouble else None) for one, trouble in found)
            outcomes += found
            if time.monotonic() - written > WRITTEN_DOWN:
                _write_down(outcomes, timezone.now())
                outcomes, written = [], time.monotonic()
    if outcomes:
        _write_down(outcomes, timezone.now())


def _with_channels(some: Sequence[Delivery]) -> Sequence[Delivery]:
    """The channels as they are now: one may have been removed since the message was taken up."""
    channels = Channel.objects.select_related("account").in_bulk([delivery.channel_id for delivery in some])
    for delivery in some:
        delivery.channel = channels[delivery.channel_id]
    return some


def _left_in_the_middle(worker: str) -> list[int]:
    rows = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_by=worker)
    return list(rows.values_list("pk", flat=True))


def _take_up(worker: str, now: datetime) -> list[Delivery]:
    """Messages due, marked as this worker's before anything is sent."""
    with transaction.atomic():
        due = Delivery.objects.select_for_update(skip_locked=True).filter(state=DeliveryState.WAITING, due__lte=now)
        keys = list(due.order_by("due", "id").values_list("pk", flat=True)[:TAKEN_UP])
        Delivery.objects.filter(pk__in=keys).update(
            state=DeliveryState.SENDING, claimed_by=worker, claimed_at=now, tries=F("tries") + 1
        )
    rows = Delivery.objects.filter(pk__in=keys).select_related("channel__account").prefetch_related("notices")
    return list(rows.order_by("due", "id"))


Parcel = tuple[str, dict[str, str], str, str] | Sentence
"""What `send` takes, or why there is nothing to send."""


def _parcel(delivery: Delivery) -> Parcel:
    """All a thread without a database needs."""
    channel = delivery.channel
    if not channel.reaches_somebody:
        return Sentence("channel-removed", "提醒方式已经删除。")
    try:
        secrets = unseal(channel.sealed)
    except UserError as error:
        return error.sentence
    if channel.way == Way.EVENTS:
        notices = sorted(delivery.notices.all(), key=lambda one: one.pk)
        return channel.way, secrets, f"msg_{delivery.pk}", body_of(notices, settings.ADDRESS)
    text = _text(delivery, channel)
    return channel.way, secrets, text.title, text.body


def _text(delivery: Delivery, channel: Channel) -> messages.Text:
    if delivery.test:
        return messages.trial(code_of(channel) if channel.way == Way.EMAIL and not channel.confirmed_at else "")
    lines = [messages.Line(one.said, one.url) for one in sorted(delivery.notices.all(), key=lambda one: one.pk)]
    return messages.digest(lines, brief=channel.brief, site=settings.ADDRESS, limit=BYTES[channel.way])


def _sent(parcel: Parcel) -> Sentence | None:
    if isinstance(parcel, Sentence):
        return parcel
    try:
        return send(*parcel)
    except Exception:  # whatever a library stumbles over must not lose the other messages
        return Sentence("sending-broke", "发送时程序出错，请系统管理员查看。")


@transaction.atomic
def _write_down(outcomes: Sequence[tuple[Delivery, Sentence | None]], now: datetime) -> None:
    """What came of each try: sent, to be tried again, or given up and told to its owner. The channels are read anew:
    one may have been removed meanwhile."""
    channels = Channel.objects.select_related("account").in_bulk([delivery.channel_id for delivery, _ in outcomes])
    confirmed = []
    for delivery, trouble in outcomes:
        channel = delivery.channel = channels[delivery.channel_id]
        if trouble is None:
            delivery.state, delivery.sent_at, delivery.error = DeliveryState.SENT, max(now, delivery.made_at), None
            if delivery.test and channel.way != Way.EMAIL:
                confirmed.append(channel.pk)
        else:
            _failed(delivery, trouble, now)
    if confirmed:
        Channel.objects.filter(pk__in=confirmed, confirmed_at=None).update(confirmed_at=now)
    Delivery.objects.bulk_update([delivery for delivery, _ in outcomes], ["state", "sent_at", "error", "due"])


def _failed(delivery: Delivery, trouble: Sentence, now: datetime) -> None:
    if not delivery.channel.reaches_somebody:
        delivery.state = DeliveryState.DROPPED
        return
    later = None if delivery.test else _again(delivery.channel, delivery.tries, now)
    delivery.error = packed(trouble)
    delivery.state = DeliveryState.WAITING if later else DeliveryState.FAILED
    delivery.due = later or delivery.due
    if later is None and not delivery.test:
        tell_owner(delivery, now)


def _again(channel: Channel, tries: int, now: datetime) -> datetime | None:
    return again(now, tries, ZoneInfo(settings.TIME_ZONE), channel.quiet_from, channel.quiet_until)


@transaction.atomic
def settle(worker: str, keys: Iterable[int], now: datetime) -> int:
    """Messages a worker left in the middle. By its logbook: what it heard of is written down, what it had not begun
    waits again. The rest, and everything where there is no logbook to be believed, may have arrived or not: that is
    shown, the owners are told, and nothing is sent again by itself."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("channel__account")
    found = list(rows.filter(pk__in=list(keys), state=DeliveryState.SENDING))
    if not found:
        return 0
    left = logbook.left_by(worker)
    heard: list[tuple[Delivery, Sentence | None]] = []
    for delivery in found:
        if left is not None and delivery.pk in left.done:
            outcome = left.done[delivery.pk]
            heard.append((delivery, unpacked(outcome) if outcome else None))
        elif left is not None and delivery.pk not in left.begun:
            delivery.state, delivery.tries = DeliveryState.WAITING, max(0, delivery.tries - 1)
            delivery.save(update_fields=["state", "tries"])
        else:
            _unclear(delivery, now)
    if heard:
        _write_down(heard, now)
    return len(found)


def _unclear(delivery: Delivery, now: datetime) -> None:
    delivery.state = DeliveryState.UNCLEAR
    delivery.error = packed(Sentence("interrupted", "发送时服务器中断，不能确定对方是否收到。"))
    delivery.save(update_fields=["state", "error"])
    tell_owner(delivery, now)
