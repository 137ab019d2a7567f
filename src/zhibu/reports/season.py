"""A year's reports below a committee, each held against all the others; computed on demand and kept beside the corpus.

What is kept is derived and says of which versions it was computed; it can be deleted at any time.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from zhibu.corpus.feeds import named
from zhibu.corpus.file import ask, complete, root_of
from zhibu.corpus.jobs import rebuild_when_due
from zhibu.org.models import Organization
from zhibu.reports.feed import ReportFeed
from zhibu.reports.models import Report
from zhibu.reports.queries import reports_below
from zhibu.trace import Corpus, compare
from zhibu.trace.season import GROUP_AT, MOST_OTHERS

QUICK = 40
"""So many reports are compared while the page is waited for; more behind the pages, at the press of a button."""
TOLD_EVERY = 5
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports that share passages: `first` is the one of which more stands in the other. Shares are 0 to 1, of each
    one's own words; `passages` as counted from `first`."""

    first: int
    second: int
    share: float
    share_back: float
    passages: int


@dataclass(frozen=True, slots=True)
class Between:
    """What was found of which versions (id → version), largest share first; `groups` are ids of reports of which each
    shares at least `group_at` with another one of the group."""

    at: str
    versions: Mapping[str, str]
    pairs: tuple[Pair, ...]
    groups: tuple[tuple[int, ...], ...]
    group_at: float = GROUP_AT

    @property
    def computed_at(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def changed(self, versions: Mapping[str, str]) -> int:
        """How many reports came, went or changed since."""
        return len({key for key in {*self.versions, *versions} if self.versions.get(key) != versions.get(key)})


def season_of(committee: Organization, year: int) -> QuerySet[Report]:
    """The reports of the year below a committee, in the tree's order."""
    return reports_below(committee).filter(year=year).order_by("organization__path", "id")


def versions_of(reports: Sequence[Report]) -> dict[str, str]:
    return {str(report.pk): f"{report.version}@{report.changed_at.isoformat()}" for report in reports}


def kept(committee: Organization, year: int) -> Between | None:
    """What was computed last; None when nothing was, or it cannot be read."""
    try:
        found = json.loads(_place(committee, year).read_bytes())
        pairs = tuple(Pair(**each) for each in found.pop("pairs"))
        groups = tuple(map(tuple, found.pop("groups")))
        return Between(**found, pairs=pairs, groups=groups)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def compute(committee: Organization, year: int, *, at: datetime, told: Told = lambda done, total: None) -> Between:
    """Compare every report of the year with all others, and keep the result. UserError when that cannot be written.

    `told`: called now and then with how many reports are done, and of how many.
    """
    reports = list(season_of(committee, year))
    root = root_of(committee)
    complete(root)
    shares, state = ask(root, lambda corpus: _shares(corpus, [report.pk for report in reports], told))
    rebuild_when_due(root, state)
    pairs = sorted(_pairs(shares), key=lambda pair: (-pair.share, pair.first, pair.second))
    groups = _groups([report.pk for report in reports], pairs)
    found = Between(at.isoformat(), versions_of(reports), tuple(pairs), tuple(groups))
    _keep(_place(committee, year), found)
    return found


def _shares(corpus: Corpus, keys: Sequence[int], told: Told) -> dict[tuple[int, int], tuple[float, int]]:
    """(report, other) → share and passages, where there are any."""
    feed = ReportFeed()
    names = [named(feed.kind, key) for key in keys]
    found = {}
    for done, (key, text) in enumerate(feed.texts(keys)):
        if done % TOLD_EVERY == 0:
            told(done, len(keys))
        own = named(feed.kind, key)
        for source in compare(text.text, corpus, most=MOST_OTHERS, without=[own], only=names):
            found[key, int(source.source.partition("/")[2])] = source.share, len(source.passages)
    return found


def _pairs(shares: Mapping[tuple[int, int], tuple[float, int]]) -> list[Pair]:
    found = []
    for one, other in {(min(key), max(key)) for key in shares}:
        there, back = shares.get((one, other), (0.0, 0)), shares.get((other, one), (0.0, 0))
        first, second = (one, other) if there >= back else (other, one)
        larger, smaller = max(there, back), min(there, back)
        found.append(Pair(first, second, round(larger[0], 4), round(smaller[0], 4), larger[1]))
    return found


def _groups(keys: Sequence[int], pairs: Sequence[Pair]) -> list[tuple[int, ...]]:
    """Reports tied together by pairs of at least GROUP_AT, the largest group first."""
    group = {key: key for key in keys}
    for pair in pairs:
        one, other = group[pair.first], group[pair.second]
        if pair.share >= GROUP_AT and one != other:
            group = {key: one if found == other else found for key, found in group.items()}
    sizes = Counter(group.values())
    leaders = sorted((leader for leader in sizes if sizes[leader] > 1), key=lambda leader: (-sizes[leader], leader))
    return [tuple(key for key in keys if group[key] == leader) for leader in leaders]


def note(committee: Organization, year: int, done: int, total: int) -> None:
    """Write down how far a comparison is, for the page that waits for it."""
    with suppress(OSError):
        _note(committee, year).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _note(committee, year).write_text(json.dumps([done, total]), encoding="utf-8")


def noted(committee: Organization, year: int) -> tuple[int, int]:
    """How many reports are done, and of how many; 0 of 0 where nothing is written down."""
    try:
        done, total = json.loads(_note(committee, year).read_bytes())
        return int(done), int(total)
    except (OSError, ValueError, TypeError):
        return 0, 0


def forget(committee: Organization, year: int) -> None:
    with suppress(OSError):
        _note(committee, year).unlink()


def _note(committee: Organization, year: int) -> Path:
    return _place(committee, year).with_suffix(".progress")


def _place(committee: Organization, year: int) -> Path:
    return Path(settings.CORPUS) / f"{committee.path}-{year}.season.json"


def _keep(place: Path, found: Between) -> None:
    beside = place.with_suffix(f".{os.getpid()}.tmp")
    try:
        beside.write_text(json.dumps(asdict(found)), encoding="utf-8")
        os.replace(beside, place)
    except OSError:
        # Shown all the same; computed anew the next time.
        with suppress(OSError):
            beside.unlink()
