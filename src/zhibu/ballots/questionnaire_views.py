"""Pages of an anonymous questionnaire: for who asks; for taking a token, which knows the visitor; for answering, which
does not. The last reads neither session nor account, and what its script sends carries no cookie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhibu.ballots import access, asking, queries
from zhibu.ballots import questionnaire as services
from zhibu.ballots.booth import integrity
from zhibu.ballots.canonical import bytes_of, parsed, text_of
from zhibu.ballots.forms import QuestionnaireForm, initial_of_questions
from zhibu.ballots.manifest import FEWEST
from zhibu.ballots.models import Asking, Questionnaire, Right
from zhibu.ballots.shown import percent, qr
from zhibu.ballots.views import now
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import Account, Organization
from zhibu.org.queries import members_on

DELAY = 20
"""Seconds at most that a device waits before it sends."""

# --- who asks ---------------------------------------------------------------------------------------------------------


def _run(request: HttpRequest, code: str) -> Organization:
    organization = get_seen_or_404(request.user, code, on=today())
    require(access.may_run(request.user, organization, today()))
    return organization


def _running(request: HttpRequest, code: str, pk: int) -> Questionnaire:
    organization = _run(request, code)
    return get_object_or_404(access.questionnaires_seen_by(request.user, organization, today()), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    organization = _run(request, code)
    form = QuestionnaireForm(request.POST or None, people=queries.people(organization, today()))

    def save() -> Questionnaire:
        title, questions, members, slips = _given(form, organization)
        return services.draft_questionnaire(request.user, organization, title, questions, members, slips, at=now())

    return _saved(request, form, save, {"organization": organization})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    questionnaire = _running(request, code, pk)
    if questionnaire.state != Asking.DRAFT:
        return redirect("ballots:ask", code=code, pk=pk)
    organization, rights = questionnaire.organization, questionnaire.rights
    chosen = list(rights.exclude(member=None).values_list("member", flat=True))
    people = queries.people(organization, today())
    initial = initial_of_questions(
        questionnaire.title, services.questions(questionnaire), chosen, rights.filter(member=None).count()
    )
    # Members beyond those the page lists can only have come in with everybody.
    initial["everybody"] = not set(chosen) <= {one.pk for one in people}
    form = QuestionnaireForm(request.POST or None, people=people, initial=initial)

    def save() -> Questionnaire:
        return services.change_questionnaire(request.user, questionnaire, *_given(form, organization))

    return _saved(request, form, save, {"organization": organization, "questionnaire": questionnaire})


def _given(form: QuestionnaireForm, organization: Organization) -> tuple[str, Any, list[int], int]:
    given = form.cleaned_data
    members = [int(pk) for pk in given["voters"]]
    if given["everybody"]:
        members = list(members_on(organization, today()).values_list("pk", flat=True))
    return given["title"], form.questions(), sorted(set(members)), given["slips"] or 0


def _saved(
    request: HttpRequest, form: QuestionnaireForm, save: Callable[[], Questionnaire], context: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = save()
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            return redirect("ballots:ask", code=made.organization.code, pk=made.pk)
    return render(request, "ballots/ask_form.html", {**context, "form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Where it stands: while it is open how many answered, afterwards what they said."""
    questionnaire, problem = _running(request, code, pk), ""
    if request.method == "POST":
        try:
            return _act(request, questionnaire)
        except UserError as refused:
            problem = said(refused)
            questionnaire = _running(request, code, pk)
    rights = questionnaire.rights
    context = {
        "organization": questionnaire.organization,
        "questionnaire": questionnaire,
        "questions": services.questions(questionnaire),
        "members": rights.exclude(member=None).count(),
        "slips": rights.filter(member=None).count(),
        "answered": questionnaire.answers.count(),
        "results": [(one, _lines(one)) for one in services.findings(questionnaire)],
        "address": request.build_absolute_uri(reverse("vote:right", args=[questionnaire.uid])),
        "mark": services.mark(questionnaire),
        "private_line": access.is_private_line(request),
        "fewest": FEWEST,
        "problem": problem,
    }
    return render(request, "ballots/ask_show.html", context, status=422 if problem else 200)


def _lines(one: asking.Found) -> list[tuple[str, int, str, int]]:
    """For a table: label, number, share in words, share for a bar."""
    return [(label, n, percent(share) if one.answered else "—", round(share * 100)) for label, n, share in one.votes]


