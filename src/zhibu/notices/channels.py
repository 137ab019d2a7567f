"""Setting up, changing and removing the ways people are reached by. Each write stands in the journal, without the
address."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare

from zhibu.errors import UserError
from zhibu.notices.addresses import read_address
from zhibu.notices.confirming import is_code_of
from zhibu.notices.jobs import wake
from zhibu.notices.models import Channel, Delivery, DeliveryState, Way
from zhibu.notices.sealing import seal
from zhibu.org.journal import note
from zhibu.org.models import Account, Organization

MOST = 10
"""Channels of one account, or of one body."""
SETTINGS = ("kinds", "brief", "digest", "quiet_from", "quiet_until")


@transaction.atomic
def add_channel(actor: Account, organization: Organization | None, values: Mapping[str, Any], at: datetime) -> Channel:
    """A channel of the actor's own, or of a body's group; a test is sent at once.

    `values`: way, address, signing and SETTINGS. UserError names what is wrong with the address.
    """
    way = values["way"]
    if way == Way.EMAIL and not settings.EMAIL_HOST:
        raise UserError("no-mail-server", "系统没有配置发信服务器，请系统管理员设置 ZHIBU_SMTP。")
    address = read_address(way, values["address"], values.get("signing", ""), settings.INTERNAL_HOSTS)
    owner = {"organization": organization} if organization else {"account": actor}
    if Channel.objects.filter(**owner, removed_at=None).exclude(way=Way.CALENDAR).count() >= MOST:
        raise UserError("too-many-channels", "提醒方式最多{most}个，请先删除不用的。", most=MOST)
    channel = Channel.objects.create(
        **owner, way=way, sealed=seal(address.secrets), tail=address.tail, made_at=at, made_by=actor,
        **{name: values[name] for name in SETTINGS if name in values},
    )  # fmt: skip
    note(actor, _body(channel), "add-channel", channel, f"添加提醒方式：{channel.get_way_display()}{channel.tail}")
    _queue_test(channel, at)
    return channel


@transaction.atomic
def change_channel(actor: Account, channel: Channel, values: Mapping[str, Any]) -> Channel:
    """Other SETTINGS; the address stays: for another address another channel is added."""
    given = [name for name in SETTINGS if name in values]
    for name in given:
        setattr(channel, name, values[name])
    channel.save(update_fields=given)
    note(actor, _body(channel), "edit-channel", channel, f"修改提醒方式：{channel.get_way_display()}{channel.tail}")
    return channel


@transaction.atomic
def remove_channel(actor: Account, channel: Channel, at: datetime) -> None:
    """Nothing is sent on it any more and its address is forgotten; what was sent stays listed."""
    channel.removed_at, channel.sealed = at, ""
    channel.save(update_fields=["removed_at", "sealed"])
    channel.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.DROPPED)
    note(actor, _body(channel), "remove-channel", channel, f"删除提醒方式：{channel.get_way_display()}{channel.tail}")


@transaction.atomic
def send_test(actor: Account, channel: Channel, at: datetime) -> None:
    """Queue a test message; one a minute, so that nobody is flooded in the channel's name."""
    if channel.deliveries.filter(test=True, made_at__gt=at - timedelta(minutes=1)).exists():
        raise UserError("test-too-soon", "刚刚发过测试消息，请过一分钟再试。")
    _queue_test(channel, at)
    note(actor, _body(channel), "test-channel", channel, f"发送测试消息：{channel.get_way_display()}{channel.tail}")


def _queue_test(channel: Channel, at: datetime) -> None:
    Delivery.objects.create(channel=channel, due=at, made_at=at, test=True)
    transaction.on_commit(wake, robust=True)


@transaction.atomic
def confirm_email(actor: Account, channel: Channel, code: str, at: datetime) -> None:
    """The digits from the test message prove the address. UserError when they are others."""
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    if channel.confirmed_at is not None:
        return
    if not is_code_of(channel, code):
        raise UserError("wrong-code", "数字不对，请核对测试邮件。收不到邮件时，请检查地址，或看看垃圾邮件。")
    channel.confirmed_at = at
    channel.save(update_fields=["confirmed_at"])
    note(actor, _body(channel), "confirm-channel", channel, f"确认提醒方式：{channel.get_way_display()}{channel.tail}")


@transaction.atomic
def send_again(actor: Account, delivery: Delivery, at: datetime) -> None:
    """Send once more what was given up or may not have arrived. UserError for any other."""
    current = Delivery.objects.select_for_update().select_related("channel").get(pk=delivery.pk)
    if current.state not in (DeliveryState.FAILED, DeliveryState.UNCLEAR) or current.channel.removed_at is not None:
        raise UserError("not-to-be-sent-again", "这一条不用重新发送。")
    current.state, current.due, current.tries = DeliveryState.WAITING, at, 0
    current.save(update_fields=["state", "due", "tries"])
    note(actor, _body(current.channel), "send-again", current, "重新发送提醒")
    transaction.on_commit(wake, robust=True)


def _body(channel: Channel) -> Organization | None:
    """The body whose journal tells of it."""
    if channel.organization is not None:
        return channel.organization
    member = channel.account.member if channel.account else None
    return member.organization if member else None


# --- the calendar: a channel that is fetched, not sent ------------------------------------------------------------


@transaction.atomic
def renew_calendar(actor: Account, at: datetime) -> tuple[Channel, str]:
    """A new secret for the actor's calendar; the old address stops working. The secret is shown once: only a digest
    is kept."""
    for old in Channel.objects.filter(account=actor, way=Way.CALENDAR, removed_at=None):
        _forget_calendar(old, at)
    token = secrets.token_urlsafe(32)
    channel = Channel.objects.create(
        account=actor, way=Way.CALENDAR, sealed=digest_of(token), tail=f"…{token[-4:]}", made_at=at, made_by=actor,
        confirmed_at=at,
    )  # fmt: skip
    note(actor, _body(channel), "renew-calendar", channel, "生成日历订阅地址")
    return channel, token


@transaction.atomic
def stop_calendar(actor: Account, at: datetime) -> None:
    for channel in Channel.objects.filter(account=actor, way=Way.CALENDAR, removed_at=None):
        _forget_calendar(channel, at)
        note(actor, _body(channel), "stop-calendar", channel, "停用日历订阅地址")


def digest_of(token: str) -> str:
    """What is kept of a calendar's secret, which is long and random: no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def calendar_channel(pk: int, token: str) -> Channel | None:
    """The calendar this secret opens, with its account; None for anything else."""
    channel = Channel.objects.select_related("account__member").filter(pk=pk, way=Way.CALENDAR).first()
    if channel is None or not channel.reaches_somebody:
        return None
    return channel if constant_time_compare(channel.sealed, digest_of(token)) else None


def _forget_calendar(channel: Channel, at: datetime) -> None:
    channel.removed_at, channel.sealed = at, ""
    channel.save(update_fields=["removed_at", "sealed"])
