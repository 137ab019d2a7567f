"""Words and pictures of a comparison: `{% load corpus_words %}`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.corpus.passages import Sheet, solid
from zhibu.trace import Passage

register = template.Library()

KINDS = {
    "identical": gettext_lazy("文字相同"),
    "values": gettext_lazy("只改了数字、日期或名称"),
    "edited": gettext_lazy("略有改动"),
    "reordered": gettext_lazy("换了位置"),
}
CATEGORIES = {
    "own": gettext_lazy("本单位"),
    "sister": gettext_lazy("其他支部"),
    "template": gettext_lazy("范文模板"),
    "material": gettext_lazy("学习材料"),
}


@register.filter
def kind_label(kind: str) -> str:
    return str(KINDS[kind])


@register.filter
def category_label(category: str) -> str:
    return str(CATEGORIES[category])


@register.filter
def percent(share: float) -> str:
    """Whole per cent; 100 % only for the whole, and never 0 % for something."""
    if share >= 1:
        return "100%"
    return _("不到1%") if share < 0.01 else f"{int(share * 100)}%"


@register.filter
def kinds_of(passages: Sequence[Passage]) -> list[tuple[str, int]]:
    """How many passages there are of each kind, in the order of KINDS."""
    count = Counter(each.kind for each in passages)
    return [(str(label), count[kind]) for kind, label in KINDS.items() if count[kind]]


@register.simple_tag
def strip(passages: Sequence[Passage], sheet: Sheet) -> SafeString:
    """A picture of where in the report the passages stand: the text is the whole width, a passage a dark stretch."""
    length = max(len(sheet.compared), 1)
    ranges = (each for passage in passages for each in solid(sheet.compared, passage.start, passage.end))
    rects = format_html_join(
        "", '<rect x="{}" y="0" width="{}" height="10"/>',
        ((begin * 1000 // length, max(3, (end - begin) * 1000 // length)) for begin, end in ranges),
    )  # fmt: skip
    return format_html(
        '<svg class="strip" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        _("相同的段落在报告中的位置"), rects,
    )  # fmt: skip
