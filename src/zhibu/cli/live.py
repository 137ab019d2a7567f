"""`zhibu live`: the number on the bell for open pages, in a process beside `zhibu serve`, which starts it by itself."""

from __future__ import annotations

import argparse
import os
import signal
import time
from threading import Thread

from zhibu.cli.main import use_django

SUMMARY = "实时更新：页面右上角的未读条数（zhibu serve 会自动启动它）。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址，默认只有本机能访问")
    parser.add_argument("--port", type=int, default=8001, help="端口，默认 8001")
    parser.add_argument("--beside", type=int, metavar="PID", help="与这个进程一同结束")


def run(options: argparse.Namespace) -> int:
    use_django()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from zhibu.cli.serve import check_address, check_numbers

    check_numbers(options.port, 1)
    check_address(options.host, options.port)
    if options.beside:
        Thread(target=_end_with, args=(options.beside,), daemon=True).start()
    Granian(
        "zhibu.asgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=2,
    ).serve()
    return 0


def _end_with(process: int) -> None:
    """However the other process ends, this one does too, and leaves its port."""
    while os.getppid() == process:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
