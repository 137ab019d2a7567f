"""`{% load notices %}`: names of the kinds."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from zhibu.notices.kinds import notice_kinds

register = template.Library()


@register.simple_tag
def kind_name(slug: str) -> str:
    """The kind's name in the reader's language; a kind that is no longer there shows as its slug."""
    kind = notice_kinds().get(slug)
    if kind is None:
        return slug
    return kind.label_en if get_language() == "en" else kind.label
