"""Mixing: complete, blind to order, and every kind of tampering noticed or named."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ballots.papers import NAME, Box, proof_of
from zhibu.ballots.canonical import bytes_of, text_of
from zhibu.ballots.mixing import boxed, is_list, mix
from zhibu.ballots.record import accused, check, read_record, record_text
from zhibu.ballots.sealing import Paper, length, new_code, paper_of, seal
from zhibu.errors import UserError


def test_what_went_in_comes_out():
    box = Box(votes=[(n % 4, None) for n in range(12)])
    box.mix_all()
    assert sorted(paper.vote[0] for paper in box.papers()) == sorted(n % 4 for n in range(12))
    assert check(box.record()).faults == []


def test_a_list_is_in_the_order_of_its_signs():
    box = Box(votes=[(0, 0)] * 20)
    assert list(box.lists[0]) == sorted(box.lists[0])
    box.mix_all()
    assert all(list(one) == sorted(one) for layer in box.layers for one in layer)


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_the_order_they_were_cast_in_makes_no_difference(rng):
    box = Box(votes=[(n % 4, n % 3) for n in range(8)])
    shuffled = [bytes_of(one) for one in box.lists[0]]
    rng.shuffle(shuffled)
    assert boxed(shuffled) == box.lists[0]


def test_copies_flipped_bits_and_foreign_ballots_drop_out():
    box = Box(votes=[(0, 0)] * 6)
    good = [bytes_of(one) for one in box.lists[0]]
    flipped = bytes([*good[0][:-1], good[0][-1] ^ 1])
    foreign = seal(Paper(new_code(), (1, 1)), [bytes_of(keys.points[0]) for keys in box.keys], "f" * 64)
    entries = boxed([*good, good[1], good[2], flipped, foreign])
    assert len(entries) == 8  # copies are gone with the box
    assert len(mix(box.keys[0].sealing, entries, box.name, 1, 3)) == 6
    assert mix(box.keys[0].sealing, ["", "!", text_of(b"\x04" * 755)], box.name, 1, 3) == ()


def test_an_envelope_that_holds_one_of_another_length_drops_out():
    from zhibu.ballots import sealing

    box = Box(votes=[(0, 0)])
    key = sealing.public_key(bytes_of(box.keys[0].points[0]))
    short = sealing._SUITE.encrypt(b"x" * 100, key, info=sealing.info(box.name, 1))
    assert mix(box.keys[0].sealing, [text_of(short)], box.name, 1, 3) == ()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entries: entries[::-1],
        lambda entries: [*entries, entries[-1]],
        lambda entries: [entries[0], *entries],
        lambda entries: [entry[:-4] for entry in entries],
        lambda entries: [entries[0][:-1] + "=", *entries[1:]],
        lambda entries: [5, *entries[1:]],
        lambda entries: None,
    ],
)
def test_a_list_that_is_none(spoil):
    entries = list(Box(votes=[(0, 0)] * 4).lists[0])
    assert is_list(entries, length(3), 4)
    assert not is_list(spoil(entries), length(3), 4)
    assert not is_list(entries, length(3), 3)
    assert not is_list(entries, length(2), 4)


# --- tampering --------------------------------------------------------------------------------------------------------


def test_a_scrutineer_who_replaces_two_of_thirty_is_named():
    """The second one puts two ballots of his own in the place of two; lists and signatures look right, and the devices
    of the two voters find whose turn it happened in."""
    box = Box(votes=[(0, 0)] * 30)
    box.mix(1)
    honest = box.mixed(2)
    forged = [seal(Paper(new_code(), (3, 3)), box.points[2:], box.name) for _ in range(2)]
    gone = random.Random(7).sample(honest, 2)
    box.post(2, sorted([*(one for one in honest if one not in gone), *_inner(box, forged)]))
    box.mix(3)
    record = box.record()
    assert check(record).faults == []  # nothing to be seen from outside
    named = [accused(record, proof_of(box, sealed, layer)) for sealed, layer in box.losses()]
    assert len(named) == 2
    assert {one.data["name"] for one in named} == {"监票人2"}
    assert all(one.code == "proof-accused" for one in named)


def _inner(box, forged):
    """Forged papers as they look in the second list: sealed for the third scrutineer only, in his layer's words."""
    from zhibu.ballots import sealing

    key = sealing.public_key(box.points[2])
    papers = [Paper(new_code(), (3, 3)) for _ in forged]
    return [text_of(sealing._SUITE.encrypt(one.padded(), key, info=sealing.info(box.name, 3))) for one in papers]


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_who_leaves_one_out_is_named_whatever_his_turn(turn):
    box = Box(votes=[(0, 0)] * 8)
    for layer in (1, 2, 3):
        entries = box.mixed(layer)
        box.post(layer, entries[1:] if layer == turn else entries)
    (sealed, layer), *more = box.losses()
    assert not more
    found = check(box.record())
    assert [note.code for note in found.notes if note.code == "layer-dropped"] == ["layer-dropped"]
    assert accused(box.record(), proof_of(box, sealed, layer)).data["name"] == f"监票人{turn}"


