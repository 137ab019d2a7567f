"""A made-up publication and the three people who bring it up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

from tests.conftest import _account
from zhibu.disclosure import services

DAY = date(2026, 3, 2)
"""A Monday."""
MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)

NOTICE = {
    "item": "notice", "period": "", "title": "关于汛期值班安排的通知", "body": "自本周起，党员轮流值班。",
    "audience": "unit", "since": DAY, "until": None, "about": None,
}  # fmt: skip
PLAN = {
    **NOTICE, "item": "monthly-plan", "period": "2026-03", "title": "2026年3月工作计划",
    "body": "1. 召开支委会。\n2. 开展主题党日。",
}  # fmt: skip
CANDIDATES = {**NOTICE, "item": "candidates", "title": "关于拟列为发展对象的公示", "since": date(2026, 6, 1)}


def at(day: date, hour: int = 1) -> datetime:
    """Nine in the morning of that day, in China."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def people(cast):
    """Whoever proposes (the publicity member), reviews (the discipline member) and approves (the secretary)."""
    return SimpleNamespace(
        proposer=_account("publicity", cast.members[3]),
        reviewer=_account("discipline", cast.members[4]),
        approver=cast.secretary,
        organizer=_account("organizer", cast.members[2]),
    )


def draft(who, organization, values=NOTICE, on=DAY, **changes):
    return services.draft(who, organization, {**values, **changes}, at=at(on))


def bring_up(cast, three, values=NOTICE, on=DAY, organization=None, **changes):
    """A publication approved on `on` by the three."""
    made = draft(three.proposer, organization or cast.branch, values, on, **changes)
    services.propose(three.proposer, made, at=at(on))
    services.review(three.reviewer, made, at=at(on))
    return services.approve(three.approver, made, at=at(on))
