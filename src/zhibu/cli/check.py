"""`zhibu check`: the linter for reports. Needs no server, database, network or Django."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from zhibu.errors import Sentence, UserError

if TYPE_CHECKING:
    from zhibu.checks.files import Checked, Fixed
    from zhibu.cli.checking import Job

SUMMARY = "校核述职报告：哪里不对、为什么、怎么改。"
CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="要校核的文档（.docx .doc .wps .pdf .txt .md 等）或文件夹"
    )
    parser.add_argument("--year", type=_year, metavar="Y", help="报告年度；不写时取标题中的年度")
    parser.add_argument("--facts", metavar="SNAPSHOT.json", help="台账快照，用来核对活动和数字")
    parser.add_argument(
        "--corpus", metavar="DB|DIR", help="资料库（zhibu corpus add）或文件夹：与往年、其他支部的报告和范文比对"
    )
    parser.add_argument(
        "--owner", metavar="NAME", help="报告是谁的（资料库里的名称）；不写时按资料库、文件夹和署名判断"
    )
    parser.add_argument(
        "--last-findings", metavar="FILE", help="上年度评议指出的问题，一行一个或 YAML：逐条看有没有回应"
    )
    parser.add_argument("--format", choices=("text", "json", "sarif", "html", "docx"), default="text", help="输出格式")
    parser.add_argument("--out", metavar="FILE", help="写入文件，不在屏幕上显示")
    parser.add_argument(
        "--select", action="append", default=[], metavar="CODES", help="只用这些规则（代码、类别或名称，逗号分隔）"
    )
    parser.add_argument("--ignore", action="append", default=[], metavar="CODES", help="不用这些规则")
    parser.add_argument("--summary", action="store_true", help="每份文档一行，最后合计；用于一个文件夹的报告")
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="同时用几个进程；不写时文档多了就按处理器的个数")
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
    from zhibu.checks.files import documents

    if options.in_place and not options.fix:
        raise UserError("in-place-alone", "--in-place 要与 --fix 一起用。")
    if options.format == "docx":
        _check_docx(options)
    job = _job(options)
    paths = documents(options.files)
    done, failed = _fixed(job, paths, options) if options.fix else _checked(job, paths, options.jobs)
    if options.format == "docx":
        if done:
            _put_docx(done[0], options.out)
    elif done or options.format != "text":
        _put(_rendered(done, options, failed), options.out)
    return COULD_NOT_RUN if failed else FINDINGS if any(each.findings for each in done) else CLEAN


def _job(options: argparse.Namespace) -> Job:
    from zhibu.checks.engine import chosen
    from zhibu.checks.facts import load_facts
    from zhibu.checks.last_findings import load_last_findings
    from zhibu.cli.checking import Job

    select, ignore = _words(options.select), _words(options.ignore)
    chosen(select, ignore)
    if options.owner is not None and not options.corpus:
        raise UserError("owner-alone", "--owner 要与 --corpus 一起用。")
    if options.corpus and not Path(options.corpus).is_dir():
        from zhibu.trace import Corpus

        Corpus(options.corpus).close()  # said once when it cannot be used, not for every document
    return Job(
        given=tuple(options.files),
        year=options.year,
        facts=load_facts(options.facts) if options.facts else None,
        select=tuple(select),
        ignore=tuple(ignore),
        last_findings=load_last_findings(options.last_findings) if options.last_findings else None,
        corpus=options.corpus,
        owner=options.owner,
    )


def _checked(job: Job, paths: Sequence[Path], jobs: int | None) -> tuple[list[Checked], int]:
    """What was checked, and how many documents could not be (each is named on standard error)."""
    from zhibu.cli.checking import checked

    done: list[Checked] = []
    failed = 0
    with _Progress(len(paths)) as progress:
        for _path, each, error in checked(job, paths, jobs):
            if each is not None:
                done.append(each)
            if error is not None:
                failed += 1
                progress.say(error)
            progress.step()
    return done, failed


def _fixed(job: Job, paths: Sequence[Path], options: argparse.Namespace) -> tuple[list[Checked], int]:
    """One after the other: each writes a file."""
    from zhibu.cli.checking import Checker

    done, failed = [], 0
    with Checker(job) as checker:
        for path in paths:
            try:
                fixed = checker.fix(path, in_place=options.in_place)
            except UserError as error:
                print(f"zhibu: {error}", file=sys.stderr)
                failed += 1
                continue
            _tell(fixed, sys.stdout if options.format == "text" and not options.out else sys.stderr)
            done.append(fixed.left)
    return done, failed


class _Progress:
    """How far a long run is, in one line of a terminal; nothing where standard error is none, or for few documents."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0
        self.shows = total > 1 and sys.stderr.isatty()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_error: object) -> None:
        self._write("\r\x1b[K")

    def step(self) -> None:
        self.done += 1
        self._write(f"\r\x1b[K校核 {self.done}/{self.total}")

    def say(self, sentence: Sentence) -> None:
        self._write("\r\x1b[K")
        print(f"zhibu: {sentence}", file=sys.stderr)

    def _write(self, text: str) -> None:
        if self.shows:
            print(text, end="", file=sys.stderr, flush=True)


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


def _rendered(rows: Sequence[Checked], options: argparse.Namespace, failed: int) -> str:
    if options.format == "json":
        from zhibu.checks.output import json

        return json.render(rows)
    if options.format == "sarif":
        from importlib.metadata import version

        from zhibu.checks.output import sarif

        return sarif.render(rows, version("zhibu"))
    if options.format == "html":
        from zhibu.checks.output import html

        return html.render(rows)
    from zhibu.checks.output import text

    colour = not options.out and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return text.render(rows, colour=colour, brief=options.summary, failed=failed)


def _words(options: Sequence[str]) -> list[str]:
    return [word for option in options for word in option.replace("，", ",").replace(" ", ",").split(",") if word]


def _jobs(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 1 <= int(word) <= 64):
        raise argparse.ArgumentTypeError(f"进程数应是 1 到 64 的整数，不能是“{word}”")
    return int(word)


def _year(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 1990 <= int(word) <= 2100):
        raise argparse.ArgumentTypeError(f"年度应是四位数字，如 2025，不能是“{word}”")
    return int(word)
