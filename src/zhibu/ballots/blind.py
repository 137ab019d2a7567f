"""Blind signatures: RSABSSA-SHA384-PSS-Deterministic of RFC 9474, 2048 bits. Pure: no models, no clock.

Who signs sees that somebody asks, and a number that is uniformly random; never the token, which comes out when its
owner takes the blinding away. The message is the token itself, 32 random bytes, so it needs no prefix of its own.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from math import gcd

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

BITS, EXPONENT = 2048, 65537
SIZE = BITS // 8
"""Bytes of a blinded token and of a signature."""
TOKEN = 32
SALT = 48
_HASH = 48


def new_key() -> str:
    """A private key as PEM."""
    key = rsa.generate_private_key(EXPONENT, BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def key_of(pem: str) -> rsa.RSAPrivateKey:
    """The key a text of `new_key` stands for."""
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def modulus_of(key: rsa.RSAPrivateKey) -> bytes:
    """The public half; the exponent is always 65537."""
    numbers = key.public_key().public_numbers()
    return numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8)


# --- by whoever signs -------------------------------------------------------------------------------------------------


def sign_blinded(key: rsa.RSAPrivateKey, blinded: bytes) -> bytes:
    """The signature of what cannot be seen. ValueError unless it is a number the key can sign.

    The number is multiplied with one of our own first, so that the time it takes tells nothing of the key.
    """
    numbers = key.private_numbers()
    n = numbers.public_numbers.n
    value, size = int.from_bytes(blinded), (n.bit_length() + 7) // 8
    if len(blinded) != size or not 1 < value < n - 1 or gcd(value, n) != 1:
        raise ValueError("blinded")
    own = _unit(n)
    signed = pow(value * pow(own, EXPONENT, n) % n, numbers.d, n) * pow(own, -1, n) % n
    if pow(signed, EXPONENT, n) != value:  # a fault while reckoning would give the key away
        raise ArithmeticError("signing failed")
    return signed.to_bytes(size)


def is_signed(modulus: bytes, token: bytes, signature: bytes) -> bool:
    """Whether the key signed the token, without having seen it."""
    public = rsa.RSAPublicNumbers(EXPONENT, int.from_bytes(modulus)).public_key()
    try:
        public.verify(signature, token, padding.PSS(padding.MGF1(hashes.SHA384()), salt_length=SALT), hashes.SHA384())
    except InvalidSignature:
        return False
    return True


# --- by whoever asks (in a browser: blind.js) -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Blinded:
    """`value` is what is sent; `inverse` takes the blinding away again and never leaves the device."""

    value: bytes
    inverse: int


def blind(modulus: bytes, token: bytes, *, salt: bytes | None = None, factor: int | None = None) -> Blinded:
    """Hide a token from the one who signs it. `salt` and `factor` are drawn, and given only by tests."""
    n = int.from_bytes(modulus)
    drawn = _unit(n) if factor is None else factor
    encoded = int.from_bytes(encoded_token(token, secrets.token_bytes(SALT) if salt is None else salt, n.bit_length()))
    value = encoded * pow(drawn, EXPONENT, n) % n
    return Blinded(value.to_bytes(len(modulus)), pow(drawn, -1, n))


def finish(modulus: bytes, token: bytes, signed: bytes, inverse: int) -> bytes:
    """The signature of the token itself. ValueError when the other side did not sign what it was given."""
    n = int.from_bytes(modulus)
    signature = (int.from_bytes(signed) * inverse % n).to_bytes(len(modulus))
    if not is_signed(modulus, token, signature):
        raise ValueError("signature")
    return signature


def encoded_token(token: bytes, salt: bytes, bits: int) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017, 9.1.1, with SHA-384 and its MGF1, for a modulus of so many bits."""
    length = (bits + 6) // 8
    seed = hashlib.sha384(bytes(8) + hashlib.sha384(token).digest() + salt).digest()
    block = bytes(length - len(salt) - _HASH - 2) + b"\x01" + salt
    masked = bytearray(a ^ b for a, b in zip(block, _mask(seed, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * length - (bits - 1))
    return bytes(masked) + seed + b"\xbc"


def _mask(seed: bytes, length: int) -> bytes:
    blocks = range(-(-length // _HASH))
    return b"".join(hashlib.sha384(seed + number.to_bytes(4)).digest() for number in blocks)[:length]


def _unit(n: int) -> int:
    """Uniformly random among the numbers that can be divided by again."""
    while True:
        drawn = 1 + secrets.randbelow(n - 1)
        if gcd(drawn, n) == 1:
            return drawn
