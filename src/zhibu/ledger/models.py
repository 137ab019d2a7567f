"""A frozen ledger."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.org.models import Account, Organization


class Snapshot(models.Model):
    """The ledger of a body's year as it stood on a day, with the hash of its canonical JSON. Never changed."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="snapshots")
    year = models.PositiveSmallIntegerField(_("年度"))
    on = models.DateField(_("截至"))
    data = models.TextField()
    """Canonical JSON, see ledger/snapshots.py."""
    algorithm = models.CharField(max_length=10, default="sha256")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("台账快照")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "digest"], name="snapshot_once")]

    def contents(self) -> dict[str, Any]:
        """The frozen ledger as data."""
        found: dict[str, Any] = json.loads(self.data)
        return found
