"""Reports of both branches, with words of their own that can be told apart, or copied."""

from __future__ import annotations

from tests.corpus.texts import ARCHIVES, HYDROLOGY
from tests.reports.year import AT, ON, a_year, record
from zhibu.reports.editing import rows_of
from zhibu.reports.services import save_report, start_report

SECRET = "档案馆自己的一件事：库房漏雨，夜里搬了四百箱档案。"


def written(actor, report, *paragraphs):
    """The report with paragraphs of its writer's own before the closing."""
    rows = rows_of(report.body)
    rows[-3:-3] = [{"style": "paragraph", "text": text} for text in paragraphs]
    return save_report(actor, report, rows, report.version, at=AT)


def two_reports(cast, ours=(HYDROLOGY,), theirs=(ARCHIVES, HYDROLOGY, SECRET)):
    """A report of each branch for 2025; by default the other's holds a paragraph of ours."""
    a_year(cast)
    mine = start_report(cast.secretary, cast.branch, 2025, cast.members[0], ON, at=AT)
    record(cast.other, "talk", ON.replace(month=3), cast.outsider.member, "谈话")
    other = start_report(cast.outsider, cast.other, 2025, cast.outsider.member, ON, at=AT)
    return written(cast.secretary, mine, *ours), written(cast.outsider, other, *theirs)
