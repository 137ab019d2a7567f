"""The checker: warm on one report, cold as a command, on a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from zhibu.bench.measure import Row, command_seconds, timed

SUMMARY = "校核一篇两千八百字左右的述职报告（虚构）。"
REPORT = Path(__file__).parent / "report.txt"


def run() -> Iterator[Row]:
    from zhibu.checks import check

    text = REPORT.read_text(encoding="utf-8")
    yield Row(f"已加载，{len(text)}字", timed(lambda: check(text, year=2020), runs=15).wall, 0.050)
    yield Row("命令冷启动 zhibu check", command_seconds("check", str(REPORT)), 1.0, note="整个进程")
    yield Row("命令冷启动 zhibu --version", command_seconds("--version"), note="其中启动解释器和读入命令所需")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(200):
            (Path(folder) / f"{number}.txt").write_text(text.replace("2020", str(2020 + number % 5)), encoding="utf-8")
        yield Row("一个文件夹，200篇", command_seconds("check", folder, runs=1), note="整个进程")
