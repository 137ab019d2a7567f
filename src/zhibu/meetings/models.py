"""A meeting before it is a record: when, where, about what, who is invited, and the minutes as they are written.

Once recorded it is an Activity, and only that counts; what stands here leads to it.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.activities.models import Activity, StoredFile
from zhibu.org.models import Account, Member, Organization


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("准备中")
    RECORDED = "recorded", _("已记录")
    CANCELLED = "cancelled", _("已取消")


class Meeting(models.Model):
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="meetings")
    kind = models.CharField(_("类别"), max_length=30)
    title = models.CharField(_("名称"), max_length=200)
    day = models.DateField(_("日期"))
    starts = models.TimeField(_("开始"), null=True, blank=True)
    ends = models.TimeField(_("结束"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主持人"))
    recorder = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("记录人")
    )
    agenda = models.TextField(_("议题"), blank=True)
    words = models.TextField(_("会前要求"), blank=True)
    materials = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name=_("会议材料"))
    state = models.CharField(_("状态"), max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)
    draft = models.JSONField(default=dict, blank=True)
    """The record's form as last put aside: name → list of values."""
    earlier = models.JSONField(default=list, blank=True)
    """Drafts of others that a later one took the place of: [{"by", "at", "draft"}], so that nothing typed is gone."""
    confirmed = models.JSONField(default=dict, blank=True)
    """chair, recorder → {"by", "at", "version"}: who confirmed which version of the record."""
    activity = models.OneToOneField(Activity, models.SET_NULL, null=True, blank=True, related_name="meeting")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("会议")
        ordering = ["day", "starts", "id"]
        indexes = [models.Index(fields=["organization", "state", "day"], name="meeting_org_state")]

    def __str__(self) -> str:
        return self.title


class Invitation(models.Model):
    """Who is asked to come; `leave` with its reason is the one answer that is asked for."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations")
    member = models.ForeignKey(Member, models.PROTECT, related_name="invitations")
    leave = models.BooleanField(_("请假"), default=False)
    reason = models.CharField(_("请假原因"), max_length=100, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "meeting", "member"], name="invited_once")]
