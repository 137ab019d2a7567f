"""What was named at last year's review, in a file: each problem is to be answered in this year's report.

    - 党课内容与业务脱节
    - {problem: 公开栏更新慢, words: [公开栏, 公示]}

or a text file with one problem a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhibu.checks.patterns import NUMERAL, Pattern
from zhibu.errors import UserError

MOST = 100
NUMBER = Pattern(rf"[ \t　]*(?:[（(]?(?:\d{{1,2}}|[{NUMERAL}]{{1,3}})[）)、.．]|[{NUMERAL}]{{1,3}}是)?[ \t　]*")


@dataclass(frozen=True, slots=True)
class LastFinding:
    """A problem in the words of the review. An answer is told by one of `words` where there are any, else by what it
    shares with the problem's own words."""

    problem: str
    words: tuple[str, ...] = ()


def load_last_findings(path: str | Path) -> tuple[LastFinding, ...]:
    """Read a .yaml list, or a text with one problem a line, numbered or not. UserError says what is wrong."""
    from zhibu.documents.read import read_document

    if Path(path).suffix.lower() not in (".yaml", ".yml"):
        lines = (NUMBER.compiled.sub("", line, count=1).strip() for line in read_document(path).text.split("\n"))
        return _some([LastFinding(line) for line in lines if line], str(path))
    return _some([_finding(row, number, str(path)) for number, row in enumerate(_rows(path), start=1)], str(path))


def _some(found: list[LastFinding], file: str) -> tuple[LastFinding, ...]:
    if not found or len(found) > MOST:
        raise UserError(
            "last-findings-number", "“{file}”里应有 1 到 {most} 个上年度的问题，一行一个。", file=file, most=MOST
        )
    return tuple(found)


def _rows(path: str | Path) -> list[Any]:
    import yaml

    try:
        rows = yaml.load(Path(path).read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except OSError:
        raise UserError("last-findings-missing", "找不到上年度问题清单“{file}”。请检查路径。", file=str(path)) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        rows = None
    if not isinstance(rows, list):
        raise UserError("last-findings-unreadable", "上年度问题清单“{file}”无法读取，应为 YAML 列表。", file=str(path))
    return rows


def _finding(row: Any, number: int, file: str) -> LastFinding:
    data = {"problem": row} if isinstance(row, str) else row
    words = data.get("words", []) if isinstance(data, dict) else None
    good = (
        isinstance(data, dict)
        and set(data) <= {"problem", "words"}
        and isinstance(data.get("problem"), str)
        and data["problem"].strip()
        and isinstance(words, list)
        and all(isinstance(word, str) and word.strip() for word in words)
    )
    if not good or not isinstance(words, list):
        raise UserError(
            "last-finding-shape", "“{file}”第{number}条应写成一句话，或写成“problem: 问题”，可再加“words: [词, 词]”。",
            file=file, number=number,
        )  # fmt: skip
    return LastFinding(data["problem"].strip(), tuple(words))
