"""述职评议考核: a committee's season, who reports in it, what was handed in, and what was said about it.

A submission is never changed; what comes later is another row. A remark may be put right by who wrote it down.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhibu.activities.models import StoredFile
from zhibu.ballots.models import Ballot
from zhibu.ledger.models import Snapshot
from zhibu.meetings.models import Meeting
from zhibu.org.models import Account, Member, Organization, Title
from zhibu.reports.models import Report
from zhibu.scoring.models import Evaluation


class CycleState(models.TextChoices):
    DRAFT = "draft", _("准备中")
    OPEN = "open", _("进行中")
    PAUSED = "paused", _("暂停")
    CLOSED = "closed", _("已结束")


class Cycle(models.Model):
    """One season of a committee. `days`: slug of a step (review/steps.py) → ISO day until which it is to be done."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="cycles")
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=120)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    plan = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("工作方案")
    )
    focus = models.TextField(_("述职重点"), blank=True)
    """What the reports of the year are to speak about, one a line."""
    shortest = models.PositiveIntegerField(_("最少字数"), default=1500)
    longest = models.PositiveIntegerField(_("最多字数"), default=3000)
    days = models.JSONField(_("时间安排"), default=dict, blank=True)
    scheme = models.CharField(_("评价办法"), max_length=40, blank=True)
    """By which the overall grade is found. Each evaluation keeps the scheme as it was when it began."""
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="cycles")
    minutes = models.PositiveSmallIntegerField(_("每人述职时间（分钟）"), default=8)
    present = models.JSONField(_("到会人员构成"), default=dict, blank=True)
    """Who was at the meeting, as numbers: key of hearing.GROUPS → how many."""
    speaking = models.ForeignKey("Entry", models.SET_NULL, null=True, blank=True, related_name="+")
    speaking_at = models.DateTimeField(null=True, blank=True)
    ballot = models.ForeignKey(Ballot, models.SET_NULL, null=True, blank=True, related_name="cycles")
    voting = models.JSONField(default=dict, blank=True)
    """How its ballot is made: {"categories": [[label, weight], ...], "items": [text, ...]}."""
    state = models.CharField(_("状态"), max_length=10, choices=CycleState.choices, default=CycleState.DRAFT)
    reason = models.CharField(_("暂停或重新开始的原因"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("述职评议")
        ordering = ["-year", "-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "year", "title"], name="cycle_once")]

    def __str__(self) -> str:
        return self.title


class Stage(models.TextChoices):
    """How far a report is. What lies between (drafting, rectifying) is seen from its records."""

    WAITING = "waiting", _("未提交")
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("已通过")
    PRESENTED = "presented", _("已述职")
    VOTED = "voted", _("已测评")
    GRADED = "graded", _("已定等次")
    FED_BACK = "fed-back", _("已反馈")
    CLOSED = "closed", _("已结束")


class Entry(models.Model):
    """One reporter in a season: in which post, for which part of the year, live or in writing, when he speaks.

    Who changed post in the middle of the year reports for his part, and so does who came after him.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="review_entries")
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="entries")
    reporter = models.ForeignKey(Member, models.PROTECT, related_name="review_entries", verbose_name=_("述职人"))
    post = models.CharField(_("职务"), max_length=30, choices=Title.choices)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"))
    """The last day of his part, unlike other spans: it stands on paper so."""
    live = models.BooleanField(_("现场述职"), default=False)
    place = models.PositiveSmallIntegerField(_("发言次序"), default=0)
    report = models.ForeignKey(Report, models.SET_NULL, null=True, blank=True, related_name="review_entries")
    stage = models.CharField(_("状态"), max_length=10, choices=Stage.choices, default=Stage.WAITING)
    evaluation = models.OneToOneField(Evaluation, models.SET_NULL, null=True, blank=True, related_name="review_entry")
    letter = models.JSONField(default=dict, blank=True)
    """The feedback letter as edited (letters.Letter); as it was sent, and frozen, once `letter_at` says when."""
    letter_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("述职安排")
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "organization", "reporter"], name="entry_once"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="entry_span"),
        ]
        indexes = [models.Index(fields=["organization", "cycle"], name="entry_org")]

    def __str__(self) -> str:
        return f"{self.organization} {self.reporter}"


class Submission(models.Model):
    """A report as it is handed in: frozen when it is prepared, agreed to by another, signed, submitted.

    `digest` is the SHA-256 of `text` in UTF-8. A text from outside (`file`) rests on no snapshot.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("第几稿"))
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField()
    body = models.JSONField(default=dict, blank=True)
    """Of a report composed here: its blocks and claims, as in Report.body."""
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64)
    reason = models.CharField(_("修改说明"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    on_paper = models.BooleanField(_("纸质签字"), default=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    late = models.BooleanField(_("逾期提交"), default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.CharField(_("撤回原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("报送稿")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="submission_once")]

    @property
    def in_force(self) -> bool:
        return self.submitted_at is not None and self.withdrawn_at is None


class Verb(models.TextChoices):
    READ = "read", _("已阅")
    COMMENT = "comment", _("意见")
    RETURN = "return", _("退回")
    ACCEPT = "accept", _("通过")
    PRESENT = "present", _("述职")
    SUPERIOR = "superior", _("点评")
    QUESTION = "question", _("提问")
    ANSWER = "answer", _("回答")
    PROBLEM = "problem", _("指出问题")


class Remark(models.Model):
    """What was said or done about a report. `start`–`end`: the place in the submission's text, where it has one."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="remarks")
    submission = models.ForeignKey(Submission, models.CASCADE, null=True, blank=True, related_name="remarks")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    excerpt = models.CharField(max_length=200, blank=True)
    text = models.TextField(_("内容"), blank=True)
    speaker = models.CharField(_("发言人"), max_length=60, blank=True)
    """Who said it in the meeting, where that is not who wrote it down."""
    key = models.CharField(max_length=40, blank=True)
    """While it is still being typed in the meeting: the window it is typed in. Only that window changes it."""
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("评议意见")
        ordering = ["id"]
        indexes = [models.Index(fields=["entry", "verb"], name="remark_entry_verb")]


class PackageState(models.TextChoices):
    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("正在整理")
    READY = "ready", _("已完成")
    FAILED = "failed", _("没有完成")


class Package(models.Model):
    """A season exported as one ZIP, made behind the pages; the file lies in ZHIBU_HOME/packages under its key."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="packages")
    state = models.CharField(_("状态"), max_length=10, choices=PackageState.choices, default=PackageState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the whole, as its manifest has it."""
    size = models.PositiveBigIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("述职评议档案包")
        ordering = ["-id"]
