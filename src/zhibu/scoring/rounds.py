"""All that a committee assesses together: one scheme, one year. As stored, or as a trial before anything is asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, QuerySet

from zhibu.org.models import Account, Organization
from zhibu.scoring import queries
from zhibu.scoring.access import evaluations_below_seen_by, may_run
from zhibu.scoring.models import Evaluation, Ranking, State
from zhibu.scoring.points import Point
from zhibu.scoring.queries import Grade, Offered
from zhibu.scoring.scheme import Level, Scheme
from zhibu.scoring.weighing import Place, Share, Weighed, places, share, weigh, within_quota


@dataclass(frozen=True, slots=True)
class Entry:
    """One body, or one report, in the round."""

    evaluation: Evaluation
    points: Sequence[Point]
    grade: Grade
    weighed: Weighed
    share: Share

    @property
    def name(self) -> str:
        one = self.evaluation
        return f"{one.organization.name} {one.member}" if one.member_id else str(one.organization.name)


@dataclass
class Round:
    """In the order of the tree. `trial`: nothing has begun, the figures are of this moment. `scheme`: the newest
    version with which something began; `ranked`: whether the committee has switched the order on."""

    committee: Organization
    scheme: Scheme
    year: int
    entries: Sequence[Entry]
    trial: bool
    ranked: bool

    @property
    def of_persons(self) -> bool:
        return self.scheme.about == "report"

    @cached_property
    def same(self) -> list[Entry]:
        """Those under the newest version, whose parts can be held against each other."""
        return [one for one in self.entries if queries.scheme_of(one.evaluation) == self.scheme]

    @cached_property
    def places(self) -> dict[int, Place]:
        """Of those that may be ordered: none while the order is off; never persons, nor bodies struck by a veto."""
        if not self.ranked or self.of_persons:
            return {}
        return places({one.evaluation.pk: one.share for one in self.same if not one.weighed.struck})

    @cached_property
    def levels(self) -> list[tuple[Level, int, int | None]]:
        """Each level, how often it is given as things stand, and how often it may be."""
        return within_quota(Counter(one.grade.level for one in self.entries), self.scheme)

    @property
    def open(self) -> int:
        """Without a level: the sum is still a range."""
        return sum(not one.grade.level for one in self.entries)

    def keys(self, state: str) -> list[int]:
        return [one.evaluation.pk for one in self.entries if one.evaluation.state == state]


def round_of(account: Account, committee: Organization, slug: str, year: int, on: date) -> Round | None:
    """What has begun; where nothing has, and the reader may begin it, a trial over all bodies it is for. Else None."""
    rows = list(_rows(account, committee, slug, year, on))
    if rows:
        scheme = queries.scheme_of(max(rows, key=lambda one: (one.scheme_version, one.pk)))
        ranked = Ranking.objects.filter(committee=committee, scheme=slug, year=year).exists()
        return Round(committee, scheme, year, _entries(rows, on), False, ranked)
    offered = queries.schemes_for(committee).get(slug)
    if offered is None or offered.scheme.about == "report" or not may_run(account, committee, on):
        return None
    bodies = queries.bodies_to_ask(committee, offered.scheme, year, on)
    entries = _entries([as_if_begun(committee, body, offered, year) for body in bodies], on)
    return Round(committee, offered.scheme, year, entries, True, False)


def year_before(account: Account, found: Round, on: date) -> Round | None:
    """The same assessment a year earlier, if there was one."""
    rows = list(_rows(account, found.committee, found.scheme.slug, found.year - 1, on))
    if not rows:
        return None
    scheme = queries.scheme_of(max(rows, key=lambda one: (one.scheme_version, one.pk)))
    return Round(found.committee, scheme, found.year - 1, _entries(rows, on), False, False)


def _rows(account: Account, committee: Organization, slug: str, year: int, on: date) -> QuerySet[Evaluation]:
    seen = evaluations_below_seen_by(account, committee, on)
    mine = seen.filter(committee=committee, scheme=slug, year=year)
    return queries.with_items(mine).order_by("organization__path", "since", "id")


def _entries(rows: Sequence[Evaluation], on: date) -> list[Entry]:
    found = queries.points_of_all(rows, on)
    return [_entry(one, found[one.pk]) for one in rows]


def _entry(evaluation: Evaluation, found: Sequence[Point]) -> Entry:
    scheme = queries.scheme_of(evaluation)
    weighed = weigh(evaluation.pk, found, scheme)
    return Entry(evaluation, found, queries.grade_of(evaluation, found), weighed, share(weighed, scheme))


def as_if_begun(committee: Organization, body: Organization, offered: Offered, year: int) -> Evaluation:
    """An evaluation that is not stored: nothing was asked, nobody has said anything."""
    scheme = offered.scheme
    one = Evaluation(
        pk=-body.pk, organization=body, committee=committee, year=year, scheme=scheme.slug,
        scheme_version=scheme.version, title=scheme.title[:200], self_assessed=scheme.self_assessed,
        scheme_data=json.dumps(dict(offered.data), ensure_ascii=False), state=State.TRIAL,
    )  # fmt: skip
    one._prefetched_objects_cache = {"items": [], "objections": []}  # type: ignore[attr-defined]
    return one


@dataclass(frozen=True, slots=True)
class RoundLink:
    slug: str
    title: str
    year: int
    count: int
    """0: nothing has begun, a trial."""


def rounds_below(
    seen: QuerySet[Evaluation], committee: Organization, offered: Mapping[str, Offered], year: int
) -> list[RoundLink]:
    """What the committee assesses as a whole, the newest first; before them what could be tried this year."""
    mine = seen.filter(committee=committee).order_by()
    rows: Sequence[Any] = list(mine.values("scheme", "year").annotate(title=Max("title"), count=Count("id")))
    begun = [RoundLink(row["scheme"], row["title"], row["year"], row["count"]) for row in rows]
    there = {(one.slug, one.year) for one in begun}
    trials = [
        RoundLink(slug, one.scheme.title, year, 0)
        for slug, one in offered.items()
        if one.scheme.about == "organization" and not one.scheme.self_assessed and (slug, year) not in there
    ]
    return [*trials, *sorted(begun, key=lambda one: (-one.year, one.slug))]
