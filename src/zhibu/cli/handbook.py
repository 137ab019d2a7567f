"""Make the handbook of a branch-year from its records, as DOCX or PDF."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from zhibu.cli.compose import _day, _year
from zhibu.cli.main import use_django
from zhibu.errors import UserError

SUMMARY = "由一年的记录编成支部工作手册（DOCX 或 PDF）。"
ENDINGS = (".docx", ".pdf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--org", required=True, metavar="CODE", help="党支部或党总支的代码")
    parser.add_argument("--year", required=True, type=_year, metavar="Y", help="年度")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="输出文件：.docx 或 .pdf")
    parser.add_argument("--on", type=_day, metavar="DATE", help="截至哪一天，默认今天")
    parser.add_argument("--section", action="append", default=[], metavar="NAME", help="只要这一部分，可重复；默认全部")


def run(options: argparse.Namespace) -> int:
    if options.out.suffix.lower() not in ENDINGS:
        raise UserError("bad-handbook-ending", "输出文件应以 .docx 或 .pdf 结尾，现为“{name}”。", name=options.out.name)
    use_django()
    from django.utils import timezone

    from zhibu.handbook.services import export_handbook
    from zhibu.handbook.year import EVERYTHING
    from zhibu.org.models import Organization

    organization = Organization.objects.filter(code=options.org).first()
    if organization is None:
        raise UserError(
            "no-such-organization", "没有代码为“{code}”的组织。可用 zhibu org list 查看。", code=options.org
        )
    on = options.on or timezone.localdate()
    form = options.out.suffix.lower().removeprefix(".")
    made = export_handbook(None, organization, options.year, on, form, EVERYTHING, options.section)
    try:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_bytes(made.data)
    except OSError as error:
        raise UserError("cannot-write", "无法写入“{file}”：{why}。", file=options.out, why=error.strerror) from error
    if made.missing:
        print(f"字体中没有这些字，已用〓代替：{'、'.join(made.missing)}", file=sys.stderr)
    return 0
