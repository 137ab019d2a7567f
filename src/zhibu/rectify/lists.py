"""The three lists (三张清单): problems, who answers for what, what became of it; one set of rows for page and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhibu.documents.model import Block, Document, text_block
from zhibu.org.models import Organization
from zhibu.rectify.kinds import problem_kinds
from zhibu.rectify.models import Problem
from zhibu.rectify.states import ProblemState
from zhibu.tasks.models import State, Task, TaskStep, Verb

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the lists: its name, its head and its rows; `widths` are shares of the page."""

    name: str
    head: Row
    rows: tuple[Row, ...]
    widths: tuple[float, ...]

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Rows of (column, cell): on a narrow page each cell says what it is."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


NAMES = {"problems": "问题清单", "duties": "责任清单", "results": "整改清单"}


def sheet(which: str, problems: Sequence[Problem], *, bodies: bool) -> Sheet:
    """`problems` as `queries.with_all` gives them; `bodies`: with a column that says whose each is."""
    head, widths, rows = _SHEETS[which]
    if not bodies:
        made = [(str(number), *cells) for number, one in enumerate(problems, 1) for cells in rows(one)]
        return Sheet(NAMES[which], ("序号", *head), _once(made, 2), (0.07, *_shares(widths, 0.93)))
    made = [
        (str(number), str(one.organization), *cells) for number, one in enumerate(problems, 1) for cells in rows(one)
    ]
    return Sheet(NAMES[which], ("序号", "组织", *head), _once(made, 3), (0.07, 0.13, *_shares(widths, 0.8)))


def _shares(widths: Sequence[int], whole: float) -> tuple[float, ...]:
    return tuple(round(whole * width / sum(widths), 3) for width in widths)


def _once(rows: Iterable[Row], columns: int) -> tuple[Row, ...]:
    """What stands in the first columns is not said again in the rows of the same problem."""
    found: list[Row] = []
    number = ""
    for row in rows:
        found.append(("",) * columns + row[columns:] if row[0] == number else row)
        number = row[0]
    return tuple(found)


def _found(problem: Problem) -> Iterator[Row]:
    again = f"（再次出现，{problem.again.origin.year}年已有）" if problem.again else ""
    kind = problem_kinds().get(problem.kind)
    yield (
        f"{problem.text}{again}", kind.label if kind else problem.kind, problem.cause,
        f"{problem.origin.issuer}，{day(problem.found_on)}",
    )  # fmt: skip


def _answered(problem: Problem) -> Iterator[Row]:
    for task in live(problem):
        helpers = [one.name for one in task.helpers.all()]
        owner = "、".join([task.owner.name if task.owner else "", *helpers])
        yield problem.text, task.text, owner, day(task.due), task.asked
    if not live(problem):
        yield problem.text, "未定措施", "", "", ""


def _became(problem: Problem) -> Iterator[Row]:
    state = ProblemState(problem.state).label
    for task in live(problem):
        closed = last(task, Verb.CLOSE) if task.state == State.CLOSED else None
        verified = "，".join(filter(None, (str(closed.by or ""), day(task.closed_on)))) if closed else ""
        yield problem.text, task.text, day(task.due), said(task), evidence(task), verified or str(task_state(task))
    if not live(problem):
        yield problem.text, str(state), "", "", "", ""


def live(problem: Problem) -> list[Task]:
    return [task for task in problem.measures.all() if task.state not in (State.CANCELLED, State.DRAFT)]


def last(task: Task, *verbs: str) -> TaskStep | None:
    return next((step for step in reversed(task.steps.all()) if step.verb in verbs), None)


def said(task: Task) -> str:
    """What was last said of it: that it is done and how, or how far it is."""
    step = last(task, Verb.REPORT, Verb.PROGRESS, Verb.RETURN)
    return "" if step is None else f"退回：{step.text}" if step.verb == Verb.RETURN else step.text


def evidence(task: Task) -> str:
    return "；".join(f"{one.title}（{day(one.held)}）" for one in task.shown_evidence)


def task_state(task: Task) -> str:
    return str(State(task.state).label)


def day(one: date | None) -> str:
    return f"{one.year}年{one.month}月{one.day}日" if one else ""


_SHEETS: Mapping[str, tuple[Row, tuple[int, ...], Callable[[Problem], Iterator[Row]]]] = {
    "problems": (("问题", "类别", "原因", "来源"), (36, 13, 26, 18), _found),
    "duties": (("问题", "整改措施", "责任人", "完成时限", "完成的标志"), (26, 26, 12, 14, 15), _answered),
    "results": (("问题", "整改措施", "完成时限", "完成情况", "依据", "核实"), (22, 18, 13, 16, 16, 12), _became),
}


def document(
    which: str, problems: Sequence[Problem], organization: Organization, year: int | None, on: date, *, bodies: bool
) -> Document:
    """The list as a paper: title, how many, the table, who made it when."""
    made = sheet(which, problems, bodies=bodies)
    title = f"{organization.name}{f'{year}年度' if year else ''}{made.name}"
    closed = sum(one.state == ProblemState.CLOSED for one in problems)
    count = f"共有问题{len(problems)}个，已整改{closed}个，未整改完{len(problems) - closed}个"
    blocks = (
        text_block("title", title),
        text_block("paragraph", f"截至{day(on)}，{count}。"),
        Block("table", rows=(made.head, *made.rows), widths=made.widths, anchors=("",)),
        text_block("signature", organization.name),
        text_block("date", day(on)),
    )  # fmt: skip
    return Document(title, blocks, author=organization.name, date=on.isoformat())
