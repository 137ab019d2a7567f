"""Evaluations: a scheme held against a body's year, what the body says itself, and what somebody else then found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.ledger.models import Snapshot
from zhibu.org.models import Account, Organization


class OwnScheme(models.Model):
    """A committee's own scheme, one row a version; never changed. `text` is the YAML as it was written."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="schemes")
    slug = models.CharField(_("编号"), max_length=40)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=200)
    text = models.TextField(_("内容"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("评价办法")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "slug", "version"], name="scheme_version_once")]


class State(models.TextChoices):
    SELF = "self", _("自评中")
    SUBMITTED = "submitted", _("待核实")
    VERIFIED = "verified", _("已核实")
    CLOSED = "closed", _("已定")


class Evaluation(models.Model):
    """One body's year under one scheme, which stays as it was when the evaluation began.

    While the body evaluates itself the points come from the ledger of the day. When it submits, they are frozen in
    `points` and rest on `snapshot`; the verification adds what it found.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="evaluations")
    committee = models.ForeignKey(Organization, models.PROTECT, related_name="evaluations_asked")
    """The body above that asked for it and verifies."""
    year = models.PositiveSmallIntegerField(_("年度"))
    scheme = models.CharField(max_length=40)
    scheme_version = models.PositiveIntegerField(default=1)
    title = models.CharField(_("办法"), max_length=200)
    scheme_data = models.TextField()
    """The scheme as JSON text: a database's own JSON type may not keep the order of parts, items and choices."""
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.SELF)
    on = models.DateField(_("截至"), null=True, blank=True)
    """The day whose ledger the points rest on; empty while the body still evaluates itself."""
    points = models.JSONField(default=list, blank=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="+")
    returned = models.CharField(_("退回的原因"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("评价")
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "scheme", "year"], name="evaluation_once"),
        ]
        indexes = [models.Index(fields=["committee", "year", "state"], name="evaluation_asked")]

    def __str__(self) -> str:
        return f"{self.year} {self.title}"


class EvaluationItem(models.Model):
    """What people say of one item: the body (`choice` where it was asked, `note`) and who verified it.

    `agrees` is empty until somebody has looked; `points` are what he found where he differs.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="items")
    item = models.CharField(max_length=40)
    choice = models.CharField(_("自评"), max_length=40, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    agrees = models.BooleanField(_("核实"), null=True, blank=True)
    points = models.DecimalField(_("认定"), max_digits=7, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "item"], name="evaluation_item_once")]
