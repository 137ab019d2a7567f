"""Who may have a handbook made, and how much of the branch is in it. Never an office, nobody by default.

Who may record in the branch has all of it; who belongs to it, or holds another post over it, has what he may read on
its pages anyway: without others' talks, hours and personal data.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.handbook.year import Reader
from zhibu.org.access import may_manage, may_read_minutes, may_record, powers
from zhibu.org.models import Organization


def may_read_handbook(account: Any, organization: Organization, on: date) -> bool:
    return may_read_minutes(account, organization, on)


def reader_of(account: Any, organization: Organization, on: date) -> Reader:
    """What the account may see of the branch; call it for those who may read the handbook at all."""
    return Reader(
        member=powers(account, on).member_id,
        records=may_record(account, organization, on),
        keeps=may_manage(account, organization, on),
    )


def may_read_duty_record(account: Any, organization: Organization, member_id: int, on: date) -> bool:
    """What a secretary did: those who may record in the body, and the secretary, while he may read its minutes."""
    if may_record(account, organization, on):
        return True
    return powers(account, on).member_id == member_id and may_read_minutes(account, organization, on)
