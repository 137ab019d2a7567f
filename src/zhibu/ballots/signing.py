"""Signatures a browser can make and check: ECDSA over P-256 with SHA-256, as two numbers of 32 bytes."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from zhibu.ballots.sealing import public_key

_HOW = ec.ECDSA(SHA256())


def sign(private: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(private.sign(message, _HOW))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def is_signed(point: bytes, message: bytes, signature: bytes | None) -> bool:
    """Whether whoever holds the key of that point signed the message."""
    if signature is None or len(signature) != 64:
        return False
    numbers = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public_key(point).verify(encode_dss_signature(*numbers), message, _HOW)
    except (InvalidSignature, ValueError):
        return False
    return True
