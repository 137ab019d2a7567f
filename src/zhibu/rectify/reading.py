"""Problem lists that somebody hands in: pasted lines, a Word, PDF or text file, an Excel sheet; read into rows.

A table whose head names its columns is read by it; without one a line is a problem, its number taken off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from zhibu.checks.last_findings import NUMBER
from zhibu.documents.read import read_document
from zhibu.errors import UserError
from zhibu.org.workbook import read_table

MOST = 100
HEADS = {
    "text": ("问题", "存在问题", "存在的问题", "问题描述", "问题表现", "具体问题", "反馈问题", "主要问题"),
    "kind": ("类别", "问题类别", "类型", "问题类型"),
    "cause": ("原因", "原因分析", "产生原因", "问题原因"),
    "place": ("出处", "具体表现", "依据"),
    "body": ("组织", "支部", "党支部", "党组织", "单位", "责任单位", "整改单位"),
}
ACCEPT = ".xlsx,.xls,.docx,.pdf,.txt,.md"
_FIELD = {word: name for name, words in HEADS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Row:
    """A problem as it was read; what the list did not say is empty."""

    text: str
    kind: str = ""
    cause: str = ""
    place: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """The rows, and the names of columns that were not taken over."""

    rows: tuple[Row, ...]
    passed_over: tuple[str, ...] = field(default=())


def read_pasted(text: str) -> Read:
    """Lines, or the cells of a table as they are copied from Word and Excel, with tabs between."""
    return _read([line.split("\t") for line in text.splitlines()])


def read_file(data: bytes, name: str) -> Read:
    """The same from a file. UserError for what cannot be read, holds nothing or too much."""
    if name.lower().endswith((".xlsx", ".xls")):
        return _read([[_plain(cell) for cell in row] for row in read_table(data, name, 4 * MOST)])
    return read_pasted(read_document(data, name, convert=False).text)


def _plain(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _read(table: Iterable[Sequence[str]]) -> Read:
    cells = [[" ".join(cell.split()) for cell in row] for row in table]
    lines = [row for row in cells if any(row)]
    head = next((n for n, row in enumerate(lines[:10]) if len(row) > 1 and "text" in map(_named, row)), None)
    if head is None:
        rows = [Row(text) for row in lines if len(text := _stripped(row)) > 1]
        passed_over: list[str] = []
    else:
        names = [_named(cell) for cell in lines[head]]
        passed_over = [cell for cell, name in zip(lines[head], names, strict=True) if cell and not name]
        rows = [row for line in lines[head + 1 :] if (row := _row(names, line)).text]
    if not rows:
        raise UserError("problems-none", "没有读到问题。请一行写一个问题，或用带“问题”一栏的表格。")
    if len(rows) > MOST:
        raise UserError("problems-many", "一次最多登记{most}个问题，这里有{n}个，请分几次。", most=MOST, n=len(rows))
    return Read(tuple(rows), tuple(one for one in passed_over if one not in ("序号", "编号")))


def _named(cell: str) -> str:
    return _FIELD.get("".join(cell.split()).strip("*：:"), "")


def _row(names: Sequence[str], line: Sequence[str]) -> Row:
    found: dict[str, str] = {}
    for name, cell in zip(names, line, strict=False):
        if name and cell:
            found.setdefault(name, cell)
    return Row(**{"text": "", **found})


def _stripped(row: Sequence[str]) -> str:
    """A line without a head: its longest cell, without the number before it."""
    return NUMBER.compiled.sub("", max(row, key=len), count=1).strip()
