"""Chart data for templates: `{% load chart_data %}`."""

from __future__ import annotations

import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def as_json(data: Any) -> str:
    """JSON for a data attribute. Not for a script element: htmx takes those out of what it swaps in."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
