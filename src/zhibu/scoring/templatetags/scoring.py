"""How points are written: {% load scoring %}."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhibu.scoring.points import STATES, Point, Total
from zhibu.scoring.queries import Line
from zhibu.scoring.weighing import PartSum, Place, Share

register = template.Library()
MOST_CITED = 2
LOOKS = {
    "full": ("met", "✓"), "part": ("late", "◐"), "none": ("missing", "✕"), "unknown": ("unknown", "?"),
    "not-yet-due": ("not-yet-due", "○"), "exempt": ("exempt", "–"),
}  # fmt: skip


@register.filter
def number(points: Decimal | None) -> str:
    """3.75, 4, -1.5: no needless noughts."""
    return "" if points is None else f"{points.normalize():f}"


@register.filter
def span(thing: Point | Total | PartSum) -> str:
    """3.75, or 3.75—5 where it cannot be told yet."""
    low, high = thing.low, thing.high
    return number(low) if low == high else f"{number(low)}—{number(high)}"


@register.filter
def percents(whole: Total) -> str:
    low, high = whole.percent
    return f"{number(low)}%" if low == high else f"{number(low)}%—{number(high)}%"


@register.filter
def worth(point: Point) -> str:
    """What a point says in a few words: 3.75/5分, 扣1.5分, 成立."""
    if point.state == "exempt":
        return _("不计")
    if point.role == "veto":
        return _("成立") if point.state == "none" else _("不成立") if point.state == "full" else _("说不清")
    if point.role == "deduction":
        low, high = number(-point.high), number(-point.low)
        return _("扣{points}分").format(points=low if low == high else f"{low}—{high}")
    return _("{points}/{full}分").format(points=span(point), full=number(point.full))


@register.filter
def cited(line: Line) -> str:
    """The article of the scheme; where it names none, those of the regulations behind the ledger's cells."""
    if line.item.cites:
        return line.item.cites
    found = dict.fromkeys(f"《{cell.regulation}》{cell.article}" for cell in line.point.cells if cell.article)
    return "、".join(list(found)[:MOST_CITED])


@register.filter
def signed(points: Decimal) -> str:
    """+3.5, -1, 0."""
    return f"+{number(points)}" if points > 0 else number(points)


@register.simple_tag
def share(of_whole: Share) -> str:
    """87.5%, or 60%—87.5%."""
    low, high = of_whole.rounded()
    return f"{number(low)}%" if low == high else f"{number(low)}%—{number(high)}%"


@register.simple_tag
def one_place(place: Place | None) -> str:
    """3, or 2—4 where it cannot be told."""
    if place is None:
        return "—"
    return str(place.best) if place.best == place.worst else f"{place.best}—{place.worst}"


@register.simple_tag
def place(places: Mapping[int, Place], key: int) -> str:
    return one_place(places.get(key))


@register.simple_tag
def standing(point: Point) -> SafeString:
    """The state as sign and words."""
    look, sign = LOOKS[point.state]
    markup = '<span class="st st-{}"><span class="st-sign" aria-hidden="true">{}</span>{}</span>'
    if point.role != "scored" and point.state in ("full", "none", "part"):
        return format_html(markup, look, sign, worth(point))
    return format_html(markup, look, sign, STATES[point.state].text(_))


@register.filter
def field_of(form: Any, name: str) -> Any:
    return form[name] if form is not None and name in form.fields else None
