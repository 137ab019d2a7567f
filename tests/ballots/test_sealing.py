"""Envelopes: the standard's own vectors, and what does not open."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from zhibu.ballots.sealing import (
    CODE,
    OVERHEAD,
    SIGNS,
    SIZE,
    Paper,
    info,
    length,
    new_code,
    new_key,
    paper_of,
    point_of,
    seal,
    seal_with,
    unseal,
)  # fmt: skip

NAME = "0" * 64
codes = st.text(SIGNS, min_size=CODE, max_size=CODE)
votes = st.lists(st.none() | st.integers(0, 19), min_size=1, max_size=80).map(tuple)


def key_of(secret: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(secret, 16), ec.SECP256R1())


# RFC 9180, appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode
RFC = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "skEm": "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
    "pkEm": "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be"
    "863c403ce65c9bfcb9382657222d18c4",
    "skRm": "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
    "pkRm": "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30a"
    "d6aa8f80e30f1d128aafd68a2ce72ea0",
    "shared_secret": "c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8",
    "key": "868c066ef58aae6dc589b6cfdd18f97e",
    "base_nonce": "4e0bc5018beba4bf004cca59",
}


def test_the_vectors_of_the_standard(monkeypatch):
    """The schedule made from primitives gives the standard's secret, key and nonce; the library opens what it seals."""
    from zhibu.ballots import sealing

    drawn = {}
    expand = sealing._expand

    def watched(prk, label, data, size, suite):
        drawn[label.decode()] = expand(prk, label, data, size, suite)
        return drawn[label.decode()]

    monkeypatch.setattr(sealing, "_expand", watched)
    context = bytes.fromhex(RFC["info"])
    made = seal_with(key_of(RFC["skEm"]), b"Beauty is truth, truth beauty", bytes.fromhex(RFC["pkRm"]), context)
    assert made[:65].hex() == RFC["pkEm"]
    assert {name: value.hex() for name, value in drawn.items()} == {
        name: RFC[name] for name in ("shared_secret", "key", "base_nonce")
    }
    assert sealing._SUITE.decrypt(made, key_of(RFC["skRm"]), info=context) == b"Beauty is truth, truth beauty"


def test_three_envelopes_open_in_turn():
    keys = [new_key() for _ in range(3)]
    paper = Paper(new_code(), (0, None, 3))
    data = seal(paper, [point_of(one.public_key()) for one in keys], NAME)
    assert len(data) == length(3) == 755
    for layer, key in enumerate(keys, start=1):
        data = unseal(key, data, NAME, layer)
        assert len(data) == length(3 - layer)
    assert paper_of(data) == paper


def test_only_the_right_key_ballot_and_layer_open_it():
    key, other = new_key(), new_key()
    data = seal(Paper(new_code(), (1,)), [point_of(key.public_key())], NAME)
    assert unseal(key, data, NAME, 1)
    assert unseal(other, data, NAME, 1) is None
    assert unseal(key, data, "1" * 64, 1) is None  # replayed from another ballot
    assert unseal(key, data, NAME, 2) is None


@given(st.integers(0, 8 * (SIZE + OVERHEAD) - 1))
def test_a_flipped_bit_is_noticed(bit):
    data = bytearray(SEALED)
    data[bit // 8] ^= 1 << bit % 8
    assert unseal(KEY, bytes(data), NAME, 1) is None


KEY = new_key()
SEALED = seal(Paper("2" * CODE, (1,)), [point_of(KEY.public_key())], NAME)


def test_what_is_too_short_or_empty_does_not_open():
    assert unseal(KEY, b"", NAME, 1) is None
    assert unseal(KEY, SEALED[:60], NAME, 1) is None


@given(codes, votes)
def test_papers_come_back_and_all_have_one_length(code, vote):
    paper = Paper(code, vote)
    assert len(paper.padded()) == SIZE
    assert paper_of(paper.padded()) == paper


@pytest.mark.parametrize(
    "text",
    [
        '{"c":"2222222222222222","v":[0],"v":[1]}',  # a name twice
        '{"v":[0],"c":"2222222222222222"}',  # another order
        '{"c": "2222222222222222","v":[0]}',  # a space
        '{"c":"2222222222222222","v":[0.0]}',
        '{"c":"2222222222222222","v":[true]}',
        '{"c":"2222222222222222","v":[-1]}',
        '{"c":"2222222222222222","v":[00]}',
        '{"c":"2222222222222222","v":[0],"x":1}',
        '{"c":"222222222222222\\u0032","v":[0]}',  # spelt otherwise
        '{"c":"1222222222222222","v":[0]}',  # a sign codes do not have
        '{"c":"22222222","v":[0]}',
        '{"c":["2"],"v":[0]}',
        '{"c":"2222222222222222","v":{"0":0}}',
        "[" * 500,
        "null",
        "",
    ],
)
def test_a_paper_spelt_in_any_other_way_is_refused(text):
    """Otherwise a voter could mark a paper to show somebody later how he voted."""
    assert paper_of(text.encode().ljust(SIZE, b" ")) is None


def test_padding_is_spaces_and_nothing_else():
    good = Paper("2" * CODE, (0,)).padded()
    assert paper_of(good)
    assert paper_of(good[:-1] + b"\n") is None
    assert paper_of(good[:-1]) is None
    assert paper_of(good + b" ") is None
    assert paper_of(b"\xff" * SIZE) is None


def test_a_vote_that_does_not_fit_is_an_error_of_the_program():
    with pytest.raises(ValueError, match="bytes"):
        Paper("2" * CODE, (None,) * 120).padded()


def test_codes_are_eighty_bits():
    assert len(SIGNS) ** CODE == 2**80
    assert len({new_code() for _ in range(1000)}) == 1000


def test_the_same_ephemeral_key_makes_the_same_envelope():
    ephemeral, key = new_key(), new_key()
    point = point_of(key.public_key())
    made = [seal_with(ephemeral, b"x" * SIZE, point, info(NAME, 1)) for _ in range(2)]
    assert made[0] == made[1]
    assert unseal(key, made[0], NAME, 1) == b"x" * SIZE


def test_json_of_a_paper_is_what_a_browser_writes():
    assert json.loads(Paper("2" * CODE, (0, None)).padded()) == {"c": "2" * CODE, "v": [0, None]}
    assert Paper("2" * CODE, (0, None)).padded().rstrip() == b'{"c":"2222222222222222","v":[0,null]}'
