"""Checking files: finding the documents, reading them with their waivers, running the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhibu.checks.engine import check
from zhibu.checks.facts import Facts
from zhibu.checks.findings import Finding
from zhibu.checks.waivers import load_waivers, sidecar
from zhibu.documents.read import read_document
from zhibu.errors import UserError

SUFFIXES = {".txt", ".md", ".docx", ".pdf"}


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
                "folder-empty", "文件夹“{name}”里没有可以校核的文档（.txt、.md、.docx、.pdf）。", name=str(path)
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
) -> Checked:
    """Read and check one document with the waivers beside it. Raises UserError when it cannot be read."""
    text = read_document(path).text
    waivers = load_waivers(sidecar(path))
    findings = check(text, year=year, facts=facts, select=select, ignore=ignore, name=str(path), waivers=waivers)
    return Checked(str(path), text, tuple(findings))
