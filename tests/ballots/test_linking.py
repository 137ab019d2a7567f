"""An administrator who holds everything tries to link votes to voters: the database, its files, the journal, the logs.

He tries every means there is: order of casting, numbers, places in the lists, likeness of bytes, lengths, sealing anew.
All randomness comes from a seed, so that what he reaches is the same each time, and is held against chance. The same
means succeed against a mix, a sealing and a padding that were weakened on purpose: this test can fail.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from tests.ballots.staging import LATER, Keys, staged
from zhibu.ballots import ending, queries, voting
from zhibu.ballots.canonical import bytes_of, text_of
from zhibu.ballots.mixing import boxed
from zhibu.ballots.models import Vote, Voter
from zhibu.ballots.plan import Person
from zhibu.ballots.sealing import CODE, SIGNS, Paper, info, paper_of, seal_with, unseal

VOTERS = 40
SEED = 20251220


@dataclass(frozen=True)
class Held:
    """What he holds: voters in the order of their numbers, what each cast, in which order, and all published lists
    (the box first, the opened papers last). Keys to seal with are public; keys to open with he has not."""

    voters: tuple[int, ...]
    cast: dict[int, str]
    order: tuple[int, ...]
    lists: tuple[tuple[str, ...], ...]
    keys: tuple[bytes, ...]
    name: str


Guess = dict[int, str]
"""voter → opened paper."""


# --- his means --------------------------------------------------------------------------------------------------------


def by_order(held: Held) -> Guess:
    """First in, first out."""
    return dict(zip(held.order, held.lists[-1], strict=True))


def by_reversed_order(held: Held) -> Guess:
    return dict(zip(held.order, held.lists[-1][::-1], strict=True))


def by_number(held: Held) -> Guess:
    """The roll's order, which is that of numbers in the database."""
    return dict(zip(held.voters, held.lists[-1], strict=True))


def by_place(held: Held) -> Guess:
    """Who stands n-th in the box stands n-th in every list."""
    place = {entry: number for number, entry in enumerate(held.lists[0])}
    return {voter: held.lists[-1][place[held.cast[voter]]] for voter in held.voters}


def by_likeness(held: Held) -> Guess:
    """From list to list the entry that shares most bytes, at their places, with the one before."""
    return {voter: _follow(held.cast[voter], held.lists[1:], _shared) for voter in held.voters}


def by_pieces(held: Held) -> Guess:
    """From list to list the entry that has most pieces of four signs in common with the one before."""
    return {voter: _follow(held.cast[voter], held.lists[1:], _pieces) for voter in held.voters}


def by_length(held: Held) -> Guess:
    """The longest envelope holds the longest paper."""
    longest = sorted(held.voters, key=lambda voter: (len(held.cast[voter]), held.cast[voter]))
    return dict(zip(longest, sorted(held.lists[-1], key=lambda one: (len(one), one)), strict=True))


def by_sealing_anew(held: Held) -> Guess:
    """Seal every opened paper again with the public keys, and look for the same envelope."""
    own = ec.derive_private_key(1, ec.SECP256R1())  # what a careless booth might draw each time
    found = {}
    for paper in held.lists[-1]:
        data = bytes_of(paper)
        for layer in range(len(held.keys), 0, -1):
            data = seal_with(own, data, held.keys[layer - 1], info(held.name, layer))
        found[text_of(data)] = paper
    return {voter: found.get(held.cast[voter], held.lists[-1][0]) for voter in held.voters}


def _follow(entry: str, lists: Sequence[Sequence[str]], likeness: Callable[[str, str], int]) -> str:
    for one in lists:
        entry = max(one, key=lambda other: (likeness(entry, other), other))
    return entry


def _shared(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one, other, strict=False))


def _pieces(one: str, other: str) -> int:
    return len({one[n : n + 4] for n in range(len(one) - 3)} & {other[n : n + 4] for n in range(len(other) - 3)})


MEANS = (by_order, by_reversed_order, by_number, by_place, by_likeness, by_pieces, by_length, by_sealing_anew)


# --- a ballot whose every draw comes from a seed ----------------------------------------------------------------------


class Seeded:
    """Voters' devices and scrutineers' keys, and who really voted what."""

    def __init__(self, seed: int = SEED) -> None:
        self.draw = random.Random(seed)
        self.truth: dict[int, Paper] = {}
        self.inner: dict[int, list[str]] = {}

    def key(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.draw.randrange(1, 2**250), ec.SECP256R1())

    def paper(self) -> Paper:
        code = "".join(self.draw.choice(SIGNS) for _ in range(CODE))
        return Paper(code, (self.draw.randrange(4), self.draw.randrange(4)))

    def sealed(self, voter: int, keys: Sequence[bytes], name: str, careless: bool = False) -> bytes:
        paper = self.truth[voter] = self.paper()
        data, kept = paper.padded(), []
        for layer in range(len(keys), 0, -1):
            kept.append(text_of(data))
            ephemeral = ec.derive_private_key(1, ec.SECP256R1()) if careless else self.key()
            data = seal_with(ephemeral, data, keys[layer - 1], info(name, layer))
        self.inner[voter] = kept
        return data


def linked(held: Held, truth: dict[int, Paper]) -> dict[str, int]:
    """For each of his means how many voters it links rightly."""
    return {
        means.__name__: sum(means(held).get(voter) == text_of(truth[voter].padded()) for voter in held.voters)
        for means in MEANS
    }


