"""`zhibu serve` refuses what it must not serve, with a sentence, and serves when all is well."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing

import pytest

from zhibu.cli import serve
from zhibu.errors import UserError


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def command(tmp_path):
    """Start `zhibu …` with a state folder of its own."""
    environment = {**os.environ, "ZHIBU_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "zhibu.settings"}
    environment.pop("ZHIBU_DATABASE_URL", None)

    def start(*words):
        return subprocess.Popen(
            [sys.executable, "-m", "zhibu.cli.main", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    return start


def test_a_database_that_is_not_ready_is_refused_with_the_way_on(command):
    process = command("serve", "--port", str(free_port()))
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "zhibu serve --migrate" in err
    assert "Traceback" not in err


def test_it_serves_the_log_in_with_hashed_files_and_ends_quietly(command):
    port = free_port()
    process = command("serve", "--port", str(port), "--workers", "1", "--migrate")
    try:
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        text = wait_for(f"http://127.0.0.1:{port}/login/")
        address = text.split('rel="stylesheet" href="')[1].split('"')[0]
        assert ".min.css" not in address  # its name carries its hash
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=20) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
    finally:
        process.terminate()
        _out, err = process.communicate(timeout=60)
    assert "Traceback" not in err


def wait_for(address):
    for _attempt in range(100):
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer")


@pytest.mark.django_db
def test_an_old_sqlite_is_refused_unless_the_setting_takes_the_risk(monkeypatch, settings):
    import sqlite3

    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(UserError) as refused:
        serve.check_sqlite()
    assert refused.value.code == "old-sqlite"
    settings.ALLOW_OLD_SQLITE = True
    serve.check_sqlite()


def test_a_taken_port_is_told_in_words():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UserError) as refused:
            serve.check_address("127.0.0.1", taken.getsockname()[1])
    assert refused.value.code == "address-in-use"


@pytest.mark.parametrize(("port", "workers"), [(0, 1), (70000, 1), (8000, 0), (8000, 1000)])
def test_numbers_that_cannot_be_are_refused(port, workers):
    with pytest.raises(UserError):
        serve.check_numbers(port, workers)


def test_other_machines_without_https_are_warned_about(capsys, settings):
    serve.tell("0.0.0.0", 8000)
    assert "HTTPS" in capsys.readouterr().err
    serve.tell("127.0.0.1", 8000)
    assert capsys.readouterr().err == ""
