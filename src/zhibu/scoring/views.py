"""The pages of evaluations: a body's own, its gaps, the verification, the result, a committee's table, schemes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhibu.documents.printing import check_form, printed_as
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import get_seen_or_404, may_read_minutes, require, today
from zhibu.org.journal import note
from zhibu.org.models import ABOVE_BRANCHES, Organization
from zhibu.scoring import access, queries, services, settling
from zhibu.scoring.acts import ACTS, Asked
from zhibu.scoring.forms import AnswersForm, AskForm, BodiesForm, FindingsForm, SchemeForm
from zhibu.scoring.models import TOLD, Evaluation, State
from zhibu.scoring.papers import sheet_document
from zhibu.scoring.queries import Line, Section
from zhibu.scoring.reading import FOLDER
from zhibu.scoring.rounds import rounds_below
from zhibu.scoring.showing import behind

PAGE = 50


@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The body's evaluations; for a committee also those of the bodies below, in the order of the tree."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    above = organization.kind in ABOVE_BRANCHES
    known = queries.schemes_for(organization)
    offered = {
        slug: one for slug, one in known.items() if organization.kind in one.scheme.bodies and one.scheme.self_assessed
    }
    may_begin = bool(offered) and access.may_begin(request.user, organization, on)
    context: dict[str, Any] = {
        "organization": organization,
        "above": above,
        "own": list(access.evaluations_seen_by(request.user, organization, on).select_related("committee")),
        "may_read": may_read_minutes(request.user, organization, on),
        "may_ask": access.may_ask(request.user, organization, on),
        "begin": AskForm(None, offered=offered, years=_years(on.year)) if may_begin else None,
    }
    if above:
        context |= _below(request, organization, known)
    return render(request, "scoring/index.html", context)


def _years(year: int) -> Sequence[int]:
    return (year, year - 1, year - 2)


def _below(request: HttpRequest, organization: Organization, known: Mapping[str, queries.Offered]) -> dict[str, Any]:
    """The table of the bodies below. Points stand in it only when asked for; the order never depends on them."""
    on = today()
    seen = access.evaluations_below_seen_by(request.user, organization, on)
    may_run = access.may_run(request.user, organization, on)
    years = sorted(set(seen.order_by().values_list("year", flat=True).distinct()), reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and int(asked[:6]) in years else (years or [on.year])[0]
    of_year = queries.searched(seen.filter(year=year), request.GET.get("q", "").strip()[:60])
    counts = queries.state_counts(of_year)
    state = request.GET.get("state") if request.GET.get("state") in State.values else ""
    rows = (of_year.filter(state=state) if state else of_year).order_by("organization__path", "id")
    page = Paginator(queries.with_items(rows), PAGE).get_page(request.GET.get("page"))
    with_points = request.GET.get("points") == "1"
    settled = [one for one in page if with_points or one.state in (State.VERIFIED, *TOLD)]
    points = queries.points_of_all(settled, on)
    parameters = request.GET.copy()
    parameters.pop("page", None)
    return {
        "rounds": rounds_below(seen, organization, known, on.year) if may_run else [],
        "page": page,
        "years": years,
        "year": year,
        "states": [(value, label, counts[value]) for value, label in State.choices],
        "state": state,
        "asked": request.GET.get("q", ""),
        "all": sum(counts.values()),
        "grades": {one.pk: queries.grade_of(one, points[one.pk]) for one in settled},
        "with_points": with_points,
        "parameters": parameters.urlencode(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Have the bodies below evaluate themselves: first the scheme and the year, then which bodies."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    require(access.may_ask(request.user, organization, on))
    known = queries.schemes_for(organization)
    offered = {slug: one for slug, one in known.items() if one.scheme.about == "organization"}
    given = request.POST if request.method == "POST" else request.GET
    form = AskForm(given if "scheme" in given else None, offered=offered, years=_years(on.year))
    bodies = None
    if form.is_bound and form.is_valid():
        chosen, year = offered[form.cleaned_data["scheme"]], form.cleaned_data["year"]
        there = queries.bodies_to_ask(organization, chosen.scheme, year, on)
        bodies = BodiesForm(request.POST if request.method == "POST" else None, bodies=there)
        if request.method == "POST" and bodies.is_valid():
            try:
                picked = list(bodies.cleaned_data["bodies"])
                services.ask_evaluations(request.user, organization, chosen, year, picked, at=timezone.now())
            except UserError as refused:
                bodies.add_error(None, said(refused))
            else:
                count = len(picked)
                if not chosen.scheme.self_assessed:
                    told = ngettext("已开始评价{count}个组织。", "已开始评价{count}个组织。", count)
                    messages.success(request, told.format(count=count))
                    return redirect("scoring:round", code=code, slug=chosen.scheme.slug, year=year)
                told = ngettext("已请{count}个组织开始自评。", "已请{count}个组织开始自评。", count)
                messages.success(request, told.format(count=count))
                return redirect("scoring:index", code=code)
    wrong = bool(form.errors) or bool(bodies is not None and bodies.errors)
    self_assessed = bodies is None or chosen.scheme.self_assessed
    context = {"organization": organization, "form": form, "bodies": bodies, "self_assessed": self_assessed}
    return render(request, "scoring/ask.html", context, status=422 if wrong else 200)


@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the body's own evaluation."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    require(access.may_begin(request.user, organization, on))
    offered = queries.schemes_for(organization)
    form = AskForm(request.POST, offered=offered, years=_years(on.year))
    if not form.is_valid():
        raise UserError("evaluation-what", "请选择评价办法和年度。")
    made = services.begin_evaluation(
        request.user, organization, offered[form.cleaned_data["scheme"]], form.cleaned_data["year"], at=timezone.now()
    )
    return redirect("scoring:show", code=code, pk=made.pk)


def _evaluation(request: HttpRequest, code: str, pk: int) -> Evaluation:
    """The evaluation, loaded and authorised in one go."""
    organization = get_seen_or_404(request.user, code, on=today())
    seen = access.evaluations_seen_by(request.user, organization, today())
    return get_object_or_404(queries.with_items(seen), pk=min(pk, 2**63 - 1))


def _page(request: HttpRequest, evaluation: Evaluation) -> dict[str, Any]:
    """What every page of one evaluation shows."""
    on = today()
    scheme = queries.scheme_of(evaluation)
    found = queries.points_of(evaluation, on)
    grade = queries.grade_of(evaluation, found)
    return {
        "organization": evaluation.organization,
        "evaluation": evaluation,
        "scheme": scheme,
        "sections": queries.sections(evaluation, scheme, found),
        "total": grade.total,
        "grade": grade,
        "limited": any(level.quota is not None for level in scheme.levels),
        "behind": behind(evaluation, found, scheme.items),
        "on": evaluation.on or on,
        "may": {
            "answer": access.may_answer(request.user, evaluation, on),
            "verify": access.may_verify(request.user, evaluation, on),
            "find": access.may_find(request.user, evaluation, on),
            "opine": access.may_give_opinion(request.user, evaluation, on),
            "settle": access.may_settle(request.user, evaluation, on),
            "object": access.may_object(request.user, evaluation, on),
            "close": access.may_close(request.user, evaluation, on),
            "reopen": access.may_reopen(request.user, evaluation, on),
        },
        "may_run": evaluation.committee_id != evaluation.organization_id
        and access.may_run(request.user, evaluation.committee, on),
        "objections": [
            (row, access.may_answer_objection(request.user, evaluation, row, on)) for row in evaluation.objections.all()
        ],
        "closable": bool(settling.may_be_closed([evaluation], on)),
    }


def _lines(sections: Sequence[Section]) -> list[Line]:
    return [line for section in sections for line in section.lines]


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Line by line: what each item gives, why, and its evidence; what only people know; what is to be done next."""
    evaluation = _evaluation(request, code, pk)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    problem = _acted(request, evaluation, act) if act in ACTS else ""
    if act in ACTS and not problem:
        return redirect("scoring:show", code=code, pk=pk)
    context = _page(request, evaluation)
    asked = _asked(context, act)
    form = None
    if asked or (request.method == "POST" and not problem):
        require(bool(asked))
        data = request.POST if request.method == "POST" and not problem else None
        form = AnswersForm(data, lines=_lines(context["sections"]), version=evaluation.version, of=asked)
        if data is not None:
            problem = _save_answers(request, evaluation, form, act)
            if not problem:
                return redirect("scoring:show", code=code, pk=pk)
            form.data = form.data.copy()
            form.data["version"] = evaluation.version
    context |= {"form": form, "problem": problem, "asked": asked, "rest": _rest(context, asked), "typed": request.POST}
    return render(request, "scoring/show.html", context, status=422 if problem else 200)


