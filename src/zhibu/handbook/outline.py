"""The outline of a handbook as data: sections in order, each with parts that show a table or the records. Pure.

A unit may have its own file (ZHIBU_HANDBOOK). A slip in it is refused with file and field, before anything is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from zhibu.activities.kinds import load_kinds
from zhibu.errors import UserError
from zhibu.handbook.tables import OTHERS, TABLES, Table, Wanted, field_labels
from zhibu.rulebook.yamlfile import read_yaml, shown

SHIPPED = Path(__file__).with_name("outline.yaml")
NUMBER = "no"
"""The column of running numbers, which any table may have."""
KEYS = ("title", "contents", "sections")
SECTION_KEYS = ("heading", "none", "parts")
PART_KEYS = ("show", "heading", "none", "kinds", "columns", "labels", "words", "rule")


@dataclass(frozen=True, slots=True)
class Part:
    """`show`: facts, records, or a table of tables.py."""

    show: str
    heading: str = ""
    none: str = ""
    wanted: Wanted = field(default_factory=Wanted)
    columns: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    """Other heads for columns."""

    @property
    def table(self) -> Table | None:
        return TABLES.get(self.show)


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    heading: str
    parts: tuple[Part, ...]
    none: str = ""
    """What stands under a heading where there is no record; otherwise a sentence made of the heading."""


@dataclass(frozen=True, slots=True)
class Outline:
    title: str
    contents: int
    sections: tuple[Section, ...]

    def only(self, slugs: Iterable[str]) -> Outline:
        """With these sections only, in the outline's order; none named: all. UserError for one there is not."""
        wanted = set(slugs)
        known = {section.slug for section in self.sections}
        if strange := sorted(wanted - known):
            raise UserError(
                "no-such-section", "手册没有“{slug}”这一部分，可用：{known}。", slug=strange[0][:40],
                known="、".join(section.slug for section in self.sections),
            )  # fmt: skip
        kept = tuple(section for section in self.sections if section.slug in wanted)
        return replace(self, sections=kept) if wanted else self


def outline_in_use(path: str = "") -> Outline:
    """The unit's own outline where one is set, else the shipped one. UserError `handbook-outline` for a slip."""
    file = Path(path) if path else SHIPPED
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _read(file, changed)


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> Outline:
    return parse_outline(read_yaml(file), file)


def parse_outline(data: Any, file: Path) -> Outline:
    """An outline from the content of its file. Raises UserError naming file and field."""
    data = _mapping(data, KEYS, file, "")
    contents = data.get("contents", 2)
    if isinstance(contents, bool) or contents not in (0, 1, 2, 3):
        raise _refused(file, "contents", "应为0到3的整数")
    title = _text(data, "title", file, "")
    try:
        title.format(organization="", year=0)
    except (KeyError, IndexError, ValueError, AttributeError):
        raise _refused(file, "title", "只能用{organization}和{year}") from None
    sections = data.get("sections")
    if not isinstance(sections, dict) or not sections:
        raise _refused(file, "sections", "应写明各部分")
    named = _named_kinds(sections)
    return Outline(title, contents, tuple(_section(str(slug), one, named, file) for slug, one in sections.items()))


def _named_kinds(sections: Mapping[Any, Any]) -> frozenset[str]:
    """Kinds that are printed or listed somewhere by name; a rest stands for all the others."""
    parts = [part for one in sections.values() if isinstance(one, dict) for part in _list(one.get("parts"))]
    kinds = (kind for part in parts if isinstance(part, dict) for kind in _list(part.get("kinds")))
    return frozenset(kind for kind in kinds if isinstance(kind, str)) - {OTHERS}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _section(slug: str, data: Any, named: frozenset[str], file: Path) -> Section:
    data = _mapping(data, SECTION_KEYS, file, slug)
    parts = data.get("parts")
    if not isinstance(parts, list) or not parts:
        raise _refused(file, f"{slug}.parts", "应为列表")
    read = tuple(_part(one, named, file, f"{slug}.{number}") for number, one in enumerate(parts, 1))
    return Section(slug, _text(data, "heading", file, slug), read, str(data.get("none", "")))


def _part(data: Any, named: frozenset[str], file: Path, where: str) -> Part:
    data = _mapping(data, PART_KEYS, file, where)
    show = data.get("show")
    if show not in (*TABLES, "facts", "records"):
        raise _refused(file, f"{where}.show", "可用：" + "、".join([*TABLES, "facts", "records"]))
    kinds = _words(data, "kinds", [*load_kinds(), OTHERS], file, where)
    rest = frozenset(load_kinds()) - named if OTHERS in kinds else frozenset()
    wanted = Wanted(
        kinds=frozenset(kinds) - {OTHERS} | rest, words=_words(data, "words", None, file, where),
        rule=str(data.get("rule", "")),
    )  # fmt: skip
    table = TABLES.get(show)
    allowed = [NUMBER, *table.columns] if table else []
    if show == "list":
        allowed += field_labels()
    columns = _words(data, "columns", allowed, file, where)
    labels = _mapping(data.get("labels", {}), columns, file, f"{where}.labels")
    return Part(
        show, str(data.get("heading", "")), str(data.get("none", "")), wanted,
        columns or tuple(table.columns if table else ()), {key: str(label) for key, label in labels.items()},
    )  # fmt: skip


# --- reading ----------------------------------------------------------------------------------------------------------


def _refused(file: Path, name: str, problem: str) -> UserError:
    return UserError(
        "handbook-outline", "手册提纲 {file} 的“{field}”有误：{problem}。", file=shown(file), field=name.strip("."),
        problem=problem,
    )  # fmt: skip


def _mapping(data: Any, keys: Sequence[str], file: Path, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _refused(file, where or "title", "应为一组键和值")
    for key in data:
        if key not in keys:
            raise _refused(file, f"{where}.{key}", "没有这一项，可用：" + "、".join(keys))
    return data


def _text(data: Mapping[str, Any], key: str, file: Path, where: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _refused(file, f"{where}.{key}", "缺少，或者不是文字")
    return value.strip()


def _words(data: Mapping[str, Any], key: str, allowed: Sequence[str] | None, file: Path, where: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise _refused(file, f"{where}.{key}", "应为文字的列表")
    for one in value:
        if allowed is not None and one not in allowed:
            raise _refused(file, f"{where}.{key}", f"不认识“{one}”，可用：" + "、".join(allowed))
    return tuple(value)
