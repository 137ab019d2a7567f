"""What is reached by the ballot's own name, 128 random bits: the booth, the big screen, the record. Nothing here tells
who voted, and before the end not how many for what."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhibu.ballots import queries, voting
from zhibu.ballots.access import is_private_line
from zhibu.ballots.booth import SCRIPTS, integrity
from zhibu.ballots.canonical import bytes_of
from zhibu.ballots.counting import papers as opened_papers
from zhibu.ballots.models import Ballot, State, Voter
from zhibu.ballots.shown import codes, is_weighted, qr, shown
from zhibu.ballots.views import now
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.models import Account


def _ballot(uid: str) -> Ballot:
    """Once it is sealed; before that it is nobody's but the chair's."""
    rows = Ballot.objects.select_related("organization").exclude(state=State.DRAFT)
    return voting.on_time(get_object_or_404(rows, uid=uid), at=now())


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response


def _voter(request: HttpRequest, ballot: Ballot) -> Voter | None:
    return queries.voter(ballot, request.user) if isinstance(request.user, Account) else None


def _scripts() -> list[tuple[str, str]]:
    return [(f"ballots/{name}", integrity(name)) for name in SCRIPTS]


@login_not_required
@require_safe
def booth(request: HttpRequest, uid: str) -> HttpResponse:
    """Where one votes; after closing it leads to the page that looks for one's vote."""
    ballot = _ballot(uid)
    if ballot.state not in (State.SEALED, State.OPEN):
        return redirect("vote:check", uid=uid)
    context = {
        "ballot": ballot,
        "open": ballot.state == State.OPEN,
        "voter": _voter(request, ballot),
        "scripts": _scripts(),
        "private_line": is_private_line(request),
    }
    return _answer(request, "ballots/booth.html", context)


@login_not_required
@require_POST
def send(request: HttpRequest, uid: str) -> HttpResponse:
    """Take an envelope; the answer is the signed receipt."""
    ballot = _ballot(uid)
    try:
        slip = request.POST.get("slip", "")
        voter = voting.voter_of_slip(ballot, slip) if slip else _voter(request, ballot)
        if voter is None:
            raise UserError("not-on-roll", "名册里没有您，或投票条已经换过。请用自己的投票条，或先登录。")
        sealed = bytes_of(request.POST.get("sealed", "")) or b""
        receipt = voting.cast(voter, sealed, at=now(), secure=is_private_line(request), by_slip=bool(slip))
    except UserError as refused:
        return JsonResponse({"message": said(refused), "code": refused.code}, status=422)
    return JsonResponse(asdict(receipt))


@login_not_required
@require_safe
def check(request: HttpRequest, uid: str) -> HttpResponse:
    """The result, and whether one's own vote is in it: the device looks for itself."""
    ballot = _ballot(uid)
    if ballot.state in (State.SEALED, State.OPEN):
        return redirect("vote:booth", uid=uid)
    context = {"ballot": ballot, "scripts": _scripts() if ballot.state == State.COUNTED else [], **_results(ballot)}
    return _answer(request, "ballots/check.html", context)


def _results(ballot: Ballot) -> dict[str, Any]:
    results, manifest = queries.results(ballot), queries.manifest(ballot)
    return {
        "manifest": manifest,
        "results": results,
        "shown": shown(results) if results else [],
        "weighted": bool(results and is_weighted(manifest, results)),
        "void": queries.void_reason(ballot),
    }


@login_not_required
@require_safe
def screen(request: HttpRequest, uid: str) -> HttpResponse:
    """The big screen: keys, how many are in, the code to vote by; later the result. It renews itself."""
    ballot = _ballot(uid)
    manifest = queries.manifest(ballot)
    voting_now = ballot.state in (State.SEALED, State.OPEN)
    page = reverse("vote:booth" if voting_now else "vote:check", args=[uid])
    last = ballot.artefacts.order_by("-position").values_list("hash", flat=True).first() or ""
    turn = queries.lists_before(ballot)[0] if ballot.state == State.CLOSED else 0
    context = {
        "ballot": ballot,
        "received": queries.received(ballot),
        "everybody": sum(manifest.entitled.values()),
        "marks": [(one, one.fingerprint) for one in manifest.scrutineers],
        "turn": manifest.scrutineers[turn - 1] if turn else None,
        "last": last,
        "address": request.build_absolute_uri(page),
        "qr": qr(request.build_absolute_uri(page)),
        "state": ballot.get_state_display(),
        **_results(ballot),
    }
    return _answer(request, "ballots/_screen_part.html" if is_htmx(request) else "ballots/screen.html", context)


@login_not_required
@require_safe
def papers(request: HttpRequest, uid: str) -> HttpResponse:
    """Every opened paper under its code, so that anyone can count again."""
    ballot = _ballot(uid)
    if ballot.state != State.COUNTED:
        raise Http404
    manifest = queries.manifest(ballot)
    _layer, _after, lists = queries.lists_before(ballot)
    pools = queries.results(ballot)
    assert pools is not None
    groups = [
        (pool, codes(opened_papers(entries, manifest), manifest))
        for pool, entries in zip(pools.pools, lists, strict=True)
    ]
    return _answer(request, "ballots/list.html", {"ballot": ballot, "manifest": manifest, "groups": groups})


@login_not_required
@require_safe
def record(request: HttpRequest, uid: str) -> HttpResponse:
    """The public record so far, as `zhibu ballots verify` reads it."""
    ballot = _ballot(uid)
    response = HttpResponse(queries.record_file(ballot), content_type="application/json")
    if request.GET.get("save"):
        name = _("票决记录") + f"-{ballot.uid[:8]}.json"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    add_never_cache_headers(response)
    return response
