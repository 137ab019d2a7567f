"""How far a problem is, told from its measures. Pure but for the labels; `queries.with_state` says the same in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.tasks.models import State


class ProblemState(models.TextChoices):
    BARE = "bare", _("未定措施")
    OVERDUE = "overdue", _("超过时限")
    IN_HAND = "in-hand", _("整改中")
    REPORTED = "reported", _("待核实")
    CLOSED = "closed", _("已整改")


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as it stood on a day: the state of its task and its deadline."""

    state: str
    due: date | None


def state_of(measures: Iterable[Measure], on: date) -> ProblemState:
    """A measure that was cancelled is none: nobody closes a problem by cancelling what was to be done about it."""
    live = [one for one in measures if one.state not in (State.CANCELLED, State.DRAFT)]
    if not live:
        return ProblemState.BARE
    left = [one for one in live if one.state not in (State.CLOSED, State.REPORTED)]
    if any(one.due is not None and one.due < on for one in left):
        return ProblemState.OVERDUE
    if left:
        return ProblemState.IN_HAND
    return ProblemState.REPORTED if any(one.state == State.REPORTED for one in live) else ProblemState.CLOSED
