"""What is done with problems. Each is one transaction with its line in the journal; measures keep their own steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhibu.duties.models import Form, LocalDuty, Origin, OriginState, Source
from zhibu.duties.services import lay_down_duty
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Organization
from zhibu.rectify.access import may_enter, may_return
from zhibu.rectify.kinds import problem_kinds, suggested_kind
from zhibu.rectify.models import Problem
from zhibu.rectify.queries import with_state
from zhibu.rectify.states import Measure, ProblemState, state_of
from zhibu.rectify.telling import tell_found
from zhibu.tasks.models import UNFINISHED, State, Task
from zhibu.tasks.services import Terms, give_task, move_to, reopen

LONGEST = 500
FIRST_YEAR = 2000
RECURRING = ("month", "quarter", "half-year", "year")
TITLES = {
    Source.REVIEW: "述职评议指出的问题",
    Source.INSPECTION: "巡察反馈的问题",
    Source.LIFE_MEETING: "组织生活会查摆的问题",
    Source.SELF: "自查发现的问题",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in words. Without a kind the words suggest one; `place`: where it was seen."""

    text: str
    kind: str = ""
    cause: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Recurring:
    """A measure that recurs: so many activities of a kind each period, counted by the ledger until the deadline."""

    kind: str
    count: int = 1
    per: str = "quarter"


def open_list(
    actor: Account,
    finder: Organization,
    source: str,
    year: int,
    *,
    at: datetime,
    issuer: str = "",
    title: str = "",
) -> Origin:
    """The finder's list of that source and year, set up where there is none. `issuer`: who found it, if another than
    the finder (县委第三巡察组). UserError for a year to come or a source there is not."""
    on = timezone.localdate(at)
    if source not in Source.values:
        raise UserError("problem-source", "请选择问题的来源。")
    if not FIRST_YEAR <= year <= on.year:
        raise UserError("problem-year", "{year}年的问题清单还不能建立。", year=year)
    issuer = " ".join(issuer.split())[:120]
    by = f"（{issuer}）" if issuer and issuer != finder.name else ""
    title = " ".join(title.split())[:200] or f"{year}年度{TITLES[Source(source)]}{by}"
    with transaction.atomic():
        known = Origin.objects.select_for_update(of=("self",)).filter(
            organization=finder, form=Form.RECTIFICATION, source=source, year=year, title=title
        )
        found = known.select_related("organization").first()
        if found is not None:
            return found
        made = Origin.objects.create(
            organization=finder, form=Form.RECTIFICATION, source=source, year=year, title=title,
            issuer=issuer or finder.name, since=on, state=OriginState.IN_FORCE, made_at=at, made_by=actor,
        )  # fmt: skip
        note(actor, finder, "open-problem-list", made, title)
    return made


def found(
    actor: Account | None,
    origin: Origin,
    organization: Organization,
    findings: Sequence[Finding],
    *,
    at: datetime,
    on: date | None = None,
) -> list[Problem]:
    """Enter what was found at a body; all or none. `on`: the day it was found, that of `at` if not given.

    UserError for one who is not the finder's, a body not below the finder, nothing said, a kind there is not, the same
    words twice on one list.
    """
    today = timezone.localdate(at)
    day = on or today
    if origin.form != Form.RECTIFICATION or origin.state == OriginState.CLOSED:
        raise UserError("problem-list", "“{title}”不是可以登记问题的清单。", title=origin.title)
    if not organization.path.startswith(origin.organization.path):
        raise UserError(
            "problem-not-below", "“{body}”不在“{finder}”之下，不能登记在它的清单上。", body=organization.name,
            finder=origin.organization.name,
        )  # fmt: skip
    if actor is not None and not may_enter(actor, origin, organization, today):
        raise UserError(
            "problem-not-finder", "只有“{finder}”的人能在这份清单上登记问题。", finder=origin.organization.name
        )
    if day > today:
        raise UserError("problem-day", "发现日期{day}还没有到。", day=day)
    with transaction.atomic():
        made = [_enter(actor, origin, organization, one, day, at) for one in findings]
        if made:
            words = f"{origin.title}：{len(made)}个问题"
            note(actor, organization, "find-problems", origin, words, problems=[one.pk for one in made])
        if made and actor is not None:
            tell_found(actor, organization, made, at)
    return made


def _enter(
    actor: Account | None, origin: Origin, organization: Organization, finding: Finding, day: date, at: datetime
) -> Problem:
    values = checked(finding)
    try:
        with transaction.atomic():
            return Problem.objects.create(
                organization=organization, origin=origin, found_on=day, made_at=at, made_by=actor, **values
            )
    except IntegrityError:
        raise UserError("problem-twice", "清单上已经有“{text}”。", text=values["text"][:40]) from None


