"""Problems and measures as tests make them: through the services, by the cast."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from tests.rectify.conftest import DAY, NOW
from zhibu.org.models import Account
from zhibu.rectify import services
from zhibu.rectify.models import Problem
from zhibu.rectify.services import Finding
from zhibu.tasks.models import Task
from zhibu.tasks.services import Terms, report_done, verify


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def list_of(finder: Any, year: int = 2024, source: str = "review", at: datetime = NOW) -> Any:
    return services.open_list(Account.objects.get(username="clerk"), finder, source, year, at=at)


def problem_of(
    cast: Any, text: str, year: int = 2024, body: Any = None, source: str = "review", finder: Any = None, **more: Any
) -> Problem:
    """Found by the committee at a body (the branch), on the last day of January after the year unless `on` says."""
    on = more.pop("on", min(date(year + 1, 1, 31), DAY))
    listed = list_of(finder or cast.committee, year, source)
    [made] = services.found(None, listed, body or cast.branch, [Finding(text, **more)], at=NOW, on=on)
    return made


def measure_of(
    cast: Any, problem: Problem, text: str = "修订学习制度", due: date = date(2025, 6, 30), on: date = DAY, **more: Any
) -> Task:
    """The branch's own, its sixth member responsible."""
    at = more.pop("at", NOW)
    terms = Terms(text, due=due, owner=more.pop("owner", cast.members[5]))
    return services.add_measure(more.pop("actor", cast.secretary), [problem], terms, on, at=at, **more)


def solve(cast: Any, task: Task, on: date = DAY, evidence: Any = (), text: str = "已经修订，开会通过") -> None:
    """The owner reports, the secretary verifies."""
    report_done(cast.member, task, text, at=noon(on), evidence=evidence)
    verify(cast.secretary, task, "看过", on, at=noon(on))
