"""Half-open spans in the database: a row holds from `since` up to, but not including, `until` (empty: still)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def in_force(day: date, prefix: str = "") -> Q:
    """Rows in force on `day`; `prefix` leads to them, e.g. `statuses__`."""
    return Q(**{f"{prefix}since__lte": day}) & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": day}))
