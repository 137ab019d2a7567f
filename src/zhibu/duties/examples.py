"""The cases beside a rule file, as examples for the people who must follow it. They are the same ones the tests run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from zhibu.rulebook.regulations import FOLDER
from zhibu.rulebook.yamlfile import read_yaml


@dataclass(frozen=True, slots=True)
class Example:
    """A case in the words of those who do the work, and the keys of the duties it is about."""

    name: str
    keys: frozenset[str]


def examples_of(slug: str, key: str, at_most: int = 6) -> list[Example]:
    """The first cases of a regulation that are about one of its duties."""
    return [example for example in examples(slug) if key in example.keys][:at_most]


@lru_cache(maxsize=32)
def examples(slug: str) -> tuple[Example, ...]:
    """All cases of a regulation; none for a local document or where no file is."""
    path = FOLDER / slug / "cases.yaml"
    if not path.is_file():
        return ()
    return tuple(Example(case["name"], _keys(case)) for case in read_yaml(path) or ())


def _keys(case: dict[str, Any]) -> frozenset[str]:
    """`expect` names cells (key/period), `owed` and `exempt` name duties."""
    named = [*(case.get("owed") or ()), *(case.get("expect") or ()), *(case.get("exempt") or ())]
    return frozenset(str(name).partition("/")[0] for name in named)
