"""Records of duty of the first responsible person (亲自部署、过问、协调、督办): derived, never typed. Pure.

`responsibility.yaml` says which acts count under which of the four; each act opens its record, talks are only counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from zhibu.handbook.year import Deed, DutyRecord
from zhibu.rulebook.yamlfile import read_yaml


@dataclass(frozen=True, slots=True)
class Act:
    """An activity as one person's part in it: `own` if it is of the secretary's body itself, not of one below."""

    id: int
    code: str
    body: str
    own: bool
    kinds: frozenset[str]
    title: str
    held: date
    chaired: bool = False
    lectured: bool = False
    took_part: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What the person did about a task of the body or of one below."""

    task: int
    code: str
    body: str
    own: bool
    verb: str
    text: str
    day: date


@cache
def groups() -> dict[str, dict[str, Any]]:
    """Slug → label, hint and the acts that count, in the order they are shown."""
    found: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("responsibility.yaml"))
    return found


def duty_record(
    name: str, post: str, since: date, until: date | None, acts: Iterable[Act], steps: Iterable[Step]
) -> DutyRecord:
    """The record of one time in office; what happened outside of it does not count. `until` is the day it ended."""
    in_office = [act for act in acts if since <= act.held and (until is None or act.held < until)]
    taken = [step for step in steps if since <= step.day and (until is None or step.day < until)]
    deeds = [
        deed
        for slug, group in groups().items()
        for source in group["from"]
        for deed in _SOURCES[source["what"]](slug, source, in_office, taken)
    ]
    deeds.sort(key=lambda deed: (list(groups()).index(deed.group), deed.day))
    talks = sum(act.private and act.chaired and "talk" in act.kinds for act in in_office)
    return DutyRecord(name, post, since, until, tuple(deeds), talks)


def of_group(record: DutyRecord, slug: str) -> list[Deed]:
    return [deed for deed in record.deeds if deed.group == slug]


Source = Callable[[str, Mapping[str, Any], Iterable[Act], Iterable[Step]], Iterable[Deed]]


def _chaired(slug: str, source: Mapping[str, Any], acts: Iterable[Act], steps: Iterable[Step]) -> Iterable[Deed]:
    wanted = set(source["kinds"])
    return (_of_act(slug, source, act) for act in acts if act.chaired and act.kinds & wanted and not act.private)


def _lectured(slug: str, source: Mapping[str, Any], acts: Iterable[Act], steps: Iterable[Step]) -> Iterable[Deed]:
    return (_of_act(slug, source, act) for act in acts if act.lectured and not act.private)


def _took_part(slug: str, source: Mapping[str, Any], acts: Iterable[Act], steps: Iterable[Step]) -> Iterable[Deed]:
    wanted = set(source["kinds"])
    return (
        _of_act(slug, source, act)
        for act in acts
        if (act.took_part or act.chaired) and act.kinds & wanted and not act.private
    )


def _below(slug: str, source: Mapping[str, Any], acts: Iterable[Act], steps: Iterable[Step]) -> Iterable[Deed]:
    """At an activity of a body below: what one chairs or teaches there stands elsewhere."""
    return (
        _of_act(slug, source, act)
        for act in acts
        if act.took_part and not (act.own or act.chaired or act.lectured or act.private)
    )


def _steps(slug: str, source: Mapping[str, Any], acts: Iterable[Act], steps: Iterable[Step]) -> Iterable[Deed]:
    return (_of_step(slug, source, step) for step in steps if step.verb in source["verbs"])


def _talks(slug: str, source: Mapping[str, Any], acts: Iterable[Act], steps: Iterable[Step]) -> Iterable[Deed]:
    """Talks are counted in the record itself and listed nowhere."""
    return ()


_SOURCES: Mapping[str, Source] = {
    "chaired": _chaired,
    "lectured": _lectured,
    "took-part": _took_part,
    "took-part-below": _below,
    "steps": _steps,
    "talks": _talks,
}


def _of_act(slug: str, source: Mapping[str, Any], act: Act) -> Deed:
    text = act.title if act.own else f"{act.body}：{act.title}"
    return Deed(slug, source["label"], source["label_en"], act.held, text, record=(act.code, act.id))


def _of_step(slug: str, source: Mapping[str, Any], step: Step) -> Deed:
    text = step.text if step.own else f"{step.body}：{step.text}"
    return Deed(slug, source["label"], source["label_en"], step.day, text, task=(step.code, step.task))
