"""Run a command beside a PostgreSQL server of its own: `python -m tests.postgres pytest …`.

The server lives in a temporary folder, listens on a socket there and nowhere else, and ends with the command.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# A server on a memory-like footing: nothing here outlives the tests.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses= -c max_connections=40"


def binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        sys.exit("PostgreSQL's server is not installed (apt-get install postgresql); `make test` installs it.")
    return found[-1].parent


def as_server_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; Debian's package brings the account `postgres`."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def server() -> Iterator[str]:
    """Start a server, give its database address, stop it."""
    folder = Path(tempfile.mkdtemp(prefix="zhibu-pg-", dir="/tmp"))
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, bin_ = folder / "data", binaries()

    def run(*command: str) -> None:
        subprocess.run(as_server_user(list(command)), check=True, stdout=subprocess.DEVNULL, cwd=folder)

    try:
        run(str(bin_ / "initdb"), "-D", str(data), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        run(
            str(bin_ / "pg_ctl"),
            "-D",
            str(data),
            "-w",
            "-l",
            str(folder / "log"),
            "-o",
            f"{OPTIONS} -k {folder}",
            "start",
        )
        try:
            yield f"postgresql://{user}@{quote(str(folder), safe='')}/zhibu"
        finally:
            run(str(bin_ / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    with server() as address:
        os.environ["ZHIBU_DATABASE_URL"] = address
        sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
