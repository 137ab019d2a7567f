"""The facts a report is held against: a frozen branch-year as the ledger writes it (`snapshot.json`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from zhibu.errors import UserError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One duty of one subject in one period. `status`: met, late, defective, missing, not-yet-due, exempt, unknown."""

    duty: str
    label: str
    subject: str
    period: str
    status: str
    reason: str = ""
    article: str = ""
    evidence: tuple[int, ...] = ()

    @property
    def owed(self) -> bool:
        return self.status not in ("not-yet-due", "exempt")


@dataclass(frozen=True, slots=True)
class Activity:
    """One record. `entitled` and `present` are persons, 0 where nobody counted; `kinds` are all it counts as."""

    id: int
    kind: str
    kinds: tuple[str, ...]
    label: str
    title: str
    held: date
    entitled: int = 0
    present: int = 0
    hours: float = 0
    late_days: int = 0
    lecturer: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """A branch-year. `members` has members, full_members, probationary, committee, cells; `hours` has members,
    reached_32, average; `totals` counts activities by kind."""

    organization: Mapping[str, str]
    year: int
    on: date
    members: Mapping[str, float]
    cells: tuple[Cell, ...]
    activities: tuple[Activity, ...]
    totals: Mapping[str, int]
    hours: Mapping[str, float]
    hash: str = ""
    problems: tuple[str, ...] = ()
    """Last year's problems, in their words."""

    def of_kind(self, kind: str) -> list[Activity]:
        """The year's activities that count as this kind; a snapshot may also carry some of the year after."""
        return [each for each in self.activities if kind in each.kinds and each.held.year == self.year]

    def total(self, kind: str) -> int:
        return self.totals.get(kind, len(self.of_kind(kind)))


def load_facts(path: str | Path) -> Facts:
    """Read a snapshot file. Raises UserError when it is missing, no JSON, or not of this format."""
    try:
        data = json.loads(Path(path).read_text("utf-8-sig"))
    except OSError:
        raise UserError("facts-missing", "找不到台账快照“{file}”。请检查路径。", file=str(path)) from None
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise UserError("facts-not-json", "“{file}”不是台账快照：无法按 JSON 读取。", file=str(path)) from None
    return parse_facts(data, str(path))


def parse_facts(data: Any, name: str = "快照") -> Facts:
    """Facts from a decoded snapshot, or from a composed report, which carries one. Other keys are passed over."""
    if isinstance(data, dict) and "format" not in data and isinstance(data.get("snapshot"), dict):
        data = data["snapshot"]
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise UserError(
            "facts-format", "“{file}”不是第 {format} 版台账快照。请用 zhibu 重新导出。", file=name, format=FORMAT
        )
    try:
        return _facts(data)
    except KeyError as missing:
        raise UserError("facts-key", "台账快照“{file}”缺少“{key}”一项。", file=name, key=str(missing.args[0])) from None
    except (TypeError, ValueError, AttributeError):
        raise UserError("facts-value", "台账快照“{file}”中有一项的格式不对。请用 zhibu 重新导出。", file=name) from None


def _facts(data: Mapping[str, Any]) -> Facts:
    organization = {str(key): str(value) for key, value in dict(data["organization"]).items()}
    return Facts(
        organization=organization,
        year=int(data["year"]),
        on=date.fromisoformat(data["on"]),
        members=_numbers(data.get("members") or {}),
        cells=tuple(map(_cell, data.get("cells") or ())),
        activities=tuple(map(_activity, data["activities"])),
        totals={key: int(value) for key, value in _numbers(data.get("totals") or {}).items()},
        hours=_numbers(data.get("hours") or {}),
        hash=str((data.get("hash") or {}).get("value") or ""),
        problems=tuple(str(row["text"]) for row in data.get("problems") or ()),
    )


def _numbers(data: Mapping[str, Any]) -> dict[str, float]:
    return {
        str(key): value for key, value in data.items() if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _cell(row: Mapping[str, Any]) -> Cell:
    return Cell(
        row["duty"], row["label"], row.get("subject", ""), row.get("period", ""), row["status"],
        row.get("reason") or "", row.get("article") or "", tuple(row.get("evidence") or ()),
    )  # fmt: skip


def _activity(row: Mapping[str, Any]) -> Activity:
    return Activity(
        int(row["id"]), row["kind"], tuple(row.get("kinds") or (row["kind"],)), row.get("label") or "",
        row.get("title") or "", date.fromisoformat(row["held"]), int(row.get("entitled") or 0),
        int(row.get("present") or 0), float(row.get("hours") or 0), int(row.get("late_days") or 0),
        row.get("lecturer") or "", row.get("fields") or {},
    )  # fmt: skip
