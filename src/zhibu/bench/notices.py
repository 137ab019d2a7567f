"""Many notices at once: told, given to the channels, and sent by a worker to a robot on this machine."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from zhibu.bench.measure import Row

SUMMARY = "大量提醒：每人一条，一人一个 Webhook，发到本机的机器人（SQLite，每条都等对方答复）。"
SIZES = (1000, 10_000)


def run() -> Iterator[Row]:
    for size in SIZES:
        yield from _told_and_sent(size)


def _told_and_sent(size: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as home, robot() as (url, heard):
        environment = os.environ | {
            "ZHIBU_HOME": home, "ZHIBU_DATABASE_URL": f"sqlite:///{home}/zhibu.sqlite3",
            "ZHIBU_INTERNAL_HOSTS": "127.0.0.1", "DJANGO_SETTINGS_MODULE": "zhibu.settings",
        }  # fmt: skip
        told = _python(environment, "zhibu.bench.notices_data", url, str(size))
        steps = json.loads(told.stdout)
        yield Row(f"{size} 条：写给每个人", steps["told"])
        yield Row(f"{size} 条：分到各提醒方式", steps["passed_on"])
        begun, used = time.perf_counter(), _children_cpu()
        _python(environment, "zhibu.cli.main", "worker", "--until-done")
        took, cpu = time.perf_counter() - begun, _children_cpu() - used
        twice = sum(times - 1 for times in heard.values())
        note = f"后台进程 CPU {cpu:.1f} s，对方收到 {sum(heard.values())} 条，重复 {twice} 条"
        yield Row(f"{size} 条：发出", took, 30.0 if size == SIZES[-1] else None, note=note)


def _python(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", *words], check=True, env=environment, text=True, stdout=subprocess.PIPE
    )


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def robot() -> Iterator[tuple[str, Counter[str]]]:
    """Its address, and how often each of its paths was written to."""
    heard: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            heard[self.path] += 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", heard
    finally:
        server.shutdown()
        server.server_close()
