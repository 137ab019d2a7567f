"""When a message goes out: quiet hours, a daily digest, and trying again. Pure; days and hours are those of `zone`."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

COLLECTED = timedelta(minutes=1)
"""What comes within so short a time goes into one message, also where no digest was asked for."""
PAUSES = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6),
    timedelta(hours=12), timedelta(hours=24), timedelta(hours=24),
)  # fmt: skip
"""How long to wait after the first, second … failed try. After as many tries and one more it is given up, and shown."""


def moment(
    now: datetime, zone: ZoneInfo, digest: time | None, quiet_from: time | None, quiet_until: time | None
) -> datetime:
    """When what came in at `now` is sent: after a minute, or with the day's digest; never in the quiet hours."""
    at = _next(now, zone, digest) if digest else now + COLLECTED
    return after_quiet(at, zone, quiet_from, quiet_until)


def again(
    now: datetime, tries: int, zone: ZoneInfo, quiet_from: time | None, quiet_until: time | None
) -> datetime | None:
    """When to try again after `tries` failures; None when it is given up."""
    if tries > len(PAUSES):
        return None
    return after_quiet(now + PAUSES[tries - 1], zone, quiet_from, quiet_until)


def after_quiet(at: datetime, zone: ZoneInfo, quiet_from: time | None, quiet_until: time | None) -> datetime:
    """`at`, or the end of the quiet hours it falls into. They may span midnight; equal ends mean none."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return at
    clock = at.astimezone(zone).time().replace(tzinfo=None)
    if quiet_from < quiet_until:
        quiet = quiet_from <= clock < quiet_until
    else:
        quiet = clock >= quiet_from or clock < quiet_until
    return _next(at, zone, quiet_until) if quiet else at


def _next(now: datetime, zone: ZoneInfo, clock: time) -> datetime:
    """The next moment after `now` at which the clocks of `zone` show `clock`.

    A time that the change to summer time leaves out is taken as the same time by the old clock; one that comes twice,
    as the first of the two.
    """
    day = now.astimezone(zone).date()
    for later in range(3):
        found = datetime.combine(day + timedelta(days=later), clock, tzinfo=zone).astimezone(UTC)
        if found > now:
            return found
    raise AssertionError("a clock shows every time once in two days")
