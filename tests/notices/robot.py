"""A robot on this machine: it keeps what it was told, and answers as the test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Robot:
    """`answers`: (status, body) for the next messages; "slow" to say nothing; afterwards 200 and {}."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.heard: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.raw: list[bytes] = []
        self.pause = 0.0
        self.closing = threading.Event()
        self.server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        assert self.server
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=secret-in-the-address"

    def start(self, port: int = 0) -> None:
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                raw = self.rfile.read(length)
                body = json.loads(raw or b"{}")
                answer = robot.answers.pop(0) if robot.answers else (200, {})
                if answer == "slow":
                    robot.closing.wait(20)
                    return
                robot.closing.wait(robot.pause)
                robot.heard.append(body)
                robot.raw.append(raw)
                robot.headers.append({name.lower(): value for name, value in self.headers.items()})
                robot.paths.append(self.path)
                status, told = answer
                text = json.dumps(told).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(text)), "Location": robot.url}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *given: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.closing.set()
        if self.server:
            self.server.shutdown()
            self.server.server_close()


@contextmanager
def robot() -> Iterator[Robot]:
    one = Robot()
    one.start()
    try:
        yield one
    finally:
        one.stop()