@pytest.fixture
def after(cast):
    """A counted ballot of forty, everything through the services, and what the administrator holds of it."""
    seeded = Seeded()
    stage = staged(cast, roll=[Person(f"投票人{n}") for n in range(VOTERS)])
    stage.keys = [Keys(seeded.key(), seeded.key()) for _ in stage.keys]
    stage.open()
    manifest = queries.manifest(stage.ballot)
    order = stage.voters()
    seeded.draw.shuffle(order)
    for voter in order:
        sealed = seeded.sealed(voter.pk, manifest.keys, manifest.name)
        voting.cast(voter, sealed, at=LATER, secure=True)
    stage.finish()
    return stage, seeded, held_by_administrator(stage.ballot, order)


def held_by_administrator(ballot, order) -> Held:
    """Read from the database; the order of casting from the web server's log."""
    steps = queries.record(ballot)
    manifest = queries.manifest(ballot)
    box = [entry for row in steps[1].body["pools"] for entry in row["list"]]
    layers = [[entry for one in step.body["lists"] for entry in one] for step in steps if step.kind == "layer"]
    return Held(
        voters=tuple(Voter.objects.filter(ballot=ballot).order_by("pk").values_list("pk", flat=True)),
        cast={vote.pk: text_of(bytes(vote.sealed)) for vote in Vote.objects.filter(ballot=ballot)},
        order=tuple(voter.pk for voter in order),
        lists=tuple(tuple(one) for one in (box, *layers)),
        keys=manifest.keys,
        name=manifest.name,
    )


def test_what_he_links_is_chance(after):
    """By chance one of forty is linked rightly; six or more happen once in 1,700 tries. Eight means, one seed."""
    _stage, seeded, held = after
    assert set(held.cast) == set(held.voters)
    found = linked(held, seeded.truth)
    assert max(found.values()) <= 5, found
    assert sum(found.values()) <= 16, found


def test_what_he_guesses_of_their_votes_is_chance(after):
    """Votes, not papers: each of his means names a vote for everybody; a fair coin of four sides is right 10 times of
    40, and more than 19 times once in 1,500 tries."""
    _stage, seeded, held = after
    for means in MEANS:
        if means is by_sealing_anew:  # names the same paper for everybody: it found none
            continue
        guess = {voter: paper_of(bytes_of(paper)).vote[0] for voter, paper in means(held).items()}
        right = sum(guess[voter] == seeded.truth[voter].vote[0] for voter in held.voters)
        assert right <= 19, (means.__name__, right)


def test_the_same_means_break_a_mix_that_keeps_the_order(after):
    stage, seeded, held = after
    lists = [held.lists[0]]
    for layer, keys in enumerate(stage.keys, start=1):
        lists.append(tuple(text_of(unseal(keys.sealing, bytes_of(one), held.name, layer)) for one in lists[-1]))
    found = linked(replace(held, lists=tuple(lists)), seeded.truth)
    assert found["by_place"] == VOTERS


def test_the_same_means_break_a_sealing_without_randomness(after):
    _stage, seeded, held = after
    cast = {voter: text_of(seeded.sealed(voter, held.keys, held.name, careless=True)) for voter in held.voters}
    papers = tuple(sorted(text_of(seeded.truth[voter].padded()) for voter in held.voters))
    box = boxed(bytes_of(one) for one in cast.values())
    found = linked(replace(held, cast=cast, lists=(box, *held.lists[1:-1], papers)), seeded.truth)
    assert found["by_sealing_anew"] == VOTERS


def test_the_same_means_break_papers_without_padding(after):
    """Papers of different lengths, as votes with remarks would be: the length follows the paper through every layer."""
    _stage, seeded, held = after
    length = {voter: 60 + 7 * number for number, voter in enumerate(seeded.draw.sample(held.voters, VOTERS))}
    papers = {voter: text_of(seeded.truth[voter].padded()[:60].ljust(length[voter], b".")) for voter in held.voters}
    cast = {voter: text_of(seeded.draw.randbytes(length[voter] + 243)) for voter in held.voters}
    guess = by_length(replace(held, cast=cast, lists=(held.lists[0], tuple(sorted(papers.values())))))
    assert guess == papers


def test_nothing_of_what_is_inside_stands_anywhere_beside_the_published_lists(after, caplog):
    """Every table, column by column, the log and the receipt: neither codes nor inner envelopes, nor a table that has
    both a voter and an opened paper."""
    stage, seeded, _held = after
    secret = [paper.code for paper in seeded.truth.values()]
    secret += [entry for entries in seeded.inner.values() for entry in entries]
    with connection.cursor() as cursor:
        tables = [one for one in connection.introspection.table_names(cursor) if one != "ballots_artefact"]
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                text = " ".join(_text(value) for value in row)
                assert not any(one in text for one in secret), table
    assert not any(one in caplog.text for one in secret)
    published = " ".join(stage.ballot.artefacts.values_list("text", flat=True))
    assert not any(f"投票人{n}" in published.replace('投票人"', "") for n in range(VOTERS))


def _text(value) -> str:
    if isinstance(value, bytes | memoryview):
        return text_of(bytes(value)) + bytes(value).decode("latin-1")
    return str(value)


def test_a_vote_writes_nothing_into_the_logs(cast, caplog):
    stage = staged(cast)
    stage.open()
    with caplog.at_level(logging.DEBUG):
        for voter in stage.voters():
            stage.vote(voter, (0, 0))
    told = [one for one in caplog.records if not one.name.startswith("django.db")]
    assert told == []


def test_after_destruction_not_even_the_envelopes_are_known(after):
    """Neither rows nor, on SQLite, bytes in the file: see test_destroying."""
    stage, _seeded, held = after
    ending.destroy_votes(stage.chair, stage.ballot, at=LATER + timedelta(days=6))
    assert not Vote.objects.exists()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = {one.name for one in connection.introspection.get_table_description(cursor, table)}
            if "voter_id" in columns:
                cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
                assert cursor.fetchone() == (0,), table
    assert set(held.cast.values()) == set(queries.record(stage.ballot)[1].body["pools"][0]["list"])
