"""The kinds of activity as data: which parts and fields a record of each kind has. Adding a kind is adding a file.

`kinds/<slug>.yaml` names field sets of `sets.yaml`; docs/how-to-add-a-kind.md explains every key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from zhibu.errors import UserError
from zhibu.rulebook.yamlfile import read_yaml, shown, vocabulary

HERE = Path(__file__).parent

FIELD_TYPES = ("text", "long", "number", "money", "date", "time", "choice", "member", "yes-no")
ATTENDS = ("members", "committee", "cell", "chosen", "pair", "nobody")
"""Who comes to it. `nobody`: it names no people at all, as sums of dues must not."""

COLUMNS: Mapping[str, tuple[str, str]] = {
    "times": ("起止时间", "Start and end"),
    "place": ("地点", "Place"),
    "chair": ("主持人", "Chair"),
    "recorder": ("记录人", "Recorder"),
    "attendance": ("到会名单", "Attendance"),
    "reasons": ("缺席和请假原因", "Reasons for absence and leave"),
    "agenda": ("议题", "Agenda"),
    "minutes": ("记录", "Minutes"),
    "outcome": ("决议或结论", "Resolutions or conclusion"),
    "resolutions": ("决议", "Resolutions"),
    "votes": ("表决", "Votes"),
    "hours": ("学时", "Hours"),
}
"""Parts that every record has room for; a kind says which of them it asks for."""

FORBIDDEN = (
    "photo", "selfie", "location", "gps", "check-in", "check_in", "sign-in", "points", "likes", "online_time",
    "照片", "自拍", "定位", "打卡", "签到", "积分", "点赞", "在线时长",
)  # fmt: skip
"""What no kind may ask for: the central rules against formalism at the fingertips (指尖上的形式主义)."""


@dataclass(frozen=True, slots=True)
class Choice:
    slug: str
    label: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field beyond the columns; its value stands in `Activity.fields` under `slug`, as text, number or true."""

    slug: str
    label: str
    label_en: str
    type: str
    required: bool = False
    either: str = ""
    """Another field that, filled in, makes this one needless."""
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    hint_en: str = ""
    max: int = 0
    """Longest text, or highest number; 0: the type's own limit."""

    def choice_label(self, slug: str) -> str:
        return next((choice.label for choice in self.choices if choice.slug == slug), slug)


@dataclass(frozen=True, slots=True)
class Column:
    slug: str
    label: str
    label_en: str
    required: bool


