"""Duties laid down locally, where they and one-off tasks come from, and reasons given for a 一般 duty not done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.org.models import Account, Member, Organization


class Form(models.TextChoices):
    LIST = "list", _("责任清单")
    CAMPAIGN = "campaign", _("专项活动")
    PLAN = "plan", _("月工作计划")
    INSTRUCTION = "instruction", _("上级交办")
    PROJECT = "project", _("业务项目")
    RECTIFICATION = "rectification", _("问题整改")


class Source(models.TextChoices):
    """Where the problems of a rectification list were found."""

    REVIEW = "review", _("述职评议")
    INSPECTION = "inspection", _("巡察")
    LIFE_MEETING = "life-meeting", _("组织生活会")
    SELF = "self", _("自查")


class OriginState(models.TextChoices):
    DRAFT = "draft", _("起草中")
    IN_FORCE = "in-force", _("执行中")
    CLOSED = "closed", _("已结束")


class Origin(models.Model):
    """Where duties and tasks come from when it is no regulation: a responsibility list, a campaign, a month's plan,
    an instruction from above, a business project of the unit, the problems found. Its items are tasks, and local duties
    where they recur.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="origins")
    form = models.CharField(_("类别"), max_length=20, choices=Form.choices)
    title = models.CharField(_("名称"), max_length=200)
    issuer = models.CharField(_("发文单位"), max_length=120, blank=True)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    since = models.DateField(_("起始"))
    until = models.DateField(_("截止"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=OriginState.choices, default=OriginState.DRAFT)
    template = models.CharField(max_length=60, blank=True)
    """The slug of the template file it was begun from."""
    approved_on = models.DateField(_("通过日期"), null=True, blank=True)
    summary = models.TextField(_("小结"), blank=True)
    team = models.CharField(_("临时党组织"), max_length=120, blank=True)
    """Of a project: the temporary branch or cell set up for it. Its leader and the vanguard posts are posts."""
    people = models.ManyToManyField(Member, related_name="+", blank=True, verbose_name=_("参加人员"))
    source = models.CharField(_("问题来源"), max_length=20, choices=Source.choices, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    """Of a rectification list: the year its problems are about; a review of it may meet in the January after."""
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("来源")
        ordering = ["-since", "-id"]
        indexes = [models.Index(fields=["organization", "form", "since"], name="origin_org_form")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "form", "since", "title"], name="origin_once"),
        ]

    def __str__(self) -> str:
        return self.title


class LocalDuty(models.Model):
    """A committee's own duty for the bodies below it: the same fields as a regulation's, origin and number required.

    `data` is a duty as in regulation.yaml; `rulebook.regulations.parse_duty` reads both.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="local_duties")
    origin = models.CharField(_("发文单位"), max_length=120)
    number = models.CharField(_("文号"), max_length=60)
    document = models.CharField(_("文件名称"), max_length=200)
    source = models.ForeignKey(Origin, models.PROTECT, null=True, blank=True, related_name="duties")
    """The list or campaign it is an item of, if any."""
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
