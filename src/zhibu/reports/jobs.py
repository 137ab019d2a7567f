"""A season's comparison behind the pages; the page that asked for it shows how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from zhibu.org.models import Organization
from zhibu.reports import season


@dataclass(frozen=True, slots=True)
class Progress:
    """`state`: waiting for the worker, running, or failed; `done` of `total` reports, 0 of 0 before the first one."""

    state: str
    done: int = 0
    total: int = 0


@task()
def compare_season(committee: int, year: int) -> int:
    """Compare the reports of a year below a committee; how many pairs share something. Run twice, the second result
    takes the place of the first."""
    body = Organization.objects.get(pk=committee)
    try:
        found = season.compute(body, year, at=timezone.now(), told=partial(season.note, body, year))
    finally:
        season.forget(body, year)
    return len(found.pairs)


def want(committee: Organization, year: int) -> None:
    """See that a job waits or runs for it."""
    going_on = progress(committee, year)
    if going_on is None or going_on.state == "failed":
        compare_season.enqueue(committee.pk, year)


def progress(committee: Organization, year: int) -> Progress | None:
    """How the last comparison that was asked for stands; None when none is under way or it is done."""
    rows = DBTaskResult.objects.filter(task_path=compare_season.module_path).order_by("-enqueued_at")[:200]
    mine = next((row for row in rows if row.args_kwargs["args"] == [committee.pk, year]), None)
    if mine is None or mine.status == "SUCCESSFUL":
        return None
    if mine.status == "FAILED":
        return Progress("failed")
    if mine.status == "READY":
        return Progress("waiting")
    return Progress("running", *season.noted(committee, year))
