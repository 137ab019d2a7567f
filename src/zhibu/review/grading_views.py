"""Pages of the season's ballot and of its overall grades, for those who lead the season."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from zhibu.ballots.models import State as BallotState
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import today
from zhibu.review import overall, voting
from zhibu.review.grading_forms import VotingForm
from zhibu.review.hearing_views import led_cycle
from zhibu.review.models import Cycle, CycleState, Stage
from zhibu.review.views import now
from zhibu.scoring.acts import day_of
from zhibu.scoring.models import TOLD, State


@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Prepare the season's ballot; once there is one, how many came in, and its result taken over."""
    cycle = led_cycle(request, code, pk)
    held = voting.ballot_of(cycle)
    if held is None:
        return _prepare(request, cycle)
    problem = ""
    if request.method == "POST":
        try:
            done = voting.take_result(request.user, cycle, at=now())
            overall.take_votes(request.user, cycle, at=now())
        except UserError as refused:
            problem = said(refused)
        else:
            told = ngettext("已转入{n}人的测评结果。", "已转入{n}人的测评结果。", len(done)).format(n=len(done))
            messages.success(request, told)
            return redirect("review:grades", code=code, pk=pk)
    context = {
        "organization": cycle.organization, "cycle": cycle, "problem": problem, "received": voting.received(cycle),
        "entitled": held.voters.count(), "ballot": held, "counted": held.state == BallotState.COUNTED,
        "waiting": cycle.entries.filter(stage=Stage.PRESENTED).count(), "open": cycle.state == CycleState.OPEN,
    }  # fmt: skip
    return render(request, "review/grading_ballot.html", context, status=422 if problem else 200)


def _prepare(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    given = (request.POST,) if request.method == "POST" else ()
    form = VotingForm(*given, begin=voting.proposed(cycle), version=cycle.version)
    if form.is_bound and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            made = voting.make_ballot(request.user, cycle, form.voting(), version, at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("测评已拟好。接着确定监票人、计票人。"))
            return redirect("ballots:officials", code=cycle.organization.code, pk=made.ballot_id)
    context = {
        "organization": cycle.organization, "cycle": cycle, "form": form, "people": voting.reporters(cycle),
        "open": cycle.state == CycleState.OPEN,
    }  # fmt: skip
    return render(request, "review/grading_prepare.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def grades(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Everybody's proposed and settled level, in the order of the tree; the next step for all together."""
    cycle, on = led_cycle(request, code, pk), today()
    problem = ""
    if request.method == "POST":
        try:
            messages.success(request, _acted(request, cycle))
        except UserError as refused:
            problem = said(refused)
        else:
            return redirect("review:grades", code=code, pk=pk)
    rows = overall.table(request.user, cycle, on)
    states = [row.entry.evaluation.state for row in rows if row.entry.evaluation]
    context: dict[str, Any] = {
        "organization": cycle.organization, "cycle": cycle, "rows": rows, "problem": problem,
        "limits": overall.limits(rows), "open": cycle.state == CycleState.OPEN, "typed": request.POST,
        "beginnable": sum(row.entry.evaluation is None and row.entry.stage in overall.READY for row in rows),
        "trial": states.count(State.TRIAL), "verified": states.count(State.VERIFIED),
        "published": states.count(State.PUBLISHED),
        "unfollowed": sum(
            row.entry.stage in overall.READY and row.entry.evaluation is not None and row.entry.evaluation.state in TOLD
            for row in rows
        ),
        "round": next((row.entry.evaluation for row in rows if row.entry.evaluation), None),
    }  # fmt: skip
    return render(request, "review/grades.html", context, status=422 if problem else 200)


def _acted(request: HttpRequest, cycle: Cycle) -> str:
    actor, on, at, act = request.user, today(), now(), request.POST.get("act", "")
    if act == "begin":
        n = len(overall.begin(actor, cycle, at=at))
        return ngettext("已开始评价{n}人。", "已开始评价{n}人。", n).format(n=n)
    if act == "freeze":
        n = overall.freeze(actor, cycle, on, at=at)
        return ngettext("已核定{n}项。", "已核定{n}项。", n).format(n=n)
    if act == "publish":
        n = overall.publish(actor, cycle, on, at=at, until=day_of(request.POST.get("until", "")))
        return ngettext("已公布{n}项结果。", "已公布{n}项结果。", n).format(n=n)
    if act == "close":
        n = overall.close(actor, cycle, on, at=at)
        return ngettext("已定下{n}项结果。", "已定下{n}项结果。", n).format(n=n)
    if act == "follow":
        overall.follow(actor, cycle)
        return _("已记入。")
    raise Http404
