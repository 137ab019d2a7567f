"""`zhibu import`: a roster or past activities from Excel, looked over row by row, then all of it or nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from types import ModuleType
from typing import Any

from zhibu.cli.main import CLEAN, FINDINGS, use_django
from zhibu.errors import UserError

SUMMARY = "从 Excel 导入党员名册或活动记录：逐行核对，要么全部导入，要么一行也不导入。"
WHAT = {"roster": "人", "activities": "条活动记录"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=tuple(WHAT), help="roster：党员名册；activities：活动记录")
    parser.add_argument("file", metavar="FILE.xlsx", type=Path, help="要导入的 .xlsx 或 .xls 文件")
    parser.add_argument("--org", metavar="CODE", required=True, help="组织代码，如 GW-01")
    parser.add_argument("--dry-run", action="store_true", help="只核对，不导入")


def run(options: argparse.Namespace) -> int:
    use_django()
    from django.utils import timezone

    from zhibu.org.models import Organization

    organization = Organization.objects.filter(code=options.org).first()
    if organization is None:
        raise UserError("no-such-organization", "没有代码为“{org}”的组织。用 zhibu org list 查看。", org=options.org)
    now = timezone.now()
    importer = _importer(options.what)
    batch = importer.preview(None, organization, _read(options.file), options.file.name, at=now)
    rows = importer.shown_rows(batch)
    _print(rows, options.what)
    wrong = any(row["errors"] for row in rows)
    if wrong or options.dry_run:
        batch.delete()
        print("有错误，一行也没有导入。请改好后重新导入。" if wrong else "核对完毕，没有错误；按要求没有导入。")
        return FINDINGS if wrong else CLEAN
    print(f"已导入{len(importer.confirm(None, batch, at=now))}{WHAT[options.what]}。")
    return CLEAN


def _importer(what: str) -> ModuleType:
    """Both importers have preview, confirm and shown_rows of one shape."""
    if what == "roster":
        from zhibu.org import roster

        return roster
    from zhibu.activities import importing

    return importing


def _read(path: Path) -> bytes:
    from django.conf import settings

    try:
        with path.open("rb") as file:
            # One byte more than allowed is enough for the reader to refuse the file by its size.
            return file.read(settings.UPLOAD_LIMIT + 1)
    except OSError as error:
        raise UserError("cannot-read", "无法读取{path}：{why}。", path=path, why=error.strerror) from None


def _print(rows: list[dict[str, Any]], what: str) -> None:
    """Errors and remarks by line of the sheet; then how many rows there are."""
    for row in sorted(rows, key=lambda row: row["line"]):
        for sign, texts in (("错误", row["errors"]), ("注意", row["warnings"])):
            for text in texts:
                print(f"第{row['line']}行　{sign}　{text}")
    read = [row for row in rows if row["values"]]
    print(f"共{len(read)}{WHAT[what]}，其中{sum(bool(row['errors']) for row in read)}行有错误。")
