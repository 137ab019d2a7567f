"""`zhibu compare`: passages two texts share, or a whole season's. Needs no server, database, network or Django."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from zhibu.errors import UserError

SUMMARY = "对照两篇文字，或一个文件夹的全部文字，逐段列出相同之处。"
CLEAN, FINDINGS = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="两个文档（先写要看的，后写用来对照的）")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出格式")


def run(options: argparse.Namespace) -> int:
    paths = [Path(each) for each in options.files]
    if len(paths) != 2:
        raise UserError("compare-what", "请写明两个文档，例如：zhibu compare 今年.docx 去年.docx")
    return _two(paths[0], paths[1], options.format)


def _two(path: Path, other: Path, form: str) -> int:
    from zhibu.documents.read import read_document
    from zhibu.trace import Text, compare
    from zhibu.trace.output.text import render

    text, source = read_document(path).text, Text(str(other), read_document(other).text)
    found = compare(text, [source])
    rows = [each.to_json() for each in found]
    print(json.dumps(rows, ensure_ascii=False, indent=2) if form == "json" else render(str(path), text, found))
    sys.stdout.flush()
    return FINDINGS if found else CLEAN