def _asked(context: dict[str, Any], act: str) -> str:
    """In whose name the reader may answer: the body's, the committee's, nobody's."""
    if context["may"]["answer"]:
        return "body"
    opinions = any(line.item.sort == "opinion" and line.point.asked for line in _lines(context["sections"]))
    return "committee" if context["may"]["opine"] and opinions and act in ("", "opine", *ACTS) else ""


def _rest(context: dict[str, Any], asked: str) -> list[Any]:
    points = [line.point for line in _lines(context["sections"])]
    return queries.unanswered(context["scheme"], points, asked) if asked else []


def _save_answers(request: HttpRequest, evaluation: Evaluation, form: AnswersForm, act: str) -> str:
    """Save, and submit if that was asked; a sentence where it was refused. What was typed is kept all the same."""
    if not form.is_valid():
        return _("还不能保存，请改正下面标出的几处。")
    version = form.cleaned_data["version"]
    try:
        if form.of == "committee":
            services.save_opinions(request.user, evaluation, form.said(), version, today(), at=timezone.now())
        else:
            current = services.save_answers(request.user, evaluation, form.said(), version, at=timezone.now())
            evaluation.version = current.version
            if act == "submit":
                services.submit(request.user, current, current.version, today(), at=timezone.now())
    except UserError as refused:
        evaluation.refresh_from_db(fields=["version"])
        return said(refused)
    messages.success(request, _("已提交，等待上级核实。") if act == "submit" else _("已保存。"))
    return ""


