"""Pages of scrutineers and tellers. What is secret stays in the scrutineer's browser; here come only public points,
lists and signatures."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.ballots import ending, queries, services
from zhibu.ballots.canonical import parsed
from zhibu.ballots.forms import PapersForm
from zhibu.ballots.models import Ballot, HandCount, Official, Role, State
from zhibu.ballots.sealing import length
from zhibu.ballots.views import framed, now, seen
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import require


def _watched(request: HttpRequest, code: str, pk: int, role: str) -> tuple[Ballot, Official]:
    ballot = seen(request, code, pk)
    official = queries.official(ballot, request.user, role)
    require(official is not None)
    assert official is not None
    return ballot, official


@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The scrutineer's browser makes the key; its public points are posted here."""
    ballot, official = _watched(request, code, pk, Role.SCRUTINEER)
    problem = ""
    if request.method == "POST":
        sent = (request.POST.get(name, "") for name in ("sealing", "signing", "proof"))
        try:
            services.post_key(request.user, ballot, *sent)
        except UserError as refused:
            problem = said(refused)
        else:
            return redirect("ballots:key", code=code, pk=pk)
    context = {
        "organization": framed(request, ballot),
        "ballot": ballot,
        "official": official,
        "mark": queries.fingerprint(official),
        "problem": problem,
        "drafted": ballot.state == State.DRAFT,
    }
    return render(request, "ballots/key.html", context, status=422 if problem else 200)


@require_safe
def before(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """For the scrutineer's browser: the lists it is to open."""
    ballot, official = _watched(request, code, pk, Role.SCRUTINEER)
    if ballot.state != State.CLOSED:
        raise Http404
    layer, after, lists = queries.lists_before(ballot)
    if layer != official.layer:
        raise Http404
    manifest = queries.manifest(ballot)
    size = length(len(manifest.scrutineers) - layer)
    return JsonResponse({"layer": layer, "after": after, "lists": lists, "ballot": manifest.name, "size": size})


@require_http_methods(["GET", "HEAD", "POST"])
def mix(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The scrutineer's turn: the page opens the envelopes in his browser and posts the lists it made, as a file."""
    ballot, official = _watched(request, code, pk, Role.SCRUTINEER)
    if request.method == "POST":
        return _posted(request, ballot)
    turn = queries.lists_before(ballot)[0] if ballot.state == State.CLOSED else 0
    context = {
        "organization": framed(request, ballot),
        "ballot": ballot,
        "official": official,
        "mark": queries.fingerprint(official),
        "turn": turn == official.layer,
    }
    return render(request, "ballots/mix.html", context)


def _posted(request: HttpRequest, ballot: Ballot) -> HttpResponse:
    file = request.FILES.get("lists")
    try:
        if file is None:
            raise UserError("layer-missing", "没有收到名单，请在监票人页面重新拆封。")
        sent = parsed(file.read())
        if not isinstance(sent, dict):
            raise UserError("layer-missing", "没有收到名单，请在监票人页面重新拆封。")
        ending.post_layer(request.user, ballot, sent.get("lists", ()), sent.get("signature", ""), at=now())
    except UserError as refused:
        return JsonResponse({"message": said(refused), "code": refused.code}, status=422)
    return JsonResponse({"next": reverse("ballots:show", args=[ballot.organization.code, ballot.pk])})


@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, code: str, pk: int, pool: int) -> HttpResponse:
    """A teller's own count; what the other one counted is not shown before both are there."""
    ballot, official = _watched(request, code, pk, Role.TELLER)
    if ballot.state not in (State.CLOSED, State.MIXED):
        raise Http404
    found = queries.pools(ballot)
    if pool >= len(found) or not found[pool].paper:
        raise Http404
    manifest = queries.manifest(ballot)
    form = PapersForm(request.POST or None, questions=manifest.questions, initial=_counted(ballot, official, pool))
    if request.method == "POST" and form.is_valid():
        try:
            ending.count_by_hand(request.user, ballot, pool, form.count())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            return redirect("ballots:show", code=code, pk=pk)
    labels = {one.slug: one.label for one in manifest.categories}
    context = {
        "organization": framed(request, ballot),
        "ballot": ballot,
        "form": form,
        "label": "、".join(labels[slug] for slug in found[pool].categories),
        "issued": found[pool].paper,
    }
    return render(request, "ballots/papers.html", context, status=422 if form.is_bound else 200)


def _counted(ballot: Ballot, official: Official, pool: int) -> dict[str, Any]:
    row = HandCount.objects.filter(ballot=ballot, pool=pool, member=official.member_id).first()
    if row is None:
        return {}
    values: dict[str, Any] = {"collected": row.count["collected"]}
    for place, tally in enumerate(row.count["tallies"]):
        values |= {f"q{place}-{slug}": votes for slug, votes in tally["votes"].items()}
        values |= {f"q{place}-.{name}": tally[name] for name in ("abstained", "invalid")}
    return values
