"""The pages of a round: its table, one body on trial, other weights, what would change the order, the year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.journal import note
from zhibu.org.models import Organization
from zhibu.scoring import access, grading, papers, queries, services, settling
from zhibu.scoring.acts import day_of, number_of
from zhibu.scoring.forms import WeightsForm
from zhibu.scoring.models import TOLD, State
from zhibu.scoring.rounds import Entry, Round, as_if_begun, round_of, year_before
from zhibu.scoring.services import Said
from zhibu.scoring.showing import behind
from zhibu.scoring.weighing import check_weights, levels_of, places, share, swaps

FROZEN_AT_ONCE = 100
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def _round(request: HttpRequest, code: str, slug: str, year: int) -> Round:
    """The round, loaded and authorised in one go: for those who may record in the committee."""
    on = today()
    committee = get_seen_or_404(request.user, code, on=on)
    require(access.may_run(request.user, committee, on))
    found = round_of(request.user, committee, slug, year, on) if 1949 <= year <= on.year else None
    if found is None:
        raise Http404
    return found


def _context(found: Round, here: str) -> dict[str, Any]:
    return {"organization": found.committee, "round": found, "scheme": found.scheme, "here": here, "on": today()}


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, slug: str, year: int) -> HttpResponse:
    """Everybody's points by part, each opening its evidence; freeze, publish and close all together."""
    found = _round(request, code, slug, year)
    problem = ""
    if request.method == "POST":
        problem = _acted(request, found)
        if not problem:
            return redirect("scoring:round", code=code, slug=slug, year=year)
    by_place = bool(found.places) and request.GET.get("order") == "place"
    entries = list(found.entries)
    if by_place:
        last = len(entries) + 1
        entries.sort(
            key=lambda one: (
                (place.best, place.worst) if (place := found.places.get(one.evaluation.pk)) else (last, last)
            )
        )
    closable = settling.may_be_closed([one.evaluation for one in found.entries], today())
    context = _context(found, "show") | {
        "entries": entries,
        "by_place": by_place,
        "problem": problem,
        "typed": request.POST,
        "opinions": [item for item in found.scheme.items if item.sort == "opinion"] if not found.trial else [],
        "closable": len(closable),
        "freezable": len(found.keys(State.TRIAL)) if not found.trial else 0,
        "publishable": len(found.keys(State.VERIFIED)),
        "waiting": [
            (one, row) for one in found.entries for row in one.evaluation.objections.all() if row.upheld is None
        ],
    }
    return render(request, "scoring/round.html", context, status=422 if problem else 200)


def _acted(request: HttpRequest, found: Round) -> str:
    """A sentence where it was refused."""
    on, at, act = today(), timezone.now(), request.POST.get("act", "")
    try:
        if act == "freeze":
            # A ledger snapshot is taken of each: so many at a time, or the page would keep others waiting.
            done = grading.freeze(request.user, found.keys(State.TRIAL)[:FROZEN_AT_ONCE], on, at=at)
            told = ngettext("已核定{n}项。", "已核定{n}项。", len(done)).format(n=len(done))
        elif act == "publish":
            until = day_of(request.POST.get("until", ""))
            done = settling.publish(request.user, found.committee, found.keys(State.VERIFIED), on, at=at, until=until)
            told = ngettext("已公布{n}项结果。", "已公布{n}项结果。", len(done)).format(n=len(done))
        elif act == "close":
            ready = settling.may_be_closed([one.evaluation for one in found.entries], on)
            done = settling.close_evaluations(request.user, [one.pk for one in ready], on, at=at)
            told = ngettext("已定下{n}项结果。", "已定下{n}项结果。", len(done)).format(n=len(done))
        elif act in ("rank-on", "rank-off"):
            wanted = act == "rank-on"
            settling.switch_ranking(request.user, found.committee, found.scheme, found.year, on, wanted=wanted, at=at)
            told = _("已启用名次。") if wanted else _("已停用名次。")
        else:
            raise Http404
    except UserError as refused:
        return said(refused)
    messages.success(request, told)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
