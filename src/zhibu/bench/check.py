"""The checker: warm on one report, cold as a command, on a folder of a season's size."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

from zhibu.bench.measure import Row, command_seconds, timed

SUMMARY = "校核一篇述职报告（虚构）和一个文件夹。"
REPORT = Path(__file__).parent / "report.txt"
FOLDER = 1000


def run() -> Iterator[Row]:
    from zhibu.checks import check

    text = REPORT.read_text(encoding="utf-8")
    yield Row(f"已加载，{len(text)}字", timed(lambda: check(text, year=2020), runs=15).wall, 0.050)
    long = longer(text, 5000)
    yield Row(f"已加载，{len(long)}字", timed(lambda: check(long, year=2020), runs=15).wall, 0.040)
    yield Row("命令冷启动 zhibu check", command_seconds("check", str(REPORT)), 1.0, note="整个进程")
    yield Row("命令冷启动 zhibu --version", command_seconds("--version"), note="其中启动解释器和读入命令所需")
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), text)
        for jobs, what in ((None, "每核一个进程"), (1, "一个进程")):
            arguments = ("check", folder, "--summary", *(("--jobs", str(jobs)) if jobs else ()))
            begin = _children()
            seconds = command_seconds(*arguments, runs=1)
            # The call that warms up counts in the processor's time as well.
            note = f"{what}；处理器 {(_children() - begin) / 2:.1f} 秒"
            yield Row(f"一个文件夹，{FOLDER}篇，一半是 Word", seconds, 30 if jobs is None else None, note=note)


def _children() -> float:
    """CPU seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def longer(text: str, length: int) -> str:
    """The report with its paragraphs of deeds told again until it has so many characters."""
    lines = text.split("\n")
    deeds = [line for line in lines if line.startswith("（")]
    at = lines.index(deeds[-1])
    while sum(map(len, lines)) < length:
        lines[at:at] = deeds
    return "\n".join(lines)[:length]


def fill(folder: Path, text: str) -> None:
    """A season: plain texts and Word files, each a little different."""
    from zhibu.documents.docx import write_docx
    from zhibu.documents.model import Document, text_block

    for number in range(FOLDER):
        own = text.replace("2020", str(2020 + number % 5)).replace("4次", f"{number % 9 + 1}次")
        if number % 2:
            (folder / f"{number}.txt").write_text(own, encoding="utf-8")
        else:
            blocks = tuple(text_block("paragraph", line) for line in own.split("\n") if line.strip())
            (folder / f"{number}.docx").write_bytes(write_docx(Document("述职报告", blocks)))
