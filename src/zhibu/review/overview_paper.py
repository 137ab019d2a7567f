"""The leaders' overview as a short PDF with charts; typst draws them from plain figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhibu.documents.fonts import find_fonts
from zhibu.documents.pdf import Pdf, Printable, set_in_type
from zhibu.review.overview_queries import Picture

_TEMPLATE = Path(__file__).with_name("overview.typ")
MOST_NEEDS = 60


def overview_pdf(found: Picture) -> Pdf:
    """UserError when a font is missing."""
    fonts = find_fonts()
    printable = Printable(fonts)
    return set_in_type(_TEMPLATE, _content(found, printable) | {"fonts": fonts.chains()}, fonts, printable)


def _content(found: Picture, printable: Printable) -> dict[str, Any]:
    text = printable.text
    on = found.on
    return {
        "title": text(f"{found.committee.name}{found.year}年度党建工作概览"),
        "organization": text(found.committee.name),
        "date": {"year": on.year, "month": on.month, "day": on.day},
        "lead": text(
            f"截至{on.year}年{on.month}月{on.day}日，所属{len(found.lines)}个党组织应完成{found.total.owed}项，"
            f"已完成{found.total.done}项。数字全部来自台账、问题清单和述职评议记录。"
        ),
        "duties": [
            {"label": text(duty.label), "done": sum(line.cells[at].done for line in found.lines),
             "owed": sum(line.cells[at].owed for line in found.lines)}
            for at, duty in enumerate(found.duties)
        ],
        "trend": [
            {"label": f"{one.year}年", "done": one.sum.done, "owed": one.sum.owed, "problems": one.problems,
             "closed": one.closed, "reporters": one.reporters, "answered": one.answered}
            for one in found.trend
        ],
        "kinds": [
            {"label": text(one.label), "found": one.tally.found, "closed": one.tally.closed} for one in found.kinds
        ],
        "needs": [
            {"name": text(one.body.name), "why": text("".join(why.text() for why in one.why))}
            for one in found.needs[:MOST_NEEDS]
        ],
        "more": max(len(found.needs) - MOST_NEEDS, 0),
    }  # fmt: skip