def checked(finding: Finding) -> dict[str, str]:
    """The finding as it is kept. UserError for what says nothing or too much."""
    text = " ".join(finding.text.split())
    if len(text) < 4:
        raise UserError("problem-empty", "请写明是什么问题，至少4个字。")
    for words, label in ((text, "问题"), (finding.cause, "原因")):
        if len(words) > LONGEST:
            raise UserError(
                "problem-long", "{label}有{n}字，请压缩到{most}字以内，或分成几个问题。", label=label, n=len(words),
                most=LONGEST,
            )  # fmt: skip
    kind = finding.kind or suggested_kind(f"{text}{finding.cause}")
    if kind not in problem_kinds():
        raise UserError("problem-kind", "请选择问题的类别。")
    return {
        "text": text, "kind": kind, "cause": " ".join(finding.cause.split()),
        "place": " ".join(finding.place.split())[:200],
    }  # fmt: skip


def correct_problem(actor: Account, problem: Problem, finding: Finding) -> Problem:
    """Put its words, kind and place right: for the finder. What it was is in the journal."""
    values = checked(finding)
    with transaction.atomic():
        current = locked(problem.pk)
        changed = {
            name: [getattr(current, name), value] for name, value in values.items() if getattr(current, name) != value
        }
        if not changed:
            return current
        for name, value in values.items():
            setattr(current, name, value)
        try:
            with transaction.atomic():
                current.save(update_fields=list(values))
        except IntegrityError:
            raise UserError("problem-twice", "清单上已经有“{text}”。", text=values["text"][:40]) from None
        note(actor, current.organization, "correct-problem", current, current.text, changed=changed)
    return current


def explain_problem(actor: Account, problem: Problem, cause: str) -> Problem:
    """Say why it is so: for the body itself."""
    cause = " ".join(cause.split())
    if not 2 <= len(cause) <= LONGEST:
        raise UserError("problem-cause", "请写明原因，{most}字以内。", most=LONGEST)
    with transaction.atomic():
        current = locked(problem.pk)
        before, current.cause = current.cause, cause
        current.save(update_fields=["cause"])
        words = f"{current.text}：{cause}"
        note(actor, current.organization, "explain-problem", current, words, cause=[before, cause])
    return current


def take_back(actor: Account, problem: Problem) -> None:
    """Take out what was entered by mistake, while nothing rests on it."""
    with transaction.atomic():
        current = locked(problem.pk)
        if current.measures.exists() or current.returned.exists():
            raise UserError("problem-in-use", "已经定了措施，或有后来的问题指向它，不能删去。")
        note(actor, current.organization, "take-back-problem", current, current.text, list=current.origin.title)
        current.delete()


def add_measure(
    actor: Account | None,
    problems: Sequence[Problem],
    terms: Terms,
    on: date,
    *,
    at: datetime,
    recurring: Recurring | None = None,
    given_by: Organization | None = None,
) -> Task:
    """What is done about one or several problems of a body: a task with an owner and a deadline, and where it recurs a
    duty the ledger counts until then. `given_by`: who asks for it and has it verified; the body itself if not given."""
    first = problems[0]
    body = first.organization
    if any(one.organization_id != body.pk for one in problems):
        raise UserError("measure-bodies", "一项措施只能针对同一个组织的问题。")
    if terms.owner is None:
        raise UserError("measure-owner", "请写明整改措施的责任人。")
    if terms.due is None:
        raise UserError("measure-due", "请写明整改措施的完成时限。")
    if terms.due < max(one.found_on for one in problems):
        raise UserError("measure-early", "完成时限{due}早于问题的发现日期。", due=terms.due)
    with transaction.atomic():
        rows = [locked(one.pk) for one in problems]
        duty = _lay_down(actor, rows[0], terms, recurring, on) if recurring else None
        asked = Terms(
            terms.text, terms.asked, terms.due, terms.owner, terms.helpers, recurring.kind if recurring else terms.kind,
            f"local-{duty.pk}/duty" if duty else "",
        )  # fmt: skip
        task = give_task(actor, body, asked, on, at=at, given_by=given_by, origin=first.origin)
        for row in rows:
            row.measures.add(task)
    return task


def _lay_down(actor: Account | None, problem: Problem, terms: Terms, recurring: Recurring, on: date) -> LocalDuty:
    if not recurring.kind:
        raise UserError("measure-kind", "周期性的措施要写明以哪种活动完成，台账才能自动核对。")
    if recurring.per not in RECURRING or not 1 <= recurring.count <= 100:
        raise UserError("measure-per", "请写明每个周期几次。")
    origin, text = problem.origin, " ".join(terms.text.split())
    data: dict[str, Any] = {
        "label": text[:60], "subject": [problem.organization.kind], "text": text[:120], "strength": "shall",
        "confidence": "P",
        "at_least": {"count": recurring.count, "per": recurring.per, "of": [recurring.kind]},
    }  # fmt: skip
    values = {
        "document": origin.title, "origin": origin.issuer or origin.organization.name,
        "number": origin.number or origin.title[:60], "since": on, "until": terms.due, "data": data,
    }  # fmt: skip
    duty = lay_down_duty(actor, problem.organization, values)  # type: ignore[arg-type]
    duty.source = origin
    duty.save(update_fields=["source"])
    return duty


