"""The corpus of a tree as the engine reads it: one file in ZHIBU_HOME, derived from the database and kept up with it.

What is in the file stands beside it in a small state file: marks by which a request sees that nothing changed, and the
version of every text, by which it sees what did. One process at a time brings the file up to date; a file that is
missing, damaged or not the one the state tells of is written anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from zhibu.corpus.feeds import feeds, named
from zhibu.errors import UserError
from zhibu.org.models import Organization
from zhibu.trace import Corpus, Text

AT_ONCE = 400
"""Texts one request takes in at most; the others wait for the next one, and the page says so."""
_DAMAGED = ("corpus-damaged", "corpus-other", "corpus-missing")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class State:
    """`marks`: each feed's mark when the file was last complete; `versions`: name → version of each text in the file;
    `waiting`: texts that are not in it yet; `stamp`: size and time of the file that all this is told of."""

    marks: Mapping[str, list[int]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    waiting: int = 0
    stamp: list[int] = field(default_factory=list)
    due: bool = False
    """Official wording should be counted anew: `refresh`, at leisure."""


def root_of(organization: Organization) -> Organization:
    """The top of the tree: texts of one tree are never compared with another's."""
    if organization.depth == 1:
        return organization
    return Organization.objects.get(path=organization.path[: Organization.steplen])


def ask(root: Organization, question: Callable[[Corpus], Answer]) -> tuple[Answer, State]:
    """The answer of the tree's corpus, brought up to date first, and what the corpus holds.

    UserError when the file cannot be read or written.
    """
    try:
        return _asked(root, question)
    except UserError as error:
        if error.code not in _DAMAGED:
            raise
    with _locked(place_of(root)) as place:
        _discard(place)
    return _asked(root, question)


def complete(root: Organization) -> State:
    """Bring the file up to date with all that is waiting, however long that takes."""
    with _locked(place_of(root)) as place:
        state = _brought_up(root, place)
        while state.waiting:
            state = _brought_up(root, place)
    return state


def rebuild(root: Organization) -> State:
    """Write the file anew from the database, all of it."""
    with _locked(place_of(root)) as place:
        _discard(place)
    return complete(root)


def refresh(root: Organization) -> int:
    """Count official wording anew where that is due, while comparisons go on with what there is; how many texts."""
    with _locked(place_of(root)) as place:
        state = _brought_up(root, place)
        if not state.due:
            return len(state.versions)
        with Corpus(place) as corpus:
            corpus.rebuild()
        _write(place, replace(state, stamp=_stamp(place), due=False))
        return len(state.versions)


def place_of(root: Organization) -> Path:
    return Path(settings.CORPUS) / f"{root.path}.db"


def _asked(root: Organization, question: Callable[[Corpus], Answer]) -> tuple[Answer, State]:
    place, state = place_of(root), _state(place_of(root))
    if state.stamp != _stamp(place) or state.marks != _marks(root):
        with _locked(place):
            state = _brought_up(root, place)
    with Corpus(place) as corpus:
        return question(corpus), state


def _marks(root: Organization) -> dict[str, list[int]]:
    return {feed.kind: feed.mark(root) for feed in feeds()}


def _brought_up(root: Organization, place: Path) -> State:
    """The file brought up to date by at most AT_ONCE texts. Called under the lock."""
    marks, state, stamp = _marks(root), _state(place), _stamp(place)
    with Corpus(place, create=True) as corpus:
        if state.stamp != stamp:
            # Not the file the state tells of: every text is looked at again.
            state = State(versions=dict.fromkeys(corpus.digests(), ""))
        wanted = {named(feed.kind, key): version for feed in feeds() for key, version in feed.versions(root).items()}
        versions = {name: version for name, version in state.versions.items() if name in wanted}
        corpus.remove([name for name in state.versions if name not in wanted], missing_ok=True)
        changed = [name for name, version in wanted.items() if versions.get(name) != version]
        texts = list(_texts(changed[:AT_ONCE]))
        corpus.add(texts)
        versions |= {text.name: wanted[text.name] for text in texts}
        due = corpus.rebuild_due
    waiting = len(changed[AT_ONCE:])
    state = State({} if waiting else marks, versions, waiting, _stamp(place), due)
    _write(place, state)
    return state


def _texts(names: list[str]) -> Iterator[Text]:
    for feed in feeds():
        keys = [int(name.partition("/")[2]) for name in names if name.startswith(f"{feed.kind}/")]
        for key, text in feed.texts(keys) if keys else ():
            yield replace(text, name=named(feed.kind, key))


def _stamp(place: Path) -> list[int]:
    """Size and time of the file; of one that is not there, nothing that any state holds."""
    try:
        found = place.stat()
    except OSError:
        return [-1, -1]
    return [found.st_size, found.st_mtime_ns]


def _state_file(place: Path) -> Path:
    return place.with_suffix(".json")


def _state(place: Path) -> State:
    """What the file holds; an empty state when nobody wrote it down, or it cannot be read."""
    try:
        found = State(**json.loads(_state_file(place).read_bytes()))
        return found if isinstance(found.versions, dict) and isinstance(found.marks, dict) else State()
    except (OSError, ValueError, TypeError):
        return State()


def _write(place: Path, state: State) -> None:
    beside = place.with_suffix(f".{os.getpid()}.tmp")
    try:
        beside.write_text(json.dumps(asdict(state)), encoding="utf-8")
        os.replace(beside, _state_file(place))
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise _unwritable(place, error) from error


def _discard(place: Path) -> None:
    for path in (_state_file(place), place, place.with_name(place.name + ".index")):
        with suppress(FileNotFoundError):
            path.unlink()


@contextmanager
def _locked(place: Path) -> Iterator[Path]:
    """One process at a time, where files can be locked."""
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(place.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise _unwritable(place, error) from error
    try:
        with suppress(ImportError):
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield place
    finally:
        os.close(file)


def _unwritable(place: Path, error: OSError) -> UserError:
    return UserError(
        "corpus-folder-unwritable", "无法写入资料库文件夹“{name}”：{why}。请联系系统管理员检查权限和磁盘空间。",
        name=str(place.parent), why=error.strerror or str(error),
    )  # fmt: skip
