"""资料库: texts a body compares its reports with that are no reports of the workbench."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.org.models import Account, Organization


class Visibility(models.TextChoices):
    """Where a text comes from. Templates and material are read by the bodies below too, the others are drafts."""

    OWN = "own", _("本单位往年")
    SISTER = "sister", _("其他支部")
    TEMPLATE = "template", _("范文模板")
    MATERIAL = "material", _("学习材料")


SHARED = (Visibility.TEMPLATE, Visibility.MATERIAL)


class CorpusText(models.Model):
    """A text in a body's corpus. Reports written in the workbench are in it without a row here."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="corpus_texts")
    title = models.CharField(_("标题"), max_length=200)
    owner = models.CharField(_("谁的文字"), max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    visibility = models.CharField(_("来源"), max_length=10, choices=Visibility.choices, default=Visibility.OWN)
    text = models.TextField(_("正文"))
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("资料")
        ordering = ["-year", "-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "digest"], name="corpus_text_once")]

    def __str__(self) -> str:
        return self.title
