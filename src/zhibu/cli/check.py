"""`zhibu check`: the linter for reports. Needs no server, database, network or Django."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from zhibu.errors import UserError

if TYPE_CHECKING:
    from zhibu.checks.files import Checked, Fixed

SUMMARY = "校核述职报告：哪里不对、为什么、怎么改。"
CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="要校核的文档（.docx .doc .wps .pdf .txt .md 等）或文件夹"
    )
    parser.add_argument("--year", type=_year, metavar="Y", help="报告年度；不写时取标题中的年度")
    parser.add_argument("--facts", metavar="SNAPSHOT.json", help="台账快照，用来核对活动和数字")
    parser.add_argument("--format", choices=("text", "json", "sarif", "html", "docx"), default="text", help="输出格式")
    parser.add_argument("--out", metavar="FILE", help="写入文件，不在屏幕上显示")
    parser.add_argument(
        "--select", action="append", default=[], metavar="CODES", help="只用这些规则（代码、类别或名称，逗号分隔）"
    )
    parser.add_argument("--ignore", action="append", default=[], metavar="CODES", help="不用这些规则")
    parser.add_argument("--fix", action="store_true", help="改掉确定的差错，另存为“文件名.fixed.扩展名”")
    parser.add_argument("--in-place", action="store_true", help="与 --fix 同用：直接改原文件")
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
    from zhibu.checks.files import check_file, documents, fix_file

    if options.in_place and not options.fix:
        raise UserError("in-place-alone", "--in-place 要与 --fix 一起用。")
    if options.format == "docx":
        _check_docx(options)
    select, ignore = _words(options.select), _words(options.ignore)
    chosen(select, ignore)
    facts = load_facts(options.facts) if options.facts else None
    rules: dict[str, Any] = {"year": options.year, "facts": facts, "select": select, "ignore": ignore}
    checked, failed = [], False
    for path in documents(options.files):
        try:
            if options.fix:
                fixed = fix_file(path, in_place=options.in_place, **rules)
                _tell(fixed, sys.stdout if options.format == "text" and not options.out else sys.stderr)
                checked.append(fixed.left)
            else:
                checked.append(check_file(path, **rules))
        except UserError as error:
            # One unreadable file must not hide what the others say.
            print(f"zhibu: {error}", file=sys.stderr)
            failed = True
    if options.format == "docx":
        if checked:
            _put_docx(checked[0], options.out)
    elif checked or options.format != "text":
        _put(_rendered(checked, options.format, options.out), options.out)
    return COULD_NOT_RUN if failed else FINDINGS if any(each.findings for each in checked) else CLEAN


def _check_docx(options: argparse.Namespace) -> None:
    """A commented copy is of one document and goes to a file that is not the document itself."""
    if not options.out:
        raise UserError("docx-without-out", "--format docx 要用 --out 写明存到哪里，例如：--out 批注.docx")
    if len(options.files) != 1 or Path(options.files[0]).is_dir():
        raise UserError("docx-one-file", "--format docx 一次只能校核一份文档。")
    if Path(options.out).exists() and Path(options.files[0]).exists() and Path(options.out).samefile(options.files[0]):
        raise UserError("docx-onto-itself", "--out 不能是要校核的文件本身，原文件会被盖掉。请换一个文件名。")


def _put_docx(checked: Checked, out: str) -> None:
    from zhibu.checks.files import write_whole
    from zhibu.checks.output import docx
    from zhibu.documents.read import read_document

    word = read_document(checked.file).format == "docx"
    write_whole(Path(out), docx.render(checked, Path(checked.file).read_bytes() if word else b""))


def _tell(fixed: Fixed, stream: TextIO) -> None:
    """What was mended, line by line of the file as it was."""
    if not fixed.changes:
        print(f"{fixed.file}：没有可以自动改的地方。", file=stream)
        return
    for change in fixed.changes:
        place = f"{fixed.file}:{change.line}:{change.column}"
        print(f"{place} {change.code} “{change.before}” → “{change.after}”", file=stream)
    print(f"{fixed.file}：改了 {len(fixed.changes)} 处，写入 {fixed.target}", file=stream)


def _put(output: str, path: str | None) -> None:
    if path:
        from zhibu.checks.files import write_whole

        write_whole(Path(path), (output + "\n").encode("utf-8", "replace"))
    else:
        print(output)


def _rendered(checked: Sequence[object], form: str, out: str | None) -> str:
    from typing import cast

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
