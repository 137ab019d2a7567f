"""`zhibu text FILE`: the text the checker counts in."""

from __future__ import annotations

import argparse
import json
import sys

from zhibu.documents.read import read_document

SUMMARY = "显示文件的文字，一段一行；校核结果的位置按这里的字数计算。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=".docx、.pdf、.txt 或 .md 文件")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text：全文；json：各段及其起止位置")


def run(options: argparse.Namespace) -> int | None:
    read = read_document(options.file)
    output = json.dumps(read.to_json(), ensure_ascii=False, indent=1) if options.format == "json" else read.text
    sys.stdout.buffer.write(output.encode("utf-8", "replace"))
    if not output.endswith("\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.flush()
    return None
