"""Pages of those who run a ballot, and what its voters see of it when logged in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhibu.ballots import access, ending, queries, services, voting
from zhibu.ballots import protocol as printing
from zhibu.ballots.forms import BallotForm, CloseForm, OfficialsForm, ReasonForm, initial_of
from zhibu.ballots.manifest import FEWEST
from zhibu.ballots.models import Ballot, Role, State, Voter
from zhibu.ballots.shown import is_weighted, qr, shown
from zhibu.ballots.thresholds import RULES
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import get_seen_or_404, may_see, require, today
from zhibu.org.models import Organization

SHOWN = 50


def now() -> datetime:
    return timezone.now()


def seen(request: HttpRequest, code: str, pk: int) -> Ballot:
    """The ballot, opened or closed by its schedule if that is due. 404 for who has nothing to do with it; who votes or
    watches need not see the body otherwise, as a committee's voters are members of branches below it."""
    organization = get_object_or_404(Organization, code=code)
    ballot = get_object_or_404(access.ballots_seen_by(request.user, organization, today()), pk=pk)
    return voting.on_time(ballot, at=now())


def framed(request: HttpRequest, ballot: Ballot) -> Organization | None:
    """The body whose links frame the page: none for a reader who may not see it, who keeps his own."""
    return ballot.organization if may_see(request.user, ballot.organization, today()) else None


def _run(request: HttpRequest, code: str) -> Organization:
    organization = get_seen_or_404(request.user, code, on=today())
    require(access.may_run(request.user, organization, today()))
    return organization


def _running(request: HttpRequest, code: str, pk: int) -> Ballot:
    ballot = seen(request, code, pk)
    require(access.may_run(request.user, ballot.organization, today()))
    return ballot


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The body's ballots, newest first."""
    organization = get_seen_or_404(request.user, code, on=today())
    context = {
        "organization": organization,
        "ballots": access.ballots_seen_by(request.user, organization, today())[:SHOWN],
        "elsewhere": access.ballots_waiting_for(request.user, organization, today()),
        "may_run": access.may_run(request.user, organization, today()),
        "questionnaires": access.questionnaires_seen_by(request.user, organization, today())[:SHOWN],
        "asked": access.questionnaires_waiting_for(request.user),
    }
    return render(request, "ballots/index.html", context)


