"""Waivers: a finding that people decided to leave, with the reason and their name, in `<file>.waivers.yaml`.

    - {code: WO06, excerpt: 十个一, reason: 县里统一的叫法，听众都知道, name: 张三, date: 2025-12-20}
    - {code: RE01, section: 二（一）, reason: 另附问题清单, name: 张三, date: 2025-12-20}

A waiver covers every finding of its code whose excerpt holds `excerpt`, or that stands in `section` or `paragraph`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from zhibu.checks.findings import Finding
from zhibu.errors import UserError

SUFFIX = ".waivers.yaml"


@dataclass(frozen=True, slots=True)
class Waiver:
    """One decision. At least one of `excerpt`, `section` and `paragraph` (0: not said) says which findings."""

    code: str
    reason: str
    name: str
    date: date
    excerpt: str = ""
    section: str = ""
    paragraph: int = 0

    def covers(self, finding: Finding) -> bool:
        return (
            finding.code == self.code
            and self.excerpt in finding.excerpt
            and self.section in ("", finding.section)
            and self.paragraph in (0, finding.paragraph)
        )


def apply(waivers: Sequence[Waiver], findings: Sequence[Finding]) -> tuple[list[Finding], list[Waiver]]:
    """The findings that no waiver covers, and the waivers that cover none."""
    kept = [finding for finding in findings if not any(waiver.covers(finding) for waiver in waivers)]
    idle = [waiver for waiver in waivers if not any(waiver.covers(finding) for finding in findings)]
    return kept, idle


def sidecar(document: Path) -> Path:
    return document.with_name(document.name + SUFFIX)


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """The waivers of a sidecar file; none when there is no such file. UserError names the entry that is wrong."""
    import yaml

    try:
        rows = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except FileNotFoundError:
        return ()
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        raise UserError("waivers-unreadable", "豁免文件“{file}”无法读取，应为 YAML 列表。", file=path.name) from None
    if rows is not None and not isinstance(rows, list):
        raise UserError("waivers-unreadable", "豁免文件“{file}”无法读取，应为 YAML 列表。", file=path.name)
    return tuple(_waiver(row, number, path.name) for number, row in enumerate(rows or [], start=1))


def _waiver(row: Any, number: int, file: str) -> Waiver:
    place = {"file": file, "number": number}
    if not isinstance(row, dict):
        raise UserError("waiver-shape", "“{file}”第{number}条豁免应写成“键: 值”的形式。", **place)
    unknown = set(row) - {"code", "excerpt", "section", "paragraph", "reason", "name", "date"}
    if unknown:
        raise UserError(
            "waiver-key", "“{file}”第{number}条豁免有不认识的键“{key}”。", key=sorted(map(str, unknown))[0], **place
        )
    for key, label in (("code", "规则代码"), ("reason", "理由"), ("name", "姓名"), ("date", "日期")):
        if not str(row.get(key) or "").strip():
            raise UserError(
                "waiver-incomplete",
                "“{file}”第{number}条豁免没有写{label}（{key}）。请补全。",
                label=label,
                key=key,
                **place,
            )
    if not isinstance(row["date"], date):
        raise UserError("waiver-date", "“{file}”第{number}条豁免的日期应写成 2025-12-20 的样子。", **place)
    if not any(row.get(key) for key in ("excerpt", "section", "paragraph")):
        raise UserError(
            "waiver-placeless", "“{file}”第{number}条豁免没有写明位置（excerpt、section 或 paragraph）。", **place
        )
    paragraph = row.get("paragraph") or 0
    if not isinstance(paragraph, int):
        raise UserError("waiver-paragraph", "“{file}”第{number}条豁免的 paragraph 应是段落的序号。", **place)
    return Waiver(
        str(row["code"]).strip().upper(), str(row["reason"]).strip(), str(row["name"]).strip(), row["date"],
        str(row.get("excerpt") or ""), str(row.get("section") or ""), paragraph,
    )  # fmt: skip
