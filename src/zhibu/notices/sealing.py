"""Addresses at rest: encrypted with a key made from SECRET_KEY, so that a copy of the database gives none away."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from zhibu.errors import UserError


def seal(secrets: Mapping[str, str]) -> str:
    return _box().encrypt(json.dumps(dict(secrets)).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """What was sealed. Raises UserError `address-sealed` when the key is another one now."""
    try:
        opened: dict[str, str] = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken:
        raise UserError("address-sealed", "系统密钥已更换，这个地址读不出来了，请删除后重新添加。") from None
    return opened


def _box() -> Fernet:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"zhibu.notices.address")
    return Fernet(base64.urlsafe_b64encode(kdf.derive(settings.SECRET_KEY.encode())))
