"""That a message could not be sent is told to its owner, on the page only."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from zhibu.errors import Sentence
from zhibu.notices.models import Channel, Delivery, DeliveryState
from zhibu.notices.services import tell
from zhibu.org.access import MANAGING_TITLES
from zhibu.org.models import Account, Member, Post
from zhibu.org.spans import in_force

FAILED = Sentence(
    "delivery-failed", "有一条提醒没有发出去，已经停止重试。提醒内容都在“提醒”页，可检查提醒方式后重新发送。"
)
UNCLEAR = Sentence("delivery-unclear", "有一条提醒发送时服务器中断，不能确定对方是否收到，可到发送记录中重新发送。")


def tell_owner(delivery: Delivery, now: datetime) -> None:
    """Once for each delivery and try."""
    channel = delivery.channel
    unclear = delivery.state == DeliveryState.UNCLEAR
    tell(
        _owners(channel, now), UNCLEAR if unclear else FAILED, kind="system", at=now, url=sent_page(channel),
        about=f"system/delivery/{delivery.pk}/{delivery.tries}", organization=channel.organization,
    )  # fmt: skip


def _owners(channel: Channel, now: datetime) -> list[Account | Member]:
    """The account; of a group robot those who keep the body's roster, and its robots."""
    if channel.account is not None:
        return [channel.account]
    posts = Post.objects.filter(
        in_force(timezone.localdate(now)), organization=channel.organization, title__in=MANAGING_TITLES
    )
    return [post.member for post in posts.select_related("member")]


def sent_page(channel: Channel) -> str:
    """Where what was sent on the channel is listed."""
    if channel.organization is None:
        return reverse("notices:sent")
    return reverse("notices:group_sent", args=[channel.organization.code])
