"""Three years of problems in the made-up county: a few told one by one, the rest by turns from a stock of words.

One comes back word for word after a plan that nobody carried out, and is really solved the year after.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from zhibu.activities.models import Activity
from zhibu.demo.accounts import account_of
from zhibu.demo.county import Branch
from zhibu.demo.reports import written_by_hand
from zhibu.duties.models import Origin
from zhibu.org.models import Account, Member, Organization
from zhibu.org.queries import members_on
from zhibu.rectify import services
from zhibu.rectify.models import Problem
from zhibu.rectify.queries import proposed_again
from zhibu.rectify.services import Finding, Recurring
from zhibu.tasks import services as tasks
from zhibu.tasks.access import may_verify
from zhibu.tasks.models import State, Task, TaskStep, Verb
from zhibu.tasks.services import Terms

SPREAD = 300
"""Bodies with problems from the stock; more would only make the demo slow."""
FOUND = {"review": (1, 1, 20), "life-meeting": (1, 2, 10), "inspection": (0, 9, 15), "self": (0, 6, 12)}
"""When each source finds what it finds: years after the year it is about, month, day."""


@cache
def _words() -> dict[str, Any]:
    text = (Path(__file__).parent / "problems.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


def make_problems(root: Organization, branches: list[Branch], accounts: Mapping[str, Account], on: date) -> None:
    """Needs the committee's clerk; without one nothing is made."""
    clerk = accounts.get("gongwei")
    if clerk is None:
        return
    by_code = {branch.organization.code: branch for branch in branches}
    told = {story["branch"] for story in _words()["stories"]}
    for story in _words()["stories"]:
        if story["branch"] in by_code:
            _tell(root, by_code[story["branch"]], clerk, story, on)
    others = [branch for branch in branches[:SPREAD] if branch.organization.code not in told | written_by_hand()]
    _spread(root, others, clerk, on)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(11, 30), tzinfo=timezone.get_default_timezone())


def _found_on(source: str, year: int) -> date:
    after, month, day = FOUND[source]
    return date(year + after, month, day)


def _tell(root: Organization, branch: Branch, clerk: Account, story: Mapping[str, Any], on: date) -> None:
    year = on.year - story["back"]
    day, own = _found_on(story["source"], year), story["source"] in ("self", "life-meeting")
    if day > on or branch.organization.founded > day:
        return
    finder = branch.organization if own else root
    actor = account_of(branch) if own else clerk
    listed = services.open_list(actor, finder, story["source"], year, at=_noon(day), issuer=story.get("issuer", ""))
    finding = Finding(story["text"], story["kind"], story.get("cause", ""), story.get("place", ""))
    [problem] = services.found(None, listed, branch.organization, [finding], at=_noon(day))
    Problem.objects.filter(pk=problem.pk).update(made_by=actor)
    if story.get("again"):
        services.confirm_again(clerk, problem, proposed_again(problem)[0].problem)
    for number, words in enumerate(story["measures"]):
        _measure(branch, clerk, problem, words, number, day, on)


def _measure(
    branch: Branch, clerk: Account, problem: Problem, words: Mapping[str, Any], number: int, found: date, on: date
) -> None:
    account, set_on = account_of(branch), min(on, found + timedelta(days=12))
    due = _due(words["due"], set_on)
    owner = _owner(branch, number + 1, set_on)
    kind = words.get("activity", "")
    recurring = Recurring(kind, 1, words["per"]) if words.get("per") else None
    terms = Terms(words["text"], words.get("asked", ""), due, owner, kind=kind)
    task = services.add_measure(account, [problem], terms, set_on, at=_noon(set_on), recurring=recurring)
    reported = due - timedelta(days=9)
    if words["outcome"] in ("open", "late") or reported > on:
        return
    task = tasks.report_done(
        account, task, words["said"], at=_noon(reported), evidence=_records(branch, kind, set_on, reported)
    )
    verified = reported + timedelta(days=4)
    if verified > on or words["outcome"] == "reported" or not may_verify(clerk, task, verified):
        return  # the clerk of a county of one branch is one of its own
    if words["outcome"] == "returned":
        tasks.return_task(clerk, task, words["reason"], verified, at=_noon(verified))
    else:
        tasks.verify(clerk, task, "看过记录", verified, at=_noon(verified))


def _owner(branch: Branch, turn: int, on: date) -> Member | None:
    """One of the committee, by turns, or else one of the branch, who was in it on that day."""
    there = {one.pk for one in members_on(branch.organization, on)}
    people = [*branch.committee, *branch.people]
    return next((one for one in [*people[turn % len(people) :], *people] if one.pk in there), None)


