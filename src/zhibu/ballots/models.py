"""A secret ballot: its words, who counts, the roll, and, apart from the roll, what was cast.

Who voted is known, how anyone voted is not: `Vote` holds a sealed envelope nobody here can open.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhibu.org.models import Account, Member, Organization


class State(models.TextChoices):
    DRAFT = "draft", _("准备中")
    SEALED = "sealed", _("已封存，待开启")
    OPEN = "open", _("投票中")
    CLOSED = "closed", _("已截止，待拆封")
    MIXED = "mixed", _("已拆封，待计票")
    COUNTED = "counted", _("已公布结果")
    VOID = "void", _("已作废")


class Ballot(models.Model):
    """`uid` names it in public; `plan` is its words while drafted, afterwards the manifest (an Artefact) is."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="ballots")
    uid = models.CharField(max_length=32, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    plan = models.JSONField()
    """{"questions", "categories", "rule", "yes", "seats"}, as the manifest has them."""
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    opens_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    closes_at = models.DateTimeField(_("截止时间"), null=True, blank=True)
    objection_days = models.PositiveSmallIntegerField(_("异议期（天）"), default=5)
    present = models.PositiveIntegerField(_("实到人数"), null=True, blank=True)
    counted_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    destroyed_at = models.DateTimeField(_("销毁时间"), null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by", verbose_name=_("代替")
    )
    """The void one it was made anew from."""
    receipt_key = models.TextField(blank=True)
    """Signs receipts (PEM); destroyed with the votes."""
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("票决")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="ballot_org")]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gte=F("opens_at")), name="ballot_span"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Role(models.TextChoices):
    SCRUTINEER = "scrutineer", _("监票人")
    TELLER = "teller", _("计票人")


class Official(models.Model):
    """A member who watches over the ballot. A scrutineer holds a key, of which only the public points are here."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="officials")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices)
    layer = models.PositiveSmallIntegerField(null=True)
    """A scrutineer's turn, from 1."""
    sealing = models.CharField(max_length=90, blank=True)
    signing = models.CharField(max_length=90, blank=True)

    class Meta:
        ordering = ["layer", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "member"], name="official_once"),
            models.UniqueConstraint(fields=["ballot", "layer"], name="official_layer_once"),
        ]


class Voter(models.Model):
    """A line of the roll. With an account the member votes logged in; without, by a slip whose hash is kept."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="voters")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    category = models.CharField(_("类别"), max_length=40)
    slip = models.CharField(max_length=64, null=True, blank=True)
    """SHA-256 of the slip's secret."""
    paper = models.BooleanField(pgettext_lazy("ballot", "已领纸质票"), default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "member"], name="voter_once"),
            models.UniqueConstraint(fields=["ballot", "slip"], name="voter_slip_once"),
        ]


class Vote(models.Model):
    """What a voter cast last, sealed. One a voter, enforced by the key; no time, no number of its own. `turn` counts
    how often it was cast, as the receipt says which of them it is for."""

    voter = models.OneToOneField(Voter, models.CASCADE, primary_key=True, related_name="vote")
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="votes")
    sealed = models.BinaryField()
    turn = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(turn__gte=1), name="vote_turn")]


class HandCount(models.Model):
    """Paper ballots of one pool as one person counted them; two who agree make them count."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="hand_counts")
    pool = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    count = models.JSONField()

    class Meta:
        ordering = ["pool", "id"]
        constraints = [models.UniqueConstraint(fields=["ballot", "pool", "member"], name="hand_count_once")]


class Artefact(models.Model):
    """A published step, chained by hash; never changed. `text` is the canonical JSON that was hashed."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="artefacts")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    text = models.TextField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["ballot", "position"], name="artefact_once")]


# --- anonymous questionnaires -----------------------------------------------------------------------------------------


class Asking(models.TextChoices):
    DRAFT = "draft", _("准备中")
    OPEN = "open", _("答题中")
    CLOSED = "closed", _("已结束")


class Questionnaire(models.Model):
    """Asks for opinions, never decides anything. `key` signs tokens (PEM), from opening to closing; `modulus` is its
    public half as base64url."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="questionnaires")
    uid = models.CharField(max_length=32, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    questions = models.JSONField()
    state = models.CharField(_("状态"), max_length=10, choices=Asking.choices, default=Asking.DRAFT)
    key = models.TextField(blank=True)
    modulus = models.CharField(max_length=400, blank=True)
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("不记名问卷")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="questionnaire_org")]
        constraints = [
            models.CheckConstraint(condition=Q(state=Asking.OPEN) | Q(key=""), name="questionnaire_key_while_open")
        ]

    def __str__(self) -> str:
        return self.title


class Right(models.Model):
    """Somebody may answer once: a member, or whoever holds the slip. Knows that a token was signed, never which;
    `blinded` is kept until closing, so that the same device can ask again when the reply got lost."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="rights")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    slip = models.CharField(max_length=64, null=True, blank=True)
    """SHA-256 of the slip's secret."""
    issued = models.BooleanField(default=False)
    blinded = models.BinaryField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "member"], name="right_once"),
            models.UniqueConstraint(fields=["questionnaire", "slip"], name="right_slip_once"),
        ]


class Answer(models.Model):
    """What somebody said, under the hash of a token. No time, and a random number instead of a running one: the order
    in which answers came is in no table."""

    id = models.BigIntegerField(primary_key=True)
    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="answers")
    token = models.CharField(max_length=64)
    given = models.JSONField()
    """Question → choice, or words."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["questionnaire", "token"], name="answer_once")]
