"""`zhibu check`: the linter for reports. Needs no server, database, network or Django."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from zhibu.errors import UserError

SUMMARY = "校核述职报告：哪里不对、为什么、怎么改。"
CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help="要校核的文档（.txt .md .docx .pdf）或文件夹")
    parser.add_argument("--year", type=_year, metavar="Y", help="报告年度；不写时取标题中的年度")
    parser.add_argument("--facts", metavar="SNAPSHOT.json", help="台账快照，用来核对活动和数字")
    parser.add_argument("--format", choices=("text", "json", "sarif", "html"), default="text", help="输出格式")
    parser.add_argument("--out", metavar="FILE", help="写入文件，不在屏幕上显示")
    parser.add_argument(
        "--select", action="append", default=[], metavar="CODES", help="只用这些规则（代码、类别或名称，逗号分隔）"
    )
    parser.add_argument("--ignore", action="append", default=[], metavar="CODES", help="不用这些规则")
    parser.add_argument("--list", action="store_true", help="列出全部规则")
    parser.add_argument("--explain", metavar="CODE", help="说明一条规则")


def run(options: argparse.Namespace) -> int:
    if options.list or options.explain:
        from zhibu.checks.explain import explanation, listing

        print(explanation(options.explain) if options.explain else listing())
        return CLEAN
    if not options.files:
        raise UserError("no-file", "请写明要校核的文件或文件夹，例如：zhibu check 述职报告.docx")
    return _check(options)


def _check(options: argparse.Namespace) -> int:
    from zhibu.checks.engine import chosen
    from zhibu.checks.facts import load_facts
    from zhibu.checks.files import check_file, documents

    select, ignore = _words(options.select), _words(options.ignore)
    chosen(select, ignore)
    facts = load_facts(options.facts) if options.facts else None
    checked, failed = [], False
    for path in documents(options.files):
        try:
            checked.append(check_file(path, year=options.year, facts=facts, select=select, ignore=ignore))
        except UserError as error:
            # One unreadable file must not hide what the others say.
            print(f"zhibu: {error}", file=sys.stderr)
            failed = True
    if checked or options.format != "text":
        _put(_rendered(checked, options.format, options.out), options.out)
    return COULD_NOT_RUN if failed else FINDINGS if any(each.findings for each in checked) else CLEAN


def _put(output: str, path: str | None) -> None:
    if path:
        write_file(path, (output + "\n").encode("utf-8", "replace"))
    else:
        print(output)


def write_file(path: str, data: bytes) -> None:
    """Write a file whole; UserError when the place cannot be written to."""
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise UserError(
            "out-unwritable", "无法写入“{file}”：{why}。请换一个位置。", file=path, why=error.strerror or str(error)
        ) from None


def _rendered(checked: Sequence[object], form: str, out: str | None) -> str:
    from typing import Any, cast

    rows = cast("Any", checked)
    if form == "json":
        from zhibu.checks.output import json

        return json.render(rows)
    if form == "sarif":
        from importlib.metadata import version

        from zhibu.checks.output import sarif

        return sarif.render(rows, version("zhibu"))
    if form == "html":
        from zhibu.checks.output import html

        return html.render(rows)
    from zhibu.checks.output import text

    return text.render(rows, colour=not out and sys.stdout.isatty() and "NO_COLOR" not in os.environ)


def _words(options: Sequence[str]) -> list[str]:
    return [word for option in options for word in option.replace("，", ",").replace(" ", ",").split(",") if word]


def _year(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 1990 <= int(word) <= 2100):
        raise argparse.ArgumentTypeError(f"年度应是四位数字，如 2025，不能是“{word}”")
    return int(word)
