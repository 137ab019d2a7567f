"""What was found wanting, and, as tasks, what is done about it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.duties.models import Origin
from zhibu.org.models import Account, Organization
from zhibu.tasks.models import Task


class Problem(models.Model):
    """A problem of `organization` on a list (`origin`, of the form rectification). Its measures are tasks that have the
    list for their origin; how far it is follows from them (`rectify/states.py`) and is never typed.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="problems")
    origin = models.ForeignKey(Origin, models.PROTECT, related_name="problems", verbose_name=_("问题清单"))
    text = models.CharField(_("问题"), max_length=500)
    kind = models.CharField(_("类别"), max_length=30)
    """A slug of kinds.yaml."""
    cause = models.CharField(_("原因"), max_length=500, blank=True)
    place = models.CharField(_("出处"), max_length=200, blank=True)
    """Where it was seen: a part of the report, a record, a paragraph of the feedback letter."""
    found_on = models.DateField(_("发现日期"))
    again = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="returned", verbose_name=_("再次出现")
    )
    """The earlier problem that came back, as a person confirmed."""
    measures = models.ManyToManyField(Task, blank=True, related_name="problems", verbose_name=_("整改措施"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("问题")
        ordering = ["id"]
        indexes = [models.Index(fields=["organization", "found_on"], name="problem_org_found")]
        constraints = [models.UniqueConstraint(fields=["origin", "organization", "text"], name="problem_once")]

    def __str__(self) -> str:
        return self.text
