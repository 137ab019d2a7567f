"""Filters of the activities' pages: `{% load activities %}`."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.translation import get_language

from zhibu.activities.kinds import Kind
from zhibu.org.models import Title
from zhibu.rulebook.yamlfile import vocabulary

register = template.Library()


@register.filter
def month_of(day: date) -> str:
    """2025-03-05 → 2025-03, a period's key."""
    return f"{day:%Y-%m}"


@register.filter
def kind_name(slug: str) -> str:
    """The kind's name in the reader's language; the slug itself if the kind is no longer known."""
    words = vocabulary()["kinds"].get(slug, {"label": slug, "label_en": slug})
    return words["label_en" if (get_language() or "").startswith("en") else "label"]


@register.filter
def post_name(title: str) -> str:
    """副书记 for deputy-secretary; the title itself if it is no longer known."""
    return str(Title(title).label) if title in Title.values else title


@register.filter
def gaps(lacks: list[str], kind: Kind) -> str:
    """The parts a record lacks, which are stored by their Chinese labels, in the reader's language."""
    if not (get_language() or "").startswith("en"):
        return "、".join(lacks)
    english = {one.label: one.label_en for one in (*kind.columns.values(), *kind.fields)}
    return ", ".join(english.get(label, label) for label in lacks)
