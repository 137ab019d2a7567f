"""The roll-up of a committee kept between requests: a grid of reason codes, and the sums of every body above others.

A board is built once by the warehouse. Afterwards what the journal tells is made good: an activity has its own body's
cells judged anew by `standing.py` and the difference added to the bodies above, which is constant work; whatever else
changes a ledger (roster, tree, duties, reasons given) has the board built again. Boards live in this process only;
every process reads the same journal.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from threading import Lock
from typing import NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Max

from zhibu.activities.models import Activity
from zhibu.duties.models import Explanation, LocalDuty
from zhibu.ledger.feeding import Tree, from_database
from zhibu.ledger.overview import Body, Overview, Sum, Wish, overview
from zhibu.ledger.queries import Tally, is_touched
from zhibu.ledger.queries import rollup as plain_rollup
from zhibu.ledger.standing import Standing, stand_all
from zhibu.ledger.still import StillFacts
from zhibu.ledger.warehouse import CODES
from zhibu.org.models import JournalEntry, Member, MemberStatus, Organization, OrganizationKind, Post
from zhibu.rulebook.duty import Duty
from zhibu.rulebook.reasons import REASONS, STATUSES

KEPT = 4
"""Boards kept; the one unused longest goes first."""
LATE_COMMITS = 200
"""Journal entries looked at again behind the newest: a transaction with a smaller number may be committed later."""
FEW = 20
"""Up to so many bodies the plain path is as quick."""
NOTHING = 255
"""No such cell."""
QUIET = frozenset(
    {
        "report",
        "reportversion",
        "waiver",
        "snapshot",
        "account",
        "channel",
        "delivery",
        "notice",
        "evaluation",
        "ownscheme",
    }
)
"""Journal entries about these do not touch any ledger."""
_ORDER = tuple(STATUSES)
_STATUS = np.array([_ORDER.index(status) for status, _ in REASONS.values()], dtype=np.uint8)
_CODE = {code: place for place, code in enumerate(CODES)}


class Marks(NamedTuple):
    """What has been written so far; equal marks mean that nothing was."""

    entries: frozenset[int]
    """Newest journal entries."""
    last: int
    activities: int
    others: tuple[int, ...]
    """Greatest keys of what changes more than one body."""


class Board:
    """All cells below `root` in `year` as seen on `on`."""

    def __init__(self, root: Organization, year: int, on: date) -> None:
        self.year, self.on = year, on
        self.marks = marks()
        self.tree = Tree.below(root)
        with from_database(self.tree, year, on) as warehouse:
            self.questions = warehouse.questions
            self._still = StillFacts(warehouse, self.tree, year, on)
            bodies, asks, codes = warehouse.codes()
        self._rule = np.array([ask.rule for ask in self.questions.asks], dtype=np.intp)
        self._ask = {(ask.duty.id, ask.period.key): number for number, ask in enumerate(self.questions.asks)}
        self.codes = np.full((len(self.tree.rows), len(self.questions.asks)), NOTHING, dtype=np.uint8)
        self.codes[bodies, asks] = codes
        self.counts = np.zeros((len(self.tree.rows), len(self.questions.duties), len(_ORDER)), dtype=np.int32)
        np.add.at(self.counts, (bodies, self._rule[asks], _STATUS[codes]), 1)
        sums = np.concatenate([np.zeros_like(self.counts[:1]), np.cumsum(self.counts, axis=0)])
        self.below = {
            body: sums[last + 1] - sums[body + 1] for body, last in enumerate(self.tree.last) if last > body
        }  # fmt: skip

    def duties_of(self, body: int) -> list[Duty]:
        return [one.duty for one in self.questions.duties if one.first <= body <= one.last]

    def apply(self, organizations: Iterable[int], activity: Activity | None = None) -> None:
        """Judge these bodies anew and add what has changed to the bodies above. Keys not below the root are left out.

        `activity`: the newly recorded one that is the only change, so that only duties it can bear on are looked at.
        """
        for key in organizations:
            number = self.tree.numbers.get(key)
            if number:
                duties = [duty for duty in self.duties_of(number) if activity is None or is_touched(duty, activity)]
                subject = self._still.subject(number, duties)
                self.replace(number, stand_all(duties, subject, self.year, self.on))

    def replace(self, body: int, standings: Iterable[Standing]) -> None:
        """Put these cells of a body in place of what they were."""
        change = np.zeros_like(self.counts[0])
        for one in standings:
            ask = self._ask[one.duty.id, one.period.key]
            before, after = self.codes[body, ask], _CODE[one.reason.code]
            if before == after:
                continue
            change[self._rule[ask], _STATUS[before]] -= 1
            change[self._rule[ask], _STATUS[after]] += 1
            self.codes[body, ask] = after
        self.counts[body] += change
        for above in self.tree.above(body):
            if above != body:
                self.below[above] += change

    def tallies(self) -> list[Tally]:
        """What `queries.rollup` gives: a row for each body below and each duty it has."""
        there = self.counts.any(axis=2)
        ids = [one.duty.id for one in self.questions.duties]
        return [
            Tally(self.tree.rows[body][0], ids[rule], tuple(self.counts[body, rule].tolist()))
            for body, rule in zip(*(found.tolist() for found in there.nonzero()), strict=True)
        ]

    def overview(self, bodies: Iterable[Body], wish: Wish, page: slice) -> Overview:
        """What `overview.overview` makes of the tallies, from the grid."""
        wanted = [one for one in bodies if wish.kind in ("", one.kind) and wish.sector in ("", one.sector)]
        counts = self.counts[[self.tree.numbers[one.id] for one in wanted]]
        ids = [one.duty.id for one in self.questions.duties]
        if wish.duty:
            counts = counts[:, [rule for rule, duty in enumerate(ids) if duty == wish.duty]]
            ids = [duty for duty in ids if duty == wish.duty]
        by_body = counts.sum(axis=1)
        kept = (by_body[:, _ORDER.index(wish.status)] if wish.status else by_body.sum(axis=1)) > 0  # type: ignore[arg-type]
        wanted = [one for one, keep in zip(wanted, kept.tolist(), strict=True) if keep]
        counts, by_body = counts[kept], by_body[kept]
        shown = list(zip(wanted[page], map(_sum, by_body[page]), strict=True))
        squares = {
            (body.id, ids[rule]): _sum(row[rule])
            for (body, _), row in zip(shown, counts[page], strict=True)
            for rule in row.any(axis=1).nonzero()[0].tolist()
        }
        by_duty = counts.sum(axis=0)
        duties = [(ids[rule], _sum(by_duty[rule])) for rule in _in_order_met(counts.any(axis=2))]
        return Overview(_sum(by_body.sum(axis=0)), shown, duties, len(wanted), squares)


def _sum(counts: np.ndarray) -> Sum:
    return Sum(counts.tolist())


def _in_order_met(there: np.ndarray) -> list[int]:
    """Columns with anything in them, by the first row that has it."""
    columns = there.any(axis=0).nonzero()[0]
    first = there[:, columns].argmax(axis=0)
    return [int(column) for column in columns[np.lexsort((columns, first))]]


_BOARDS: OrderedDict[tuple[str, int, int, date], Board] = OrderedDict()
_LOCK = Lock()


def board_of(root: Organization, year: int, on: date) -> Board:
    """The board as the database stands now: kept, brought up to date, or built."""
    key = (str(connection.settings_dict["NAME"]), root.pk, year, on)
    with _LOCK:
        board = _BOARDS.get(key)
        if board is None or not _caught_up(board):
            board = Board(root, year, on)
        _BOARDS[key] = board
        _BOARDS.move_to_end(key)
        while len(_BOARDS) > KEPT:
            _BOARDS.popitem(last=False)
        return board


def forget() -> None:
    """Keep no board any longer."""
    with _LOCK:
        _BOARDS.clear()


def overviews_below(
    root: Organization, year: int, on: date, bodies: Sequence[Body], wish: Wish
) -> Callable[[slice], Overview]:
    """The roll-up of `bodies` below `root`, page by page: judged there and then if few, else from the board."""
    if len(bodies) <= FEW:
        rows = plain_rollup(root, year, on)
        return lambda page: overview(bodies, rows, wish, page)
    board = board_of(root, year, on)
    return lambda page: board.overview(bodies, wish, page)


def rollup(root: Organization, year: int, on: date) -> Sequence[Tally]:
    """One row for each body below `root` and each duty it has, in the order of the tree, then of the duties."""
    return board_of(root, year, on).tallies()


def marks() -> Marks:
    """Read what was written last: each the end of an index."""
    last = _greatest(JournalEntry)
    entries = JournalEntry.objects.filter(id__gt=last - LATE_COMMITS).order_by().values_list("id", flat=True)
    others = (MemberStatus, Post, Member, Organization, LocalDuty, Explanation)
    return Marks(frozenset(entries), last, _greatest(Activity), tuple(_greatest(model) for model in others))


def _greatest(model: type) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0  # type: ignore[attr-defined, no-any-return]


def _caught_up(board: Board) -> bool:
    """Bring a board up to date by the journal. False where only building it again helps."""
    now = marks()
    if now == board.marks:
        return True
    if now.others != board.marks.others or now.last < board.marks.last:
        return False
    changes = _changes(board, now)
    if changes is None:
        return False
    for bodies, activity in changes:
        board.apply(bodies, activity)
    board.marks = now
    return True


ATTENDING = "attendance__member__statuses__organization_id"
"""Bodies that those who were there belong or belonged to."""
Change = tuple[set[int], Activity | None]
"""Bodies to judge anew, and the new activity if that is all that happened."""


def _changes(board: Board, now: Marks) -> list[Change] | None:
    """What to judge anew because of what was written since; None where it cannot be told from the journal."""
    unread = JournalEntry.objects.filter(id__gt=board.marks.last - LATE_COMMITS).exclude(id__in=board.marks.entries)
    changes: list[Change] = []
    told = 0
    for type_, key in unread.order_by("id").values_list("object_type", "object_id"):
        if type_ == "activity":
            change = change_of(int(key))
            if change is None:
                return None
            changes.append(change)
            told = max(told, int(key))
        elif type_ not in QUIET:
            return None
    return changes if now.activities in (board.marks.activities, told) else None


def change_of(key: int) -> Change | None:
    """The bodies of an activity: its own and, where it gives study hours, those of all who were there.

    None for a class held by a committee and changed since: who was struck off the list can no longer be seen.
    """
    columns = ("organization_id", "organization__kind", "kind", "also", "hours", "version", "withdrawn_at")
    rows = Activity.objects.filter(pk=key).order_by().values_list(*columns, ATTENDING).distinct()
    if not rows:
        return None
    organization, body_kind, kind, also, hours, version, withdrawn_at, _ = rows[0]
    bodies = {organization, *(row[-1] for row in rows if row[-1])}
    if version == 1 and withdrawn_at is None:
        return bodies if hours else {organization}, Activity(kind=kind, also=also, hours=hours)
    return (bodies, None) if body_kind in (OrganizationKind.BRANCH, OrganizationKind.CELL) else None
