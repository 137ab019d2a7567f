"""A text held against the corpus, for one reader: what may be read is named, of the rest only that it exists."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhibu.checks.borrowed import Borrowed
from zhibu.corpus.feeds import Origin, origins_of, text_of
from zhibu.corpus.file import ask, root_of
from zhibu.corpus.jobs import rebuild_when_due
from zhibu.corpus.models import Visibility
from zhibu.corpus.passages import Pair, Sheet, pair, solid
from zhibu.corpus.queries import paths_above
from zhibu.org.models import Organization, Post, Title
from zhibu.org.spans import in_force
from zhibu.trace import Passage, Source, compare
from zhibu.trace.memory import Memory

ASKED_TITLES = (Title.SECRETARY, Title.DEPUTY_SECRETARY, Title.CLERK)
"""Posts a reader is sent to about a text that is not theirs to read, in this order."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A source the reader may open. `category` is a Visibility, as it looks from the body of the report."""

    origin: Origin
    category: str
    share: float
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A source the reader may not open: neither its name, its owner nor a word of it is in here, and `passages` tell
    of the report's side alone. `ask` is the body to turn to, `posts` those filled there."""

    category: str
    year: int | None
    share: float
    passages: tuple[Passage, ...]
    ask: Organization
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Sources by share. `size`: texts in the corpus; `waiting`: texts that are still to be taken in."""

    seen: tuple[Seen, ...]
    unseen: tuple[Unseen, ...]
    size: int
    waiting: int

    @property
    def total(self) -> int:
        return len(self.seen) + len(self.unseen)


def compared(
    text: str, organization: Organization, account: Any, on: date, *, without: Collection[str] = ()
) -> Compared:
    """The text of a body held against the corpus of its tree. `without` names texts to leave out: the text itself."""
    root = root_of(organization)
    found, state = ask(root, lambda corpus: compare(text, corpus, without=without))
    rebuild_when_due(root, state)
    origins = origins_of([each.source for each in found], account, on)
    known = [(each, origins[each.source]) for each in found if each.source in origins]
    seen = tuple(
        Seen(origin, category(origin, organization), each.share, each.passages)
        for each, origin in known
        if origin.readable
    )
    return Compared(seen, tuple(_unseen(known, organization, on)), len(state.versions), state.waiting)


@dataclass(frozen=True, slots=True)
class Beside:
    """A text and one of its sources, laid out beside each other."""

    source: Seen
    pair: Pair


def beside(sheet: Sheet, name: str, organization: Organization, account: Any, on: date) -> Beside | None:
    """The text held against one text of the corpus; None when there is none of that name that the account may read."""
    origin = origins_of([name], account, on).get(name)
    root = root_of(organization)
    if origin is None or not origin.readable or not origin.organization.path.startswith(root.path):
        return None
    if (known := text_of(name)) is None:
        return None
    there, shown = known
    # The text of the database, with the corpus's weights: the same share as in the list, for the words shown.
    found, _state = ask(root, lambda corpus: compare(sheet.compared, Memory([there], corpus.weights)))
    share, passages = (found[0].share, found[0].passages) if found else (0.0, ())
    laid = pair(sheet, Sheet(there.text, shown), passages)
    return Beside(Seen(origin, category(origin, organization), share, passages), laid)


def category(origin: Origin, organization: Organization) -> str:
    """Where a text comes from, as it looks from this body: its own, another branch's, a template, material."""
    if origin.visibility in (Visibility.TEMPLATE, Visibility.MATERIAL, Visibility.SISTER):
        return origin.visibility
    return Visibility.OWN if origin.organization.pk == organization.pk else Visibility.SISTER


def _unseen(known: Iterable[tuple[Source, Origin]], organization: Organization, on: date) -> list[Unseen]:
    hidden = [
        (each, origin, shared_path(origin.organization.path, organization.path))
        for each, origin in known
        if not origin.readable
    ]
    if not hidden:
        return []
    asked = _asked({path for _, _, path in hidden}, on)
    return [
        Unseen(
            category(origin, organization), origin.year, each.share, tuple(map(_own_side, each.passages)), *asked[path]
        )
        for each, origin, path in hidden
    ]


def _own_side(passage: Passage) -> Passage:
    return Passage(passage.start, passage.end, 0, 0, passage.kind, "")


def shared_path(one: str, other: str) -> str:
    """The path of the lowest body that stands above both, or is one of them: its people may read both."""
    step = Organization.steplen
    steps = range(step, min(len(one), len(other)) + 1, step)
    return max((one[:end] for end in steps if one[:end] == other[:end]), key=len, default="")


def _asked(paths: Collection[str], on: date) -> dict[str, tuple[Organization, tuple[str, ...]]]:
    """Path of each body → it, or the nearest above it where somebody holds a post, with those posts; not by name."""
    every = {above for path in paths for above in (*paths_above(path), path)}
    bodies = {body.path: body for body in Organization.objects.filter(path__in=every)}
    held = Post.objects.filter(in_force(on), organization__path__in=every, title__in=ASKED_TITLES)
    filled = set(held.values_list("organization__path", "title"))
    posts = {path: tuple(str(title.label) for title in ASKED_TITLES if (path, title) in filled) for path in every}
    found = {}
    for path in paths:
        manned = [above for above in (*paths_above(path), path) if posts[above]]
        found[path] = bodies[manned[-1] if manned else path], posts[manned[-1]] if manned else ()
    return found


def told(found: Compared, sheet: Sheet, organization: Organization) -> tuple[Borrowed, ...]:
    """The sources as the checker's rules are told of them; of those the reader may not open only that they exist."""
    passages = [(_known(each, organization), each.passages, each.share) for each in found.seen]
    for number, each in enumerate(found.unseen, start=1):
        name = _("一份您无权查看的文字") if len(found.unseen) == 1 else _("您无权查看的第{n}份文字").format(n=number)
        owner = organization.name if each.category == Visibility.OWN else ""
        passages.append(((name, owner, each.year, each.category), each.passages, each.share))
    return tuple(
        Borrowed(begin, end, *known, passage.kind, "", share)
        for known, every, share in passages
        for passage in every
        for begin, end in solid(sheet.compared, passage.start, passage.end)
    )


def _known(each: Seen, organization: Organization) -> tuple[str, str, int | None, str]:
    """Name, owner, year and category: by the owner the rules tell a body's own earlier papers from others'."""
    owner = organization.name if each.category == Visibility.OWN else each.origin.about
    return each.origin.title, owner, each.origin.year, each.category