@dataclass(frozen=True, slots=True)
class FieldSet:
    slug: str
    label: str
    label_en: str
    columns: Mapping[str, Column]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a record of this kind holds. `columns` maps the parts it asks for; other parts are not shown."""

    slug: str
    label: str
    label_en: str
    group: str
    sets: tuple[str, ...]
    attends: str
    bodies: tuple[str, ...]
    columns: Mapping[str, Column]
    fields: tuple[Field, ...]
    also: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    vote: str = ""
    """The threshold (thresholds.yaml) a vote in it has unless the vote says otherwise."""
    hours: float = 0
    """Study hours the form proposes; a person may change them."""
    private: bool = False
    """Only those taking part and those who may record read it: talks."""
    example: str = ""

    def has(self, column: str) -> bool:
        return column in self.columns

    def requires(self, column: str) -> bool:
        return column in self.columns and self.columns[column].required

    def field(self, slug: str) -> Field | None:
        return next((one for one in self.fields if one.slug == slug), None)


@dataclass(frozen=True, slots=True)
class Group:
    slug: str
    label: str
    label_en: str
    kinds: tuple[Kind, ...] = field(default=())


def _refuse(file: Path, name: str, problem: str) -> UserError:
    return UserError(
        "kind-file-wrong", "{file} 的“{field}”有误：{problem}。", file=shown(file), field=name, problem=problem
    )


def _text(data: Mapping[str, Any], key: str, file: Path, where: str = "") -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _refuse(file, f"{where}{key}", "缺少，或者不是文字")
    return value.strip()


def _known(data: Mapping[str, Any], keys: Iterable[str], file: Path, where: str = "") -> None:
    for key in data:
        if key not in keys:
            raise _refuse(file, f"{where}{key}", "没有这一项，可用：" + "、".join(keys))


def _words(data: Mapping[str, Any], key: str, allowed: Iterable[str], file: Path) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise _refuse(file, key, "应为列表")
    allowed = tuple(allowed)
    for word in value:
        if word not in allowed:
            raise _refuse(file, key, f"不认识“{word}”，可用：" + "、".join(allowed))
    return tuple(value)


def _permitted(slug: str, text: str, file: Path) -> None:
    for word in FORBIDDEN:
        if word == slug or word in text:
            raise _refuse(file, slug, f"不得要求“{word}”：这是形式主义的做法")


def parse_field(slug: str, data: Any, file: Path) -> Field:
    """One field of a set or kind. Raises UserError naming file and field."""
    if not isinstance(data, dict):
        raise _refuse(file, slug, "应为一组键和值")
    keys = ("label", "label_en", "type", "required", "either", "choices", "hint", "hint_en", "max")
    _known(data, keys, file, f"{slug}.")
    if data.get("type") not in FIELD_TYPES:
        raise _refuse(file, f"{slug}.type", "应为下列之一：" + "、".join(FIELD_TYPES))
    if not isinstance(data.get("required", False), bool):
        raise _refuse(file, f"{slug}.required", "应为 true 或 false")
    if not isinstance(data.get("max", 0), int) or data.get("max", 0) < 0:
        raise _refuse(file, f"{slug}.max", "应为正整数")
    label = _text(data, "label", file, f"{slug}.")
    _permitted(slug, label, file)
    choices = tuple(
        Choice(str(key), _text(one, "label", file, f"{slug}.{key}."), _text(one, "label_en", file, f"{slug}.{key}."))
        for key, one in (data.get("choices") or {}).items()
    )
    if (data["type"] == "choice") != bool(choices):
        raise _refuse(file, f"{slug}.choices", "类型为 choice 时必须列出，其他类型不能有")
    return Field(
        slug=slug,
        label=label,
        label_en=_text(data, "label_en", file, f"{slug}."),
        type=data["type"],
        required=data.get("required", False),
        either=str(data.get("either", "")),
        choices=choices,
        hint=str(data.get("hint", "")),
        hint_en=str(data.get("hint_en", "")),
        max=data.get("max", 0),
    )


def _fields(data: Mapping[str, Any], file: Path) -> tuple[Field, ...]:
    return tuple(parse_field(slug, one, file) for slug, one in (data.get("fields") or {}).items())


def _columns(data: Mapping[str, Any], file: Path) -> dict[str, Column]:
    columns = {}
    for slug, one in (data or {}).items():
        if slug not in COLUMNS:
            raise _refuse(file, slug, "没有这个部分，可用：" + "、".join(COLUMNS))
        columns[slug] = Column(
            slug, _text(one, "label", file, f"{slug}."), _text(one, "label_en", file, f"{slug}."),
            one.get("required", True),
        )  # fmt: skip
    return columns


def parse_sets(data: Any, file: Path) -> dict[str, FieldSet]:
    sets = {}
    for slug, one in data.items():
        _known(one, ("label", "label_en", "columns", "fields"), file, f"{slug}.")
        sets[slug] = FieldSet(
            slug, _text(one, "label", file, f"{slug}."), _text(one, "label_en", file, f"{slug}."),
            _columns(one.get("columns", {}), file), _fields(one, file),
        )  # fmt: skip
    return sets


KIND_KEYS = (
    "label", "label_en", "group", "sets", "without", "attends", "bodies", "fields", "labels", "optional", "required",
    "also", "tags", "vote", "hours", "private", "example",
)  # fmt: skip


def parse_kind(slug: str, data: Any, sets: Mapping[str, FieldSet], file: Path) -> Kind:
    """A kind from the content of its file. Raises UserError `kind-file-wrong` naming file and field."""
    if not isinstance(data, dict):
        raise _refuse(file, slug, "应为一组键和值")
    _known(data, KIND_KEYS, file)
    words = vocabulary()
    if slug not in words["kinds"]:
        raise _refuse(file, slug, "类别未登记在 rulebook/vocabulary.yaml")
    if data.get("attends") not in ATTENDS:
        raise _refuse(file, "attends", "应为下列之一：" + "、".join(ATTENDS))
    if data.get("group") not in _groups():
        raise _refuse(file, "group", "应为下列之一：" + "、".join(_groups()))
    if data.get("vote", "") not in ("", *thresholds()):
        raise _refuse(file, "vote", "应为下列之一：" + "、".join(thresholds()))
    hours = data.get("hours", 0)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 <= hours <= 100:
        raise _refuse(file, "hours", "应为0到100的数")
    names = _words(data, "sets", sets, file)
    without = _words(data, "without", COLUMNS, file)
    fields = [one for name in names for one in sets[name].fields] + list(_fields(data, file))
    if "outcome" in without:
        fields = [one for one in fields if one.slug != "conclusion"]
    twice = {one.slug for one in fields if [other.slug for other in fields].count(one.slug) > 1}
    if twice:
        raise _refuse(file, "、".join(sorted(twice)), "在所用字段集中已有同名字段")
    for one in fields:
        if one.either and one.either not in {other.slug for other in fields}:
            raise _refuse(file, f"{one.slug}.either", f"没有字段“{one.either}”")
    return Kind(
        slug=slug,
        label=_text(data, "label", file),
        label_en=_text(data, "label_en", file),
        group=data["group"],
        sets=names,
        attends=data["attends"],
        bodies=_words(data, "bodies", words["organisations"], file),
        columns=_kind_columns(data, [sets[name] for name in names], file),
        fields=tuple(fields),
        also=_words(data, "also", words["kinds"], file),
        tags=_words(data, "tags", words["tags"], file),
        vote=data.get("vote", ""),
        hours=float(hours),
        private=bool(data.get("private", False)),
        example=str(data.get("example", "")),
    )


def _kind_columns(data: Mapping[str, Any], sets: list[FieldSet], file: Path) -> dict[str, Column]:
    """The columns of the sets, with this kind's own labels and its own idea of what is required."""
    without = data.get("without", [])
    columns = {slug: column for one in sets for slug, column in one.columns.items() if slug not in without}
    if data.get("hours"):
        columns.setdefault("hours", Column("hours", *COLUMNS["hours"], required=False))
    labels = data.get("labels") or {}
    required = _words(data, "required", COLUMNS, file)
    optional = _words(data, "optional", columns, file)
    for slug in labels:
        if slug not in COLUMNS:
            raise _refuse(file, f"labels.{slug}", "没有这个部分，可用：" + "、".join(COLUMNS))
    if "outcome" in columns or "resolutions" in labels:
        columns.setdefault("resolutions", Column("resolutions", *COLUMNS["resolutions"], required=False))
    for slug in {*required, *labels}:
        columns.setdefault(slug, Column(slug, *COLUMNS[slug], required=False))
    for slug, column in list(columns.items()):
        own = labels.get(slug)
        label = _text(own, "label", file, f"labels.{slug}.") if own else column.label
        label_en = _text(own, "label_en", file, f"labels.{slug}.") if own else column.label_en
        columns[slug] = Column(slug, label, label_en, (column.required or slug in required) and slug not in optional)
    return columns