def opinions(request: HttpRequest, code: str, slug: str, year: int) -> HttpResponse:
    """What the committee is asked, of all at once, an item at a time. Nobody says it of his own body or of himself."""
    found = _round(request, code, slug, year)
    items = [item for item in found.scheme.items if item.sort == "opinion"]
    if found.trial or not items:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    item = next((one for one in items if one.slug == given.get("item")), items[0])
    rows = [row for one in found.entries if (row := _opinion(request, one, item.slug)) is not None]
    problem = ""
    if request.method == "POST":
        problem = _save_opinions(request, rows, item.slug)
        if not problem:
            return redirect(f"{request.path}?item={item.slug}")
    context = _context(found, "opinions") | {"items": items, "item": item, "rows": rows, "problem": problem}
    return render(request, "scoring/opinions.html", context, status=422 if problem else 200)


def _opinion(request: HttpRequest, one: Entry, slug: str) -> dict[str, Any] | None:
    """A line of the page: what is chosen, or was sent and not saved; None where the scheme has no such item, or the
    result is out."""
    evaluation = one.evaluation
    item = next((item for item in queries.scheme_of(evaluation).items if item.slug == slug), None)
    if item is None or evaluation.state in TOLD:
        return None
    said_ = next((row for row in evaluation.items.all() if row.item == slug), None)
    kept = said_.choice if said_ else ""
    return {
        "entry": one,
        "item": item,
        "kept": kept,
        "chosen": request.POST.get(f"choice-{evaluation.pk}", "") or kept,
        "note": said_.note if said_ else "",
        "may": access.may_give_opinion(request.user, evaluation, today()),
    }


def _save_opinions(request: HttpRequest, rows: Sequence[dict[str, Any]], slug: str) -> str:
    """All or none; a sentence where it was refused."""
    count = 0
    try:
        with transaction.atomic():
            for row in rows:
                evaluation = row["entry"].evaluation
                if not row["may"] or row["chosen"] == row["kept"]:
                    continue
                version = number_of(request.POST.get(f"version-{evaluation.pk}", ""))
                told = {slug: Said(row["chosen"], row["note"])}
                services.save_opinions(request.user, evaluation, told, version, today(), at=timezone.now())
                count += 1
    except UserError as refused:
        return f"{row['entry'].name}：{said(refused)}"
    messages.success(request, ngettext("已保存{n}项。", "已保存{n}项。", count).format(n=count))
    return ""


@require_safe
def trial(request: HttpRequest, code: str, slug: str, year: int, body: str) -> HttpResponse:
    """One body's points line by line, before anything has begun; nothing is stored."""
    on = today()
    committee = get_seen_or_404(request.user, code, on=on)
    require(access.may_run(request.user, committee, on))
    offered = queries.schemes_for(committee).get(slug)
    below = Organization.objects.filter(path__startswith=committee.path, code=body)
    one = below.filter(kind__in=offered.scheme.bodies).first() if offered and 1949 <= year <= on.year else None
    if offered is None or one is None or offered.scheme.about == "report":
        raise Http404
    evaluation = as_if_begun(committee, one, offered, year)
    found = queries.points_of(evaluation, on)
    context = {
        "organization": committee,
        "evaluation": evaluation,
        "scheme": offered.scheme,
        "sections": queries.sections(evaluation, offered.scheme, found),
        "total": queries.grade_of(evaluation, found).total,
        "behind": behind(evaluation, found, offered.scheme.items),
        "on": on,
    }
    return render(request, "scoring/trial.html", context)


def _of_bodies(request: HttpRequest, code: str, slug: str, year: int) -> Round:
    """A round of bodies: persons are not held against each other."""
    found = _round(request, code, slug, year)
    if found.of_persons:
        raise Http404
    return found


