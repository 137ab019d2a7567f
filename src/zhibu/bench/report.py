"""From a snapshot to DOCX and PDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhibu.bench.measure import DEMO_YEAR, Row, demo_home, peak_megabytes, timed

SUMMARY = "由台账快照起草述职报告，写成 DOCX 和 PDF（CPU 时间）。"


def run() -> Iterator[Row]:
    demo_home(200)
    from zhibu.cli.main import use_django

    use_django()
    from datetime import date

    from zhibu.ledger.snapshots import snapshot_data
    from zhibu.org.models import Organization

    branches = list(Organization.objects.filter(kind="branch").order_by("code"))
    day = date(DEMO_YEAR, 12, 31)
    one = branches[0]
    snapshot = snapshot_data(one, DEMO_YEAR, day)
    yield Row("快照（查库、台账）", timed(lambda: snapshot_data(one, DEMO_YEAR, day)).cpu)
    yield Row("起草", timed(lambda: composed(snapshot)).cpu)
    yield Row("起草 + DOCX + PDF", timed(lambda: printed(snapshot)).cpu, 0.400)

    def season() -> None:
        for branch in branches[:200]:
            printed(snapshot_data(branch, DEMO_YEAR, day))

    yield Row(
        "200 个支部，连同快照", timed(season, runs=1, warmup=0).wall, 60, note=f"最多占内存 {peak_megabytes():.0f} MB"
    )


def composed(snapshot: Any) -> Any:
    from zhibu.reports.composing import to_document
    from zhibu.reports.drafting import draft

    body, writer, _ = draft(snapshot, "青禾县委县直机关工委")
    return to_document(body, snapshot, writer, annex=True, day=snapshot["on"])


def printed(snapshot: Any) -> tuple[bytes, bytes]:
    from zhibu.documents.docx import write_docx
    from zhibu.documents.pdf import write_pdf

    document = composed(snapshot)
    return write_docx(document), write_pdf(document).data
