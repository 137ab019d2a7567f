"""The worker as a process that is killed in the middle of its work, and what another makes of it."""

from __future__ import annotations

import os
import secrets
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.notices.conftest import AT
from zhibu.notices import jobs, workers
from zhibu.notices.delivering import TOGETHER
from zhibu.notices.models import Delivery, Notice

PEOPLE = 60


@pytest.fixture
def database(tmp_path):
    """The address of an empty database of its own, of the kind the tests run on."""
    address = os.environ.get("ZHIBU_DATABASE_URL", "")
    if not address.startswith("postgres"):
        return f"sqlite:///{tmp_path / 'zhibu.sqlite3'}"
    name = f"outside_{secrets.token_hex(4)}"
    server = address.rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return f"{server}/{name}"


@pytest.fixture
def outside(tmp_path, robot, database):
    """Start `python -m …` on a database of its own with PEOPLE messages due."""
    environment = {
        **os.environ, "ZHIBU_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "zhibu.settings",
        "ZHIBU_INTERNAL_HOSTS": "127.0.0.1", "ZHIBU_DATABASE_URL": database,
    }  # fmt: skip

    def start(*words):
        return subprocess.Popen(
            [sys.executable, "-m", *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    filling = start("tests.notices.outside", robot.url, str(PEOPLE))
    _out, err = filling.communicate(timeout=120)
    assert filling.returncode == 0, err
    return start


def asked(database, question):
    if database.startswith("postgres"):
        with psycopg.connect(database) as connection:
            return connection.execute(question).fetchall()
    with sqlite3.connect(database.removeprefix("sqlite:///")) as connection:
        return connection.execute(question).fetchall()


def wait_for(condition):
    for _attempt in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def test_killed_in_the_middle_nothing_is_lost_and_nothing_sent_twice(outside, robot, database):
    robot.pause = 0.05
    worker = outside("zhibu.cli.main", "worker")
    wait_for(lambda: len(robot.heard) >= PEOPLE // 3)
    worker.kill()
    worker.wait()
    assert 0 < len(robot.heard) < PEOPLE
    assert asked(database, "select count(*) from django_tasks_database_dbtaskresult where status = 'RUNNING'") == [(1,)]

    second = outside("zhibu.cli.main", "worker", "--until-done")
    out, err = second.communicate(timeout=120)
    assert second.returncode == 0, err
    assert "待发送0条" in out
    times = Counter(path.partition("who=")[2] for path in robot.paths)
    assert set(times.values()) == {1}
    states = dict(asked(database, "select state, count(*) from notices_delivery group by state"))
    assert set(states) <= {"sent", "unclear"}
    assert sum(states.values()) == PEOPLE
    assert states.get("unclear", 0) <= TOGETHER
    assert len(times) >= states["sent"]
    told = asked(database, "select count(*) from notices_notice where kind = 'system'")
    assert told == [(states.get("unclear", 0),)]
    assert asked(database, "select count(*) from django_tasks_database_dbtaskresult where status = 'RUNNING'") == [(0,)]


def test_two_workers_share_the_work(outside, robot, database):
    robot.pause = 0.02
    both = [outside("zhibu.cli.main", "worker", "--until-done") for _number in range(2)]
    for worker in both:
        _out, err = worker.communicate(timeout=120)
        assert worker.returncode == 0, err
    times = Counter(path.partition("who=")[2] for path in robot.paths)
    assert len(times) == PEOPLE
    assert set(times.values()) == {1}


def test_it_ends_quietly_when_told_to(outside, robot):
    worker = outside("zhibu.cli.main", "worker")
    assert "后台进程已启动" in worker.stdout.readline()
    wait_for(lambda: len(robot.heard) == PEOPLE)
    worker.terminate()
    _out, err = worker.communicate(timeout=60)
    assert "Traceback" not in err
    assert robot.url not in err


# --- who is dead ----------------------------------------------------------------------------------------------------


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def test_a_worker_is_alive_as_long_as_its_process(home):
    now = timezone.now()
    with workers.alive() as name:
        code = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)"
        other = subprocess.run([sys.executable, "-c", code, str(home / "workers" / name)], capture_output=True)
        assert other.returncode != 0  # locked for every other process
        assert not workers.is_dead(name, now, now)
    assert workers.is_dead(name, now, now)
    assert workers.is_dead(f"{workers.machine()}@99999-abcdef00", now, now)


def test_a_worker_elsewhere_counts_as_dead_after_hours(home):
    now = timezone.now()
    assert not workers.is_dead("elsewhere@1-abcdef00", now - timedelta(hours=1), now)
    assert workers.is_dead("elsewhere@1-abcdef00", now - timedelta(hours=7), now)


def test_what_the_dead_left_is_taken_up_once(cast, channel_of, home):
    delivery = Delivery.objects.create(
        channel=channel_of(cast.secretary), state="sending", claimed_by=f"{workers.machine()}@9-dead", due=AT,
        made_at=AT, claimed_at=AT, tries=1,
    )  # fmt: skip
    job = jobs.deliver_messages.enqueue()
    DBTaskResult.objects.filter(pk=job.id).update(
        status="RUNNING", worker_ids=[f"{workers.machine()}@9-dead"], started_at=AT
    )
    for _look in range(2):
        workers.look_after(timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == "unclear"
    assert DBTaskResult.objects.get(pk=job.id).status == "READY"
    assert Notice.objects.filter(kind="system").count() == 1


def test_what_the_living_do_is_left_to_them(cast, channel_of, home):
    with workers.alive() as name:
        job = jobs.deliver_messages.enqueue()
        DBTaskResult.objects.filter(pk=job.id).update(status="RUNNING", worker_ids=[name], started_at=AT)
        Delivery.objects.create(
            channel=channel_of(cast.secretary), state="sending", claimed_by=name, due=AT, made_at=AT, claimed_at=AT
        )
        workers.look_after(timezone.now())
        assert DBTaskResult.objects.get(pk=job.id).status == "RUNNING"
        assert Delivery.objects.get().state == "sending"


def test_old_jobs_are_forgotten(db):
    for days in (1, 8):
        job = jobs.deliver_messages.enqueue()
        DBTaskResult.objects.filter(pk=job.id).update(status="SUCCESSFUL", finished_at=AT - timedelta(days=days))
    workers.forget_old(AT)
    assert DBTaskResult.objects.count() == 1
