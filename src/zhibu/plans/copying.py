"""A list, campaign or project done before, taken up again: its items with their dates moved by whole years, to be
edited before it is set up. What happened to the items then is not copied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date

from zhibu.duties.models import Form, LocalDuty, Origin
from zhibu.org.models import Organization
from zhibu.plans.origins import RECURRING, About, Asked
from zhibu.tasks.models import State, Task

COPIED = (Form.LIST, Form.CAMPAIGN, Form.INSTRUCTION, Form.PROJECT)
RECENT_DAYS = 31
"""A year is taken up again whose beginning is not longer past than this."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item to be copied. `handed_down`: it went to bodies below; `item` has its dates moved."""

    key: str
    item: Asked
    handed_down: bool


def years_on(origin: Origin, on: date) -> int:
    """By how many years the dates move: to the first year, after its own, that has not long begun."""
    years = 1
    while (on - moved(origin.since, years)).days > RECENT_DAYS:
        years += 1
    return years


def moved(day: date, years: int) -> date:
    """29 February becomes the 28th; what lies at the end of all calendars stays there."""
    year = min(day.year + years, MAXYEAR)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def about_again(origin: Origin, years: int) -> About:
    """The document's new title and span; its number was the old one's own."""
    title = origin.title.replace(str(origin.since.year), str(origin.since.year + years))
    until = moved(origin.until, years) if origin.until else None
    people = tuple(origin.people.all()) if origin.form == Form.PROJECT else ()
    return About(origin.form, title, moved(origin.since, years), until, origin.issuer, "", people)


def lines_of(origin: Origin, years: int) -> list[Line]:
    """Its items as they were broken out, those that recur last. Two queries."""
    tasks = origin.tasks.filter(organization=origin.organization_id, parent=None).exclude(state=State.CANCELLED)
    found = [_of_task(task, years) for task in tasks.prefetch_related("parts").order_by("id")]
    return [*found, *(line for duty in origin.duties.order_by("id") if (line := _of_duty(duty)))]


def _of_task(task: Task, years: int) -> Line:
    due = moved(task.due, years) if task.due else None
    below = any(part.organization_id != task.organization_id for part in task.parts.all())
    return Line(f"task-{task.pk}", Asked(task.text, task.asked, due, task.kind), below)


def _of_duty(duty: LocalDuty) -> Line | None:
    asked = duty.data.get("at_least") or {}
    if asked.get("per") not in RECURRING or not asked.get("of"):
        return None
    item = Asked(duty.data["label"], kind=asked["of"][0], count=asked["count"], per=asked["per"],
                 quote=duty.data.get("text", ""))  # fmt: skip
    return Line(f"duty-{duty.pk}", item, True)


def bodies_of(origin: Origin) -> set[int]:
    """The bodies below that had a part of it."""
    rows = Task.objects.filter(origin=origin).exclude(organization=origin.organization_id)
    return set(rows.values_list("organization_id", flat=True))


def chosen_items(
    lines: Iterable[Line], kept: Iterable[tuple[str, str, date | None]], bodies: Iterable[Organization]
) -> list[Asked]:
    """The lines that stay, as edited: (key, text, due). Those that went down go to `bodies`, perhaps others now."""
    known = {line.key: line for line in lines}
    below = tuple(bodies)
    return [
        replace(
            known[key].item, text=text, due=None if known[key].item.per else due,
            bodies=below if known[key].handed_down else (),
        )
        for key, text, due in kept
        if key in known
    ]  # fmt: skip
