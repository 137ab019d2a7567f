"""The journal: who did what, when, for which body. `note` is called inside the transaction of the write itself."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from zhibu.org.models import Account, JournalEntry, Organization


def note(
    account: Account | None, organization: Organization | None, verb: str, obj: Model | None, summary: str, **data: Any
) -> JournalEntry:
    """Write one entry. `verb` is kebab-case (add-member); `summary` a Chinese sentence; `data` must fit JSON.

    The time is the clock's, not a caller's: an entry cannot be dated back. Without a transaction it refuses to write,
    as an entry must stand or fall with what it tells.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("journal.note needs the transaction of the write it tells about")
    return JournalEntry.objects.create(
        organization=organization,
        at=timezone.now(),
        account=account if isinstance(account, Account) else None,
        verb=verb,
        object_type=obj._meta.model_name if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        summary=summary[:300],
        data=_plain(data),
    )


def _plain(value: Any) -> Any:
    """Dates as ISO text, mappings and lists through; anything else must be JSON already."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def entries(
    organization: Organization,
    *,
    account_id: int | None = None,
    verb: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[JournalEntry]:
    """The body's entries and those of the bodies below it, newest first. `until` is the last day included."""
    found = JournalEntry.objects.filter(organization__path__startswith=organization.path)
    if account_id is not None:
        found = found.filter(account=account_id)
    if verb:
        found = found.filter(verb=verb)
    if since:
        found = found.filter(at__date__gte=since)
    if until:
        found = found.filter(at__date__lte=until)
    return found.select_related("account__member", "organization").order_by("-id")
