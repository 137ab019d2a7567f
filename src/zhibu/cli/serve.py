"""`zhibu serve`: the workbench on granian. It changes nothing in the database unless `--migrate` asks for it."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from zhibu.cli.main import use_django
from zhibu.errors import UserError

SUMMARY = "启动工作台（网页）。"
SQLITE_MENDED = (3, 51, 3)
"""Before this version SQLite could corrupt a database in WAL mode."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址，默认只有本机能访问")
    parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
    parser.add_argument("--workers", type=int, default=min(os.cpu_count() or 1, 4), help="进程数，默认与处理器数相同")
    parser.add_argument("--live-port", type=int, metavar="PORT", help="实时更新的端口，默认是端口加 1；0 表示不要")
    parser.add_argument("--migrate", action="store_true", help="启动前先升级数据库")


def run(options: argparse.Namespace) -> int:
    use_django()
    check_numbers(options.port, options.workers)
    check_sqlite()
    ready_database(migrate=options.migrate)
    check_address(options.host, options.port)
    collect_static()
    with live(options.host, options.port, options.live_port):
        tell(options.host, options.port)
        serve(options.host, options.port, options.workers)
    return 0


def check_numbers(port: int, workers: int) -> None:
    if not 1 <= port <= 65535:
        raise UserError("bad-port", "端口应为 1 到 65535 的整数，现为 {port}。", port=port)
    if not 1 <= workers <= 64:
        raise UserError("bad-workers", "进程数应为 1 到 64 的整数，现为 {workers}。", workers=workers)


def check_sqlite() -> None:
    """Refuse a SQLite library that can damage the database, unless the setting takes the risk."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor != "sqlite" or settings.ALLOW_OLD_SQLITE:
        return
    from sqlite3 import sqlite_version, sqlite_version_info  # after settings: the wheel's, where there is one

    if sqlite_version_info < SQLITE_MENDED:
        raise UserError(
            "old-sqlite",
            "SQLite {version} 有可能损坏数据库的缺陷（3.51.3 起修复），没有启动。请运行 make setup 装上所附的版本，"
            "或改用 PostgreSQL；只是试用可设 ZHIBU_ALLOW_OLD_SQLITE=yes。",
            version=sqlite_version,
        )


def ready_database(*, migrate: bool) -> None:
    """Refuse a database that is not of this version; with `migrate`, bring it there first."""
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting and migrate:
            call_command("migrate", interactive=False, verbosity=0)
        elif waiting:
            raise UserError(
                "database-not-migrated",
                "数据库还没有准备好（有 {count} 项升级未做），没有启动。请先备份，再运行 zhibu serve --migrate。",
                count=len(waiting),
            )
    except OperationalError as error:
        raise UserError(
            "no-database", "连不上数据库：{why}。请检查 ZHIBU_DATABASE_URL。", why=str(error).strip()
        ) from error


def check_address(host: str, port: int) -> None:
    """Say in words that the address cannot be used, before the server's own processes start."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserError(
                "address-in-use",
                "无法在 {host}:{port} 上启动：{why}。请用 --port 换一个端口。",
                host=host,
                port=port,
                why=error.strerror or str(error),
            ) from error


def collect_static() -> None:
    """Collect the look and the scripts under hashed names, when they are not there or are not of this version."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    state = sorted(
        f"{path} {storage.size(path)} {storage.get_modified_time(path).timestamp()}"
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    stamp = settings.STATIC_ROOT / ".collected"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == "\n".join(state):
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text("\n".join(state), encoding="utf-8")


@contextmanager
def live(host: str, port: int, wanted: int | None) -> Iterator[None]:
    """The process for live updates beside this one; pages are told where it is. Without it they ask once a minute."""
    from django.conf import settings

    chosen = port + 1 if wanted is None else wanted
    if not chosen or (settings.HTTPS and not settings.LIVE):
        yield
        return
    try:
        check_numbers(chosen, 1)
        check_address(host, chosen)
    except UserError as error:
        if wanted is not None:
            raise
        print(f"没有实时更新，页面每分钟查询一次：{error}", file=sys.stderr, flush=True)
        yield
        return
    # The servers' processes read the settings anew or inherit them, as the system has it.
    os.environ["ZHIBU_LIVE"] = settings.LIVE = settings.LIVE or str(chosen)
    words = ["live", "--host", host, "--port", str(chosen), "--beside", str(os.getpid())]
    process = subprocess.Popen([sys.executable, "-m", "zhibu.cli.main", *words])  # noqa: S603 (our own command)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def tell(host: str, port: int) -> None:
    from django.conf import settings

    name = f"[{host}]" if ":" in host else host
    print(f"工作台：http://{name}:{port} （Ctrl+C 停止）", flush=True)
    if host not in ("127.0.0.1", "localhost", "::1") and not settings.HTTPS:
        print(
            "注意：其他电脑将以未加密的方式访问。请在前面配置 HTTPS 代理并设 ZHIBU_HTTPS=yes，把域名写入 ZHIBU_HOSTS。",
            file=sys.stderr,
            flush=True,
        )


def serve(host: str, port: int, workers: int) -> None:
    """Until the process is told to stop. Pages are synchronous: two threads a worker hide the waits for the disk."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "zhibu.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()
