"""Evaluations: a scheme held against a body's year or somebody's report of it, what people say, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhibu.ledger.models import Snapshot
from zhibu.org.models import Account, Member, Organization


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
    TRIAL = "trial", _("试算中")
    SELF = "self", _("自评中")
    SUBMITTED = "submitted", _("待核实")
    VERIFIED = "verified", _("已核实")
    PUBLISHED = "published", _("已公布")
    CLOSED = "closed", _("已定")


TOLD = (State.PUBLISHED, State.CLOSED)
"""States in which the body knows its result."""


class Evaluation(models.Model):
    """One body's year under one scheme, which stays as it was when the evaluation began; of a scheme about reports the
    part of the year in which `member` held the post.

    While the body evaluates itself, or the committee tries the scheme, the points come from the ledger of the day.
    Then they are frozen in `points` and rest on `snapshot`; what was found, votes and opinions are added to them until
    the result is published.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="evaluations")
    committee = models.ForeignKey(Organization, models.PROTECT, related_name="evaluations_asked")
    """The body above that asked for it and verifies."""
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("述职人")
    )
    since = models.DateField(_("自"), null=True, blank=True)
    until = models.DateField(_("至"), null=True, blank=True)
    """First and last day of a part of the year; empty: from its beginning, to its end."""
    year = models.PositiveSmallIntegerField(_("年度"))
    scheme = models.CharField(max_length=40)
    scheme_version = models.PositiveIntegerField(default=1)
    title = models.CharField(_("办法"), max_length=200)
    scheme_data = models.TextField()
    """The scheme as JSON text: a database's own JSON type may not keep the order of parts, items and choices."""
    self_assessed = models.BooleanField(default=True)
    """Of the scheme: whether the body first evaluates itself."""
    ballots = models.JSONField(default=dict, blank=True)
    """What votes gave: question → {"share": "43/50" or null, "label", "url"}."""
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
    level = models.CharField(_("等次"), max_length=20, blank=True)
    """As the committee has set it; before that empty, and what the sum gives counts."""
    level_reason = models.CharField(_("改动的理由"), max_length=300, blank=True)
    level_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    objection_until = models.DateField(_("异议截止"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("评价")
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "scheme", "year"], condition=Q(member=None), name="evaluation_once"
            ),
            # A secretary who left and came back in the same year reports twice.
            models.UniqueConstraint(
                fields=["organization", "scheme", "year", "member", "since"], name="evaluation_of_report_once",
                condition=Q(member__isnull=False, since__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organization", "scheme", "year", "member"], name="evaluation_of_whole_year_once",
                condition=Q(member__isnull=False, since=None),
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="evaluation_part"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["committee", "year", "state"], name="evaluation_asked")]

    def __str__(self) -> str:
        return f"{self.year} {self.title}{f' {self.member}' if self.member_id else ''}"


class EvaluationItem(models.Model):
    """What people say of one item: the body (`choice` where it was asked, `note`) and who verified it.

    `agrees` is empty until somebody has looked; `points` are what he found where he differs.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="items")
    item = models.CharField(max_length=40)
    opinion = models.BooleanField(default=False)
    """Whether `choice` is the committee's, not the body's."""
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


class Objection(models.Model):
    """What the body, or who reported, says against a published result, and the committee's answer."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="objections")
    text = models.CharField(_("异议"), max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    upheld = models.BooleanField(null=True, blank=True)
    """Empty until it is answered; upheld, the result is set and published anew."""
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]


class Ranking(models.Model):
    """A committee has switched on the order by points of one assessment. Never of persons; without a row it is off."""

    committee = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["committee", "scheme", "year"], name="ranking_once")]
