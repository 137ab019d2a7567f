"""Where a log-in leads first, from the posts of the account's member or from its office."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.org.access import RECORDING_TITLES, may_record, powers
from zhibu.org.models import ABOVE_BRANCHES, Organization
from zhibu.web.navigation import link

OFFICE_PAGES = {"system": "org:index", "security": "org:accounts", "audit": "org:journal"}


def first_page(account: Any, on: date) -> str:
    """An address, or nothing for an account whose member belongs to no body yet."""
    mine = powers(account, on)
    if mine.office:
        return link(OFFICE_PAGES[mine.office])
    # The highest body somebody works for; a plain member's own branch.
    paths = sorted((post.path for post in mine.posts if post.title in RECORDING_TITLES), key=len)
    path = paths[0] if paths else mine.home_path
    body = Organization.objects.filter(path=path).first() if path else None
    return page_of(body, account, on) if body else ""


def page_of(body: Organization, account: Any, on: date) -> str:
    """The roll-up of a committee; of a branch this month for those who record there, its own page for others."""
    own = link("org:show", body.code)
    if body.kind in ABOVE_BRANCHES:
        return link("ledger:rollup", body.code) or own
    return (link("ledger:month", body.code) if may_record(account, body, on) else "") or own