# --- drafting ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    organization = _run(request, code)
    people = queries.people(organization, today())
    voters = [str(pk) for pk in queries.voting_members(organization, today())]
    form = BallotForm(request.POST or None, people=people, initial={"voters": voters, "objection_days": 5})
    if request.method == "POST" and form.is_valid():
        try:
            plan = form.plan()
            ballot = services.draft_ballot(request.user, organization, plan, form.roll(plan), at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            return redirect("ballots:officials", code=code, pk=ballot.pk)
    return _form(request, "ballots/form.html", form, {"organization": organization})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    ballot = _running(request, code, pk)
    if ballot.state != State.DRAFT:
        return redirect("ballots:show", code=code, pk=pk)
    initial = initial_of(queries.plan(ballot), queries.roll(ballot))
    people = queries.people(ballot.organization, today())
    form = BallotForm(request.POST or None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            plan = form.plan()
            services.change_ballot(request.user, ballot, plan, form.roll(plan))
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            return redirect("ballots:show", code=code, pk=pk)
    return _form(request, "ballots/form.html", form, {"organization": ballot.organization, "ballot": ballot})


@require_http_methods(["GET", "HEAD", "POST"])
def officials(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Who watches and who counts papers."""
    ballot = _running(request, code, pk)
    if ballot.state != State.DRAFT:
        return redirect("ballots:show", code=code, pk=pk)
    named = list(ballot.officials.order_by("layer", "pk"))
    watching = [one.member_id for one in named if one.role == Role.SCRUTINEER]
    counting = [one.member_id for one in named if one.role == Role.TELLER]
    initial = dict(zip(("first", "second", "third"), watching, strict=False))
    initial |= dict(zip(("teller_one", "teller_two"), counting, strict=False))
    people = queries.people(ballot.organization, today())
    form = OfficialsForm(request.POST or None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.name_officials(request.user, ballot, form.scrutineers(), form.tellers(), at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            return redirect("ballots:show", code=code, pk=pk)
    return _form(request, "ballots/officials.html", form, {"organization": ballot.organization, "ballot": ballot})


def _form(request: HttpRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**context, "form": form}, status=422 if form.is_bound else 200)


# --- one ballot -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Where it stands, and the next step for whoever looks: chair, scrutineer, teller, voter."""
    ballot = seen(request, code, pk)
    problem = ""
    if request.method == "POST":
        require(access.may_run(request.user, ballot.organization, today()))
        try:
            return _act(request, ballot)
        except UserError as refused:
            problem = said(refused)
            ballot = Ballot.objects.select_related("organization").get(pk=ballot.pk)
    context = {**_context(request, ballot), "problem": problem}
    return render(request, "ballots/show.html", context, status=422 if problem else 200)


def _act(request: HttpRequest, ballot: Ballot) -> HttpResponse:
    """One of the buttons. UserError when it cannot be done now; 404 for a button there is not."""
    actor, at = request.user, now()
    deeds: dict[str, Callable[[], Any]] = {
        "seal": lambda: services.seal_ballot(actor, ballot, at=at),
        "open": lambda: voting.open_ballot(actor, ballot, at=at, secure=access.is_private_line(request)),
        "close": lambda: voting.close_ballot(actor, ballot, at=at, present=_present(request)),
        "publish": lambda: ending.publish_result(actor, ballot, at=at),
        "void": lambda: ending.void_ballot(actor, ballot, request.POST.get("reason", ""), at=at),
        "again": lambda: ending.vote_again(actor, ballot, at=at),
        "destroy": lambda: ending.destroy_votes(actor, ballot, at=at),
        "discard": lambda: services.discard_ballot(actor, ballot),
    }
    act = request.POST.get("act", "")
    if act not in deeds:
        raise Http404
    made = deeds[act]()
    if act == "discard":
        messages.success(request, _("草稿已删除。"))
        return redirect("ballots:index", code=ballot.organization.code)
    return redirect("ballots:show", code=ballot.organization.code, pk=made.pk)


def _present(request: HttpRequest) -> int | None:
    form = CloseForm(request.POST)
    if not form.is_valid():
        raise UserError("ballot-present-number", "实到人数请填一个数。")
    return form.cleaned_data["present"]


def _context(request: HttpRequest, ballot: Ballot) -> dict[str, Any]:
    runs = access.may_run(request.user, ballot.organization, today())
    drafted = ballot.state == State.DRAFT
    plan, watching = queries.plan(ballot), list(ballot.officials.select_related("member"))
    mine = next((one for one in watching if one.member_id == request.user.member_id), None)
    results = queries.results(ballot)
    manifest = None if drafted else queries.manifest(ballot)
    turn = queries.lists_before(ballot)[0] if ballot.state == State.CLOSED else 0
    steps = list(ballot.artefacts.order_by("position").values("position", "kind", "hash", "at"))
    everybody = ballot.voters.count()
    return {
        "organization": framed(request, ballot),
        "ballot": ballot,
        "plan": plan,
        "may_run": runs,
        "scrutineers": [(one, queries.fingerprint(one)) for one in watching if one.role == Role.SCRUTINEER],
        "tellers": [one for one in watching if one.role == Role.TELLER],
        "mine": mine,
        "my_turn": bool(mine and turn and mine.layer == turn),
        "turn": next((one for one in watching if one.layer == turn), None) if turn else None,
        "ready": drafted and any(one.layer for one in watching) and all(one.sealing for one in watching if one.layer),
        "votes": ballot.state == State.OPEN and queries.voter(ballot, request.user) is not None,
        "everybody": everybody,
        "few": everybody < FEWEST,
        "received": queries.received(ballot),
        "manifest": manifest,
        "steps": steps,
        "results": results,
        "shown": shown(results) if results else [],
        "weighted": bool(results and manifest and is_weighted(manifest, results)),
        "pools": _hand_counts(ballot) if ballot.state in (State.CLOSED, State.MIXED) else [],
        "close_form": CloseForm(),
        "reason_form": ReasonForm(),
        "private_line": access.is_private_line(request),
        "destroyed_from": ending.destroyed_from(ballot),
        "may_destroy": _may_destroy(ballot),
        "has_slips": ballot.state in (State.SEALED, State.OPEN),
        "rule": RULES[plan.rule],
        "following": queries.current(ballot) if ballot.state == State.VOID else None,
    }


def _may_destroy(ballot: Ballot) -> bool:
    due = ending.destroyed_from(ballot)
    return ballot.destroyed_at is None and due is not None and due <= now()


def _hand_counts(ballot: Ballot) -> list[dict[str, Any]]:
    """For each pool with papers: its number, label, papers, who counted, and whether two agree."""
    manifest, pools = queries.manifest(ballot), queries.pools(ballot)
    labels = {one.slug: one.label for one in manifest.categories}
    rows = zip(pools, queries.hand_counts(ballot, manifest, pools), strict=True)
    return [
        {
            "number": number,
            "label": "、".join(labels[slug] for slug in pool.categories),
            "paper": pool.paper,
            "counts": counts,
            "agreed": ending.agreed(counts),
        }
        for number, (pool, counts) in enumerate(rows)
        if pool.paper
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Who may vote; papers are handed out here. Never who has voted."""
    ballot, problem = _running(request, code, pk), ""
    if request.method == "POST":
        voter = get_object_or_404(Voter, ballot=ballot, pk=_number(request.POST.get("voter", "")))
        try:
            voting.hand_out_paper(request.user, voter)
        except UserError as refused:
            problem = said(refused)
        else:
            return redirect("ballots:roll", code=code, pk=pk)
    labels = {one.slug: one.label for one in queries.plan(ballot).categories}
    context = {
        "organization": ballot.organization,
        "ballot": ballot,
        "rows": [(one, labels[one.category]) for one in ballot.voters.all()],
        "papers": ballot.state in (State.SEALED, State.OPEN) and ballot.officials.filter(role=Role.TELLER).exists(),
        "problem": problem,
    }
    return render(request, "ballots/roll.html", context, status=422 if problem else 200)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


@require_POST
def slips(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Slips to print and cut; their secrets are on this answer and nowhere else."""
    ballot = _running(request, code, pk)
    made = services.make_slips(request.user, ballot, request.POST.get("who") == "everybody")
    address = request.build_absolute_uri(reverse("vote:booth", args=[ballot.uid]))
    rows = [(voter, f"{address}#{secret}", qr(f"{address}#{secret}")) for voter, secret in made]
    context = {"organization": ballot.organization, "ballot": ballot, "rows": rows}
    response = render(request, "ballots/slips.html", context)
    add_never_cache_headers(response)
    return response


@require_safe
def protocol(request: HttpRequest, code: str, pk: int, format: str) -> HttpResponse:
    """The result sheet and the protocol of the count, as .docx or .pdf."""
    ballot = seen(request, code, pk)
    made = printing.export_protocol(request.user, ballot, format)
    response = HttpResponse(made.data, content_type=made.media_type)
    response["Content-Disposition"] = content_disposition_header(True, made.name) or "attachment"
    return response
