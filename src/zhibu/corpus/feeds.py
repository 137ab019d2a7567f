"""Which texts of the database stand in the corpus, and what is known of each.

A stage whose texts belong there registers a feed when it starts; a text is called by the feed's kind and its id
(report/12). The feed's marks tell cheaply whether anything changed, its versions what.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from zhibu.org.models import Organization
from zhibu.trace import Text


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text of the corpus comes from; `about` says more than the title does. `visibility` is empty for a report:
    whose it is depends on who asks. `readable`: whether the account that was named may read it; `url` is where."""

    name: str
    organization: Organization
    title: str
    about: str
    year: int | None
    visibility: str
    readable: bool
    url: str

    @property
    def kind(self) -> str:
        return self.name.partition("/")[0]

    @property
    def key(self) -> int:
        return int(self.name.partition("/")[2])


class Feed(Protocol):
    @property
    def kind(self) -> str: ...

    def mark(self, root: Organization) -> list[int]:
        """Other numbers as soon as a text of the tree came, went or changed: one small query."""

    def versions(self, root: Organization) -> dict[int, str]:
        """Id → version of every text of the tree, without the texts."""

    def texts(self, keys: Collection[int]) -> Iterator[tuple[int, Text]]:
        """The texts of these ids as they stand, whatever they are called; those that are gone are left out."""

    def shown(self, key: int) -> str:
        """The text as people read it, at the same places as in `texts`; empty when it is gone."""

    def origins(self, keys: Collection[int], account: Any, on: date) -> Iterator[tuple[int, Origin]]:
        """What is known of these ids; those that are gone are left out."""


_FEEDS: dict[str, Feed] = {}


def register(feed: Feed) -> None:
    """Raises ValueError for a kind that is taken."""
    if feed.kind in _FEEDS:
        raise ValueError(f"{feed.kind}: registered twice")
    _FEEDS[feed.kind] = feed


def feeds() -> tuple[Feed, ...]:
    return tuple(_FEEDS.values())


def named(kind: str, key: int) -> str:
    return f"{kind}/{key}"


def origins_of(names: Collection[str], account: Any, on: date) -> dict[str, Origin]:
    """What is known of the texts of these names, by name."""
    found: dict[str, Origin] = {}
    split = [name.partition("/") for name in names]
    for feed in feeds():
        keys = [int(key) for kind, _, key in split if kind == feed.kind and _is_key(key)]
        if keys:
            found |= {named(feed.kind, key): origin for key, origin in feed.origins(keys, account, on)}
    return found


def text_of(name: str) -> tuple[Text, str] | None:
    """The text of that name as it stands in the database, compared and shown; None when there is none."""
    kind, _, key = name.partition("/")
    feed = _FEEDS.get(kind)
    if feed is None or not _is_key(key):
        return None
    return next(((text, feed.shown(int(key))) for _, text in feed.texts([int(key)])), None)


def _is_key(digits: str) -> bool:
    """An id that a database can hold."""
    return digits.isdecimal() and len(digits) <= 18
