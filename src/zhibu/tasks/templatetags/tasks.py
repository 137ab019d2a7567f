"""How a task's state and its steps read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhibu.org.models import ABOVE_BRANCHES, Organization
from zhibu.tasks.models import State, Task, TaskStep

register = template.Library()

_LOOKS = {State.OPEN: "not-yet-due", State.REPORTED: "late", State.CLOSED: "met", State.MISSED: "missing"}
_SIGNS = {
    State.OPEN: "○",
    State.REPORTED: "◐",
    State.CLOSED: "✓",
    State.MOVED: "→",
    State.MISSED: "✕",
    State.DRAFT: "…",
    State.CANCELLED: "－",
}


@register.simple_tag
def task_state(task: Task, today: date) -> SafeString:
    """The state as sign and words; an open one past its deadline says so."""
    if task.state == State.OPEN and task.due and task.due < today:
        look, sign, words = "missing", "✕", _("已过时限")
    else:
        state = State(task.state)
        look, sign, words = _LOOKS.get(state, "exempt"), _SIGNS[state], str(state.label)
    markup = '<span class="st st-{}"><span class="st-sign" aria-hidden="true">{}</span>{}</span>'
    return format_html(markup, look, sign, words)


@register.filter
def stands_above(body: Organization) -> bool:
    """Whether it looks after other bodies."""
    return body.kind in ABOVE_BRANCHES


@register.filter
def of(found: Mapping[int, Any], key: int) -> Any:
    return found.get(key)


@register.filter
def changes(step: TaskStep) -> list[str]:
    """What a step changed, in words."""
    lines = []
    due, owner, helpers = (step.data.get(name) for name in ("due", "owner", "helpers"))
    if isinstance(due, list):
        lines.append(_("时限由{before}改为{after}").format(before=due[0] or _("未定"), after=due[1]))
    elif due:
        lines.append(_("时限{day}").format(day=due))
    name = owner[-1] if isinstance(owner, list) else owner
    if name:
        lines.append(_("责任人{name}").format(name=name))
    if helpers:
        lines.append(_("协办人{names}").format(names="、".join(helpers)))
    return lines
