"""The process that does the work behind the pages, and what to do when one was killed.

Each worker holds a lock on a file of its own as long as it lives; the system lets go of it however the process ends.
So another worker of the same machine knows for certain who is dead, and takes the work up again.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import close_old_connections, transaction
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from zhibu.notices import logbook
from zhibu.notices.delivering import settle
from zhibu.notices.jobs import wake
from zhibu.notices.logbook import folder
from zhibu.notices.models import Delivery, DeliveryState

LOOKED_AFTER = 20
"""Seconds between two looks at what was left undone."""
FOREIGN = timedelta(hours=6)
"""A worker of another machine counts as dead when it has been at one job for so long."""
KEPT = timedelta(days=7)
"""Finished jobs are forgotten after so long."""

log = logging.getLogger(__name__)


def machine() -> str:
    return socket.gethostname()[:30].replace("/", "-") or "here"


@contextmanager
def alive() -> Iterator[str]:
    """A name for this worker, good as long as the process lives."""
    name = f"{machine()}@{os.getpid()}-{secrets.token_hex(4)}"
    path = folder() / name
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield name
        finally:
            path.unlink(missing_ok=True)


def is_dead(name: str, since: datetime | None, now: datetime) -> bool:
    """Whether the worker cannot be at work any more; `since`: when it took up the job."""
    if name.partition("@")[0] != machine():
        return since is not None and now - since > FOREIGN
    try:
        with (folder() / name).open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except OSError:  # held: alive
        return False
    (folder() / name).unlink(missing_ok=True)
    return True


def look_after(now: datetime) -> None:
    """Take up what dead workers left: jobs begin again, messages in the middle are marked. See that jobs wait."""
    for job in DBTaskResult.objects.running():
        worker = job.worker_ids[-1] if job.worker_ids else ""
        if is_dead(worker, job.started_at, now):
            same = DBTaskResult.objects.filter(pk=job.pk, status="RUNNING", started_at=job.started_at)
            same.update(status="READY")
    left = defaultdict(list)
    sending = Delivery.objects.filter(state=DeliveryState.SENDING)
    for worker, since, pk in sending.values_list("claimed_by", "claimed_at", "pk"):
        if worker in left or is_dead(worker, since, now):
            left[worker].append(pk)
    for worker, keys in left.items():
        settle(worker, keys, now)
        logbook.forget(worker)
    wake()


def forget_old(now: datetime) -> None:
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT).delete()


def run(*, until_done: bool, interval: float = 1.0) -> None:
    """Work until told to stop, or until nothing is waiting."""
    with alive() as name:
        look_after(timezone.now())
        stop = Event()
        watcher = Thread(target=_watch, args=(stop,), daemon=True)
        watcher.start()
        worker = Worker(
            queue_names=["*"], interval=interval, batch=until_done, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id=name, excluded_queue_names=[],
        )  # fmt: skip
        worker.configure_signals()
        try:
            worker.run()
        finally:
            stop.set()


def _watch(stop: Event) -> None:
    rounds = 0
    while not stop.wait(LOOKED_AFTER):
        close_old_connections()
        try:
            look_after(timezone.now())
            if rounds % 180 == 0:
                with transaction.atomic():
                    forget_old(timezone.now())
        except Exception:  # the database may be away for a while; the next round looks again
            log.warning("the worker could not look after its jobs", exc_info=True)
        rounds += 1
