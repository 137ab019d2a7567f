"""Who: a tree of bodies, members with dated status, posts with terms, accounts, and the journal of every write.

Spans are half open: a row holds from `since` up to, but not including, `until` (empty: still).
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node


class OrganizationKind(models.TextChoices):
    ORGANS_WORK_COMMITTEE = "organs-work-committee", _("机关工委")
    ORGAN_COMMITTEE = "organ-committee", _("机关党委")
    GENERAL_BRANCH = "general-branch", _("党总支")
    BRANCH = "branch", _("党支部")
    CELL = "cell", _("党小组")
    LEADING_GROUP = "leading-group", _("党组")


ABOVE_BRANCHES = (
    OrganizationKind.ORGANS_WORK_COMMITTEE,
    OrganizationKind.ORGAN_COMMITTEE,
    OrganizationKind.GENERAL_BRANCH,
)
"""Bodies that look after others."""


class Sector(models.TextChoices):
    ORGAN = "organ", _("机关")
    VILLAGE = "village", _("村")
    COMMUNITY = "community", _("社区")
    ENTERPRISE = "enterprise", _("企业")
    SCHOOL = "school", _("学校")


class Organization(MP_Node):
    """A body in the tree. A subtree is one range of `path`; a leading group names the body it leads in `related_to`."""

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    kind = models.CharField(_("类别"), max_length=30, choices=OrganizationKind.choices)
    sector = models.CharField(_("所在单位"), max_length=20, choices=Sector.choices, default=Sector.ORGAN)
    founded = models.DateField(_("成立日期"))
    ended = models.DateField(_("撤销日期"), null=True, blank=True)
    recording_since = models.DateField(_("开始记录"), null=True, blank=True)
    units = models.PositiveSmallIntegerField(_("联合单位数"), default=1)
    related_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="related", verbose_name=_("相关组织")
    )

    steplen = 5  # 36^5 bodies below one: a province fits

    class Meta:
        verbose_name = _("组织")
        indexes = [models.Index(fields=["kind", "path"], name="org_kind_path")]

    def __str__(self) -> str:
        return self.short_name or self.name


class Member(models.Model):
    """A Party member. `organization` is the branch that keeps the file today; history is in MemberStatus."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="members", verbose_name=_("所在支部"))
    number = models.CharField(_("党员编号"), max_length=40)
    name = models.CharField(_("姓名"), max_length=60)
    gender = models.CharField(_("性别"), max_length=1, choices=[("m", _("男")), ("f", _("女"))], blank=True)
    born = models.DateField(_("出生日期"), null=True, blank=True)
    education = models.CharField(_("学历"), max_length=20, blank=True)
    job = models.CharField(_("工作岗位"), max_length=80, blank=True)
    joined = models.DateField(_("入党日期"), null=True, blank=True)
    confirmed = models.DateField(_("转正日期"), null=True, blank=True)
    cared_for = models.BooleanField(_("年老体弱，送学上门"), default=False)
    # The identity number itself is never stored: a keyed digest finds duplicates, the tail helps people tell namesakes.
    identity_digest = models.CharField(max_length=64, blank=True)
    identity_tail = models.CharField(_("身份证后四位"), max_length=4, blank=True)

    class Meta:
        verbose_name = _("党员")
        constraints = [models.UniqueConstraint(fields=["organization", "number"], name="member_number_once")]
        indexes = [models.Index(fields=["identity_digest"], name="member_identity")]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    PROBATIONARY = "probationary", _("预备党员")
    FULL = "full", _("正式党员")
    PROBATION_IN_PARTY = "probation-in-party", _("留党察看")
    SUSPENDED = "suspended", _("停止党籍")
    TRANSFERRED = "transferred", _("已转出")
    REMOVED = "removed", _("除名")
    DECEASED = "deceased", _("去世")


PRESENT_STATUSES = (Status.PROBATIONARY, Status.FULL, Status.PROBATION_IN_PARTY)
"""Statuses of those who belong to the branch; only FULL has the right to vote."""


