"""Excel files from outside: looked at with suspicion, read in a process of their own, given back as rows of cells."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from zhibu.errors import UserError
from zhibu.org.workbook_child import BROKEN, LOCKED

Cell = str | float | int | bool | date | datetime | time | timedelta
SECONDS = 30
UNPACKED_LIMIT = 200 * 1024 * 1024
RATIO_LIMIT = 200
"""Only for parts above 10 MB unpacked: sheets compress 10–30 times."""
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""A cell can hold them as _x0000_; the database and Word files cannot."""
WIDEST = 200


def read_table(data: bytes, name: str, most_rows: int) -> list[list[Cell]]:
    """The first sheet from its first row on, at most `most_rows` rows; empty cells are "".

    Raises UserError for what is empty, too big, not Excel, broken, locked, a bomb, or carries macros.
    """
    _look(data, name)
    try:
        done = subprocess.run(  # noqa: S603 (this interpreter, a file of this package)
            [sys.executable, "-I", str(Path(__file__).with_name("workbook_child.py")), str(most_rows)],
            input=data, capture_output=True, timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _bomb(name) from None
    if done.returncode == LOCKED:
        raise _locked(name)
    if done.returncode == BROKEN:
        raise _broken(name)
    if done.returncode:  # out of memory, or the reader itself gave up
        raise _bomb(name)
    return [[_unpacked(cell) for cell in row[:WIDEST]] for row in json.loads(done.stdout)]


def _unpacked(cell: Any) -> Cell:
    if not isinstance(cell, list):
        return _INVISIBLE.sub("", cell) if isinstance(cell, str) else "" if cell is None else cell
    kind, value = cell
    if kind == "seconds":
        return timedelta(seconds=value)
    return {"datetime": datetime, "date": date, "time": time}[kind].fromisoformat(value)  # type: ignore[attr-defined]


def _look(data: bytes, name: str) -> None:
    if not data:
        raise UserError("file-empty", "“{name}”是空文件。", name=name)
    if len(data) > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // 1024**2
        raise UserError("file-too-big", "“{name}”超过{limit} MB。请删去图片，或拆成几个文件。", name=name, limit=limit)
    if data.startswith(b"PK\x03\x04"):
        _look_into_zip(data, name)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _locked(name)
        if "_VBA_PROJECT".encode("utf-16-le") in data:
            raise _macros(name)
    else:
        raise UserError("not-excel", "“{name}”不是 Excel 文件。请上传 .xlsx 或 .xls。", name=name)


def _look_into_zip(data: bytes, name: str) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, OSError):
        raise _broken(name) from None
    names = {part.filename.lower() for part in parts}
    swollen = any(part.file_size > 10 * 1024**2 and part.file_size > RATIO_LIMIT * part.compress_size for part in parts)
    if swollen or sum(part.file_size for part in parts) > UNPACKED_LIMIT or len(parts) > 5000:
        raise _bomb(name)
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(name)
    if any(part.endswith("vbaproject.bin") for part in names):
        raise _macros(name)
    if not any(part.startswith("xl/") for part in names):
        raise UserError("not-excel", "“{name}”不是 Excel 文件。请上传 .xlsx 或 .xls。", name=name)


def _bomb(name: str) -> UserError:
    return UserError(
        "workbook-bomb",
        "“{name}”展开后大得不正常，不予读取。请把需要的几列复制到模板里再上传。",
        name=name,
    )


def _broken(name: str) -> UserError:
    return UserError("workbook-broken", "“{name}”已损坏，无法读取。请用 Excel 或 WPS 打开并另存后再试。", name=name)


def _locked(name: str) -> UserError:
    return UserError("workbook-locked", "“{name}”有密码保护，无法读取。请取消密码后再试。", name=name)


def _macros(name: str) -> UserError:
    return UserError("workbook-macros", "“{name}”含有宏，为安全起见不予读取。请另存为不含宏的 .xlsx 再试。", name=name)
