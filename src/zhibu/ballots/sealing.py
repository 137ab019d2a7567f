"""A ballot paper in its envelopes: padded to one length, sealed once for each scrutineer, from the inside out.

HPKE in base mode (RFC 9180; DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM). `ballot` is the hash of the manifest:
a paper sealed for another ballot, or for other words of this one, does not open.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SIZE = 512
"""Bytes of a paper, whatever is on it: lengths tell nothing."""
POINT = 65
OVERHEAD = POINT + 16
"""What an envelope adds: the ephemeral public key and the tag."""
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE = 16
"""Signs of the code on a paper, 5 bits each: 80 bits."""

Vote = tuple[int | None, ...]
"""For each question the number of the choice, counted from 0; None: abstained."""

_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


@dataclass(frozen=True, slots=True)
class Paper:
    code: str
    vote: Vote

    def padded(self) -> bytes:
        """The SIZE bytes that are sealed. ValueError when the vote is longer than that."""
        text = json.dumps({"c": self.code, "v": list(self.vote)}, separators=(",", ":")).encode()
        if len(text) > SIZE:
            raise ValueError(f"{len(text)} bytes")
        return text.ljust(SIZE, b" ")


def paper_of(data: bytes) -> Paper | None:
    """Read a paper. None unless it is spelt exactly as `padded` spells it, so that nobody can mark one."""
    if len(data) != SIZE:
        return None
    try:
        found = json.loads(data)
        paper = Paper(found["c"], tuple(found["v"]))
        fits = len(paper.code) == CODE and set(paper.code) <= set(SIGNS)
        return paper if fits and all(map(_is_choice, paper.vote)) and paper.padded() == data else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _is_choice(value: object) -> bool:
    return value is None or (type(value) is int and 0 <= value < 100)


def new_code() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(CODE))


# --- envelopes --------------------------------------------------------------------------------------------------------


def info(ballot: str, layer: int) -> bytes:
    """What an envelope is bound to; layers count from 1, the outermost."""
    return f"zhibu-ballot/1/{ballot}/{layer}".encode()


def length(layers: int) -> int:
    """Bytes of a paper in so many envelopes."""
    return SIZE + layers * OVERHEAD


def seal(paper: Paper, keys: Sequence[bytes], ballot: str) -> bytes:
    """The paper in an envelope for each key (points of POINT bytes, the outermost first)."""
    data = paper.padded()
    for layer in range(len(keys), 0, -1):
        data = _SUITE.encrypt(data, public_key(keys[layer - 1]), info=info(ballot, layer))
    return data


def unseal(private: ec.EllipticCurvePrivateKey, data: bytes, ballot: str, layer: int) -> bytes | None:
    """What is in the envelope; None when it is not for this key, ballot and layer, or was touched."""
    try:
        return _SUITE.decrypt(data, private, info=info(ballot, layer))
    except (InvalidTag, ValueError):
        return None


def seal_with(ephemeral: ec.EllipticCurvePrivateKey, data: bytes, key: bytes, context: bytes) -> bytes:
    """One envelope made with a given ephemeral key: the same key gives the same envelope. With it a voter's device
    proves what was in an envelope of its own; `seal` draws a new one each time."""
    public = point_of(ephemeral.public_key())
    shared = ephemeral.exchange(ec.ECDH(), public_key(key))
    kem, suite = b"KEM\x00\x10", b"HPKE\x00\x10\x00\x01\x00\x01"
    prk = _extract(b"", b"eae_prk", shared, kem)
    secret = _expand(prk, b"shared_secret", public + key, 32, kem)
    schedule = b"\x00" + _extract(b"", b"psk_id_hash", b"", suite) + _extract(b"", b"info_hash", context, suite)
    prk = _extract(secret, b"secret", b"", suite)
    cipher = AESGCM(_expand(prk, b"key", schedule, 16, suite))
    return public + cipher.encrypt(_expand(prk, b"base_nonce", schedule, 12, suite), data, None)


def _extract(salt: bytes, label: bytes, data: bytes, suite: bytes) -> bytes:
    mac = HMAC(salt or bytes(32), SHA256())
    mac.update(b"HPKE-v1" + suite + label + data)
    return mac.finalize()


def _expand(prk: bytes, label: bytes, data: bytes, size: int, suite: bytes) -> bytes:
    labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + data
    return HKDFExpand(SHA256(), size, labelled).derive(prk)


# --- keys -------------------------------------------------------------------------------------------------------------


def public_key(point: bytes) -> ec.EllipticCurvePublicKey:
    """ValueError unless the bytes are a point of P-256, uncompressed."""
    if len(point) != POINT:
        raise ValueError(f"{len(point)} bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())
