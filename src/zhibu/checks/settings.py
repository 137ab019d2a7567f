"""A unit's own settings: `.zhibu.toml` in the folder of a document or in a folder above; the nearest one counts.

select = ["ST", "WO"]
ignore = ["WO06"]
year = 2025

[length]
shortest = 1200
longest = 3500
sentence = 120
problems = 25

[wording]
wrong_words = ["本单位用词.yaml"]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from zhibu.checks.engine import Limits, chosen
from zhibu.checks.words import Added
from zhibu.errors import UserError

NAME = ".zhibu.toml"
KEYS = ("select", "ignore", "year", "length", "wording")
LENGTHS = ("shortest", "longest", "sentence", "problems")
LISTS = {
    "wrong_words": "replacement", "never_twice": "", "excuses": "reason", "jargon": "", "faulty_phrases": "reason",
    "overheated": "reason", "paper": "reason", "particles": "replacement", "rule_text": "", "scope_slips": "reason",
    "slogan_chains": "", "slogans": "", "echoes": "", "excess_paper": "reason",
}  # fmt: skip
"""The lists of `checks/wording` that a unit may add to, and what each of their entries must have besides its word."""
ENTRY_KEYS = {"word", "pattern", "replacement", "reason", "source", "date", "certain"}


@dataclass(frozen=True, slots=True)
class Settings:
    """`file` is where they stand, None when there is no such file."""

    file: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    year: int | None = None
    limits: Limits = field(default_factory=Limits)
    wording: Added | None = None


def settings_of(document: Path) -> Settings:
    """The settings that hold for a document. UserError says what is wrong in the file, and where."""
    return _settings_in(document.absolute().parent)


@cache
def _settings_in(folder: Path) -> Settings:
    file = folder / NAME
    if file.is_file():
        return load_settings(file)
    return Settings() if folder.parent == folder else _settings_in(folder.parent)


def load_settings(file: Path) -> Settings:
    data = _toml(file)
    _known(data, KEYS, file, "")
    settings = Settings(
        file, _words(data, "select", file), _words(data, "ignore", file), _year(data, file), _limits(data, file),
        _wording(data, file),
    )  # fmt: skip
    try:
        chosen(settings.select, settings.ignore)
    except UserError as error:
        raise UserError(
            "settings-rule", "“{file}”：没有“{word}”这条规则。用 zhibu check --list 查看全部规则。",
            file=str(file), word=error.data["word"],
        ) from None  # fmt: skip
    return settings


def _toml(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise UserError("settings-unreadable", "设置文件“{file}”无法读取，应为 UTF-8 文本。", file=str(file)) from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise UserError(
            "settings-not-toml", "设置文件“{file}”第{line}行不是 TOML 的写法。例如：ignore = [\"WO06\"]",
            file=str(file), line=line[1] if line else "末",
        ) from None  # fmt: skip


def _known(data: Mapping[str, Any], known: tuple[str, ...], file: Path, table: str) -> None:
    for key in data:
        if key not in known:
            raise UserError(
                "settings-key", "“{file}”中不认识“{key}”。可以写的有：{known}。",
                file=str(file), key=f"{table}{key}", known="、".join(known),
            )  # fmt: skip


def _table(data: Mapping[str, Any], key: str, file: Path) -> Mapping[str, Any]:
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise UserError("settings-table", "“{file}”中的“{key}”应写成一节：[{key}]。", file=str(file), key=key)
    return table


def _words(data: Mapping[str, Any], key: str, file: Path, table: str = "") -> tuple[str, ...]:
    words = data.get(key, [])
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        raise UserError(
            "settings-list", "“{file}”中的“{key}”应是用引号括起的词的列表，如 [\"ST\", \"WO06\"]。",
            file=str(file), key=table + key,
        )  # fmt: skip
    return tuple(words)


def _whole(value: Any, lowest: int, highest: int, key: str, file: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise UserError(
            "settings-number", "“{file}”中的“{key}”应是 {lowest} 到 {highest} 之间的整数，不能是“{value}”。",
            file=str(file), key=key, lowest=lowest, highest=highest, value=value,
        )  # fmt: skip
    return value


def _year(data: Mapping[str, Any], file: Path) -> int | None:
    return _whole(data["year"], 1990, 2100, "year", file) if "year" in data else None


def _limits(data: Mapping[str, Any], file: Path) -> Limits:
    table = _table(data, "length", file)
    _known(table, LENGTHS, file, "length.")
    highest = {"problems": 100}
    limits = Limits(
        **{key: _whole(value, 1, highest.get(key, 1_000_000), f"length.{key}", file) for key, value in table.items()}
    )
    if limits.shortest >= limits.longest:
        raise UserError(
            "settings-lengths", "“{file}”中的最短字数（{shortest}）应小于最长字数（{longest}）。",
            file=str(file), shortest=limits.shortest, longest=limits.longest,
        )  # fmt: skip
    return limits


def _wording(data: Mapping[str, Any], file: Path) -> Added | None:
    table = _table(data, "wording", file)
    _known(table, tuple(LISTS), file, "wording.")
    rows = {
        name: [row for path in _words(table, name, file, "wording.") for row in _entries(file.parent / path, name)]
        for name in table
    }
    return Added(rows) if rows else None


def _entries(path: Path, name: str) -> list[dict[str, Any]]:
    import yaml

    try:
        rows = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except OSError:
        raise UserError(
            "wording-missing", "找不到用词表“{file}”。请检查 .zhibu.toml 中的路径。", file=str(path)
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        rows = ""
    if rows is not None and not isinstance(rows, list):
        raise UserError(
            "wording-unreadable", "用词表“{file}”无法读取，应为 YAML 列表，如：- {{word: 部暑, replacement: 部署}}",
            file=str(path),
        )  # fmt: skip
    for number, row in enumerate(rows or [], start=1):
        _check_entry(row, number, path, LISTS[name])
    return rows or []


def _check_entry(row: Any, number: int, path: Path, needed: str) -> None:
    place = {"file": str(path), "number": number}
    if not isinstance(row, dict):
        raise UserError("wording-shape", "“{file}”第{number}条应写成“键: 值”的形式。", **place)
    unknown = sorted(str(key) for key in set(row) - ENTRY_KEYS)
    if unknown:
        raise UserError("wording-key", "“{file}”第{number}条有不认识的键“{key}”。", key=unknown[0], **place)
    words = [row[key] for key in ("word", "pattern") if key in row]
    if len(words) != 1 or not isinstance(words[0], str) or not words[0].strip():
        raise UserError(
            "wording-word", "“{file}”第{number}条应写明 word（词）或 pattern（正则表达式）其中一项。", **place
        )
    if needed and not isinstance(row.get(needed), str):
        raise UserError("wording-incomplete", "“{file}”第{number}条没有写 {key}。请补全。", key=needed, **place)
    if "pattern" in row and not _matches_something(row["pattern"]):
        raise UserError(
            "wording-pattern", "“{file}”第{number}条的 pattern 不是可用的正则表达式：“{pattern}”。",
            pattern=row["pattern"], **place,
        )  # fmt: skip


def _matches_something(pattern: str) -> bool:
    try:
        return re.compile(pattern).match("") is None
    except (re.error, OverflowError, RecursionError):
        return False
