"""Templates of campaigns and lists, `packs/<slug>.yaml`: to be copied, adapted and closed with a summary.

label: “十个一”警示教育            # shown when choosing; label_en beside it
form: campaign                    # or list
confidence: P                     # local practice: no regulation asks for it
items:
  - {text: 观看一部警示教育片, kind: warning-education, month: 1}          # a task, due in the first month
  - {text: 每月开展一次志愿服务, kind: volunteer-service, count: 1, per: month}   # recurring: the ledger counts it
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from zhibu.activities.kinds import load_kinds
from zhibu.errors import UserError
from zhibu.periods import add_months, month_end
from zhibu.rulebook.yamlfile import read_yaml

FOLDER = Path(__file__).with_name("packs")


@dataclass(frozen=True, slots=True)
class PackItem:
    """`month`: in which month after the beginning a task is due (1: the first); 0: at the end."""

    text: str
    asked: str = ""
    kind: str = ""
    month: int = 0
    count: int = 1
    per: str = ""

    def due_from(self, since: date, until: date | None) -> date | None:
        if not self.month:
            return until
        month = add_months(since.replace(day=1), self.month - 1)
        last = month_end(month.year, month.month)
        return min(last, until) if until else last


@dataclass(frozen=True, slots=True)
class Pack:
    slug: str
    label: str
    label_en: str
    form: str
    confidence: str
    items: tuple[PackItem, ...]


@cache
def packs() -> dict[str, Pack]:
    """All templates by slug. UserError names the file and what is wrong in it."""
    return {path.stem: _pack(path) for path in sorted(FOLDER.glob("*.yaml"))}


def _pack(path: Path) -> Pack:
    data = read_yaml(path)
    try:
        items = tuple(_item(path.name, number, row) for number, row in enumerate(data["items"], start=1))
        return Pack(path.stem, data["label"], data["label_en"], data["form"], data["confidence"], items)
    except (KeyError, TypeError) as error:
        raise UserError("pack-wrong", "模板“{file}”缺少{key}。", file=path.name, key=str(error)) from None


def _item(file: str, number: int, row: dict[str, Any]) -> PackItem:
    item = PackItem(**row)
    if item.kind and item.kind not in load_kinds():
        raise UserError(
            "pack-kind", "模板“{file}”第{n}项的活动类别“{kind}”不存在。", file=file, n=number, kind=item.kind
        )
    if item.per and not item.kind:
        raise UserError("pack-recurring", "模板“{file}”第{n}项按周期开展，要写明活动类别。", file=file, n=number)
    return item
