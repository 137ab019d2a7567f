"""Who is to be reminded of what on a day. Pure: the facts of the day in, reminders out.

A reminder's `about` names the matter and the stage it has reached, not the day: each stage is told once, on its day or,
when nobody asked on that day, on the next day somebody does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from zhibu.errors import Sentence
from zhibu.periods import add_months
from zhibu.rulebook.reasons import day_name

Audience = Literal["leaders", "above", "responsible", "givers", "invited"]
"""Of a body: those who lead it, or the body above it; of a task: who answers for it, or who asked for it; of a
meeting: those invited who have not asked for leave."""

AHEAD = (0, 3, 10)
"""Days before the end of its time at which due work is told, nearest first."""
LATE_TO_ABOVE = 5
"""Days after which what was not done is told to the body above: to those concerned first, to others only after."""
TASK_AHEAD = (0, 1, 7)
TASK_LATE = (1, 8, 22)
TASK_TO_GIVERS = 3
UNVERIFIED = 3
"""Days a task reported done may wait for somebody to look."""
TERM_MONTHS = (0, 1, 3, 6)
STEP = 5
"""Signs of a path for one level of the tree; a test holds it against Organization.steplen."""
LOOKED_BACK = 31
"""Days for which what was missed is still told."""


@dataclass(frozen=True, slots=True, order=True)
class Body:
    path: str
    code: str
    name: str
    pk: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Work:
    """One act a body owes, still undone."""

    body: Body
    label: Sentence
    due: date


@dataclass(frozen=True, slots=True)
class OpenTask:
    pk: int
    body: Body
    giver: Body
    text: str
    due: date | None
    reported: date | None
    """The day it was reported done, when nobody has looked yet."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A meeting people are invited to."""

    pk: int
    body: Body
    title: str
    day: date
    clock: str
    """When it begins, as people write it; empty when only the day is known."""
    place: str


@dataclass(frozen=True, slots=True)
class Term:
    """When the term of a body's committee ends."""

    body: Body
    ends: date


@dataclass(frozen=True, slots=True)
class Shown:
    """A publicity (公示) that is up, and the last day it is to be."""

    pk: int
    body: Body
    title: str
    ends: date


@dataclass(frozen=True, slots=True)
class Facts:
    work: Sequence[Work] = ()
    tasks: Sequence[OpenTask] = ()
    terms: Sequence[Term] = ()
    meetings: Sequence[Ahead] = ()
    shown: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class Reminder:
    audience: Audience
    body: Body
    kind: str
    sentence: Sentence
    about: str
    page: tuple[str, ...]
    """Name and arguments of the page it leads to."""
    task: int = 0
    meeting: int = 0
    group: bool = False
    """Also for the body's group: a matter of all, and nobody's lapse."""


def decide(on: date, facts: Facts) -> list[Reminder]:
    """All reminders whose stage has been reached on the day, told before or not."""
    return [
        *_of_work(on, facts.work),
        *_of_tasks(on, facts.tasks),
        *_of_meetings(on, facts.meetings),
        *_of_publicity(on, facts.shown),
        *_of_terms(on, facts.terms),
    ]


def stage(left: int, stages: Sequence[int]) -> int | None:
    """The nearest of `stages` (days before the end) reached when `left` days are left; None before the first."""
    return next((one for one in stages if left <= one), None)


# --- what the ledger says is owed -----------------------------------------------------------------------------------


def _of_work(on: date, work: Iterable[Work]) -> Iterator[Reminder]:
    """One sentence for all a body owes by one day; when that day has passed one to the body, later one above it."""
    gathered: dict[tuple[Body, date], list[Sentence]] = defaultdict(list)
    for one in work:
        gathered[one.body, one.due].append(one.label)
    late: dict[tuple[str, date], list[Body]] = defaultdict(list)
    for (body, due), labels in sorted(gathered.items()):
        left = (due - on).days
        if left >= 0:
            yield from _ahead(body, due, labels, left)
        elif left >= -LOOKED_BACK:
            yield _late(body, due, labels)
            if -left >= LATE_TO_ABOVE:
                late[body.path[:-STEP], due].append(body)
    for (above, due), bodies in sorted(late.items()):
        if above:
            yield _late_below(above, due, bodies)


def _ahead(body: Body, due: date, labels: Sequence[Sentence], left: int) -> Iterator[Reminder]:
    reached = stage(left, AHEAD)
    if reached is None:
        return
    sentence = Sentence(
        "work-due", "{body}还有{count}项工作{day}到期：{what}。",
        body=body.name, count=len(labels), day=day_name(due), what=_named(labels),
    )  # fmt: skip
    about = f"due/{body.code}/{due}/{reached}"
    yield Reminder("leaders", body, "due", sentence, about, ("ledger:month", body.code), group=True)


def _late(body: Body, due: date, labels: Sequence[Sentence]) -> Reminder:
    sentence = Sentence(
        "work-late", "{body}有{count}项工作{day}到期，还没有完成记录：{what}。已经开展的请补录，没有开展的不要补写。",
        body=body.name, count=len(labels), day=day_name(due), what=_named(labels),
    )  # fmt: skip
    return Reminder("leaders", body, "due", sentence, f"due/{body.code}/{due}/late", ("ledger:month", body.code))


def _late_below(path: str, due: date, bodies: Sequence[Body]) -> Reminder:
    """To the body above, of which only the path is known here."""
    sentence = Sentence(
        "work-late-below", "{day}到期的工作，有{count}个下级组织还没有完成记录：{who}。请了解情况，有困难的及时帮助。",
        day=day_name(due), count=len(bodies), who=_named([Sentence("body", body.name) for body in bodies]),
    )  # fmt: skip
    return Reminder("above", bodies[0], "due", sentence, f"due/{path}/below/{due}", ("ledger:rollup",))


