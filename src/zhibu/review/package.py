"""A season as one ZIP: every file with its SHA-256, and one of the whole. Pure; a package is checked by itself alone.

manifest.json: {"format", "title", "committee", "year", "made", "left_out", "files": [{"path", "sha256", "size"}],
"whole"}; `whole` is the SHA-256 of the lines `<sha256>  <path>` in the order of the paths, each with its line feed.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from zhibu.errors import Sentence, UserError

FORMAT = "zhibu-archive/1"
MANIFEST = "manifest.json"
MOST_FILES, LARGEST_FILE, LARGEST_WHOLE = 20_000, 200 * 1024**2, 4 * 1024**3
BLOCK = 1024**2
DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)
ZERO = (1980, 1, 1, 0, 0, 0)
"""The same season packed twice gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file of a package."""

    path: str
    sha256: str
    size: int


@dataclass
class Checked:
    """What checking found: `faults` (empty: everything agrees) and what the package says it is."""

    faults: list[Sentence] = field(default_factory=list)
    head: Mapping[str, Any] = field(default_factory=dict)
    files: list[Held] = field(default_factory=list)
    whole: str = ""


def whole_of(files: Iterable[Held]) -> str:
    lines = "".join(f"{one.sha256}  {one.path}\n" for one in sorted(files, key=lambda one: one.path))
    return hashlib.sha256(lines.encode()).hexdigest()


class Writer:
    """Files are added one by one; `finish` adds the manifest and gives the hash of the whole."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self.files: list[Held] = []

    def add(self, path: str, data: bytes) -> None:
        self._write(path, data)
        self.files.append(Held(path, hashlib.sha256(data).hexdigest(), len(data)))

    def finish(self, head: Mapping[str, Any]) -> str:
        files = sorted(self.files, key=lambda one: one.path)
        whole = whole_of(files)
        rows = [{"path": one.path, "sha256": one.sha256, "size": one.size} for one in files]
        manifest = {"format": FORMAT, **head, "files": rows, "whole": whole}
        self._write(MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode())
        self._zip.close()
        return whole

    def close(self) -> None:
        """Let go of the file, finished or not."""
        self._zip.close()

    def _write(self, path: str, data: bytes) -> None:
        info = zipfile.ZipInfo(path, ZERO)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, data)


def check_package(source: Path) -> Checked:
    """Hold every file against the manifest. UserError for what is no package at all; nothing is ever unpacked."""
    try:
        with zipfile.ZipFile(source) as opened:
            return _checked(opened)
    except OSError:
        raise UserError("archive-unreadable", "无法读取文件{file}。", file=source.name) from None
    except DAMAGED:
        raise _no_package() from None


def _checked(opened: zipfile.ZipFile) -> Checked:
    inside = opened.infolist()
    if len(inside) > MOST_FILES or sum(one.file_size for one in inside) > LARGEST_WHOLE:
        raise UserError("archive-too-big", "这个文件大得不正常，没有打开。")
    names = [one.filename for one in inside]
    if MANIFEST not in names:
        raise _no_package()
    found = Checked(head=_manifest(opened))
    found.files, found.whole = _held(found.head), str(found.head.get("whole", ""))
    if len(set(names)) != len(names):
        found.faults.append(Sentence("archive-twice", "同一个名字的文件有两份。"))
    listed = {one.path for one in found.files}
    for name in sorted(set(names) - listed - {MANIFEST}):
        found.faults.append(Sentence("archive-extra", "“{path}”不在清单里，是后来加进去的。", path=name[:200]))
    for one in found.files:
        if one.path not in names:
            found.faults.append(Sentence("archive-missing", "缺少“{path}”。", path=one.path[:200]))
        elif _digest(opened, one) != one.sha256:
            found.faults.append(
                Sentence("archive-changed", "“{path}”与清单上的校验值不符，被改动过。", path=one.path[:200])
            )
    if whole_of(found.files) != found.whole:
        found.faults.append(Sentence("archive-whole", "清单与整包的校验值不符，被改动过。"))
    return found


def _manifest(opened: zipfile.ZipFile) -> dict[str, Any]:
    with opened.open(MANIFEST) as file:
        text = file.read(64 * BLOCK)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise _no_package() from None
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("files"), list):
        raise _no_package()
    return data


def _held(head: Mapping[str, Any]) -> list[Held]:
    try:
        return [Held(str(row["path"]), str(row["sha256"]), int(row["size"])) for row in head["files"]]
    except (KeyError, TypeError, ValueError):
        raise _no_package() from None


def _digest(opened: zipfile.ZipFile, held: Held) -> str:
    """Of what is inside; "" where it is damaged or larger than it says."""
    digest, size = hashlib.sha256(), 0
    try:
        with opened.open(held.path) as file:
            while block := file.read(BLOCK):
                size += len(block)
                if size > min(held.size, LARGEST_FILE):
                    return ""
                digest.update(block)
    except (*DAMAGED, OSError):
        return ""
    return digest.hexdigest()


def _no_package() -> UserError:
    return UserError("archive-none", "这不是本系统导出的述职评议档案包。")
