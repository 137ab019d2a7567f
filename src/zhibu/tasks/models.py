"""One-off duties: what one body has to do once, who is responsible, until when, and all that happened to it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.activities.models import Activity, Resolution
from zhibu.duties.models import Origin
from zhibu.org.models import Account, Member, Organization


class State(models.TextChoices):
    DRAFT = "draft", _("拟订中")
    OPEN = "open", _("办理中")
    REPORTED = "reported", _("待核实")
    CLOSED = "closed", _("已办结")
    MOVED = "moved", _("转下月")
    MISSED = "missed", _("未完成")
    CANCELLED = "cancelled", _("已取消")


UNFINISHED = (State.OPEN, State.REPORTED)


class Task(models.Model):
    """What `organization` has to do. `given_by` asks for it and has it verified: the body itself, or one above it.

    `parent` is the task of which this one is a part: of the body above (handed down), of the same body (split), or
    the one of an earlier month that this one goes on with.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="tasks")
    given_by = models.ForeignKey(Organization, models.PROTECT, related_name="tasks_given")
    origin = models.ForeignKey(Origin, models.PROTECT, null=True, blank=True, related_name="tasks")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, blank=True, related_name="tasks_given")
    """The meeting that decided it, the visit that brought it up."""
    resolution = models.OneToOneField(Resolution, models.SET_NULL, null=True, blank=True, related_name="task")
    duty = models.CharField(max_length=80, blank=True)
    """Of a plan's item: the duty of the ledger it carries out. The ledger then says whether it is done."""
    kind = models.CharField(max_length=30, blank=True)
    """Kind of activity that carries it out, if one does."""

    text = models.CharField(_("事项"), max_length=300)
    asked = models.CharField(_("完成的标志"), max_length=200, blank=True)
    owner = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("责任人")
    )
    helpers = models.ManyToManyField(Member, blank=True, related_name="tasks_helped", verbose_name=_("协办人"))
    due = models.DateField(_("完成时限"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    evidence = models.ManyToManyField(Activity, blank=True, related_name="tasks_done", verbose_name=_("依据"))
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("任务")
        ordering = ["due", "id"]
        indexes = [
            models.Index(fields=["organization", "state", "due"], name="task_org_state"),
            models.Index(fields=["given_by", "state", "due"], name="task_given_state"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def from_above(self) -> bool:
        return self.given_by_id != self.organization_id


class Verb(models.TextChoices):
    GIVE = "give", _("立项")
    ASSIGN = "assign", _("确定责任人")
    PROGRESS = "progress", _("进展")
    REPORT = "report", _("报告完成")
    RETURN = "return", _("退回")
    CLOSE = "close", _("核实办结")
    MOVE = "move", _("调整时限")
    CANCEL = "cancel", _("取消")


class TaskStep(models.Model):
    """What happened to a task, in order; nothing is ever taken out. `data` holds what changed, e.g. {"due": [a, b]}."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    text = models.CharField(_("说明"), max_length=500, blank=True)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
