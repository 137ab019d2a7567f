"""述职报告: a writer's text around claims that rest on a snapshot; every saved version is kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.ledger.models import Snapshot
from zhibu.org.models import Account, Member, Organization


class Report(models.Model):
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField(_("年度"))
    writer = models.ForeignKey(Member, models.PROTECT, related_name="reports", verbose_name=_("述职人"))
    reporter_post = models.CharField(_("述职身份"), max_length=40)
    outline = models.CharField(max_length=40)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="reports")
    title = models.CharField(_("标题"), max_length=200)
    body = models.JSONField()
    """{"blocks": [{"kind", "level", "text"}], "claims": {id: {…}}}; `text` holds claims as [[id]]."""
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("述职报告")
        ordering = ["-year", "organization_id"]
        constraints = [models.UniqueConstraint(fields=["organization", "year", "writer"], name="report_once")]


class ReportVersion(models.Model):
    """A text the writer chose to keep, or that a newer save replaced."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    note = models.CharField(_("说明"), max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["organization", "report", "number"], name="report_version_once")]


class Waiver(models.Model):
    """A finding a person decided to let stand, with the reason and the name."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, models.CASCADE, related_name="waivers")
    code = models.CharField(max_length=4)
    excerpt = models.CharField(max_length=200, blank=True)
    reason = models.CharField(_("理由"), max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
