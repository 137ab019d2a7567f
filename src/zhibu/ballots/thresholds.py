"""How many are enough. Whole numbers only; each rule says of whom: those entitled, or those present.

The words differ and so do the numbers: 半数以上 counts exactly half, 超过半数 does not, 五分之四 is 不少于.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Whole = Literal["entitled", "present"]
"""应到会有表决权（选举权）的, or 实到会的."""


@dataclass(frozen=True, slots=True)
class Share:
    """At least `top`/`bottom`, or with `more` more than that."""

    top: int
    bottom: int
    more: bool = False

    def met(self, part: int, whole: int) -> bool:
        """Of nobody nothing is enough."""
        mine, needed = part * self.bottom, self.top * whole
        return whole > 0 and (mine > needed if self.more else mine >= needed)

    def least(self, whole: int) -> int:
        """The smallest number that meets it."""
        needed = self.top * whole
        return needed // self.bottom + 1 if self.more else -(-needed // self.bottom)


HALF, MORE_THAN_HALF, FOUR_FIFTHS = Share(1, 2), Share(1, 2, more=True), Share(4, 5)


@dataclass(frozen=True, slots=True)
class Rule:
    """`quorum` of those entitled must be present; `passes` of `of` must say yes. None: not asked for."""

    slug: str
    label: str
    cites: str = ""
    quorum: Share | None = None
    passes: Share | None = None
    of: Whole = "entitled"
    read: bool = True
    """Whether the article's own words were read; otherwise pages say that they were not."""

    def has_quorum(self, present: int, entitled: int) -> bool | None:
        return None if self.quorum is None else self.quorum.met(present, entitled)

    def is_passed(self, yes: int, present: int, entitled: int) -> bool | None:
        """None: nothing is decided by this rule. Without a quorum nothing is passed."""
        if self.passes is None:
            return None
        whole = entitled if self.of == "entitled" else present
        return self.has_quorum(present, entitled) is not False and self.passes.met(yes, whole)

    def needed(self, present: int, entitled: int) -> int | None:
        """Yes-votes it takes."""
        whole = entitled if self.of == "entitled" else present
        return None if self.passes is None else self.passes.least(whole)


_BRANCH = "《中国共产党支部工作条例（试行）》第十一条"
_ADMISSION = "《中国共产党发展党员工作细则》（2026年修订）第十九条、第二十条"
_ELECTION = "《中国共产党基层组织选举工作条例》"
RULES: Mapping[str, Rule] = {
    rule.slug: rule
    for rule in (
        Rule("appraisal", "测评（不设门槛）"),
        Rule("resolution", "党员大会表决", _BRANCH, HALF, MORE_THAN_HALF, "entitled"),
        Rule("admission", "接收预备党员、转正", _ADMISSION, MORE_THAN_HALF, MORE_THAN_HALF, "entitled"),
        Rule("election", "选举", _ELECTION, FOUR_FIFTHS, MORE_THAN_HALF, "present", read=False),
    )
}


# --- elections --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Elected:
    """Numbers of the candidates: those elected, by votes; those between whom a tie must be voted on again; seats left
    open, with those tied not counted as filled."""

    elected: tuple[int, ...]
    tied: tuple[int, ...]
    open: int


def elected(yes: Sequence[int], seats: int, present: int, entitled: int) -> Elected:
    """Who is elected with more than half of those present; too many: by order of votes; a tie at the last seat is
    voted on again. `yes`: the votes of each candidate."""
    rule = RULES["election"]
    enough = [n for n, votes in enumerate(yes) if rule.is_passed(votes, present, entitled)]
    ranked = sorted(enough, key=lambda n: (-yes[n], n))
    if len(ranked) <= seats:
        return Elected(tuple(ranked), (), seats - len(ranked))
    last = yes[ranked[seats - 1]]
    if yes[ranked[seats]] != last:
        return Elected(tuple(ranked[:seats]), (), 0)
    sure = tuple(n for n in ranked if yes[n] > last)
    return Elected(sure, tuple(n for n in ranked if yes[n] == last), seats - len(sure))
