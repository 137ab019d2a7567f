"""Documents with the first day on which they can have been studied: the rulebook's regulations and documents.yaml."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from zhibu.activities.kinds import HERE
from zhibu.rulebook.regulations import load_regulations
from zhibu.rulebook.yamlfile import read_yaml


@dataclass(frozen=True, slots=True)
class Document:
    """`words`: normalised pieces of the title of which one is enough. `earlier`: older versions could be studied."""

    title: str
    words: tuple[str, ...]
    issued: date
    confidence: str
    earlier: bool = False


def plain(title: str) -> str:
    """A title without marks, spaces and differences of width."""
    text = unicodedata.normalize("NFKC", title)
    return "".join(sign for sign in text if sign.isalnum())


def _first_day(month: str) -> date:
    year, _, number = month.partition("-")
    return date(int(year), int(number), 1)


@lru_cache(maxsize=1)
def documents() -> tuple[Document, ...]:
    """All known documents. A line of documents.yaml comes before a regulation of the same name."""
    own = [
        Document(
            line["words"][0], tuple(plain(word) for word in line["words"]), _first_day(str(line["issued"])),
            line["confidence"], line.get("earlier", False),
        )
        for line in read_yaml(HERE / "documents.yaml")
    ]  # fmt: skip
    regulations = [
        Document(one.title, (plain(one.title.removeprefix("中国共产党")),), one.since, "V")
        for one in load_regulations()
    ]
    return (*own, *(one for one in regulations if find(one.title, own) is None))


def find(title: str, among: tuple[Document, ...] | list[Document] | None = None) -> Document | None:
    """The document a title means, or None."""
    wanted = plain(title)
    known = documents() if among is None else among
    return next((one for one in known if any(word in wanted for word in one.words)), None)


def suggestions(on: date) -> list[str]:
    """Titles that could be studied on that day, newest first."""
    known = [one for one in documents() if one.issued <= on]
    return [one.title for one in sorted(known, key=lambda one: one.issued, reverse=True)]
