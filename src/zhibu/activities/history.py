"""A record as it stood, whole, as data that outlives its rows; and the differences between two of them, by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.activities.derived import study_hours
from zhibu.activities.entry import Entry
from zhibu.activities.kinds import Kind, load_kinds, thresholds
from zhibu.activities.models import Presence
from zhibu.rulebook.yamlfile import label

LABELS = {
    "title": gettext_lazy("名称"),
    "held": gettext_lazy("日期"),
    "starts": gettext_lazy("开始"),
    "ends": gettext_lazy("结束"),
    "place": gettext_lazy("地点"),
    "chair": gettext_lazy("主持人"),
    "recorder": gettext_lazy("记录人"),
    "also": gettext_lazy("同时完成"),
    "present": gettext_lazy("到会"),
    "leave": gettext_lazy("请假"),
    "absent": gettext_lazy("缺席"),
    "observer": gettext_lazy("列席"),
    "guests": gettext_lazy("其他列席人员"),
    "hours": gettext_lazy("学时"),
    "agenda": gettext_lazy("议题"),
    "minutes": gettext_lazy("记录"),
    "studied": gettext_lazy("学习文件"),
    "resolutions": gettext_lazy("决议"),
    "votes": gettext_lazy("表决"),
    "attachments": gettext_lazy("附件"),
}


def whole(entry: Entry, names: Mapping[int, str], attachments: Iterable[str] = ()) -> dict[str, Any]:
    """The record as JSON with names written out, so that it reads the same when members have left."""

    def name(member: int | None) -> str:
        return "" if member is None else names.get(member, "")

    kind = load_kinds()[entry.kind]
    members = {one.slug for one in kind.fields if one.type == "member"}
    return {
        "kind": entry.kind,
        "title": entry.title,
        "held": entry.held.isoformat(),
        "starts": f"{entry.starts:%H:%M}" if entry.starts else "",
        "ends": f"{entry.ends:%H:%M}" if entry.ends else "",
        "place": entry.place,
        "chair": name(entry.chair),
        "recorder": name(entry.recorder),
        "also": list(entry.also),
        **_presence(entry, name),
        "guests": entry.guests,
        "hours": study_hours(entry, kind),
        "agenda": entry.agenda,
        "minutes": entry.minutes,
        "studied": list(entry.studied),
        "fields": {slug: name(value) if slug in members else value for slug, value in entry.fields.items()},
        "resolutions": [[one.text, name(one.owner), _iso(one.due), _iso(one.done)] for one in entry.resolutions],
        "votes": [list(astuple(one)) for one in entry.votes],
        "attachments": list(attachments),
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _presence(entry: Entry, name: Any) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {choice: [] for choice in Presence.values}
    for one in entry.attendance:
        lists[one.presence].append(name(one.member) + (f"（{one.reason}）" if one.reason else ""))
    return lists


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: its name in the reader's language and both values as text."""

    label: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Field by field what changed from one whole record to the other, in the order of the form."""
    old, new = shown(before), shown(after)
    return [
        Difference(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*old, *new])
        if old.get(name, "") != new.get(name, "")
    ]


def shown(data: Mapping[str, Any]) -> dict[str, str]:
    """Label → text of a whole record, for reading and comparing."""
    kind = load_kinds()[data["kind"]]
    texts = {slug: _text(slug, data.get(slug)) for slug in LABELS}
    rows = {_label(slug, kind): text for slug, text in texts.items()}
    for field in kind.fields:
        value = data["fields"].get(field.slug)
        if field.type == "choice":
            value = field.choice_label(value) if value else ""
        elif field.type == "yes-no":
            value = "" if value is None else (_("是") if value else _("否"))
        rows[field.label] = "" if value is None else str(value)
    return rows


def _label(slug: str, kind: Kind) -> str:
    column = kind.columns.get(slug)
    return column.label if column and slug in ("chair", "agenda", "minutes", "resolutions") else str(LABELS[slug])


def _text(slug: str, value: Any) -> str:
    if value in (None, "", 0):
        return ""
    if slug == "hours":
        return f"{value:g}"
    if slug == "also":
        return "、".join(label("kinds", one) for one in value)
    if slug == "resolutions":
        return "\n".join("　".join(part for part in row if part) for row in value)
    if slug == "votes":
        return "\n".join(_vote(row) for row in value)
    if isinstance(value, list):
        return ("\n" if slug == "studied" else "、").join(value)
    return str(value)


def _vote(row: list[Any]) -> str:
    matter, entitled, present, yes, no, abstain, written, passed, rule, _method = row
    result = _("通过") if passed else _("未通过")
    figures = _("应到{entitled}，实到{present}，赞成{yes}，反对{no}，弃权{abstain}，书面{written}").format(
        entitled=entitled, present=present, yes=yes, no=no, abstain=abstain, written=written
    )
    return f"{matter}（{thresholds()[rule]['label']}）：{figures}，{result}"
