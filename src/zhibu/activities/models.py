"""The one place where something done is recorded."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhibu.activities.derived import measures
from zhibu.activities.kinds import find_kind
from zhibu.duties.models import Origin
from zhibu.org.models import Account, ImportBatch, Member, Organization


class StoredFile(models.Model):
    """A file kept once under its SHA-256 in ZHIBU_HOME/files; who may see it follows what it hangs on."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveIntegerField(_("大小"))
    media_type = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("文件")
        indexes = [models.Index(fields=["organization", "sha256"], name="file_org_sha")]


class Activity(models.Model):
    """The record of one thing done. Its kind (a data file) says which `fields` it has and who attends."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="activities")
    kind = models.CharField(_("类别"), max_length=30)
    also = models.JSONField(default=list, blank=True)
    """Further kinds the same occasion fulfilled, e.g. a themed day with a lecture; the minutes must show each."""
    title = models.CharField(_("名称"), max_length=200)
    held = models.DateField(_("日期"))
    starts = models.TimeField(_("开始"), null=True, blank=True)
    ends = models.TimeField(_("结束"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主持人"))
    recorder = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("记录人")
    )
    agenda = models.TextField(_("议题"), blank=True)
    minutes = models.TextField(_("记录"), blank=True)
    guests = models.CharField(_("其他列席人员"), max_length=500, blank=True)
    studied = models.JSONField(default=list, blank=True)
    """Titles of documents studied."""
    fields = models.JSONField(default=dict, blank=True)
    """Values of the kind's own fields, by field slug."""

    # Derived from the rows below when the record is saved, in the same transaction, so that the ledger of thousands of
    # branches reads one table. A test recomputes them.
    entitled = models.PositiveIntegerField(_("应到"), default=0)
    present = models.PositiveIntegerField(_("实到"), default=0)
    attended = models.PositiveIntegerField(_("到会人数"), default=0)
    hours = models.FloatField(_("学时"), default=0)
    lacks = models.JSONField(default=list)
    tags = models.JSONField(default=list)

    recorded_at = models.DateTimeField(_("录入时间"))
    recorded_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(_("更正时间"))
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(ImportBatch, models.SET_NULL, null=True, blank=True, related_name="activities")
    origins = models.ManyToManyField(Origin, related_name="activities", blank=True)
    """The campaign or business project it was a part of, the plan it approved. The ledger does not look at them."""

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = _("活动")
        ordering = ["-held", "-id"]
        indexes = [
            models.Index(fields=["organization", "held"], name="activity_org_held"),
            models.Index(fields=["held"], name="activity_held"),
        ]

    def __str__(self) -> str:
        return f"{self.held} {self.title}"

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset({self.kind, *self.also})

    @property
    def late_days(self) -> int:
        return (timezone.localdate(self.recorded_at) - self.held).days

    @property
    def measures(self) -> dict[str, float]:
        """Figures of the kind's own fields, e.g. appraised and excellent, as the rules ask for them."""
        return measures(self.fields, find_kind(self.kind))


class Presence(models.TextChoices):
    PRESENT = "present", _("到会")
    LEAVE = "leave", _("请假")
    ABSENT = "absent", _("缺席")
    OBSERVER = "observer", _("列席")


class Attendance(models.Model):
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attendance")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendance")
    presence = models.CharField(_("出席"), max_length=10, choices=Presence.choices)
    voting = models.BooleanField(_("有表决权"), default=False)
    reason = models.CharField(_("原因"), max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "activity", "member"], name="attendance_once")]


class Resolution(models.Model):
    """What a meeting decided should be done: by whom, until when."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="resolutions")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="resolutions")
    text = models.CharField(_("决议事项"), max_length=300)
    owner = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人"))
    due = models.DateField(_("完成时限"), null=True, blank=True)
    done = models.DateField(_("完成日期"), null=True, blank=True)

    class Meta:
        ordering = ["id"]


class Vote(models.Model):
    """A vote taken at the activity (RV). Thresholds: 党员大会 needs more than half of `entitled`, not of `present`."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="votes")
    matter = models.CharField(_("表决事项"), max_length=200)
    rule = models.CharField(max_length=20, default="ordinary")
    """A key of thresholds.yaml: which quorum and which majority the matter needs."""
    method = models.CharField(_("表决方式"), max_length=20, blank=True)
    entitled = models.PositiveIntegerField(_("应到会有表决权人数"))
    present = models.PositiveIntegerField(_("实到会有表决权人数"))
    yes = models.PositiveIntegerField(_("赞成"))
    no = models.PositiveIntegerField(_("反对"), default=0)
    abstain = models.PositiveIntegerField(_("弃权"), default=0)
    written = models.PositiveIntegerField(_("会前书面意见"), default=0)
    passed = models.BooleanField(_("通过"), default=False)

    class Meta:
        ordering = ["id"]


class Attachment(models.Model):
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")


class Revision(models.Model):
    """The whole record as it stood before a correction or withdrawal, with who changed it and why."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    data = models.JSONField()
    reason = models.CharField(_("更正原因"), max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["organization", "activity", "number"], name="revision_once")]