@lru_cache(maxsize=1)
def _groups() -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = read_yaml(HERE / "groups.yaml")
    return groups


@lru_cache(maxsize=1)
def thresholds() -> dict[str, dict[str, Any]]:
    """Kind of vote → what it needs, as in thresholds.yaml."""
    found: dict[str, dict[str, Any]] = read_yaml(HERE / "thresholds.yaml")
    return found


@lru_cache(maxsize=1)
def field_sets() -> dict[str, FieldSet]:
    path = HERE / "sets.yaml"
    return parse_sets(read_yaml(path), path)


@lru_cache(maxsize=1)
def load_kinds() -> dict[str, Kind]:
    """Slug → kind, in the order of the groups and then of the vocabulary."""
    order = list(vocabulary()["kinds"])
    paths = sorted((HERE / "kinds").glob("*.yaml"), key=lambda path: path.stem)
    kinds = [parse_kind(path.stem, read_yaml(path), field_sets(), path) for path in paths]
    kinds.sort(key=lambda kind: (list(_groups()).index(kind.group), order.index(kind.slug)))
    return {kind.slug: kind for kind in kinds}


def find_kind(slug: str) -> Kind:
    """The kind with this slug. Raises UserError `unknown-kind`."""
    try:
        return load_kinds()[slug]
    except KeyError:
        raise UserError("unknown-kind", "没有“{kind}”这一类活动。", kind=slug) from None


def kinds_for(body: str) -> list[Group]:
    """The groups with the kinds a body of this sort (branch, cell …) records; groups without any are left out."""
    groups = []
    for slug, words in _groups().items():
        kinds = tuple(k for k in load_kinds().values() if k.group == slug and body in k.bodies)
        if kinds:
            groups.append(Group(slug, words["label"], words["label_en"], kinds))
    return groups
