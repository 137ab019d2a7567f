"""Run a benchmark and print its figures."""

from __future__ import annotations

import argparse
import importlib
import platform

from zhibu.bench import NAMES

SUMMARY = "测量性能；结果写在 docs/benchmarks.md。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=(*NAMES, "all"), metavar="NAME", help="、".join((*NAMES, "all")))
    parser.add_argument(
        "--texts", type=int, nargs="+", metavar="N", help="similarity：资料库的篇数，如 1000000（约占 30 GB 磁盘）"
    )


def run(options: argparse.Namespace) -> int:
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    for name in NAMES if options.name == "all" else (options.name,):
        module = importlib.import_module(f"zhibu.bench.{name}")
        print(f"\n{name}: {module.SUMMARY}")
        sizes = [options.texts] if options.texts and name == "similarity" else []
        for row in module.run(*sizes):
            goal = f"  目标 {_seconds(row.goal)}" if row.goal is not None else ""
            ratio = f"  {row.ratio:.1f} 倍于{row.peer}" if row.ratio is not None else ""
            print(
                f"  {row.what:<44}{_seconds(row.seconds):>10}{goal}{ratio}{'  ' + row.note if row.note else ''}",
                flush=True,
            )
    return 0


def _seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