class MemberStatus(models.Model):
    """What a member was, where, from when to when."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="statuses", verbose_name=_("支部"))
    member = models.ForeignKey(Member, models.CASCADE, related_name="statuses")
    cell = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="cell_statuses", verbose_name=_("党小组")
    )
    status = models.CharField(_("状态"), max_length=20, choices=Status.choices)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("党员状态")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "member", "since"], name="status_once_a_day"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="status_span"),
        ]
        indexes = [models.Index(fields=["organization", "since"], name="status_org_since")]


class Title(models.TextChoices):
    SECRETARY = "secretary", _("书记")
    DEPUTY_SECRETARY = "deputy-secretary", _("副书记")
    ORGANIZATION_MEMBER = "organization-member", _("组织委员")
    PUBLICITY_MEMBER = "publicity-member", _("宣传委员")
    DISCIPLINE_MEMBER = "discipline-member", _("纪检委员")
    COMMITTEE_MEMBER = "committee-member", _("委员")
    CELL_LEADER = "cell-leader", _("党小组组长")
    CLERK = "clerk", _("党务干事")
    GROUP_SECRETARY = "group-secretary", _("党组书记")
    GROUP_MEMBER = "group-member", _("党组成员")
    IN_CHARGE = "in-charge", _("分管领导")
    TEAM_LEADER = "team-leader", _("临时党组织负责人")
    VANGUARD = "vanguard", _("党员先锋岗")


COMMITTEE_TITLES = (
    Title.SECRETARY,
    Title.DEPUTY_SECRETARY,
    Title.ORGANIZATION_MEMBER,
    Title.PUBLICITY_MEMBER,
    Title.DISCIPLINE_MEMBER,
    Title.COMMITTEE_MEMBER,
)
GROUP_TITLES = (Title.GROUP_SECRETARY, Title.GROUP_MEMBER)
PROJECT_TITLES = (Title.TEAM_LEADER, Title.VANGUARD)
"""Posts in a business project, which give no right to anything."""
OUTSIDE_TITLES = (Title.CLERK, Title.IN_CHARGE, *PROJECT_TITLES)
"""Posts that may be held from outside and make nobody one of the body's own: who works for it, who is in charge of it
(一岗双责), who has a post in one of its projects."""


class Post(models.Model):
    """A post held in a body. `term_ends` is when the committee's term ends, whoever holds the post then."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="posts", verbose_name=_("组织"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="posts", verbose_name=_("党员"))
    title = models.CharField(_("职务"), max_length=30, choices=Title.choices)
    since = models.DateField(_("任职日期"))
    until = models.DateField(_("离任日期"), null=True, blank=True)
    term_ends = models.DateField(_("任期届满"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True, help_text=_("选举、批复的日期与文号"))
    project = models.PositiveBigIntegerField(null=True, blank=True, db_index=True)
    """Of PROJECT_TITLES: the business project, an Origin of the stage above."""

    class Meta:
        verbose_name = _("职务")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "member", "title", "since"], name="post_once"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="post_span"),
        ]


class Office(models.TextChoices):
    """三员分立: three administrators, none of whom reads minutes or ballots by right."""

    NONE = "", _("无")
    SYSTEM = "system", _("系统管理员")
    SECURITY = "security", _("安全管理员")
    AUDIT = "audit", _("审计管理员")


class Account(AbstractUser):
    """A log-in. What it may do comes from the posts of its member, or from one of the three offices, never both."""

    member = models.OneToOneField(Member, models.PROTECT, null=True, blank=True, related_name="account")
    office = models.CharField(_("管理职责"), max_length=10, choices=Office.choices, blank=True, default=Office.NONE)
    token: Token | None = None
    """The access token that acts for it in this request; None where the person does."""

    class Meta:
        verbose_name = _("账号")
        constraints = [
            models.CheckConstraint(condition=Q(office="") | Q(member__isnull=True), name="account_office_or_member")
        ]

    def __str__(self) -> str:
        return self.member.name if self.member else self.username


class Scope(models.TextChoices):
    READ = "read", _("只读")
    WRITE = "write", _("可读可写")


class Token(models.Model):
    """A person's key for programs. It acts with the account's powers of the day, or, to read only, with less.

    The secret itself is not kept: `key` is its public part, by which it is found, `digest` the SHA-256 of the rest.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    name = models.CharField(_("用途"), max_length=40)
    scope = models.CharField(_("权限"), max_length=5, choices=Scope.choices, default=Scope.READ)
    key = models.CharField(max_length=10, unique=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("新建时间"))
    expires = models.DateField(_("有效期至"))
    last_used = models.DateField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("访问令牌")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Tries(models.Model):
    """How often something was tried by somebody, who stands there only as a keyed digest. See `throttle`."""

    key = models.CharField(max_length=64, unique=True)
    times = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("尝试次数")


class JournalEntry(models.Model):
    """Who did what, when, for which body. Written in the transaction of the write itself; never changed."""

    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="journal")
    at = models.DateTimeField(_("时间"), db_index=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="journal")
    verb = models.CharField(_("动作"), max_length=40)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40, blank=True)
    summary = models.CharField(_("内容"), max_length=300)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("操作日志")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="journal_org")]


class ImportBatch(models.Model):
    """An Excel file on its way in: previewed, confirmed, and, while nothing depends on it, undone."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="imports")
    what = models.CharField(max_length=20, choices=[("roster", _("党员名册")), ("activities", _("活动记录"))])
    file_name = models.CharField(max_length=200)
    state = models.CharField(
        max_length=10,
        choices=[("preview", _("待确认")), ("done", _("已导入")), ("undone", _("已撤销"))],
        default="preview",
    )
    rows = models.JSONField(default=list)
    """Preview rows: {"line", "values", "errors", "warnings"}."""
    created = models.JSONField(default=dict)
    """What the confirmation made: {"member": [ids], …}; undo removes exactly these."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="imports")
    """None: from the command line."""
