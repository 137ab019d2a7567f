"""The handbook of a branch-year, from the database to DOCX and PDF, and how it grows with the records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhibu.bench.measure import DEMO_YEAR, Row, demo_home, peak_megabytes, timed

SUMMARY = "支部工作手册：由一年的记录编成 DOCX 和 PDF（CPU 时间，SQLite）。"
SIZES = (120, 480, 1920)
"""Records of the year. The demo's are copied up to that number and taken back afterwards."""


def run() -> Iterator[Row]:
    demo_home(200)
    from zhibu.cli.main import use_django

    use_django()
    from django.db import transaction

    from zhibu.org.models import Organization

    branches = list(Organization.objects.filter(kind="branch").order_by("code")[: 2 * len(SIZES) + 1])
    list(_made(branches.pop(), "pdf"))  # the fonts are read once in a process
    for size in SIZES:
        for form in ("pdf", "docx"):
            branch = branches.pop()  # another one each time: what was set once is set quicker again
            with transaction.atomic():
                copy_records(branch, size)
                yield from _made(branch, form, 3.0 if size == SIZES[0] else None)
                transaction.set_rollback(True)


def _made(branch: Any, form: str, goal: float | None = None) -> Iterator[Row]:
    """One handbook of a branch, made for the first time."""
    from datetime import date

    from zhibu.documents.printing import printed_as
    from zhibu.handbook.composing import handbook
    from zhibu.handbook.outline import outline_in_use
    from zhibu.handbook.queries import branch_year
    from zhibu.handbook.year import EVERYTHING

    day = date(DEMO_YEAR + 1, 1, 10)
    year = timed(lambda: branch_year(branch, DEMO_YEAR, day, EVERYTHING), 1, 0)
    document = timed(lambda: handbook(year.result, outline_in_use()), 1, 0)
    printed = timed(lambda: printed_as(document.result, form), 1, 0)
    count = len(year.result.records) + len(year.result.talks)
    note = f"读库 {year.cpu:.2f} s，编排 {document.cpu:.2f} s，排版 {printed.cpu:.2f} s，"
    note += f"{_page_count(printed.result.data)} 页，" if form == "pdf" else ""
    note += f"最多占内存 {peak_megabytes():.0f} MB"
    yield Row(f"{count} 条记录，{form.upper()}", year.cpu + document.cpu + printed.cpu, goal, note=note)


def _page_count(pdf: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(pdf))


def copy_records(branch: Any, size: int) -> None:
    """Copy the year's records of the branch, rows and all, until there are `size`."""
    from zhibu.activities.models import Activity, Attendance, Resolution, Vote

    own = list(Activity.objects.filter(organization=branch, held__year=DEMO_YEAR, withdrawn_at=None).order_by("pk"))
    originals = [one.pk for one in own]
    wanted = size - len(own)
    copies = [own[place % len(own)] for place in range(wanted)]
    sources = [one.pk for one in copies]
    for start in range(0, wanted, len(own)):
        rows = own[: min(len(own), wanted - start)]
        for row in rows:
            row.pk = None
        made = Activity.objects.bulk_create(rows)
        keys = dict(zip(sources[start : start + len(rows)], [one.pk for one in made], strict=True))
        for model in (Attendance, Resolution, Vote):
            found = list(model.objects.filter(activity__in=list(keys)))
            for each in found:
                each.pk, each.activity_id = None, keys[each.activity_id]
            model.objects.bulk_create(found)
        own = list(Activity.objects.filter(pk__in=originals).order_by("pk"))
