"""The pages of the follow-up: a body's tasks, what a committee has given, one task with its chain and its steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.activities.access import activities_seen_by, private_kinds
from zhibu.activities.models import Activity
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import get_seen_or_404, may_read_minutes, require, today
from zhibu.org.models import ABOVE_BRANCHES, Organization
from zhibu.periods import month_end
from zhibu.tasks import access, queries, services
from zhibu.tasks.forms import AssignForm, MoveForm, ReasonForm, TermsForm, WorkForm
from zhibu.tasks.models import State, Task

PAGE = 30
BODIES = 30
"""Bodies below listed with their sums; all of them when asked for."""
SHOWN_IN_MONTH = 20
SHOWS = ("open", "overdue", "reported", "mine", "over")


def now() -> datetime:
    return timezone.now()


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The body's tasks; for a committee also what it has given, by body."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    given = request.GET.get("whose") == "given" and organization.kind in ABOVE_BRANCHES
    seen = (access.tasks_given_seen_by if given else access.tasks_seen_by)(request.user, organization, on)
    show = request.GET.get("show") if request.GET.get("show") in SHOWS else "open"
    page = Paginator(queries.listed(_shown(request, seen, show)), PAGE).get_page(request.GET.get("page"))
    page.object_list = queries.with_parts(page.object_list)
    sums = queries.counts_given(organization, on) if given and seen.exists() else []
    most = len(sums) if request.GET.get("bodies") == "all" else BODIES
    context = {
        "organization": organization,
        "page": page,
        "show": show,
        "given": given,
        "shows": _shows(given),
        "above": organization.kind in ABOVE_BRANCHES,
        "sums": sums[:most],
        "more_bodies": len(sums[most:]),
        "responsible": queries.responsible(list(page), on),
        "today": on,
        "may_give": access.may_give_tasks(request.user, organization, on),
        "may_read": may_read_minutes(request.user, organization, on),
    }
    return render(request, "tasks/_rows.html" if is_htmx(request) else "tasks/index.html", context)


def _shown(request: HttpRequest, seen: Any, show: str) -> Any:
    if show == "overdue":
        return queries.overdue(seen, today())
    if show == "reported":
        return seen.filter(state=State.REPORTED)
    if show == "over":
        return seen.exclude(state__in=(State.OPEN, State.REPORTED))
    if show == "mine":
        mine = queries.tasks_of_member(request.user.member_id or 0).values("pk")
        return seen.filter(pk__in=mine)
    return queries.unfinished(seen)


def _shows(given: bool) -> list[tuple[str, str]]:
    shows = [("open", _("未办结")), ("overdue", _("定了没办")), ("reported", _("待核实")), ("over", _("已办结"))]
    return shows if given else [*shows, ("mine", _("我负责的"))]


@require_safe
def due(request: HttpRequest, code: str) -> HttpResponse:
    """As a part of the month's page: what is due by its end; without script the list itself."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    if not is_htmx(request):
        return redirect("tasks:index", code=code)
    seen = access.tasks_seen_by(request.user, organization, on)
    rows = queries.with_parts(queries.listed(queries.due_by(seen, month_end(on.year, on.month)))[: SHOWN_IN_MONTH + 1])
    context = {
        "organization": organization,
        "rows": rows[:SHOWN_IN_MONTH],
        "more": len(rows) > SHOWN_IN_MONTH,
        "responsible": queries.responsible(rows, on),
        "today": on,
    }
    return render(request, "tasks/_due.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Give the body itself a task, or, for a committee, several bodies below it one each."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    require(access.may_give_tasks(request.user, organization, on))
    source = _source(request, organization)
    form = TermsForm(
        request.POST or None, organization=organization, on=on,
        initial={"text": source.fields.get("found", "") or "" if source else ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen_bodies()
        try:
            task = services.give_task(request.user, organization, form.terms(), on, at=now(), activity=source)
            if chosen:
                services.hand_down(request.user, task, chosen, form.terms(with_people=False), on, at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已立项。"))
            warn_of_known(request, chosen, task.kind)
            return redirect("tasks:show", code=code, pk=task.pk)
    context = {"organization": organization, "form": form, "title": _("立项"), "source": source}
    return render(request, "tasks/new.html", context, status=422 if form.errors else 200)


def _source(request: HttpRequest, organization: Organization) -> Activity | None:
    """The record that brought it up (`?activity=`), e.g. a visit; of a private kind none, as more people read tasks."""
    number = request.GET.get("activity", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    seen = activities_seen_by(request.user, organization, today()).exclude(kind__in=private_kinds())
    return get_object_or_404(seen, pk=int(number))


def warn_of_known(request: HttpRequest, bodies: Sequence[Organization], kind: str) -> None:
    """Tell a committee when the ledger of those it asks counts the same act already."""
    for duty in queries.known_already(bodies, kind, today().year):
        sentence = _("台账已经按“{duty}”在算这件事，请考虑是否还要另外要求。")
        messages.warning(request, sentence.format(duty=duty.label))


def _task(request: HttpRequest, organization: Organization, pk: int) -> Task:
    """A task of the body, or one that the body has given and whose reader may record there."""
    seen = access.tasks_seen_by(request.user, organization, today())
    given = access.tasks_given_seen_by(request.user, organization, today())
    mine = Q(pk__in=seen.filter(pk=pk).values("pk")) | Q(pk__in=given.filter(pk=pk).values("pk"))
    return get_object_or_404(queries.with_all(Task.objects.filter(mine)))


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Split a task, or hand parts of it down."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    task = _task(request, organization, pk)
    require(access.may_assign(request.user, task, on))
    initial = {"text": task.text, "asked": task.asked, "due": task.due, "kind": task.kind}
    form = TermsForm(request.POST or None, organization=task.organization, on=on, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen_bodies()
        try:
            if chosen:
                services.hand_down(request.user, task, chosen, form.terms(with_people=False), on, at=now())
            else:
                services.split(request.user, task, form.terms(), on, at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已分解。"))
            return redirect("tasks:show", code=code, pk=pk)
    context = {"organization": organization, "form": form, "title": _("分解任务"), "task": task}
    return render(request, "tasks/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One task: what is asked, the chain above and below, what happened; and what the reader may do next."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    task = _task(request, organization, pk)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    number = request.GET.get("activity", "")
    chosen = [int(number)] if number.isascii() and number.isdigit() else []
    given: Any = {name: request.POST if name == _FORM_OF.get(act) else None for name in ("work", "assign", "move")}
    mine = {
        "work": WorkForm(given["work"], task=task, on=on, chosen=chosen),
        "assign": AssignForm(given["assign"], task=task, on=on),
        "move": MoveForm(given["move"], initial={"due": task.due}, prefix="move"),
    }
    problem = ""
    if act:
        problem = _do(request, task, act, mine)
        if not problem:
            return redirect("tasks:show", code=code, pk=pk)
    context = {
        "organization": organization,
        "task": task,
        "chain": queries.chain_above(task),
        "branches": queries.tree_below(task),
        "responsible": queries.responsible([task], on)[task.pk],
        "today": on,
        "problem": problem,
        "forms": mine,
        "may": {
            "note": access.may_note_progress(request.user, task, on),
            "work": access.may_work_on(request.user, task, on),
            "assign": access.may_assign(request.user, task, on),
            "terms": access.may_set_terms(request.user, task, on),
            "verify": access.may_verify(request.user, task, on),
        },
    }
    return render(request, "tasks/show.html", context, status=422 if problem else 200)


_FORM_OF = {"progress": "work", "report": "work", "assign": "assign", "move": "move"}


def _do(request: HttpRequest, task: Task, act: str, mine: dict[str, forms.Form]) -> str:
    """Do what the pressed button says; a sentence when it was refused."""
    on, actor = today(), request.user
    allowed = {
        "progress": access.may_note_progress, "report": access.may_work_on, "assign": access.may_assign,
        "move": access.may_set_terms, "cancel": access.may_set_terms, "verify": access.may_verify,
        "return": access.may_verify,
    }  # fmt: skip
    require(act in allowed and allowed[act](actor, task, on))
    form = mine[_FORM_OF[act]] if act in _FORM_OF else ReasonForm(request.POST)
    if not form.is_valid():
        return _("请检查标出的项目。")
    said_, values = form.cleaned_data.get("text", ""), form.cleaned_data
    try:
        if act in ("progress", "report"):
            note = services.note_progress if act == "progress" else services.report_done
            note(actor, task, said_, at=now(), evidence=values["evidence"])
        elif act == "assign":
            services.assign(actor, task, values["owner"], list(values["helpers"]), on, at=now())
        elif act == "move":
            services.move_deadline(actor, task, values["due"], said_, on, at=now())
        elif act == "cancel":
            services.cancel(actor, task, said_, at=now())
        elif act == "verify":
            services.verify(actor, task, said_, on, at=now())
        else:
            services.return_task(actor, task, said_, on, at=now())
    except UserError as refused:
        return said(refused)
    messages.success(request, _("已记下。"))
    return ""