def _due(text: str, after: date) -> date:
    """MM-DD, in the year in which the measure was set."""
    month, day = map(int, text.split("-"))
    return max(date(after.year, month, day), after + timedelta(days=30))


def _records(branch: Branch, kind: str, since: date, until: date) -> list[Activity]:
    """Records that show it: of the kind that carries it out, else the committee meeting that heard of it."""
    wanted = kind or "committee-meeting"
    found = Activity.objects.filter(
        organization=branch.organization, kind=wanted, held__gt=since, held__lte=until, withdrawn_at=None
    )
    rows = list(found.select_related("organization").order_by("held"))
    return rows if kind else rows[-1:]


def _spread(root: Organization, branches: Collection[Branch], clerk: Account, on: date) -> None:
    """One problem of each body a year, written straight into the tables."""
    for back in (3, 2, 1):
        year = on.year - back
        day = _found_on("review", year)
        if day > on:
            continue
        listed = services.open_list(clerk, root, "review", year, at=_noon(day))
        chosen = [branch for branch in branches if branch.organization.founded <= day]
        rows = list(_problems(chosen, listed, clerk, back, day))
        Problem.objects.bulk_create(rows, batch_size=1000)
        _measures(chosen, rows, listed, clerk, back, on)


def _problems(branches: Collection[Branch], listed: Origin, clerk: Account, back: int, day: date) -> Iterator[Problem]:
    """Every seventh body has in the last year the problem it had the year before."""
    stock = _words()["stock"]
    before = {one.organization_id: one for one in Problem.objects.filter(origin__year=(listed.year or 0) - 1)}
    for number, branch in enumerate(branches):
        same = before.get(branch.organization.pk) if number % 7 == 3 and back == 1 else None
        words = stock[(2 * number + back) % len(stock)]
        told = next((one for one in stock if same and one["text"] == same.text), words)
        yield Problem(
            organization=branch.organization, origin=listed, text=told["text"], kind=told["kind"], cause=told["cause"],
            found_on=day, again=same, made_at=_noon(day), made_by=clerk,
        )  # fmt: skip


def _measures(
    branches: Collection[Branch], problems: list[Problem], listed: Origin, clerk: Account, back: int, on: date
) -> None:
    """Of five measures one of the last year is open, one waits to be verified; older ones were nearly all closed."""
    words = {one["text"]: one["measure"] for one in _words()["stock"]}
    made: list[tuple[Problem, Task]] = []
    for number, (branch, problem) in enumerate(zip(branches, problems, strict=True)):
        if number % 11 == 5 and back == 1:
            continue  # nobody has said what is to be done
        due = date((listed.year or 0) + 1, 11, 30) if number % 3 else date((listed.year or 0) + 1, 6, 30)
        state = State.CLOSED if number % 5 > 1 or (back > 1 and number % 9) else State.OPEN
        state = State.REPORTED if state == State.OPEN and number % 5 == 1 else state
        if due - timedelta(days=9) > on:
            state = State.OPEN
        owner: Member = branch.committee[-1] if branch.committee else branch.secretary
        task = Task(
            organization=branch.organization, given_by=branch.organization, origin=listed, text=words[problem.text],
            owner=owner, due=due, state=state, closed_on=due - timedelta(days=5) if state == State.CLOSED else None,
            made_at=problem.made_at + timedelta(days=12), made_by=clerk,
        )  # fmt: skip
        made.append((problem, task))
    Task.objects.bulk_create([task for _problem, task in made], batch_size=1000)
    through = Problem.measures.through
    links = [through(problem_id=problem.pk, task_id=task.pk) for problem, task in made]
    through.objects.bulk_create(links, batch_size=1000)
    TaskStep.objects.bulk_create((step for _problem, task in made for step in _steps(task, clerk)), batch_size=1000)


def _steps(task: Task, clerk: Account) -> Iterator[TaskStep]:
    def step(verb: Verb, at: datetime, text: str = "", **data: Any) -> TaskStep:
        return TaskStep(
            organization_id=task.organization_id, task=task, verb=verb, text=text, data=data, at=at, by=clerk
        )

    due = task.due or task.made_at.date()
    yield step(Verb.GIVE, task.made_at, due=due.isoformat(), owner=task.owner.name if task.owner else "")
    if task.state in (State.REPORTED, State.CLOSED):
        yield step(Verb.REPORT, _noon(due - timedelta(days=9)), "已按措施办理，记录在台账中")
    if task.state == State.CLOSED:
        yield step(Verb.CLOSE, _noon(due - timedelta(days=5)), "看过记录")
