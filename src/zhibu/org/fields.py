"""Small rules every write shares: no future days, known fields only, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from zhibu.errors import UserError


def not_future(day: date | None, today: date) -> None:
    if day and day > today:
        raise UserError("date-in-future", "日期{day}还没有到，请核对。", day=day)


def life_in_order(values: Mapping[str, Any], today: date) -> None:
    """Born, joined, confirmed: none in the future, each after the one before, eighteen when joining."""
    born, joined, confirmed = (values.get(name) for name in ("born", "joined", "confirmed"))
    for day in (born, joined, confirmed):
        not_future(day, today)
    if born and joined and joined < born.replace(year=born.year + 18, day=min(born.day, 28)):
        raise UserError("joined-too-young", "入党日期{joined}时不满18岁，请核对出生日期和入党日期。", joined=joined)
    if joined and confirmed and confirmed <= joined:
        raise UserError(
            "confirmed-before-joined", "转正日期{day}应在入党日期{joined}之后。", day=confirmed, joined=joined
        )


def only(fields: Mapping[str, Any], allowed: Iterable[str]) -> dict[str, Any]:
    unknown = set(fields) - set(allowed)
    if unknown:
        raise TypeError(f"unknown fields {sorted(unknown)}")
    return dict(fields)


def change(row: Any, values: Mapping[str, Any]) -> dict[str, str]:
    """Set what differs and save it; give the names with the values before, as text."""
    changed = {name: str(getattr(row, name) or "") for name, value in values.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=list(changed))
    return changed
