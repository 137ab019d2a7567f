"""`zhibu archive`: check a season's package by itself. No database, no Django."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from zhibu.review.package import check_package

SUMMARY = "核对述职评议档案包，只读文件本身。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    verify = actions.add_parser("verify", help="核对每个文件和整包的校验值；有一处不符时退出码为 1")
    verify.add_argument("file", metavar="FILE", type=Path, help="档案包（.zip）")
    verify.add_argument("--format", choices=("text", "json"), default="text", help="text：文字；json：供程序读取")


def run(options: argparse.Namespace) -> int:
    found = check_package(options.file)
    faults = [str(one) for one in found.faults]
    if options.format == "json":
        data = {"title": found.head.get("title"), "whole": found.whole, "files": len(found.files), "faults": faults}
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        print(f"{found.head.get('committee', '')}：{found.head.get('title', '')}，{len(found.files)}个文件")
        print(f"整包校验值（SHA-256）：{found.whole}")
        print("\n".join(faults) if faults else "核对无误。请把整包校验值与留存的对照。")
    return 1 if faults else 0