def test_a_proof_that_is_made_up_accuses_nobody():
    box = Box(votes=[(0, 0)] * 8)
    box.mix_all()
    honest = proof_of(box, box.sealed[0], 2)
    assert accused(box.record(), honest).code == "proof-not-lost"
    for name, value in (
        ("inner", text_of(b"x" * 593)),
        ("outer", text_of(b"x" * 674)),
        ("ephemeral", text_of(b"\x01" * 32)),
        ("ephemeral", text_of(bytes(32))),
        ("ballot", "f" * 64),
        ("layer", 9),
        ("layer", True),
    ):
        with pytest.raises(UserError, match="说明不了"):
            accused(box.record(), honest | {name: value})


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda texts: [texts[0], *texts[2:]], "record-chain"),
        (lambda texts: [texts[0], texts[1].replace('"present":', '"present":1'), *texts[2:]], "record-chain"),
        (lambda texts: texts[1:], "record-chain"),
        (lambda texts: [], "record-manifest"),
    ],
)
def test_what_was_exchanged_or_is_missing(spoil, code):
    box = Box(votes=[(0, 0)] * 8)
    box.mix_all()
    texts = [one.text() for one in box.record()]
    assert check(read_record(record_text(texts))).faults == []
    assert check(read_record(record_text(spoil(texts)))).faults[0].code == code


def test_another_result_than_the_count():
    box = Box(votes=[(0, 0)] * 8)
    box.mix_all()
    record = box.record(lambda body: body["questions"][0]["votes"].update(good=7, poor=1))
    assert [fault.code for fault in check(record).faults] == ["record-result"]


def test_lists_signed_by_somebody_else():
    box, other = Box(votes=[(0, 0)] * 8), Box(votes=[(0, 0)])
    box.keys[1].signing = other.keys[0].signing
    box.mix_all()
    assert "layer-signature" in [fault.code for fault in check(box.record()).faults]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"format":"zhibu-ballot/1","artefacts":[{}]}', '{"a":1,"a":2}', "{" * 100000, "NaN"],
)
def test_a_file_that_is_no_record(text):
    with pytest.raises(UserError):
        read_record(text)


def test_papers_that_say_something_else_are_invalid():
    box = Box(votes=[(0, 0)] * 5 + [(0,), (9, 0), (0, 0, 0)])
    box.mix_all()
    found = check(box.record())
    assert found.faults == []
    assert (found.results.collected, found.results.invalid) == (8, 3)
    assert found.results.questions[0].total.votes["good"] == 5


def test_every_paper_of_the_last_list_can_be_read():
    box = Box(votes=[(1, None)] * 5)
    box.mix_all()
    assert [paper_of(bytes_of(entry)).vote for entry in box.layers[-1][0]] == [(1, None)] * 5
    assert box.name != NAME
