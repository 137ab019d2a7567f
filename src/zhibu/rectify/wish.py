"""What a register is narrowed to, as the address says it: `?year=2025&source=review&state=overdue`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.http import urlencode

from zhibu.duties.models import Source
from zhibu.rectify.kinds import problem_kinds
from zhibu.rectify.models import Problem
from zhibu.rectify.queries import with_state
from zhibu.rectify.states import ProblemState

ALL = "all"
OPEN = "open"
AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Wish:
    """Empty fields narrow nothing. `state` is one of `ProblemState`, or all, open (not closed), again (returned)."""

    year: int | None = None
    source: str = ""
    state: str = ALL
    kind: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], state: str = ALL) -> Wish:
        """What is not understood narrows nothing; without a state it is `state`."""
        year = asked.get("year", "")
        return cls(
            int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
            asked.get("source", "") if asked.get("source") in Source.values else "",
            asked["state"] if asked.get("state") in (*ProblemState.values, ALL, OPEN, AGAIN) else state,
            asked.get("kind", "") if asked.get("kind") in problem_kinds() else "",
        )

    @property
    def query(self) -> str:
        """The same as a query string, with `&` at its end for what follows."""
        named = {"year": self.year, "source": self.source, "state": self.state, "kind": self.kind}
        return urlencode({name: value for name, value in named.items() if value}) + "&"

    def among(self, problems: QuerySet[Problem], on: date) -> QuerySet[Problem]:
        wanted = Q()
        if self.year:
            wanted &= Q(origin__year=self.year)
        if self.source:
            wanted &= Q(origin__source=self.source)
        if self.kind:
            wanted &= Q(kind=self.kind)
        if self.state == AGAIN:
            wanted &= Q(again__isnull=False)
        found = problems.filter(wanted)
        if self.state == OPEN:
            return with_state(found, on).exclude(state=ProblemState.CLOSED.value)
        if self.state in ProblemState.values:
            return with_state(found, on).filter(state=self.state)
        return found
