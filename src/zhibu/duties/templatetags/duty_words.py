"""Words about a duty for templates: `{% load duty_words %}`."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from zhibu.org.models import Organization
from zhibu.rulebook.duty import CONFIDENCES, Duty
from zhibu.rulebook.explain import STRENGTH_MEANINGS, UNVERIFIED, for_whom, what_counts, when_not

register = template.Library()

# With a context, as 一般 is also a grade.
WORDS = {
    "must": pgettext_lazy("strength", "必须"),
    "shall": pgettext_lazy("strength", "应当"),
    "at-least": pgettext_lazy("strength", "至少"),
    "usually": pgettext_lazy("strength", "一般"),
    "may": pgettext_lazy("strength", "可以"),
}


@register.filter
def strength_name(strength: str) -> str:
    """The word of the text: 必须, 应当, 至少, 一般, 可以."""
    return str(WORDS[strength])


@register.filter
def strength_meaning(strength: str) -> str:
    """What the word asks for: 一般：通常要做，没有做的请说明原因."""
    return STRENGTH_MEANINGS[strength].text(_)


@register.filter
def unverified_mark(duty: Duty) -> str:
    """条文未核对, or 本地任务 for a local document; nothing where the text was read."""
    if duty.verified:
        return ""
    return _("本地任务") if duty.confidence == "P" else _("条文未核对")


@register.filter
def unverified_note(confidence: str) -> str:
    return UNVERIFIED[confidence].text(_) if confidence in UNVERIFIED else _(CONFIDENCES[confidence])


@register.filter
def duty_note(duty: Duty) -> str:
    """The remark of the rule file in the reader's language."""
    return duty.note_en if get_language() == "en" and duty.note_en else duty.note


@register.filter
def owed_by(duty: Duty) -> str:
    return for_whom(duty).text(_)


@register.filter
def counted(duty: Duty) -> list[str]:
    """Sentences that say when the duty is fulfilled."""
    return [sentence.text(_) for sentence in what_counts(duty)]


@register.filter
def not_asked(duty: Duty) -> list[str]:
    """Sentences that say when nothing is asked for."""
    return [sentence.text(_) for sentence in when_not(duty)]


@register.simple_tag
def url_of_duty(organization: Organization, duty: Duty) -> str:
    """The page of a duty as it concerns a body."""
    slug, _slash, key = duty.id.rpartition("/")
    return reverse("duties:duty", args=(organization.code, slug, key))
