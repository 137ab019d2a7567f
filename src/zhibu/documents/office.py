"""Old formats (.doc, .wps, .rtf, .odt) read through LibreOffice where it is installed.

A conversion has a profile of its own in a temporary folder, without macros, without linked content and without a
proxy to the network, a time limit, and never a second one beside it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from zhibu.documents.paragraphs import Line
from zhibu.errors import UserError

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60
FORMATS = {"old-office": (".doc", "MS Word 97"), "rtf": (".rtf", "Rich Text Format"), "odt": (".odt", "writer8")}
"""Suffix and filter of each kind; without the filter LibreOffice takes a broken file for plain text."""
_ONE_AT_A_TIME = Lock()
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""


def office_lines(data: bytes, name: str, kind: str) -> list[Line]:
    """The paragraphs of a document in an old format. UserError where LibreOffice is missing, fails or is too slow."""
    from zhibu.documents.wordtext import word_lines

    if kind == "old-office" and "WordDocument".encode("utf-16-le") not in data:
        raise UserError(
            "wrong-office-file", "“{name}”不是 Word 文档，可能是表格或演示文稿。请提供 .docx 文件。", name=name
        )
    program = next((found for each in PROGRAMS if (found := shutil.which(each))), None)
    if program is None:
        raise UserError(
            "office-missing",
            "“{name}”是旧格式，要靠 LibreOffice 转换，这台电脑上没有安装。请用 Word 或 WPS 打开，另存为 .docx 再试。",
            name=name,
        )
    with _alone():
        return word_lines(_converted(program, data, name, *FORMATS[kind]), name)


@contextmanager
def _alone() -> Iterator[None]:
    """One conversion at a time: in this process, and on this machine where files can be locked."""
    with _ONE_AT_A_TIME:
        try:
            import fcntl
        except ImportError:
            yield
            return
        number = os.getuid()
        path = Path(tempfile.gettempdir()) / f"zhibu-office-{number}.lock"
        file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)


def _converted(program: str, data: bytes, name: str, suffix: str, form: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="zhibu-") as folder:
        place = Path(folder)
        source, profile = place / f"in{suffix}", place / "profile"
        source.write_bytes(data)
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        done = _run(
            [
                program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo",
                "--nolockcheck", f"--infilter={form}",
                "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(place / "out"), str(source),
            ],
            name,
        )  # fmt: skip
        result = place / "out" / "in.docx"
        if not done or not result.is_file():
            raise UserError(
                "office-failed",
                "LibreOffice 无法转换“{name}”，文件可能已损坏、有密码或不是文字文档。"
                "请用 Word 或 WPS 打开，另存为 .docx 再试。",
                name=name,
            )
        return result.read_bytes()


def _run(command: list[str], name: str) -> bool:
    """Run to the end within the time limit; with the time, everything it started ends too."""
    nowhere = "http://127.0.0.1:9"
    environment = {**os.environ, "http_proxy": nowhere, "https_proxy": nowhere, "no_proxy": "", "LC_ALL": "C.UTF-8"}
    environment.pop("DISPLAY", None)
    process = subprocess.Popen(  # noqa: S603  # a fixed program, and a file name of our own making
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        return process.wait(SECONDS) == 0
    except subprocess.TimeoutExpired:
        raise UserError(
            "office-slow",
            "LibreOffice 转换“{name}”超过 {seconds} 秒，已停止。请用 Word 或 WPS 打开，另存为 .docx 再试。",
            name=name,
            seconds=SECONDS,
        ) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
