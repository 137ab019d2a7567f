"""Duties laid down locally, and reasons given for a 一般 duty that was not done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.org.models import Account, Organization


class LocalDuty(models.Model):
    """A committee's own duty for the bodies below it: the same fields as a regulation's, origin and number required.

    `data` is a duty as in regulation.yaml; `rulebook.regulations.parse_duty` reads both.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="local_duties")
    origin = models.CharField(_("发文单位"), max_length=120)
    number = models.CharField(_("文号"), max_length=60)
    document = models.CharField(_("文件名称"), max_length=200)
    data = models.JSONField()
    since = models.DateField(_("起始"))
    until = models.DateField(_("截止"), null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("本地任务")
        ordering = ["id"]


class Explanation(models.Model):
    """Why a duty was not done in a period (for 一般). Shown beside the cell; it does not fill the cell."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="explanations")
    duty = models.CharField(max_length=80)
    period = models.CharField(max_length=10)
    reason = models.CharField(_("原因"), max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("未开展原因")
        constraints = [models.UniqueConstraint(fields=["organization", "duty", "period"], name="explanation_once")]
