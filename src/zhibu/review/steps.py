"""The steps of a season and what is late, with the reason. Pure; days are the committee's timetable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from zhibu.errors import Sentence

STEPS = {
    "submit": _("提交述职报告"),
    "review": _("审阅把关"),
    "meeting": _("召开述职评议会"),
    "grade": _("确定等次"),
    "feedback": _("反馈意见"),
    "rectify": _("完成整改"),
}
"""In the order they come; the timetable names a day for each, or for none."""

DONE_FROM = {
    "submit": ("submitted", "returned", "accepted", "presented", "voted", "graded", "fed-back", "closed"),
    "review": ("accepted", "presented", "voted", "graded", "fed-back", "closed"),
    "meeting": ("presented", "voted", "graded", "fed-back", "closed"),
    "grade": ("graded", "fed-back", "closed"),
    "feedback": ("fed-back", "closed"),
    "rectify": ("closed",),
}
"""Stages at which a step lies behind."""

LATE = {
    "submit": Sentence("late-submit", "{day}应提交，还没有提交。"),
    "review": Sentence("late-review", "{day}应审完，还没有通过。"),
    "meeting": Sentence("late-meeting", "{day}应完成述职，还没有述职。"),
    "grade": Sentence("late-grade", "{day}应定等次，还没有定。"),
    "feedback": Sentence("late-feedback", "{day}应反馈，还没有发出。"),
    "rectify": Sentence("late-rectify", "{day}应整改完毕，还没有办结。"),
}
BACK = Sentence("late-back", "{day}应提交，退回后还没有重新提交。")


@dataclass(frozen=True, slots=True)
class Late:
    step: str
    day: date
    why: Sentence


def days_of(days: Mapping[str, str]) -> dict[str, date]:
    """The timetable as days, in the order of the steps."""
    return {step: date.fromisoformat(days[step]) for step in STEPS if days.get(step)}


def next_step(stage: str) -> str | None:
    """The step that is to be done now."""
    return next((step for step in STEPS if stage not in DONE_FROM[step]), None)


def late(stage: str, days: Mapping[str, date], on: date) -> Late | None:
    """The first step that should be done by now and is not. On its last day a step is not late."""
    for step in STEPS:
        if (day := days.get(step)) and day < on and stage not in DONE_FROM[step]:
            form = BACK if stage == "returned" and step == "submit" else LATE[step]
            return Late(step, day, Sentence(form.code, form.message, day=f"{day.month}月{day.day}日"))
    return None


def disordered(days: Mapping[str, date]) -> tuple[str, str] | None:
    """The first two steps whose days stand in the wrong order."""
    named = [step for step in STEPS if step in days]
    return next(((a, b) for a, b in pairwise(named) if days[b] < days[a]), None)
