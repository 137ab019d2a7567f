"""The committee's pages of a season: its seasons, the plan, who reports and when he speaks, its course, the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.activities import files
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import Organization
from zhibu.review import access, queries, season
from zhibu.review.models import Cycle, CycleState, Entry
from zhibu.review.season import Plan, Reporter
from zhibu.review.season_forms import CourseForm, CycleForm, plan_of
from zhibu.review.steps import STEPS, days_of
from zhibu.review.views import LARGEST, now, seen_cycle
from zhibu.scoring.queries import schemes_for

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The committee's seasons; of a body that reports, its places in the seasons above it."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    cycles = list(queries.with_counts(access.cycles_seen_by(request.user, organization, on)))
    context = {
        "organization": organization,
        "cycles": cycles if access.may_read_season(request.user, organization, on) else [],
        "entries": list(access.entries_of(request.user, organization, on)),
        "may_lead": access.may_lead(request.user, organization, on),
        "copied": next((one for one in cycles if one.state != CycleState.DRAFT), None),
    }
    return render(request, "review/index.html", context)


# --- the plan --------------------------------------------------------------------------------------------------------


@get_or_post
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Begin to prepare a season, from nothing or from an earlier one (`?like=`)."""
    organization = get_seen_or_404(request.user, code, on=today())
    require(access.may_lead(request.user, organization, today()))
    form = _form(request, organization, _first_plan(request, organization, today()))
    if request.method == "POST" and form.is_valid():
        try:
            plan = form.plan(request.user, organization, now())
            cycle = season.make_cycle(request.user, organization, plan, at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已经保存。接着确定哪些人述职。"))
            return redirect("review:reporters", code=code, pk=cycle.pk)
    return _form_page(request, organization, form)


def _first_plan(request: HttpRequest, organization: Organization, on: date) -> Plan:
    digits = request.GET.get("like", "")
    if digits.isdecimal():
        cycles = access.cycles_seen_by(request.user, organization, on)
        return season.plan_after(get_object_or_404(cycles, pk=min(int(digits), LARGEST)))
    year = on.year if on.month > 6 else on.year - 1
    return Plan(year, f"{year}年度党组织书记抓基层党建工作述职评议考核")


@get_or_post
def edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    cycle = _led(request, code, pk)
    form = _form(request, cycle.organization, plan_of(cycle), cycle.version)
    if request.method == "POST" and form.is_valid():
        try:
            plan = form.plan(request.user, cycle.organization, now())
            season.change_cycle(request.user, cycle, plan, form.cleaned_data["version"])
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已保存。"))
            return redirect("review:board", code=code, pk=pk)
    return _form_page(request, cycle.organization, form, cycle)


def _form(request: HttpRequest, committee: Organization, plan: Plan, version: int = 0) -> CycleForm:
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    return CycleForm(*given, offered=schemes_for(committee), plan=plan, version=version)


def _form_page(
    request: HttpRequest, committee: Organization, form: CycleForm, cycle: Cycle | None = None
) -> HttpResponse:
    context = {"organization": committee, "form": form, "cycle": cycle}
    return render(request, "review/edit.html", context, status=422 if form.errors else 200)


@require_safe
def plan(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The plan's file: for all who see the season."""
    cycle = seen_cycle(request, code, pk)
    if cycle.plan is None:
        raise Http404
    return files.download(cycle.plan)


def _led(request: HttpRequest, code: str, pk: int) -> Cycle:
    cycle = seen_cycle(request, code, pk)
    require(access.may_lead(request.user, cycle.organization, today()))
    return cycle


# --- who reports, and when he speaks ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who may report, and whether he does. `whole`: he held the post all year."""

    reporter: Reporter
    chosen: bool
    live: bool
    whole: bool

    @property
    def key(self) -> str:
        return f"{self.reporter.organization.pk}-{self.reporter.member.pk}"


@get_or_post
def reporters(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Who reports: those of the bodies directly below ticked beforehand; with `?all=1` also of those further down."""
    cycle = _led(request, code, pk)
    entries = list(cycle.entries.select_related("organization", "reporter"))
    every = _people(cycle, entries)
    wide = request.GET.get("all") == "1"
    people = every if wide else _near(cycle, every, entries)
    problem, status = "", 200
    if request.method == "POST":
        ticked, live = set(request.POST.getlist("who")), set(request.POST.getlist("live"))
        choices = [_choice(cycle, one, key in ticked, key in live) for key, one in people.items()]
        try:
            chosen = [(one.reporter, one.live) for one in choices if one.chosen]
            season.set_entries(request.user, cycle, chosen, _version(request))
        except UserError as refused:
            problem, status = said(refused), 422
        else:
            messages.success(request, _("名单已保存，共{count}人。").format(count=len(chosen)))
            return redirect("review:board", code=code, pk=pk)
    else:
        choices = _before(cycle, people, entries)
    context = {
        "organization": cycle.organization, "cycle": cycle, "choices": choices, "problem": problem, "wide": wide,
        "further": len(every) - len(people),
    }  # fmt: skip
    return render(request, "review/reporters.html", context, status=status)


def _people(cycle: Cycle, entries: Sequence[Entry]) -> dict[str, Reporter]:
    """Whoever may report, and whoever is in the season already though his post was changed since."""
    found = {
        f"{one.organization.pk}-{one.member.pk}": one
        for one in season.possible_reporters(cycle.organization, cycle.year)
    }
    for entry in entries:
        kept = Reporter(entry.organization, entry.reporter, entry.post, entry.since, entry.until)
        found.setdefault(f"{entry.organization_id}-{entry.reporter_id}", kept)
    return found


def _near(cycle: Cycle, people: Mapping[str, Reporter], entries: Sequence[Entry]) -> dict[str, Reporter]:
    """Those of the bodies directly below, and whoever is in the season; all where there are none."""
    there = {f"{entry.organization_id}-{entry.reporter_id}" for entry in entries}
    depth = cycle.organization.depth + 1
    near = {key: one for key, one in people.items() if key in there or one.organization.depth == depth}
    return near or dict(people)


def _before(cycle: Cycle, people: Mapping[str, Reporter], entries: Sequence[Entry]) -> list[Choice]:
    there = {f"{entry.organization_id}-{entry.reporter_id}": entry.live for entry in entries}
    depth = cycle.organization.depth + 1
    return [
        _choice(cycle, one, key in there if there else one.organization.depth == depth, there.get(key, False))
        for key, one in people.items()
    ]


def _choice(cycle: Cycle, one: Reporter, chosen: bool, live: bool) -> Choice:
    whole = (one.since, one.until) == (date(cycle.year, 1, 1), date(cycle.year, 12, 31))
    return Choice(one, chosen, live, whole)


def _version(request: HttpRequest) -> int:
    """The version the page was made of; 0, which none has, for anything else."""
    digits = request.POST.get("version", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


@get_or_post
def order(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The order of speaking: a number each, or up and down by one."""
    cycle = _led(request, code, pk)
    rows = list(cycle.entries.select_related("organization", "reporter"))
    problem, status = "", 200
    if request.method == "POST":
        places = _places(request, rows)
        try:
            season.set_order(request.user, cycle, places, _version(request))
        except UserError as refused:
            problem, status = said(refused), 422
            rows.sort(key=lambda entry: places[entry.pk])
        else:
            if request.POST.get("act"):
                return redirect("review:order", code=code, pk=pk)
            messages.success(request, _("次序已保存。"))
            return redirect("review:board", code=code, pk=pk)
    context = {"organization": cycle.organization, "cycle": cycle, "rows": rows, "problem": problem}
    return render(request, "review/order.html", context, status=status)


def _places(request: HttpRequest, rows: Sequence[Entry]) -> dict[int, int]:
    """Places as the numbers say, then one of them moved by one, if its button was pressed."""
    given = {entry.pk: request.POST.get(f"place-{entry.pk}", "") for entry in rows}
    numbers = {
        entry.pk: int(given[entry.pk]) if given[entry.pk].isdecimal() and len(given[entry.pk]) < 6 else entry.place
        for entry in rows
    }
    keys = sorted(numbers, key=lambda pk: numbers[pk])
    act, _dash, digits = request.POST.get("act", "").partition("-")
    if digits.isdecimal() and int(digits) in keys:
        at = keys.index(int(digits))
        other = at + (-1 if act == "up" else 1)
        if 0 <= other < len(keys):
            keys[at], keys[other] = keys[other], keys[at]
    return {pk: place for place, pk in enumerate(keys, start=1)}


# --- its course ------------------------------------------------------------------------------------------------------


@get_or_post
def course(request: HttpRequest, code: str, pk: int, act: str) -> HttpResponse:
    """Open, pause, resume, close, reopen: a page that says what will happen, then the button."""
    cycle = _led(request, code, pk)
    if act not in _acts(cycle.state):
        raise Http404
    form = CourseForm(request.POST if request.method == "POST" else None, initial={"version": cycle.version})
    if request.method == "POST" and form.is_valid():
        try:
            _run(request, cycle, act, form.cleaned_data["version"], form.cleaned_data["reason"])
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已办理。"))
            return redirect("review:board", code=code, pk=pk)
    context = {
        "organization": cycle.organization, "cycle": cycle, "act": act, "form": form,
        "count": cycle.entries.count(),
    }  # fmt: skip
    return render(request, "review/course.html", context, status=422 if form.errors else 200)


def _acts(state: str) -> tuple[str, ...]:
    return {
        CycleState.DRAFT: ("open",), CycleState.OPEN: ("pause", "close"), CycleState.PAUSED: ("resume", "close"),
        CycleState.CLOSED: ("reopen",),
    }[CycleState(state)]  # fmt: skip


def _run(request: HttpRequest, cycle: Cycle, act: str, version: int, reason: str) -> None:
    if act == "open":
        season.open_cycle(request.user, cycle, version, at=now())
    elif act == "pause":
        season.pause_cycle(request.user, cycle, reason, version)
    elif act == "resume":
        season.resume_cycle(request.user, cycle, version)
    elif act == "close":
        season.close_cycle(request.user, cycle, version)
    else:
        season.reopen_cycle(request.user, cycle, reason, version)


# --- the board -------------------------------------------------------------------------------------------------------


@require_safe
def board(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """All reporters by state; narrowed to a state, to what is late, to a name."""
    on = today()
    cycle = seen_cycle(request, code, pk)
    if not access.may_read_season(request.user, cycle.organization, on):
        return _to_own(request, cycle)
    every = queries.board(cycle, access.entries_seen_by(request.user, cycle, on), request.user, on)
    wish, asked = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    rows = [row for row in every if row.fits(wish) and row.names(asked)]
    days = days_of(cycle.days)
    context: dict[str, Any] = {
        "organization": cycle.organization, "cycle": cycle, "rows": rows, "all": len(every), "wish": wish,
        "asked": asked, "counts": queries.counts(every), "late": sum(row.late is not None for row in every),
        "days": [(STEPS[step], day, day < on) for step, day in days.items()],
        "may_lead": access.may_lead(request.user, cycle.organization, on), "acts": _acts(cycle.state),
    }  # fmt: skip
    return render(request, "review/_board.html" if is_htmx(request) else "review/board.html", context)


def _to_own(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """One who reports is led to his own place, or to the list of his body's."""
    own = list(access.entries_seen_by(request.user, cycle, today())[:2])
    require(bool(own))
    if len(own) == 1:
        return redirect("review:entry", code=cycle.organization.code, pk=cycle.pk, entry=own[0].pk)
    return redirect("review:index", code=own[0].organization.code)
