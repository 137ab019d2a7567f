"""A whole season: every text against all the others, and the groups of those that share much."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from zhibu.trace.align import Prepared
from zhibu.trace.comparing import Library, compare, compared
from zhibu.trace.memory import Memory
from zhibu.trace.results import Source, Text

GROUP_AT = 0.2
"""Where groups are drawn unless asked otherwise. It orders the picture and says nothing about any text."""
MOST_OTHERS = 40
"""Other texts of the season looked at closely for one text."""


@dataclass(frozen=True, slots=True)
class Season:
    """`within[k]` are the sources of `texts[k]` among the other texts, `earlier[k]` those in the corpus. `groups` are
    places in `texts`, largest group first: each member shares at least `group_at` with another one, one way or the
    other. A text in no group is in none of them."""

    texts: tuple[Text, ...]
    within: tuple[tuple[Source, ...], ...]
    earlier: tuple[tuple[Source, ...], ...]
    groups: tuple[tuple[int, ...], ...]
    group_at: float

    def label(self, name: str) -> str:
        """A text's name without the folder that all of them lie in; other names as they are."""
        folders = {each.name.rpartition("/")[0] for each in self.texts}
        shared = os.path.commonpath(folders) if folders and all(folders) else ""
        return name.removeprefix(f"{shared}/") if shared else name

    def to_json(self) -> dict[str, Any]:
        """`{texts: [{name, owner, characters, sources, earlier}], groups: [[name]], group_at}`."""
        rows = zip(self.texts, self.within, self.earlier, strict=True)
        return {
            "texts": [
                {
                    "name": text.name,
                    "owner": text.owner,
                    "characters": len(text.text),
                    "sources": [each.to_json() for each in within],
                    "earlier": [each.to_json() for each in earlier],
                }
                for text, within, earlier in rows
            ],
            "groups": [[self.texts[k].name for k in group] for group in self.groups],
            "group_at": self.group_at,
        }


def season(
    texts: Sequence[Text],
    corpus: Library | None = None,
    *,
    group_at: float = GROUP_AT,
    progress: Callable[[int], None] = lambda done: None,
) -> Season:
    """Compare every text with the others and, if there is one, with a corpus (its texts of the same name left out).

    Names must differ. `progress` is told after each text how many are done.
    """
    memory = Memory(texts)
    within, earlier = [], []
    for k, text in enumerate(texts):
        within.append(_others(memory, k))
        earlier.append(tuple(compare(text.text, corpus, without=[text.name])) if corpus else ())
        progress(k + 1)
    return Season(tuple(texts), tuple(within), tuple(earlier), _groups(texts, within, group_at), group_at)


def _others(memory: Memory, k: int) -> tuple[Source, ...]:
    report = Prepared(memory.side(k), memory.weights)
    keys = memory.candidates(report.side.hashes, MOST_OTHERS, [memory.texts[k].name])
    found = (compared(report, memory.side(key), memory.text(key)) for key in keys)
    return tuple(sorted((each for each in found if each), key=lambda each: (-each.share, each.source)))


def _groups(texts: Sequence[Text], within: Sequence[Sequence[Source]], group_at: float) -> tuple[tuple[int, ...], ...]:
    place = {text.name: k for k, text in enumerate(texts)}
    leader = list(range(len(texts)))

    def find(k: int) -> int:
        while leader[k] != k:
            leader[k] = leader[leader[k]]
            k = leader[k]
        return k

    for k, sources in enumerate(within):
        for each in sources:
            if each.share >= group_at:
                leader[find(k)] = find(place[each.source])
    members: dict[int, list[int]] = {}
    for k in range(len(texts)):
        members.setdefault(find(k), []).append(k)
    groups = [tuple(each) for each in members.values() if len(each) > 1]
    return tuple(sorted(groups, key=lambda each: (-len(each), each)))
