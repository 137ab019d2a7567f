"""How often somebody may try: counted in the database, so that it holds for every process of the server.

Of whom is counted, an address or an account, only a keyed digest is kept, until its time is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from zhibu.errors import UserError
from zhibu.org.models import Tries

HOUR = timedelta(hours=1)
FORGOTTEN_AT_A_TIME = 200


def tried(what: str, who: str) -> int:
    """How often `who` did `what` within the time that runs."""
    rows = Tries.objects.filter(key=_key(what, who), until__gt=timezone.now())
    return rows.values_list("times", flat=True).first() or 0


@transaction.atomic
def count(what: str, who: str, window: timedelta) -> int:
    """One time more, and how often that makes; `window` runs from the first time on. Two at once count as two."""
    now, key = timezone.now(), _key(what, who)
    rows = Tries.objects.filter(key=key)
    if not rows.filter(until__gt=now).update(times=F("times") + 1):
        _forget(now)
        _row, new = Tries.objects.get_or_create(key=key, defaults={"times": 1, "until": now + window})
        if not new:
            rows.filter(until__lte=now).update(times=0, until=now + window)
            rows.update(times=F("times") + 1)
    return rows.values_list("times", flat=True).get()


def limit(what: str, who: str, most: int) -> None:
    """Raises UserError when `who` did `what` more than `most` times within the hour."""
    if count(what, who, HOUR) > most:
        raise UserError("too-often", "提交得太频繁，请过一个小时再试。")


def _forget(now: datetime) -> None:
    """What is over; rows another process holds are left to it."""
    over = Tries.objects.select_for_update(skip_locked=True).filter(until__lte=now)
    Tries.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:FORGOTTEN_AT_A_TIME])).delete()


def _key(what: str, who: str) -> str:
    return salted_hmac(f"zhibu.org.throttle/{what}", who, algorithm="sha256").hexdigest()
