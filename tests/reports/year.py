"""A branch's small year on the cast: enough records for a report with figures, gaps and a problem."""

from __future__ import annotations

from datetime import UTC, date, datetime

from zhibu.activities.models import Activity, Resolution
from zhibu.reports.services import start_report

AT = datetime(2026, 1, 9, 2, 0, tzinfo=UTC)
ON = date(2025, 12, 22)


def record(branch, kind, held, chair, title="", **more):
    written = datetime(held.year, held.month, held.day, 12, tzinfo=UTC)
    values = {
        "entitled": 8, "present": 7, "attended": 8, "recorder": chair, "place": "一楼会议室", "starts": "09:00",
        "ends": "10:30", "agenda": "议题", "minutes": "记录", "recorded_at": written, "changed_at": written,
    }  # fmt: skip
    name = title or f"{held.month}月{kind}"
    return Activity.objects.create(
        organization=branch, kind=kind, held=held, chair=chair, title=name, **(values | more)
    )


def a_year(cast):
    """Three general meetings (none in the third quarter), one lecture, one talk; two resolutions, one carried out."""
    branch, chair, deputy = cast.branch, cast.members[0], cast.members[1]
    first = record(branch, "general-meeting", date(2025, 3, 5), chair, "第一季度党员大会")
    record(branch, "general-meeting", date(2025, 6, 10), deputy, "第二季度党员大会", present=8)
    record(branch, "general-meeting", date(2025, 12, 1), chair, "第四季度党员大会")
    record(
        branch, "lecture", date(2025, 7, 1), chair, "七一党课", fields={"topic": "坚定理想信念", "lecturer": chair.pk}
    )
    record(branch, "talk", date(2025, 8, 1), chair, "谈心谈话", attended=2, entitled=0, present=0)
    Resolution.objects.create(organization=branch, activity=first, text="修订计划", done=date(2025, 4, 1))
    Resolution.objects.create(organization=branch, activity=first, text="公开计划")
    return branch


def a_report(cast, writer=None):
    a_year(cast)
    return start_report(cast.secretary, cast.branch, 2025, writer or cast.members[0], ON, at=AT)


def posted(report, **more):
    """What the edit page's form posts for the report as it stands."""
    from zhibu.reports.editing import rows_of

    rows = rows_of(report.body)
    return {"version": report.version, "style": [row["style"] for row in rows],
            "text": [row["text"] for row in rows], **more}  # fmt: skip
