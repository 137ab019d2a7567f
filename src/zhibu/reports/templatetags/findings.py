"""Words of the checker on a page: `{% load findings %}`."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy, pgettext_lazy

register = template.Library()

SEVERITIES = {
    "error": pgettext_lazy("severity", "错误"),
    "warning": pgettext_lazy("severity", "警告"),
    "info": pgettext_lazy("severity", "提示"),
}
FAMILIES = {
    "ST": pgettext_lazy("family", "结构"),
    "FA": pgettext_lazy("family", "事实"),
    "WO": pgettext_lazy("family", "文字"),
    "OR": pgettext_lazy("family", "原创"),
    "RE": pgettext_lazy("family", "整改"),
}
CONFIDENCE = {
    "certain": gettext_lazy("确定"),
    "likely": gettext_lazy("多半"),
    "hint": gettext_lazy("供参考"),
}


@register.filter
def severity_label(severity: str) -> str:
    return str(SEVERITIES[severity])


@register.filter
def family_label(family: str) -> str:
    return str(FAMILIES[family])


@register.filter
def confidence_label(confidence: str) -> str:
    return str(CONFIDENCE[confidence])
