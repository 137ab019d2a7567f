"""What a county has written after a year beside its records, which the demo is too small for. Kept in a transaction
that is taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

EACH = 10
"""Tasks handed down, publications and journal entries of each branch."""
NOTICES = 2000
"""Of the two readers each."""


def write_a_year(root: Any, year: int, readers: list[Any]) -> None:
    """EACH of everything for every branch, an evaluation for each, NOTICES for the readers."""
    from zhibu.disclosure.models import Publication
    from zhibu.notices.models import Notice
    from zhibu.org.models import JournalEntry, Organization
    from zhibu.scoring.models import Evaluation
    from zhibu.scoring.queries import schemes_for
    from zhibu.tasks.models import State, Task

    branches = list(Organization.objects.filter(kind="branch").order_by("path"))
    at = datetime(year, 1, 5, tzinfo=UTC)
    who, scheme = readers[0], next(iter(schemes_for(root).values()))
    tasks, shown, noted, asked = [], [], [], []
    for number, branch in enumerate(branches):
        for n in range(EACH):
            day = date(year, 1, 20) + timedelta(days=30 * n)
            state = State.CLOSED if (number + n) % 3 else State.OPEN
            tasks.append(
                Task(organization=branch, given_by=root, text=f"第{n + 1}件工作", due=day, state=state, made_at=at,
                     closed_on=day if state == State.CLOSED else None, made_by=who)
            )  # fmt: skip
            shown.append(
                Publication(organization=branch, item="notice", title=f"第{n + 1}个通知", body="值班安排。" * 40,
                            audience="unit", since=day, until=day + timedelta(days=14), state="approved",
                            first_shown=day, made_at=at, made_by=who)
            )  # fmt: skip
            noted.append(
                JournalEntry(organization=branch, at=at, account=who, verb="task-progress", object_type="task",
                             object_id="1", summary=f"第{n + 1}件工作")
            )  # fmt: skip
        asked.append(
            Evaluation(organization=branch, committee=root, year=year - 1, scheme=scheme.scheme.slug, title="评价",
                       scheme_data="{}", made_at=at, made_by=who)
        )  # fmt: skip
    for model, rows in ((Task, tasks), (Publication, shown), (JournalEntry, noted), (Evaluation, asked)):
        model._default_manager.bulk_create(rows, 1000)
    told = {"code": "due-soon", "message": "快到期了", "data": {}}
    Notice.objects.bulk_create(
        [
            Notice(account=one, kind="due", sentence=told, about=f"bench/{n}", at=at, read_at=at if n % 10 else None)
            for one in readers
            for n in range(NOTICES)
        ],
        1000,
    )
