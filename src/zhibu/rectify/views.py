"""The pages of rectification: a body's register, a committee's over those below, one problem with all that happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.duties.models import Source
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import get_seen_or_404, may_read_minutes, may_record, require, today
from zhibu.org.models import ABOVE_BRANCHES, JournalEntry, Organization
from zhibu.rectify import access, queries, services
from zhibu.rectify.forms import FindingForm, LinkForm, MeasureForm, PassOnForm, ProblemForm, ReasonForm, kind_choices
from zhibu.rectify.models import Problem
from zhibu.rectify.states import ProblemState
from zhibu.rectify.wish import AGAIN, ALL, OPEN, Wish
from zhibu.tasks.access import may_verify
from zhibu.tasks.models import State, Task, Verb

PAGE = 30


def now() -> datetime:
    return timezone.now()


def _state_choices() -> list[tuple[str, Any]]:
    return [(ALL, _("全部")), (OPEN, _("没有整改完的")), *ProblemState.choices, (AGAIN, _("再次出现的"))]


def _filter(problems: QuerySet[Problem], wish: Wish) -> dict[str, Any]:
    years = problems.order_by("-origin__year").values_list("origin__year", flat=True).distinct()
    return {
        "wish": wish, "years": list(years), "sources": Source.choices, "states": _state_choices(),
        "kinds": kind_choices(_("全部")),
    }  # fmt: skip


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The body's own problems."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    seen = access.problems_seen_by(request.user, organization, on)
    wish = Wish.of(request.GET)
    page = Paginator(queries.listed(wish.among(seen, on), on), PAGE).get_page(request.GET.get("page"))
    context = {
        "organization": organization, "page": page, "today": on, **_filter(seen, wish),
        "may_find": access.may_find(request.user, organization, on),
        "may_read": may_read_minutes(request.user, organization, on),
        "above": organization.kind in ABOVE_BRANCHES and may_record(request.user, organization, on),
    }  # fmt: skip
    return render(request, "rectify/_rows.html" if is_htmx(request) else "rectify/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def below(request: HttpRequest, code: str) -> HttpResponse:
    """A committee's register: figures by kind and state, the problems themselves, bodies that were ended. Nobody is
    ranked, neither bodies nor persons. Who may not record there is led to what he may see."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    if organization.kind not in ABOVE_BRANCHES or not may_record(request.user, organization, on):
        require(request.method != "POST")
        return redirect("rectify:index", code=code)
    seen = access.problems_below_seen_by(request.user, organization, on)
    ended = list(queries.orphaned(organization, on))
    posted = request.POST if request.method == "POST" else None
    first = {"ended": ended[0], "successor": queries.likely_successor(ended[0], on)} if ended else {}
    form = PassOnForm(posted, committee=organization, ended=ended, on=on, initial=first) if ended else None
    if request.method == "POST" and form and form.is_valid():
        given = form.cleaned_data
        try:
            moved = services.pass_on(request.user, given["ended"], given["successor"], on, at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已移交{n}个问题。").format(n=len(moved)))
            return redirect("rectify:below", code=code)
    wish = Wish.of(request.GET, state=OPEN)
    page = Paginator(queries.listed(wish.among(seen, on), on), PAGE).get_page(request.GET.get("page"))
    context = {
        "organization": organization, "page": page, "today": on, **_filter(seen, wish), "given": True,
        "may_find": True, "may_read": True, "above": True, "passing": form,
        "sums": _sums(queries.tallies(replace(wish, state=ALL).among(seen, on), on)),
    }  # fmt: skip
    template = "rectify/_below.html" if is_htmx(request) else "rectify/below.html"
    return render(request, template, context, status=422 if form and form.errors else 200)


def _sums(found: list[queries.Tally]) -> list[dict[str, Any]]:
    """By kind, all years together, and a last row with the sum."""
    columns = ("found", "bare", "overdue", "in_hand", "reported", "closed", "again")
    by_kind: dict[str, dict[str, Any]] = {}
    for one in found:
        for kind in (one.kind, ""):
            row = by_kind.setdefault(kind, {"kind": kind, **dict.fromkeys(columns, 0)})
            for column in columns:
                row[column] += getattr(one, column)
    return sorted(by_kind.values(), key=lambda row: (not row["kind"], -row["found"], row["kind"]))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a problem: of the body itself, or, for a committee, of one below."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    require(access.may_find(request.user, organization, on))
    committee = organization.kind in ABOVE_BRANCHES
    initial = {"found_on": on, "year": on.year, "source": Source.REVIEW if committee else Source.SELF}
    form = ProblemForm(request.POST or None, organization=organization, on=on, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            listed = services.open_list(
                request.user, organization, given["source"], given["year"], at=now(), issuer=given["issuer"]
            )
            body = given.get("body") or organization
            [problem] = services.found(request.user, listed, body, [form.finding()], at=now(), on=given["found_on"])
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已登记。"))
            return redirect("rectify:show", code=code, pk=problem.pk)
    context = {"organization": organization, "form": form}
    return render(request, "rectify/new.html", context, status=422 if form.errors else 200)


def _problem(request: HttpRequest, organization: Organization, pk: int, on: date) -> Problem:
    """A problem of the body, or of one below it whose committee the reader belongs to."""
    own = access.problems_seen_by(request.user, organization, on).filter(pk=pk)
    given = access.problems_below_seen_by(request.user, organization, on).filter(pk=pk)
    mine = Q(pk__in=own.values("pk")) | Q(pk__in=given.values("pk"))
    return get_object_or_404(queries.with_all(Problem.objects.filter(mine), on))


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a problem's history: what, about which measure, in whose words."""

    at: datetime
    what: str
    about: str
    text: str
    who: str


def history(problem: Problem) -> list[Event]:
    """Everything that happened to the problem and its measures, in order. One query more than the problem's own."""
    steps = [
        Event(step.at, str(Verb(step.verb).label), task.text, step.text, str(step.by or ""))
        for task in problem.measures.all()
        for step in task.steps.all()
    ]
    entries = JournalEntry.objects.filter(object_type="problem", object_id=str(problem.pk))
    mine = [
        Event(entry.at, ENTRIES[entry.verb](), "", entry.summary, str(entry.account or ""))
        for entry in entries.select_related("account__member")
        if entry.verb in ENTRIES
    ]
    entered = Event(problem.made_at, _("登记"), "", problem.origin.title, str(problem.made_by or ""))
    return [entered, *sorted([*steps, *mine], key=lambda one: one.at)]


ENTRIES = {
    "correct-problem": lambda: _("更正"), "explain-problem": lambda: _("写明原因"),
    "problem-again": lambda: _("与以前的问题对照"), "return-problem": lambda: _("提出者退回"),
    "link-measure": lambda: _("关联措施"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One problem: cause, measures with what shows them done, the years it was there before; and what to do next."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    problem = _problem(request, organization, pk, on)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    may = _rights(request, problem, on)
    mine = _forms(request, problem, act, on)
    refusal = ""
    if request.method == "POST":
        require(bool(may.get(act)))
        refusal = _do(request, problem, act, mine, on)
        if not refusal:
            return redirect("rectify:index", code=code) if act == "drop" else redirect("rectify:show", code=code, pk=pk)
    measures = [task for task in problem.measures.all() if task.state != State.DRAFT]
    context = {
        "organization": organization, "problem": problem, "today": on, "refusal": refusal, "may": may, "forms": mine,
        "measures": [(task, _closed_by(task), may_verify(request.user, task, on)) for task in measures],
        "earlier": queries.proposed_again(problem) if may["again"] else [],
        "before": queries.what_was_done(problem.again, on) if problem.again else None,
        "later": list(problem.returned.select_related("origin").order_by("id")), "history": history(problem),
    }  # fmt: skip
    return render(request, "rectify/show.html", context, status=422 if refusal else 200)


def _rights(request: HttpRequest, problem: Problem, on: date) -> dict[str, bool]:
    """Which of the page's buttons the reader may press."""
    changes = access.may_change(request.user, problem, on)
    finds = access.may_find(request.user, problem.origin.organization, on)
    closed = problem.state == ProblemState.CLOSED
    return {
        "measure": changes, "link": changes, "cause": changes, "again": changes or finds, "not-again": changes or finds,
        "correct": finds, "drop": finds and not problem.measures.all(),
        "return": closed and access.may_return(request.user, problem, on),
    }  # fmt: skip


def _closed_by(task: Task) -> Any:
    """The last step that closed it, with who verified it."""
    if task.state != State.CLOSED:
        return None
    return next((step for step in reversed(task.steps.all()) if step.verb == Verb.CLOSE), None)


def _forms(request: HttpRequest, problem: Problem, act: str, on: date) -> dict[str, forms.Form]:
    given: dict[str, Any] = {act: request.POST} if act else {}
    words = {"text": problem.text, "kind": problem.kind, "place": problem.place, "cause": problem.cause}
    return {
        "measure": MeasureForm(given.get("measure"), organization=problem.organization, on=on),
        "link": LinkForm(given.get("link"), problem=problem, on=on),
        "cause": ReasonForm(given.get("cause"), initial={"text": problem.cause}, prefix="cause"),
        "return": ReasonForm(given.get("return"), prefix="return"),
        "correct": FindingForm(given.get("correct"), initial=words, prefix="correct"),
    }


def _do(request: HttpRequest, problem: Problem, act: str, mine: dict[str, forms.Form], on: date) -> str:
    """Do what the pressed button says; a sentence when it was refused."""
    form, actor = mine.get(act), request.user
    if form is not None and not form.is_valid():
        return _("请检查标出的项目。")
    given = form.cleaned_data if form is not None else {}
    try:
        if act == "measure":
            # Whoever asks for it has it verified: the finder above, or the body itself.
            finder = problem.origin.organization
            asks = finder if access.may_find(actor, finder, on) else problem.organization
            services.add_measure(
                actor, [problem], form.terms(), on, at=now(), recurring=form.recurring(), given_by=asks  # type: ignore[union-attr]
            )  # fmt: skip
        elif act == "link":
            services.link_measure(actor, problem, given["measure"])
        elif act == "cause":
            services.explain_problem(actor, problem, given["text"])
        elif act == "return":
            services.return_problem(actor, problem, given["text"], on, at=now())
        elif act == "correct":
            services.correct_problem(actor, problem, form.finding())  # type: ignore[union-attr]
        elif act == "again":
            services.confirm_again(actor, problem, _earlier(request, problem))
        elif act == "not-again":
            services.deny_again(actor, problem)
        else:
            services.take_back(actor, problem)
    except UserError as refused:
        return said(refused)
    messages.success(request, _("已记下。"))
    return ""


def _earlier(request: HttpRequest, problem: Problem) -> Problem:
    """One of those proposed; anything else is not there."""
    chosen = request.POST.get("earlier", "")
    proposed = {str(one.problem.pk): one.problem for one in queries.proposed_again(problem)}
    if chosen not in proposed:
        raise UserError("again-elsewhere", "只能指向本组织以前的问题。")
    return proposed[chosen]
