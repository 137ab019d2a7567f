"""What is shown to whom, from when to when, and who proposed, reviewed and approved it; and what readers answered.

A fact is recorded once: the ledger sees a disclosure as the activity record that its approval makes (`record`).
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhibu.activities.models import Activity, StoredFile
from zhibu.disclosure.catalogue import Item, find_item
from zhibu.org.models import Account, Organization
from zhibu.tasks.models import Task


class State(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PROPOSED = "proposed", _("待审核")
    REVIEWED = "reviewed", _("待审批")
    APPROVED = "approved", _("已批准")
    ENDED = "ended", _("已撤下")
    WITHDRAWN = "withdrawn", _("已撤回")


class Audience(models.TextChoices):
    BRANCH = "branch", _("党内")
    UNIT = "unit", _("本单位")
    PUBLIC = "public", _("社会")


class Board(models.Model):
    """A body's notice board: which matters it discloses, whether the public may read, the link of its wall display."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="board")
    items = models.JSONField(default=dict)
    """The adopted catalogue: item → {"since": first day, "until": last day or null}."""
    public = models.BooleanField(_("开放社会公开页"), default=False)
    wall_key = models.CharField(max_length=40, unique=True, null=True)
    """Who knows it sees the wall without logging in; a new one shuts the old one out."""

    class Meta:
        verbose_name = _("公开栏")


class Publication(models.Model):
    """One matter put up. Its text never changes after it was proposed: it is given back, corrected or withdrawn."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="publications")
    item = models.CharField(_("公开事项"), max_length=40)
    period = models.CharField(_("所属期间"), max_length=10, blank=True)
    title = models.CharField(pgettext_lazy("publication", "标题"), max_length=100)
    body = models.TextField(_("正文"))
    audience = models.CharField(_("公开范围"), max_length=10, choices=Audience.choices)
    since = models.DateField(_("公开起始"))
    until = models.DateField(_("公开截止"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    first_shown = models.DateField(null=True, blank=True)
    """The day the matter first went up: of a correction, the day of what it corrects."""
    ended_on = models.DateField(null=True, blank=True)
    """From this day on it is no longer shown."""
    about = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="+")
    """The record the matter comes from: the meeting that agreed, the appraisal, the election."""
    record = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="+")
    """The activity of the kind disclosure that stands in the ledger for it."""
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True)

    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    """Why it was given back, taken down or withdrawn."""

    class Meta:
        verbose_name = _("公开")
        ordering = ["-since", "-id"]
        indexes = [
            models.Index(fields=["organization", "state", "since"], name="publication_org_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def matter(self) -> Item:
        return find_item(self.item)

    @property
    def last(self) -> date | None:
        """The last day it is or was to be seen; None: still open."""
        ended = self.ended_on - timedelta(days=1) if self.ended_on else None
        return min(filter(None, (self.until, ended)), default=None)

    def is_up(self, on: date) -> bool:
        """`queries.up` for one row."""
        counts = self.state in (State.APPROVED, State.ENDED)
        return counts and self.since <= on and (self.last is None or on <= self.last)


class Comment(models.Model):
    """An opinion on a publication, or a suggestion to the body (`publication` empty). Kept as it came.

    `account` only of a member who signs: whoever writes without a name is not to be found in this table or the journal.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="comments")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, blank=True, related_name="comments")
    text = models.TextField(_("意见内容"))
    name = models.CharField(_("姓名"), max_length=30, blank=True)
    source = models.CharField(max_length=10, choices=[("member", _("党员")), ("public", _("群众"))])
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    receipt = models.CharField(max_length=16, unique=True)
    """With it the writer reads the answer, signed or not."""
    at = models.DateTimeField()
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    task = models.OneToOneField(Task, models.SET_NULL, null=True, blank=True, related_name="+")
    """What was taken up from it."""

    class Meta:
        verbose_name = _("意见建议")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="comment_org")]
