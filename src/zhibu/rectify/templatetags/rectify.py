"""How far a problem is, and of which kind, as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from zhibu.rectify.kinds import problem_kinds
from zhibu.rectify.states import ProblemState

register = template.Library()

_LOOKS = {
    ProblemState.BARE: ("defective", "！"),
    ProblemState.OVERDUE: ("missing", "✕"),
    ProblemState.IN_HAND: ("not-yet-due", "○"),
    ProblemState.REPORTED: ("late", "◐"),
    ProblemState.CLOSED: ("met", "✓"),
}


@register.filter
def problem_state(name: str) -> SafeString:
    """The state as sign and words."""
    state = ProblemState(name)
    look, sign = _LOOKS[state]
    markup = '<span class="st st-{}"><span class="st-sign" aria-hidden="true">{}</span>{}</span>'
    return format_html(markup, look, sign, state.label)


@register.filter
def problem_kind(slug: str) -> str:
    kind = problem_kinds().get(slug)
    if kind is None:
        return slug
    return kind.label_en if get_language() == "en" else kind.label


@register.filter
def nth(rows: Sequence[Any] | str, number: int) -> Any:
    """The row of that number, or nothing: the page that shows a refused form has no remarks any more."""
    return rows[number] if number < len(rows) else ()