TWO = Sentence("two", "{a}、{b}")
THREE = Sentence("three", "{a}、{b}、{c}")
MORE = Sentence("more", "{a}、{b}、{c}等")


def _named(names: Sequence[Sentence]) -> Sentence:
    """The first few in a row, each once."""
    different = list(dict.fromkeys(names))
    if len(different) == 1:
        return different[0]
    form = TWO if len(different) == 2 else THREE if len(different) == 3 else MORE
    return Sentence(form.code, form.message, **dict(zip("abc", different, strict=False)))


# --- tasks ----------------------------------------------------------------------------------------------------------


def _of_tasks(on: date, tasks: Iterable[OpenTask]) -> Iterator[Reminder]:
    for task in tasks:
        if task.reported is not None:
            if (on - task.reported).days >= UNVERIFIED:
                yield _task(task, "givers", "unverified", UNVERIFIED_TASK, task.reported)
        elif task.due is not None:
            yield from _task_due(on, task, task.due)


DUE_TASK = Sentence("task-due", "您负责的任务{day}到期：{text}。")
LATE_TASK = Sentence("task-late", "您负责的任务{day}已经到期：{text}。请报告进展；需要延期的，请说明原因。")
LATE_GIVEN = Sentence("task-late-given", "{body}的任务{day}已经到期，还没有报告完成：{text}。")
UNVERIFIED_TASK = Sentence("task-unverified", "{body}{day}报告完成的任务等着核实：{text}。")


def _task_due(on: date, task: OpenTask, due: date) -> Iterator[Reminder]:
    left = (due - on).days
    reached = stage(left, TASK_AHEAD)
    if left >= 0:
        if reached is not None:
            yield _task(task, "responsible", f"{due}/{reached}", DUE_TASK, due)
        return
    late = max((one for one in TASK_LATE if -left >= one), default=None)
    if late is not None and -left <= LOOKED_BACK:
        yield _task(task, "responsible", f"{due}/late-{late}", LATE_TASK, due)
    if TASK_TO_GIVERS <= -left <= LOOKED_BACK:
        yield _task(task, "givers", f"{due}/late", LATE_GIVEN, due)


def _task(task: OpenTask, audience: Audience, what: str, sentence: Sentence, day: date) -> Reminder:
    said = Sentence(sentence.code, sentence.message, body=task.body.name, day=day_name(day), text=task.text)
    about = f"task/{task.pk}/{what}/{audience}"
    return Reminder(
        audience, task.body, "task", said, about, ("tasks:show", task.body.code, str(task.pk)), task=task.pk
    )


# --- meetings -------------------------------------------------------------------------------------------------------

MEETING = Sentence("meeting-ahead", "请按时参加“{title}”：{day} {clock} {place}")


def _of_meetings(on: date, meetings: Iterable[Ahead]) -> Iterator[Reminder]:
    """The day before, or on the day itself when nobody asked before. A meeting that was moved is told anew."""
    for one in meetings:
        if 0 <= (one.day - on).days <= 1:
            said = Sentence(
                MEETING.code, MEETING.message, title=one.title, day=day_name(one.day), clock=one.clock, place=one.place
            )
            page = ("meetings:show", one.body.code, str(one.pk))
            about = f"meeting/{one.pk}/{one.day}"
            yield Reminder("invited", one.body, "meeting", said, about, page, meeting=one.pk)


# --- publicity ------------------------------------------------------------------------------------------------------

LAST_DAY = Sentence("publicity-last-day", "{body}的公示“{title}”{day}是最后一天，请看看收到的意见。")
OVER = Sentence("publicity-over", "{body}的公示“{title}”{day}已经期满，请研究收到的意见，办理下一步手续。")


def _of_publicity(on: date, shown: Iterable[Shown]) -> Iterator[Reminder]:
    """On the last day, and when it is over."""
    for one in shown:
        left = (one.ends - on).days
        if not -LOOKED_BACK <= left <= 0:
            continue
        form, what = (LAST_DAY, "last") if left == 0 else (OVER, "over")
        said = Sentence(form.code, form.message, body=one.body.name, title=one.title, day=day_name(one.ends))
        page = ("disclosure:show", one.body.code, str(one.pk))
        yield Reminder("leaders", one.body, "publication", said, f"publicity/{one.pk}/{one.ends}/{what}", page)


# --- terms ----------------------------------------------------------------------------------------------------------


def _of_terms(on: date, terms: Iterable[Term]) -> Iterator[Reminder]:
    """The body and the one above it: by the regulations the superior reminds half a year before."""
    for term in terms:
        reached = next((months for months in TERM_MONTHS if on >= add_months(term.ends, -months)), None)
        if reached is None or term.ends < on - timedelta(days=LOOKED_BACK):
            continue
        for audience in ("leaders", "above"):
            yield _term(term, audience, reached, passed=term.ends < on)  # type: ignore[arg-type]


TERM_ENDS = Sentence("term-ends", "{body}本届任期{day}届满，请做好换届准备。")
TERM_PASSED = Sentence("term-passed", "{body}本届任期已于{day}届满，请按规定换届或办理延期。")


def _term(term: Term, audience: Audience, reached: int, *, passed: bool) -> Reminder:
    form = TERM_PASSED if passed else TERM_ENDS
    sentence = Sentence(form.code, form.message, body=term.body.name, day=day_name(term.ends))
    about = f"term/{term.body.code}/{term.ends}/{'passed' if passed else reached}/{audience}"
    return Reminder(audience, term.body, "term", sentence, about, ("org:posts", term.body.code))
