"""`zhibu ledger`: every cell of a body's year, or of all bodies below it, for people, programs and spreadsheets."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from zhibu.cli.main import use_django
from zhibu.cli.table import clip, table
from zhibu.errors import UserError
from zhibu.rulebook.reasons import STATUSES

if TYPE_CHECKING:
    from zhibu.ledger.standing import Standing
    from zhibu.org.models import Organization

SUMMARY = "显示一个组织一年的台账：每项要求的完成情况、原因和依据。"
COLUMNS = ("duty", "label", "subject", "period", "status", "reason", "article", "evidence")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--org", metavar="CODE", required=True, help="组织代码，如 GW-01")
    parser.add_argument("--year", metavar="Y", type=int, required=True, help="年度")
    parser.add_argument("--on", metavar="DATE", type=_day, help="截至哪一天（如 2025-12-31），默认今天")
    parser.add_argument("--below", action="store_true", help="下级各组织的台账，不是它自己的")
    parser.add_argument(
        "--format", choices=("table", "json", "csv"), default="table", help="table：文字；json、csv：供程序和表格读取"
    )
    parser.add_argument("--snapshot", metavar="FILE", help="另存台账快照，供 zhibu check --facts 使用")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，应写作 2025-12-31") from None


def run(options: argparse.Namespace) -> None:
    use_django()
    from django.utils import timezone

    from zhibu.ledger.queries import bodies_below, ledgers_of
    from zhibu.org.models import Organization

    if not 1921 <= options.year <= 9998:
        raise UserError("bad-year", "年度“{year}”不对，应为四位数字，如2025。", year=options.year)
    organization = Organization.objects.filter(code=options.org).first()
    if organization is None:
        raise UserError("no-such-organization", "没有代码为“{org}”的组织。用 zhibu org list 查看。", org=options.org)
    on = options.on or timezone.localdate()
    bodies = bodies_below(organization) if options.below else [organization]
    _WRITERS[options.format](ledgers_of(bodies, options.year, on))
    if options.snapshot:
        _save_snapshot(organization, options.year, on, options.snapshot)


Ledgers = Iterable[tuple["Organization", "list[Standing]"]]


def _cells(ledgers: Ledgers) -> Iterator[dict[str, Any]]:
    for _body, standings in ledgers:
        for standing in standings:
            yield standing.to_json()


def _write_json(ledgers: Ledgers) -> None:
    """A list, written as it is computed: a county's ledger is never in memory all at once."""
    first = True
    sys.stdout.write("[")
    for cell in _cells(ledgers):
        sys.stdout.write(("\n " if first else ",\n ") + json.dumps(cell, ensure_ascii=False))
        first = False
    sys.stdout.write("\n]\n")


def _write_csv(ledgers: Ledgers) -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for cell in _cells(ledgers):
        values = {**cell, "evidence": " ".join(map(str, cell["evidence"]))}
        writer.writerow({name: _as_text(value) for name, value in values.items()})


def _as_text(value: object) -> object:
    """A name that begins like a formula is text to a spreadsheet too: with an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _write_table(ledgers: Ledgers) -> None:
    for body, standings in ledgers:
        rows = [(one.period.key, str(STATUSES[one.status]), clip(one.duty.label, 30), one.reason) for one in standings]
        print(f"{body.name}（{body.code}）")
        print(table(("周期", "状态", "要求", "原因"), rows) if rows else "没有适用的要求。")
        print()


_WRITERS = {"json": _write_json, "csv": _write_csv, "table": _write_table}


def _save_snapshot(organization: Organization, year: int, on: date, path: str) -> None:
    from zhibu.ledger.snapshots import as_file, take_snapshot

    text = as_file(take_snapshot(None, organization, year, on))
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UserError("cannot-write", "无法写入“{file}”：{why}。", file=path, why=error.strerror) from error
