"""Words and pictures of a comparison: `{% load corpus_words %}`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
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


SIDE, NAMES, STEP = 1000, 230, 34
"""The matrix in pixels: at most so wide, so much for the names of its rows, a place at most so large."""
MOST_NAMED = 40
"""Rows are named and columns numbered up to so many."""


@register.simple_tag
def matrix(order: Sequence[Any], cells: Sequence[Any]) -> SafeString:
    """A picture of all against all: a row and a column each, the darker the more of the row stands in the column too.

    Every dark place says what it is and leads to the two texts; the page lists the same pairs in words.
    """
    named = len(order) <= MOST_NAMED
    left, above = (NAMES, 24) if named else (0, 0)
    step = min(STEP, (SIDE - left) / max(len(order), 1))
    side = round(step * len(order), 2)

    def at(number: int) -> float:
        return round(number * step, 2)

    labels: SafeString | str = ""
    if named:
        size = min(round(step * 0.6), 14)
        labels = format_html_join(
            "", '<text x="{}" y="{}" font-size="{}" text-anchor="end">{} {}</text>'
            '<text x="{}" y="18" font-size="{}" text-anchor="middle">{}</text>',
            ((left - 8, round(above + at(n) + step * 0.65), size, str(one.organization)[:13], n + 1,
              round(left + at(n) + step / 2, 2), size, n + 1) for n, one in enumerate(order)),
        )  # fmt: skip
    place = f'width="{step:.2f}" height="{step:.2f}"'
    own = format_html_join(
        "", '<rect x="{}" y="{}" {} fill="#c5cdd5"/>',
        ((left + at(n), above + at(n), mark_safe(place)) for n in range(len(order))),  # noqa: S308 (two numbers)
    )  # fmt: skip
    dark = format_html_join(
        "", '<a href="{}" tabindex="-1"><rect x="{}" y="{}" {} fill="#8a2c0d" fill-opacity="{}">'
        "<title>{} {}</title></rect></a>",
        ((cell.url, left + at(cell.column), above + at(cell.row), mark_safe(place),  # noqa: S308 (two numbers)
          f"{0.2 + 0.8 * cell.share:.2f}", cell.label, percent(cell.share)) for cell in cells),
    )  # fmt: skip
    return format_html(
        '<svg class="matrix" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<rect x="{}" y="{}" width="{}" height="{}" fill="#f1f4f7"/>{}{}{}</svg>',
        left + side, above + side, left + side, above + side,
        _("全部报告相互对照的图，下面的表列出同样的内容"), left, above, side, side, labels, own, dark,
    )  # fmt: skip
