"""Tags and filters every stage's pages share: `{% load zhibu %}`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhibu.errors import Sentence, UserError
from zhibu.org.access import may_see, today
from zhibu.web import icons, navigation
from zhibu.web.statuses import SIGNS, words_of

register = template.Library()


@register.simple_tag
def status(name: str) -> SafeString:
    """A ledger cell's status as sign and words, with the colour only added: `{% status "met" %}`."""
    markup = '<span class="st st-{}"><span class="st-sign" aria-hidden="true">{}</span>{}</span>'
    return format_html(markup, name, SIGNS[name], words_of(name))


@register.filter
def status_label(name: str) -> str:
    """The words alone: for headings, options and charts."""
    return words_of(name)


@register.filter
def status_sign(name: str) -> str:
    """The sign alone, for narrow cells that carry the words in a title or hidden text."""
    return SIGNS[name]


@register.filter
def period_name(key: object) -> str:
    """2025 → 2025年, 2025-H1 → 2025年上半年, 2025-Q1 → 2025年第一季度, 2025-03 → 2025年3月; other keys as they are."""
    year, _dash, rest = str(getattr(key, "key", key)).partition("-")
    quarters = {"Q1": _("第一季度"), "Q2": _("第二季度"), "Q3": _("第三季度"), "Q4": _("第四季度"), "H1": _("上半年"),
                "H2": _("下半年")}  # fmt: skip
    if not year.isdigit():
        return str(key)
    if not rest:
        return _("{year}年").format(year=year)
    if rest in quarters:
        return _("{year}年{part}").format(year=year, part=quarters[rest])
    if rest.isdigit() and 1 <= int(rest) <= 12:
        return _("{year}年{month}月").format(year=year, month=int(rest))
    return str(key)


@register.filter
def cn_date(day: date | None) -> str:
    """2025-03-05 → 2025年3月5日; in English as ISO, which nobody misreads. Nothing for no date."""
    if not day:
        return ""
    if get_language() == "en":
        return f"{day:%Y-%m-%d}"
    return f"{day.year}年{day.month}月{day.day}日"


@register.simple_tag
def label(thing: Any) -> str:
    """`label` or `label_en` of a mapping or an object from a data file, by the reader's language."""
    for name in ("label_en", "label") if get_language() == "en" else ("label",):
        text = thing.get(name) if isinstance(thing, dict) else getattr(thing, name, "")
        if text:
            return str(text)
    return ""


@register.filter
def said(sentence: object) -> str:
    """A Sentence or UserError in the reader's language; any other text as it is."""
    return sentence.text(_) if isinstance(sentence, Sentence | UserError) else str(sentence)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An outline icon of the product's own small set, invisible to screen readers: the words beside it speak."""
    return mark_safe(icons.svg(name))  # noqa: S308  (a constant of this package)


@register.simple_tag(takes_context=True)
def body_of(context: Context, organization: Any, bodies: Any) -> Any:
    """The body in the frame: the page's; on a page about none, or about one whose other pages the reader may not open
    (a committee he reports to or votes in), his own."""
    user = context.get("user")
    if organization and (user is None or not user.is_authenticated or may_see(user, organization, today())):
        return organization
    return bodies.own if bodies else None


@register.simple_tag(takes_context=True)
def tabs(context: Context, organization: Any) -> list[navigation.Tab]:
    """The links of the body the page is about; those whose page does not exist are left out."""
    request = context.get("request")
    user = context.get("user")
    if request is None or not getattr(user, "is_authenticated", False):
        return []
    return navigation.tabs(organization, request, user)


@register.filter
def has_rest(tab_list: list[navigation.Tab]) -> bool:
    """Whether some of the links have no place in the bar of a phone."""
    return any(not tab.in_bar for tab in tab_list)


@register.filter
def language_tag(code: str) -> str:
    """The language as browsers and screen readers know it."""
    return {"zh-hans": "zh-CN"}.get(code, code)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's control with the look's classes, and with its hint and errors named for screen readers."""
    widget = field.field.widget
    attrs = dict(widget.attrs)
    attrs["class"] = f"{attrs.get('class', '')} {_control_class(widget)}".strip()
    if field.errors and "is-invalid" not in attrs["class"]:
        attrs["class"] += " is-invalid"
    if field.errors:
        attrs["aria-invalid"] = "true"
    if not field.use_fieldset:
        described = [f"{field.auto_id}_helptext"] * bool(field.help_text) + [f"{field.auto_id}_errors"] * bool(
            field.errors
        )
        if described:
            attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


def _control_class(widget: object) -> str:
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control form-control-file" if isinstance(widget, FileInput) else "form-control"