def _act(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """One of the buttons. UserError when it cannot be done now; 404 for a button there is not."""
    actor, act = request.user, request.POST.get("act", "")
    if act == "open":
        services.open_questionnaire(actor, questionnaire, at=now(), secure=access.is_private_line(request))
    elif act == "close":
        services.close_questionnaire(actor, questionnaire, on=today())
    elif act == "discard":
        services.discard_questionnaire(actor, questionnaire)
        messages.success(request, _("草稿已删除。"))
        return redirect("ballots:index", code=questionnaire.organization.code)
    else:
        raise Http404
    return redirect("ballots:ask", code=questionnaire.organization.code, pk=questionnaire.pk)


@require_POST
def slips(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Slips to print and cut; their secrets are on this answer and nowhere else."""
    questionnaire = _running(request, code, pk)
    made = services.make_answer_slips(request.user, questionnaire)
    address = request.build_absolute_uri(reverse("vote:right", args=[questionnaire.uid]))
    context = {
        "organization": questionnaire.organization,
        "questionnaire": questionnaire,
        "mark": services.mark(questionnaire),
        "rows": [(right.member, f"{address}#{secret}", qr(f"{address}#{secret}")) for right, secret in made],
    }
    response = render(request, "ballots/ask_slips.html", context)
    add_never_cache_headers(response)
    return response


@require_safe
def result(request: HttpRequest, code: str, pk: int, format: str) -> HttpResponse:
    """What was answered, as .docx or .pdf."""
    made = services.export_answers(request.user, _running(request, code, pk), format)
    response = HttpResponse(made.data, content_type=made.media_type)
    response["Content-Disposition"] = content_disposition_header(True, made.name) or "attachment"
    return response


# --- who answers ------------------------------------------------------------------------------------------------------


def _open(uid: str) -> Questionnaire:
    """Once it is open; before that it is nobody's but of those who ask."""
    rows = Questionnaire.objects.select_related("organization").exclude(state=Asking.DRAFT)
    return get_object_or_404(rows, uid=uid)


def _page(request: HttpRequest, template: str, questionnaire: Questionnaire, **more: Any) -> HttpResponse:
    context = {
        "questionnaire": questionnaire,
        "open": questionnaire.state == Asking.OPEN,
        "private_line": access.is_private_line(request),
        "integrity": integrity("blind.js"),
        "mark": services.mark(questionnaire),
        **more,
    }
    response = render(request, template, context)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response


def _own_right(request: HttpRequest, questionnaire: Questionnaire) -> Right | None:
    return services.right_of_account(questionnaire, request.user) if isinstance(request.user, Account) else None


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def right(request: HttpRequest, uid: str) -> HttpResponse:
    """Take a token, by account or slip: the answer to the blinded number is its signature."""
    questionnaire = _open(uid)
    if request.method != "POST":
        mine = _own_right(request, questionnaire)
        return _page(request, "ballots/ask_right.html", questionnaire, right=mine)
    try:
        slip = request.POST.get("slip", "")
        mine = services.right_of_slip(questionnaire, slip) if slip else _own_right(request, questionnaire)
        if mine is None:
            raise UserError("ask-not-on-roll", "名册里没有您，或答题条已经换过。请用自己的答题条，或先登录。")
        blinded = bytes_of(request.POST.get("blinded", "")) or b""
        signed = services.sign_right(mine, blinded, secure=access.is_private_line(request))
    except UserError as refused:
        return JsonResponse({"message": said(refused), "code": refused.code}, status=422)
    return JsonResponse({"signed": text_of(signed)})


@login_not_required
@require_safe
def ask(request: HttpRequest, uid: str) -> HttpResponse:
    """The questions. The same page for everybody."""
    questionnaire = _open(uid)
    return _page(
        request, "ballots/ask_paper.html", questionnaire, questions=services.questions(questionnaire), delay=DELAY,
        longest=asking.LONGEST,
    )  # fmt: skip


# No cookie comes with it, so there is none another site could make use of: the token is all that counts.
@csrf_exempt
@login_not_required
@require_POST
def answer(request: HttpRequest, uid: str) -> HttpResponse:
    """Take an answer by its token."""
    questionnaire = _open(uid)
    try:
        token, signature = (bytes_of(request.POST.get(name, "")) or b"" for name in ("token", "signature"))
        given = parsed(request.POST.get("answers", ""))
        services.take_answer(questionnaire, token, signature, given, secure=access.is_private_line(request))
    except UserError as refused:
        return JsonResponse({"message": said(refused), "code": refused.code}, status=422)
    return JsonResponse({})