def link_measure(actor: Account, problem: Problem, task: Task) -> None:
    """A measure there is answers this problem too."""
    with transaction.atomic():
        current = locked(problem.pk)
        if task.organization_id != current.organization_id or not task.problems.exists():
            raise UserError("measure-elsewhere", "只能选用同一个组织已有的整改措施。")
        current.measures.add(task)
        note(actor, current.organization, "link-measure", current, f"{current.text}：{task.text}", task=task.pk)


def confirm_again(actor: Account, problem: Problem, earlier: Problem) -> Problem:
    """A person says: this is the earlier problem, come back."""
    with transaction.atomic():
        current = locked(problem.pk)
        if earlier.organization_id != current.organization_id or earlier.pk == current.pk:
            raise UserError("again-elsewhere", "只能指向本组织以前的问题。")
        if (earlier.origin.year or 0, earlier.pk) >= (current.origin.year or 0, current.pk):
            raise UserError("again-later", "再次出现的问题，要指向以前年度的问题。")
        current.again = earlier
        current.save(update_fields=["again"])
        words = f"{current.text}：{earlier.origin.year}年也有"
        note(actor, current.organization, "problem-again", current, words, earlier=earlier.pk)
    return current


def deny_again(actor: Account, problem: Problem) -> Problem:
    """It is another problem after all."""
    with transaction.atomic():
        current = locked(problem.pk)
        earlier, current.again = current.again_id, None
        current.save(update_fields=["again"])
        note(actor, current.organization, "problem-again", current, f"{current.text}：不是再次出现", earlier=earlier)
    return current


def return_problem(actor: Account, problem: Problem, reason: str, on: date, *, at: datetime) -> Problem:
    """The finder says that it is not solved: every measure that was closed is open again. UserError for one who answers
    for a measure, for nobody of the finder's, or where nothing was closed."""
    reason = " ".join(reason.split())[:LONGEST]
    if len(reason) < 2:
        raise UserError("return-reason", "请写明退回的原因。")
    with transaction.atomic():
        current = locked(problem.pk)
        if not may_return(actor, current, on):
            raise UserError("return-not-finder", "只有提出问题的组织能退回，责任人不能退回自己办的事。")
        measures = list(current.measures.select_for_update().order_by("id"))
        if state_of([Measure(one.state, one.due) for one in measures], on) != ProblemState.CLOSED:
            raise UserError("return-not-closed", "还没有整改完，不用退回。")
        for task in measures:
            if task.state == State.CLOSED:
                reopen(actor, task, reason, at=at, by_record=False)
        note(actor, current.organization, "return-problem", current, f"{current.text}：{reason}")
    return current


def pass_on(actor: Account, ended: Organization, successor: Organization, on: date, *, at: datetime) -> list[Problem]:
    """The open problems of a body that was ended go on at another, with their measures. What was closed stays."""
    if ended.ended is None or ended.ended > on:
        raise UserError("pass-on-not-ended", "“{body}”没有撤销，问题由它自己整改。", body=ended.name)
    if successor.pk == ended.pk or (successor.ended is not None and successor.ended <= on):
        raise UserError("pass-on-successor", "请选择接手的组织，它应当还在。")
    reason = f"{ended.name}已撤销，由{successor.name}继续整改"
    with transaction.atomic():
        rows = Problem.objects.filter(organization=ended).select_related("origin__organization", "organization")
        moved = list(with_state(rows, on).exclude(state=ProblemState.CLOSED.value))
        for problem in moved:
            if not successor.path.startswith(problem.origin.organization.path) and problem.origin.organization != ended:
                raise UserError(
                    "problem-not-below", "“{body}”不在“{finder}”之下，不能登记在它的清单上。", body=successor.name,
                    finder=problem.origin.organization.name,
                )  # fmt: skip
            problem.organization = successor
            problem.save(update_fields=["organization"])
            for task in problem.measures.filter(state__in=UNFINISHED, organization=ended):
                move_to(actor, task, successor, reason, at=at)
        for body in (ended, successor):
            note(actor, body, "pass-on-problems", body, f"{reason}：{len(moved)}个问题", problems=[p.pk for p in moved])
    return moved


def locked(pk: int) -> Problem:
    """The problem as it stands, locked until the transaction ends."""
    rows = Problem.objects.select_for_update(of=("self",)).select_related("origin__organization", "organization")
    return rows.get(pk=pk)
