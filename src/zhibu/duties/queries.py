"""Which duties a body has: those of the regulations and those laid down locally by itself and the bodies above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from zhibu.duties.models import LocalDuty
from zhibu.org.models import Organization
from zhibu.rulebook.duty import Duty
from zhibu.rulebook.regulations import all_duties, parse_duty

LOCAL_KEY = "duty"
"""A local document lays down one duty each; its id is `local-<primary key>/duty`."""


class DutyBook:
    """The duties in force in one year for any number of bodies, read with one query."""

    def __init__(self, bodies: Iterable[Organization], year: int) -> None:
        self._step = Organization.steplen
        self._general = tuple(duty for duty in all_duties() if in_force_in(duty, year))
        self._local: dict[str, list[Duty]] = defaultdict(list)
        self._known: dict[tuple[str, ...], tuple[Duty, ...]] = {}
        for row in _local_rows({path for body in bodies for path in self._line(body.path)}):
            duty = as_duty(row)
            if in_force_in(duty, year):
                self._local[row.organization.path].append(duty)

    def of(self, body: Organization) -> tuple[Duty, ...]:
        """Regulations first, then local duties from the top of the tree down, whatever the body's kind and sector."""
        line = tuple(path for path in self._line(body.path) if path in self._local)
        if line not in self._known:
            local = [duty for path in line for duty in self._local[path]]
            self._known[line] = (*self._general, *local)
        return self._known[line]

    def by_id(self) -> dict[str, Duty]:
        """Every duty any of the bodies may have, by its id."""
        local = (duty for found in self._local.values() for duty in found)
        return {duty.id: duty for duty in (*self._general, *local)}

    def _line(self, path: str) -> list[str]:
        """The paths of a body and of all above it, from the top."""
        return [path[:end] for end in range(self._step, len(path) + 1, self._step)]


def _local_rows(paths: set[str]) -> Iterable[LocalDuty]:
    rows = LocalDuty.objects.select_related("organization").order_by("organization__path", "id")
    if len(paths) <= 500:
        return rows.filter(organization__path__in=paths)
    # A long list of paths costs more than the few local duties there are.
    return [row for row in rows if row.organization.path in paths]


def duties_of(organization: Organization, year: int) -> tuple[Duty, ...]:
    """The duties that may concern this body in `year`: of the regulations and of the bodies above. One query."""
    return DutyBook([organization], year).of(organization)


def in_force_in(duty: Duty, year: int) -> bool:
    """Whether any day of the year falls in the duty's time."""
    return duty.since <= date(year, 12, 31) and (duty.until is None or duty.until >= date(year, 1, 1))


def as_duty(row: LocalDuty) -> Duty:
    """A local duty as the engines see it. Raises UserError if its stored fields cannot be read."""
    return parse_duty(
        f"local-{row.pk}/{LOCAL_KEY}",
        row.data,
        regulation=row.document,
        since=row.since,
        until=row.until,
        origin=row.origin,
        number=row.number,
    )


def local_duties(organization: Organization) -> Sequence[LocalDuty]:
    """What this body itself has laid down, newest first, ended ones included."""
    return LocalDuty.objects.filter(organization=organization).select_related("made_by__member").order_by("-id")
