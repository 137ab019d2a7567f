"""Checking files: finding the documents, reading them with their waivers, running the rules."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from zhibu.checks.borrowed import Borrowed
from zhibu.checks.engine import check
from zhibu.checks.facts import Facts
from zhibu.checks.findings import Finding
from zhibu.checks.last_findings import LastFinding
from zhibu.checks.settings import settings_of
from zhibu.checks.waivers import load_waivers, sidecar
from zhibu.documents.read import ReadText, read_document
from zhibu.errors import UserError

if TYPE_CHECKING:
    from zhibu.checks.fixes import Change

SUFFIXES = {".txt", ".md", ".docx", ".pdf", ".doc", ".wps", ".rtf", ".odt"}
Compare = Callable[[str], tuple[Borrowed, ...]]
"""What of a text stands in others; given by the caller, as comparing is not the checker's."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One file's text and findings."""

    file: str
    text: str
    findings: tuple[Finding, ...]


def documents(paths: Iterable[str]) -> list[Path]:
    """The files themselves, and for a folder the documents in it and below, by name. UserError if it has none."""
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(file for file in path.rglob("*") if _is_document(file))
        if not inside:
            raise UserError(
                "folder-empty",
                "文件夹“{name}”里没有可以校核的文档（.docx、.doc、.wps、.pdf、.txt 等）。",
                name=str(path),
            )
        found.extend(inside)
    return list(dict.fromkeys(found))


def _is_document(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not file.name.startswith((".", "~$")) and file.is_file()


def check_file(
    path: Path,
    *,
    year: int | None = None,
    facts: Facts | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    last_findings: Sequence[LastFinding] | None = None,
    compare: Compare | None = None,
    owner: str = "",
) -> Checked:
    """Read and check one document with the waivers beside it, by the settings that hold for it.

    Raises UserError when it cannot be read. What is given here goes before the settings; both `ignore` hold. `compare`
    is asked once, with the document's text.
    """
    read = read_document(path)
    look = partial(_look(path, year, facts, select, ignore, last_findings), owner=owner)
    return _checked(str(path), read, look, compare)


def _checked(file: str, read: ReadText, look: Callable[..., list[Finding]], compare: Compare | None) -> Checked:
    findings = look(read.text, traces=read.traces, borrowed=compare(read.text) if compare else None)
    return Checked(file, read.text, tuple(replace(finding, file=file) for finding in findings))


def _look(
    path: Path,
    year: int | None,
    facts: Facts | None,
    select: Sequence[str],
    ignore: Sequence[str],
    last_findings: Sequence[LastFinding] | None,
) -> Callable[..., list[Finding]]:
    """The check of texts of this document; takes the text and, by name, the traces beside it and what was compared."""
    settings = settings_of(path)
    waivers = load_waivers(sidecar(path))
    return partial(
        check,
        year=year or settings.year,
        facts=facts,
        select=select or settings.select,
        ignore=[*ignore, *settings.ignore],
        name=str(path),
        waivers=waivers,
        limits=settings.limits,
        wording=settings.wording,
        last_findings=last_findings,
    )


@dataclass(frozen=True, slots=True)
class Fixed:
    """One file mended: where it was written (the file itself when there was nothing to mend), what changed, and what
    is left."""

    file: str
    target: Path
    changes: tuple[Change, ...]
    left: Checked


def fix_file(
    path: Path,
    *,
    in_place: bool = False,
    year: int | None = None,
    facts: Facts | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    last_findings: Sequence[LastFinding] | None = None,
    compare: Compare | None = None,
    owner: str = "",
) -> Fixed:
    """Mend what is certain and write 报告.fixed.docx beside 报告.docx, or the file itself when `in_place`.

    Raises UserError when the document cannot be read or written, or when another 报告.fixed.docx is there already.
    """
    from zhibu.checks.fixes import fix_document

    read = read_document(path)
    data = path.read_bytes()
    look = partial(_look(path, year, facts, select, ignore, last_findings), owner=owner)
    mended, changes = fix_document(data, path.name, look)
    if not changes:
        return Fixed(str(path), path, (), _checked(str(path), read, look, compare))
    target = path if in_place else path.with_name(f"{path.stem}.fixed{path.suffix}")
    if not in_place and target.exists() and target.read_bytes() != mended:
        raise UserError(
            "fixed-exists", "已有“{file}”，没有覆盖。请先把它移走，或用 --in-place 改原文件。", file=str(target)
        )
    write_whole(target, mended)
    left = _checked(str(target), read_document(mended, path.name), look, compare)
    return Fixed(str(path), target, tuple(changes), left)


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that it is either the old one or the new one, never half of it."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(data)
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UserError(
            "out-unwritable", "无法写入“{file}”：{why}。请换一个位置。", file=str(target),
            why=error.strerror or str(error),
        ) from None  # fmt: skip
