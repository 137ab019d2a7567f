"""What is decided about a body's board: the catalogue it follows, the public page, the link of the wall display."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from zhibu.disclosure.catalogue import catalogue, find_item
from zhibu.disclosure.models import Board
from zhibu.org.journal import note
from zhibu.org.models import Account, Organization


def adopt(actor: Account, organization: Organization, items: Iterable[str], *, on: date) -> Board:
    """Say which matters this body, and those below it without a catalogue of their own, disclose from `on`.

    Those left out are no longer owed after `on`; what was owed before stays.
    """
    wanted = {find_item(slug).slug for slug in items}
    with transaction.atomic():
        board = _board(organization)
        rows = dict(board.items)
        for slug in [slug for slug in catalogue().items if slug in wanted]:
            if slug not in rows or rows[slug].get("until"):
                rows[slug] = {"since": on.isoformat(), "until": None}
        for slug, span in rows.items():
            if slug not in wanted and not span.get("until"):
                rows[slug] = {**span, "until": on.isoformat()}
        board.items = rows
        board.save()
        note(actor, organization, "adopt-catalogue", board, f"公开目录{len(wanted)}项", items=sorted(wanted))
    return board


def open_to_public(actor: Account, organization: Organization, public: bool) -> Board:
    """Switch the page that needs no log-in on or off."""
    with transaction.atomic():
        board = _board(organization)
        board.public = public
        board.save()
        summary = "开放社会公开页" if public else "关闭社会公开页"
        note(actor, organization, "open-board", board, summary, public=public)
    return board


def renew_wall(actor: Account, organization: Organization, on: bool = True) -> Board:
    """A new secret link for the wall display; the old one stops working at once. `on` False: no link at all."""
    with transaction.atomic():
        board = _board(organization)
        board.wall_key = secrets.token_urlsafe(24) if on else None
        board.save()
        note(actor, organization, "renew-wall", board, "更换大屏链接" if on else "停用大屏链接", on=on)
    return board


def _board(organization: Organization) -> Board:
    """The body's board, made when it is first needed, locked for this transaction."""
    Board.objects.get_or_create(organization=organization)
    return Board.objects.select_for_update().get(organization=organization)
