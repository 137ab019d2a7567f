"""`zhibu worker`: does the work behind the pages. May be stopped, and killed, at any time; several may run."""

from __future__ import annotations

import argparse
import sys
import time
from threading import Event, Thread

from zhibu.cli.main import use_django

SUMMARY = "后台进程：发送提醒等。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--until-done", action="store_true", help="做完等着的工作就结束，并显示进度")


def run(options: argparse.Namespace) -> int:
    use_django()
    from zhibu.cli.serve import check_sqlite, ready_database
    from zhibu.notices import workers

    check_sqlite()
    ready_database(migrate=False)
    if not options.until_done:
        print("后台进程已启动（Ctrl+C 停止）", flush=True)
        workers.run(until_done=False)
        return 0
    stop = Event()
    teller = Thread(target=_tell, args=(stop,), daemon=True)
    teller.start()
    try:
        workers.run(until_done=True)
    finally:
        stop.set()
        teller.join()
    print(f"{_line()}", flush=True)
    return 0


def _tell(stop: Event) -> None:
    """The progress on standard error, once a second, where somebody looks at it."""
    while sys.stderr.isatty() and not stop.wait(1):
        print(f"\r{_line()}", end="", file=sys.stderr, flush=True)
        time.sleep(0)


def _line() -> str:
    from zhibu.notices.queries import progress

    now = progress()
    waiting = now["waiting"] + now["sending"]
    return f"待分发{now['fresh']}条，待发送{waiting}条，已发送{now['sent']}条，失败{now['failed'] + now['unclear']}条"
