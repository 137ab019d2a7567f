"""A season of three hundred reports: its board, and one report as it is judged, the comparison made beforehand."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from zhibu.bench.measure import DEMO_YEAR, Row, demo_home, timed

SUMMARY = "300 人的述职评议：进度表、审阅把关（服务器时间，CPU，热，SQLite，对照已做过）。"
REPORTS = 300


def run() -> Iterator[Row]:
    demo_home(REPORTS)
    from zhibu.cli.main import use_django

    use_django()
    from django.conf import settings
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from zhibu.org.models import Account

    clerk = Account.objects.get(username="gongwei")
    client = Client(SERVER_NAME="localhost")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        settings.CORPUS = folder  # what the corpus learns of these reports is not kept
        code, cycle, composed, outside = _season(clerk)
        for what, address, goal in (
            ("进度表", f"/review/{code}/{cycle}/", 0.300),
            ("进度表，只看一种状态", f"/review/{code}/{cycle}/?state=submitted&q=局", 0.300),
            ("审阅把关，台账生成的", f"/review/{code}/{cycle}/{composed}/read/", 0.200),
            ("审阅把关，外部文稿", f"/review/{code}/{cycle}/{outside}/read/", 0.200),
            ("与其他文字对照", f"/review/{code}/{cycle}/{composed}/sources/", 0.200),
        ):
            client.get(address)  # brings the corpus up to date
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            note = f"{len(queries)} 次查询" + ("" if answer.status_code == 200 else f"，状态 {answer.status_code}")
            yield Row(what, timed(lambda a=address: client.get(a), runs=9).cpu, goal, note=note)
        transaction.set_rollback(True)


def _season(clerk: Any) -> tuple[str, int, int, int]:
    """Everybody has handed in but every tenth; code of the committee, key of the season, and of two reporters."""
    from zhibu.org.models import Organization
    from zhibu.review import season
    from zhibu.review.models import Entry, Remark, Stage, Submission, Verb
    from zhibu.review.season import Plan

    at = datetime(DEMO_YEAR, 12, 28, 9, tzinfo=UTC)
    root = Organization.objects.get(depth=1)
    days = tuple((step, date(DEMO_YEAR, 12, 20)) for step in ("submit", "review"))
    cycle = season.make_cycle(clerk, root, Plan(DEMO_YEAR, "测量用的述职评议", days=days), at=at)
    people = [
        one
        for one in season.possible_reporters(root, DEMO_YEAR)
        if one.organization.kind in ("branch", "general-branch")
    ][:REPORTS]
    cycle = season.set_entries(clerk, cycle, [(one, True) for one in people], cycle.version)
    cycle = season.open_cycle(clerk, cycle, cycle.version, at=at)
    entries = list(cycle.entries.select_related("organization", "reporter", "cycle__organization"))
    later = [entry for place, entry in enumerate(entries) if place % 10 != 9]
    made = Submission.objects.bulk_create(_submission(entry, number, clerk, at) for number, entry in enumerate(later))
    Entry.objects.filter(pk__in=[entry.pk for entry in later]).update(stage=Stage.SUBMITTED)
    Remark.objects.bulk_create(
        Remark(
            organization=one.organization, entry=one.entry, submission=one, verb=verb, text="请写具体", at=at, by=clerk
        )
        for one in made[::2]
        for verb in (Verb.READ, Verb.COMMENT, Verb.COMMENT)
    )
    composed = next(entry for entry in later if entry.organization.code == "ZB003")
    _composed(composed, at)
    outside = next(entry for entry in later if entry.organization.code == "ZB004")
    return root.code, cycle.pk, composed.pk, outside.pk


def _submission(entry: Any, number: int, clerk: Any, at: datetime) -> Any:
    """Every seventh holds passages of the report before it."""
    from zhibu.bench.similarity_data import planted, report
    from zhibu.review.models import Submission

    text = report(number, 2500)
    if number % 7 == 6:
        text = planted(number, report(number - 1, 2500), number - 1, 0.4, "light").text
    return Submission(
        organization=entry.organization, entry=entry, number=1, title="述职报告", text=text, made_at=at, made_by=clerk,
        digest=hashlib.sha256(text.encode()).hexdigest(), submitted_at=at, submitted_by=clerk,
    )  # fmt: skip


def _composed(entry: Any, at: datetime) -> None:
    """Another one, from the ledger, is handed in in the place of the first."""
    from zhibu.org.models import Account
    from zhibu.reports.models import Report
    from zhibu.reports.services import start_report
    from zhibu.review import handing_in

    writer = Account.objects.filter(member=entry.reporter).first() or Account.objects.create(
        username="bench", member=entry.reporter
    )
    on = date(DEMO_YEAR, 12, 31)
    known = Report.objects.filter(organization=entry.organization, year=DEMO_YEAR, writer=entry.reporter)
    found = known.select_related("organization", "writer", "snapshot").first()
    found = found or start_report(writer, entry.organization, DEMO_YEAR, entry.reporter, on, at=at)
    made = handing_in.prepare(writer, entry, found, "改为由台账生成", at=at)
    type(made).objects.filter(pk=made.pk).update(submitted_at=at + timedelta(hours=1), submitted_by=writer)
