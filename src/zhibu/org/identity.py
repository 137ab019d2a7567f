"""Identity numbers: checked, turned into a keyed digest and the last four places, and never kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.crypto import salted_hmac

from zhibu.errors import UserError

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is kept of a number (`digest`, `tail`) and what it says of its bearer."""

    digest: str
    tail: str
    born: date
    gender: str


def identity_of(number: str) -> Identity:
    """Read an 18-place number (GB 11643: place, birthday, sequence, check sign). UserError says what is wrong."""
    text = re.sub(r"[\s'’]", "", number).upper()
    if not re.fullmatch(r"\d{17}[\dX]", text, re.ASCII):
        raise UserError("identity-shape", "身份证号应为18位（末位可为X），现在是{length}位，请核对。", length=len(text))
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    if _CHECK_SIGNS[total % 11] != text[-1]:
        raise UserError("identity-check", "身份证号末尾“{tail}”的校验码不对，可能抄错了一位，请核对。", tail=text[-4:])
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise UserError("identity-birthday", "身份证号里的出生日期“{text}”不存在，请核对。", text=text[6:14]) from None
    digest = salted_hmac("zhibu.org.identity", text, algorithm="sha256").hexdigest()
    return Identity(digest, text[-4:], born, "m" if int(text[16]) % 2 else "f")
