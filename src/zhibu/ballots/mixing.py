"""A scrutineer's turn: open one envelope of each ballot, drop what does not open and copies, sort, sign.

The sorting is the shuffle: what comes out of an envelope begins with random bytes, so its place says nothing of where
it came from. Lists are texts (base64url) in the order of their signs, the same in Python and in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric import ec

from zhibu.ballots.canonical import bytes_of, canonical, text_of
from zhibu.ballots.sealing import length, unseal

Lists = tuple[tuple[str, ...], ...]
"""One list a pool."""


def boxed(ciphertexts: Iterable[bytes]) -> tuple[str, ...]:
    """The box: the set of what was cast, in order."""
    return tuple(sorted({text_of(one) for one in ciphertexts}))


def mix(
    private: ec.EllipticCurvePrivateKey, entries: Sequence[str], ballot: str, layer: int, layers: int
) -> tuple[str, ...]:
    """The next list. It is shorter than `entries` by what did not open, had another length, or was there twice."""
    found = set()
    for entry in entries:
        inner = unseal(private, bytes_of(entry) or b"", ballot, layer)
        if inner is not None and len(inner) == length(layers - layer):
            found.add(text_of(inner))
    return tuple(sorted(found))


def is_list(entries: object, size: int, most: int) -> bool:
    """Whether this is a list as `mix` makes it: texts of `size` bytes each, no two alike, in order, at most `most`."""
    if not isinstance(entries, list | tuple) or len(entries) > most:
        return False
    if not all((data := bytes_of(entry)) is not None and len(data) == size for entry in entries):
        return False
    return all(one < other for one, other in pairwise(entries))


def layer_message(ballot: str, after: str, layer: int, lists: Sequence[Sequence[str]]) -> bytes:
    """What a scrutineer signs: his lists, and the hash of what they were made from."""
    return canonical({"after": after, "ballot": ballot, "layer": layer, "lists": [list(one) for one in lists]})
