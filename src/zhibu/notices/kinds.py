"""What notices are about, from `kinds.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from zhibu.rulebook.yamlfile import read_yaml


@dataclass(frozen=True, slots=True)
class NoticeKind:
    slug: str
    label: str
    label_en: str
    inside: bool = False
    """Never sent out: that a channel fails is no message for channels."""
    event: bool = False
    """For other systems: sent by the way EVENTS alone."""


@lru_cache(maxsize=1)
def notice_kinds() -> dict[str, NoticeKind]:
    """By slug, in the order of the file."""
    rows = read_yaml(Path(__file__).with_name("kinds.yaml"))
    return {slug: NoticeKind(slug, **labels) for slug, labels in rows.items()}


def kinds_for(way: str) -> list[NoticeKind]:
    """What a way of this sort may carry."""
    return [kind for kind in notice_kinds().values() if kind.event == (way == "events") and not kind.inside]


def kinds_for_people() -> dict[str, NoticeKind]:
    """What an account can be told of, by slug."""
    return {slug: kind for slug, kind in notice_kinds().items() if not kind.event}
