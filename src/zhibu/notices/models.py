"""Who is told what, by which ways, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhibu.errors import Sentence
from zhibu.notices.wording import unpacked
from zhibu.org.models import Account, Organization


class Notice(models.Model):
    """One sentence for one account, or, without an account, for the group of `organization`.

    `about` names the matter and the moment, so that nobody is told the same thing twice.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="notices")
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="notices")
    kind = models.CharField(_("种类"), max_length=20)
    sentence = models.JSONField()
    """As `wording.packed` gives it."""
    url = models.CharField(max_length=300, blank=True)
    about = models.CharField(max_length=160)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(null=True, blank=True)
    passed_on_at = models.DateTimeField(null=True, blank=True)
    """When it was given to the channels of its account or group, whether there are any or not."""

    class Meta:
        verbose_name = _("提醒")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "about"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(organization__isnull=False), name="notice_for_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "read_at"], name="notice_unread"),
            models.Index(fields=["organization", "about"], name="notice_org_about"),
            models.Index(fields=["passed_on_at"], name="notice_passed_on"),
        ]

    @property
    def said(self) -> Sentence:
        return unpacked(self.sentence)


class Way(models.TextChoices):
    EMAIL = "email", _("电子邮件")
    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    FEISHU = "feishu", _("飞书群机器人")
    WEBHOOK = "webhook", _("Webhook")
    EVENTS = "events", _("事件推送")
    CALENDAR = "calendar", _("日历订阅")


class Channel(models.Model):
    """A way to reach an account, or the group of a body. Nothing is sent before `confirmed_at`, or after `removed_at`.

    The address is a secret: kept sealed, shown by its tail only, gone when the channel is removed.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="channels")
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="channels")
    way = models.CharField(_("方式"), max_length=10, choices=Way.choices)
    sealed = models.TextField(blank=True)
    """As `sealing.seal` gives it; of a calendar the digest of its token."""
    tail = models.CharField(_("地址"), max_length=60, blank=True)
    kinds = models.JSONField(_("提醒哪些事"), default=list)
    brief = models.BooleanField(_("只告知条数"), default=False)
    digest = models.TimeField(_("每天汇总"), null=True, blank=True)
    quiet_from = models.TimeField(_("免打扰开始"), null=True, blank=True)
    quiet_until = models.TimeField(_("免打扰结束"), null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("提醒方式")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, organization__isnull=True)
                | Q(account__isnull=True, organization__isnull=False),
                name="channel_of_one",
            ),
        ]

    @property
    def reaches_somebody(self) -> bool:
        """Not removed, and its account not locked."""
        return self.removed_at is None and (self.account is None or self.account.is_active)


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")
    UNCLEAR = "unclear", _("不能确定")
    DROPPED = "dropped", _("不再发送")


class Delivery(models.Model):
    """One message on one channel: a digest of its notices, or, without any, a test."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries")
    notices = models.ManyToManyField(Notice, related_name="deliveries")
    state = models.CharField(_("状态"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    due = models.DateTimeField(_("下次发送"))
    tries = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    error = models.JSONField(null=True, blank=True)
    """Why the last try failed, as `wording.packed` gives it."""
    test = models.BooleanField(default=False)
    claimed_by = models.CharField(max_length=64, blank=True)
    """The worker that took it up last."""
    claimed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("发送")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__gte=F("made_at")), name="delivery_sent_when"
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="delivery_due")]

    @property
    def why(self) -> Sentence | None:
        return unpacked(self.error) if self.error else None