@require_safe
def weights(request: HttpRequest, code: str, slug: str, year: int) -> HttpResponse:
    """Other weights of the parts tried: what every body would come to. Nothing is stored."""
    found = _of_bodies(request, code, slug, year)
    form = WeightsForm(request.GET if any(name.startswith("w-") for name in request.GET) else None, scheme=found.scheme)
    tried: Mapping[str, Decimal] | None = None
    problem = ""
    if form.is_bound and form.is_valid():
        try:
            check_weights(form.weights(), found.scheme)
            tried = form.weights()
        except UserError as refused:
            problem = said(refused)
    rows = []
    if tried is not None:
        then = {one.evaluation.pk: share(one.weighed, found.scheme, tried) for one in found.same}
        ordered = {pk: one for pk, one in then.items() if pk in found.places}
        new_places = places(ordered)
        rows = [
            {
                "entry": one,
                "share": then[one.evaluation.pk],
                "levels": levels_of(one.weighed, found.scheme, tried),
                "place": new_places.get(one.evaluation.pk),
                "before": found.places.get(one.evaluation.pk),
            }
            for one in found.same
        ]
    context = _context(found, "weights") | {
        "form": form,
        "problem": problem,
        "rows": rows,
        "left_out": len(found.entries) - len(found.same),
    }
    return render(request, "scoring/weights.html", context, status=422 if problem or form.errors else 200)


@require_safe
def order(request: HttpRequest, code: str, slug: str, year: int) -> HttpResponse:
    """What would change the order, neighbour by neighbour; only where the committee has switched the order on."""
    found = _of_bodies(request, code, slug, year)
    entries = {one.evaluation.pk: one for one in found.entries}
    parts = {part.slug: part for part in found.scheme.parts}
    rows = [
        {
            "upper": entries[one.upper],
            "lower": entries[one.lower],
            "swap": one,
            "part": parts[one.weight.part] if one.weight else None,
        }
        for one in (swaps([one.weighed for one in found.same], found.scheme) if found.places else ())
    ]
    placed = len(rows) + 1 if rows else 0
    context = _context(found, "order") | {"rows": rows, "unplaced": len(found.entries) - placed if rows else 0}
    return render(request, "scoring/order.html", context)


@require_safe
def before(request: HttpRequest, code: str, slug: str, year: int) -> HttpResponse:
    """Part by part against the year before, each body with itself."""
    found = _of_bodies(request, code, slug, year)
    last = year_before(request.user, found, today())
    earlier = {one.evaluation.organization_id: one for one in last.entries} if last else {}
    rows = [_beside(one, earlier.get(one.evaluation.organization_id), found) for one in found.entries]
    context = _context(found, "before") | {
        "rows": rows,
        "last": last,
        "changed": last is not None and last.scheme != found.scheme,
    }
    return render(request, "scoring/before.html", context)


def _beside(one: Any, earlier: Any, found: Round) -> dict[str, Any]:
    parts = [
        {
            "part": part,
            "now": one.weighed.parts[part.slug].percent if part.slug in one.weighed.parts else None,
            "then": earlier.weighed.parts[part.slug].percent
            if earlier is not None and part.slug in earlier.weighed.parts
            else None,
        }
        for part in found.scheme.parts
    ]
    change = None
    if earlier is not None and one.share.certain and earlier.share.certain:
        change = one.share.rounded()[0] - earlier.share.rounded()[0]
    return {"entry": one, "earlier": earlier, "parts": parts, "change": change}


@require_safe
def table(request: HttpRequest, code: str, slug: str, year: int, form: str) -> HttpResponse:
    """The round as a workbook or as CSV."""
    if form not in MEDIA:
        raise Http404
    found = _round(request, code, slug, year)
    rows = papers.round_table(found)
    data = papers.as_csv(rows) if form == "csv" else papers.as_xlsx(rows, f"{year}")
    with transaction.atomic():
        title = f"{year}年度{found.scheme.title}"
        note(request.user, found.committee, "export-round", None, title, scheme=slug, year=year, form=form)
    name = content_disposition_header(as_attachment=True, filename=f"{title}.{form}") or "attachment"
    return HttpResponse(data, content_type=MEDIA[form], headers={"Content-Disposition": name})