def _acted(request: HttpRequest, evaluation: Evaluation, act: str) -> str:
    """What a button says is done; a sentence where it was refused. What was typed stands in the page again."""
    on, wanted = today(), ACTS[act]
    require(wanted.allowed(request.user, evaluation, on))
    try:
        wanted.do(Asked(request.user, evaluation, request.POST, on, timezone.now()))
    except UserError as refused:
        evaluation.refresh_from_db(fields=["version"])
        return said(refused)
    messages.success(request, str(wanted.told))
    return ""


@require_safe
def gaps(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What is missing, and what to do about it."""
    context = _page(request, _evaluation(request, code, pk))
    lines = [(section, line) for section in context["sections"] for line in section.lines if line.point.is_gap]
    context |= {"gaps": lines, "lost": sum((line.point.lost for _section, line in lines), start=0)}
    return render(request, "scoring/gaps.html", context)


@require_safe
def sheet(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The result on paper."""
    return render(request, "scoring/sheet.html", _page(request, _evaluation(request, code, pk)))


@require_safe
def paper(request: HttpRequest, code: str, pk: int, form: str) -> HttpResponse:
    """The result as .docx or .pdf. Characters no font has are named before the file is handed out."""
    evaluation = _evaluation(request, code, pk)
    context = _page(request, evaluation)
    try:
        with translation.override(settings.LANGUAGE_CODE):
            document = sheet_document(evaluation, context["scheme"], context["sections"], context["grade"])
        check_form(form)
        made = printed_as(document, form)
    except UserError as refused:
        return render(request, "scoring/sheet.html", context | {"problem": said(refused)}, status=422)
    if made.missing and request.GET.get("anyway") != "1":
        return render(request, "scoring/sheet.html", context | {"missing": made.missing, "form": form})
    with transaction.atomic():
        note(request.user, evaluation.organization, "export-evaluation", evaluation, f"{evaluation}（{form}）")
    name = content_disposition_header(as_attachment=True, filename=made.name) or "attachment"
    return HttpResponse(made.data, content_type=made.media_type, headers={"Content-Disposition": name})


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """On site, a part at a time: agree, or say what was found and why."""
    evaluation = _evaluation(request, code, pk)
    require(access.may_find(request.user, evaluation, today()))
    context = _page(request, evaluation)
    sections: Sequence[Section] = context["sections"]
    asked = request.POST.get("part") or request.GET.get("part")
    here = next((place for place, one in enumerate(sections) if one.slug == asked), 0)
    section = sections[here]
    # The form shows what was submitted; what was found stands beside it.
    form = FindingsForm(request.POST or None, lines=section.lines, version=evaluation.version)
    problem = ""
    if request.method == "POST":
        problem = _save_findings(request, evaluation, form)
        if not problem:
            after = sections[here + 1].slug if here + 1 < len(sections) else section.slug
            return redirect(f"{request.path}?part={after if request.POST.get('then') == 'next' else section.slug}")
        form.data = form.data.copy()
        form.data["version"] = evaluation.version
    looked_at = {one.item for one in evaluation.items.all() if one.agrees is not None}
    context |= {
        "form": form,
        "problem": problem,
        "section": section,
        "last": here + 1 == len(sections),
        "progress": [(one, sum(line.item.slug in looked_at for line in one.lines), len(one.lines)) for one in sections],
        "finished": len(looked_at) == len(_lines(sections)),
    }
    return render(request, "scoring/verify.html", context, status=422 if problem else 200)


def _save_findings(request: HttpRequest, evaluation: Evaluation, form: FindingsForm) -> str:
    if not form.is_valid():
        return _("还不能保存，请改正下面标出的几处。")
    found = form.found(agree_rest="agree-rest" in request.POST)
    try:
        services.save_findings(
            request.user, evaluation, found, form.cleaned_data["version"], today(), at=timezone.now()
        )
    except UserError as refused:
        evaluation.refresh_from_db(fields=["version"])
        return said(refused)
    messages.success(request, _("已保存。"))
    return ""


# --- schemes ---------------------------------------------------------------------------------------------------------


@require_safe
def schemes(request: HttpRequest, code: str) -> HttpResponse:
    """The schemes that hold for the body."""
    organization = get_seen_or_404(request.user, code, on=today())
    offered = queries.schemes_for(organization)
    may = access.may_adapt(request.user, organization, today())
    context = {"organization": organization, "offered": offered, "may_adapt": may}
    return render(request, "scoring/schemes.html", context)


def _offered(request: HttpRequest, code: str, slug: str) -> tuple[Organization, queries.Offered]:
    organization = get_seen_or_404(request.user, code, on=today())
    try:
        return organization, queries.schemes_for(organization)[slug]
    except KeyError:
        raise Http404 from None


@require_safe
def scheme(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """What a scheme looks at and how each item is judged."""
    organization, offered = _offered(request, code, slug)
    context = {
        "organization": organization,
        "offered": offered,
        "scheme": offered.scheme,
        "duties": queries.known_duties(organization, today().year),
        "may_adapt": access.may_adapt(request.user, organization, today()),
    }
    return render(request, "scoring/scheme.html", context)


def _text_of(offered: queries.Offered) -> str:
    if offered.own:
        return offered.own.text
    return (FOLDER / offered.scheme.slug / "scheme.yaml").read_text(encoding="utf-8")


@require_safe
def file(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The scheme as a file."""
    _organization, offered = _offered(request, code, slug)
    name = content_disposition_header(as_attachment=True, filename=f"{slug}.yaml") or "attachment"
    return HttpResponse(
        _text_of(offered), content_type="application/yaml; charset=utf-8", headers={"Content-Disposition": name}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def adapt(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Write the committee's own scheme, beginning with one that is there."""
    organization, offered = _offered(request, code, slug)
    require(access.may_adapt(request.user, organization, today()))
    form = SchemeForm(request.POST or None, request.FILES or None, initial={"slug": slug, "text": _text_of(offered)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = services.write_scheme(
                request.user, organization, given["slug"], given["text"], today().year, at=timezone.now()
            )
        except UserError as refused:
            form.add_error(None, said(refused))
            if given.get("file"):
                form.data = form.data.copy()
                form.data["text"] = given["text"]
        else:
            messages.success(request, _("已保存为第{version}版。").format(version=row.version))
            return redirect("scoring:scheme", code=code, slug=row.slug)
    context = {"organization": organization, "form": form, "offered": offered}
    return render(request, "scoring/adapt.html", context, status=422 if form.errors else 200)
