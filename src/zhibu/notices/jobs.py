"""Work behind the pages, on django-tasks: notices are passed on, messages delivered. Each job does a little and leaves
the rest to the next, so that a worker can be stopped at any time; running one twice does nothing twice."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task, TaskContext
from django_tasks_db.models import DBTaskResult

from zhibu.notices.delivering import deliver
from zhibu.notices.models import Delivery, DeliveryState, Notice
from zhibu.notices.passing import pass_on

STEPS = 25
"""Rounds of one job."""


@task()
def pass_on_notices() -> int:
    """Give fresh notices to the channels; then see that what is due is sent."""
    done = _rounds(lambda: pass_on(timezone.now()))
    wake()
    return done


@task(takes_context=True)
def deliver_messages(context: TaskContext) -> int:
    """Send what is due; then see to the rest, and to what is due later."""
    worker = context.task_result.worker_ids[-1]
    done = deliver(worker, timezone.now())
    wake()
    return done


def _rounds(step) -> int:  # type: ignore[no-untyped-def]
    done = 0
    for _round in range(STEPS):
        some = step()
        done += some
        if not some:
            break
    return done


def wake() -> None:
    """See that jobs are waiting for everything there is to do. Call it after the commit of what there is to do."""
    if Notice.objects.filter(passed_on_at=None).exists():
        _ensure(pass_on_notices, timezone.now())
    first = Delivery.objects.filter(state=DeliveryState.WAITING).order_by("due").values_list("due", flat=True).first()
    if first is not None:
        _ensure(deliver_messages, first)


def _ensure(job: Task, by: datetime) -> None:  # type: ignore[type-arg]
    """A job of this name that nobody has begun and that begins at `by` at the latest.

    One that has begun does not count: it may have looked before there was anything. Two at once harm nobody.
    """
    ready = DBTaskResult.objects.filter(task_path=job.module_path, status="READY")
    now = timezone.now()
    if by <= now:
        if not ready.ready().exists():
            job.enqueue()
    elif not ready.filter(run_after__lte=by).exists() and not ready.ready().exists():
        job.using(run_after=by).enqueue()
