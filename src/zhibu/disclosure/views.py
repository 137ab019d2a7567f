"""The board's pages for those who log in: read, step by step to approval, take down, print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhibu.activities import files as store
from zhibu.disclosure import queries, services
from zhibu.disclosure.access import Hands, actions, hands, may_try
from zhibu.disclosure.catalogue import catalogue
from zhibu.disclosure.checking import calendar_remark, span_from
from zhibu.disclosure.deadlines import Due, publicity
from zhibu.disclosure.forms import AnswerForm, CommentForm, EndForm, ReasonForm
from zhibu.disclosure.frame import PAGE, frame, is_committee, now, read_body, read_publication
from zhibu.disclosure.models import Publication, State
from zhibu.disclosure.opinion_views import keep_comment
from zhibu.disclosure.poster import PAPERS, Poster, print_poster
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import require, today
from zhibu.org.journal import VERBS
from zhibu.org.models import JournalEntry, Organization
from zhibu.rulebook.reasons import day_name

LOOK_BACK = timedelta(days=31)
"""How long what was missed still stands on the month's page itself."""


# --- reading --------------------------------------------------------------------------------------------------------


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """What is up now, by the catalogue's groups; for the committee besides how much waits and what is due."""
    organization = read_body(request, code)
    committee = is_committee(request, organization)
    can = hands(request.user, organization, today())
    due = queries.disclosures_due(organization, today()) if committee else []
    context = frame(
        request,
        organization,
        groups=_by_group(queries.shown_on(organization, today())),
        can=can,
        waiting=_mine_to_do(request, organization, can) if can.any else [],
        overdue=sum(one.status == "missing" for one in due),
        coming=sum(one.status == "not-yet-due" for one in due),
    )
    return render(request, "disclosure/board.html", context)


def _by_group(rows: Iterable[Publication]) -> list[tuple[Any, list[Publication]]]:
    """The rows under the labels of the catalogue's groups, in the catalogue's order, newest first in each."""
    items = list(catalogue().items)
    known = [row for row in rows if row.item in items]
    known.sort(key=lambda row: items.index(row.item))
    found = groupby(known, key=lambda row: row.matter.group)
    return [(catalogue().label("groups", group), list(some)) for group, some in found]


def _mine_to_do(request: HttpRequest, organization: Organization, can: Hands) -> list[Publication]:
    """What waits for exactly this account: to be reviewed or approved, or given back to it."""
    committee = is_committee(request, organization)
    rows = queries.on_the_way(organization, today()).defer("body")
    found = []
    for row in rows:
        todo = actions(row, can, request.user, committee)
        given_back = row.state == State.DRAFT and row.reason and row.proposed_by_id == request.user.pk
        if todo & {"review", "approve"} or given_back:
            found.append(row)
    return found


@require_safe
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """What is on the board, as a list to be printed and put beside it."""
    organization = read_body(request, code)
    rows = queries.with_steps(queries.shown_on(organization, today()).defer("body"))
    return render(request, "disclosure/listing.html", frame(request, organization, groups=_by_group(rows)))


@require_safe
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """What was up. What was withdrawn stands there for the committee with its reason, for members only as a line."""
    organization = read_body(request, code)
    committee = is_committee(request, organization)
    every = Publication.objects.filter(organization=organization).defer("body")
    page = Paginator(queries.archive(every, today()), PAGE).get_page(request.GET.get("page"))
    return render(request, "disclosure/archive.html", frame(request, organization, page=page, committee=committee))


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One publication, what may be done with it, and what readers say about it. POST: an opinion on it."""
    organization = read_body(request, code)
    publication = read_publication(request, organization, pk)
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        receipt = keep_comment(request, organization, publication, form)
        if receipt:
            return redirect("disclosure:show", code, pk)
    return _show(request, organization, publication, form, status=422 if request.method == "POST" else 200)


def _show(
    request: HttpRequest,
    organization: Organization,
    publication: Publication,
    form: CommentForm,
    *,
    back: ReasonForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    committee = is_committee(request, organization)
    can = hands(request.user, organization, today())
    comments = publication.comments.select_related("answered_by__member", "organization")
    context = frame(
        request,
        organization,
        publication=publication,
        item=publication.matter,
        asks=[catalogue().label("asks", ask) for ask in publication.matter.ask],
        is_up=publication.is_up(today()),
        publicity=_publicity(publication),
        remark=calendar_remark(publication.matter, publication.since, publication.until),
        moved=_moved(publication),
        todo=actions(publication, can, request.user, committee),
        own_step=_own_step(publication, request.user),
        small=can.small,
        files=publication.files.all(),
        trace=_trace(publication) if committee else [],
        comments=comments if committee else comments.filter(account=request.user),
        corrected=publication.corrections.filter(state__in=(State.APPROVED, State.ENDED)).first(),
        form=form,
        back=back or ReasonForm(),
        answer=AnswerForm(),
        problem=problem,
        papers=PAPERS,
    )
    return render(request, "disclosure/show.html", context, status=status)


def _publicity(publication: Publication) -> Any:
    """How many of its working days have passed; the sentence instead where the calendar is not known."""
    if publication.state != State.APPROVED:
        return None
    try:
        return publicity(publication.matter, publication.since, today())
    except UserError:
        return None


def _moved(publication: Publication) -> tuple[date, date | None] | None:
    """The span it would have if it were approved today, where that is another than was proposed."""
    if publication.state != State.REVIEWED:
        return None
    try:
        span = span_from(publication, today())
    except UserError:
        return None
    return span if span != (publication.since, publication.until) else None


def _own_step(publication: Publication, account: Any) -> str:
    """Why the next step is not this account's."""
    if account.pk == publication.proposed_by_id and publication.state in (State.PROPOSED, State.REVIEWED):
        return "proposed"
    if account.pk == publication.reviewed_by_id and publication.state == State.REVIEWED:
        return "reviewed"
    return ""


def _trace(publication: Publication) -> list[dict[str, Any]]:
    """Every step from the journal, first to last, with its reason."""
    rows = JournalEntry.objects.filter(object_type="publication", object_id=str(publication.pk)).order_by("id")
    return [
        {"at": row.at, "who": row.account, "verb": VERBS.get(row.verb, row.verb), "reason": row.data.get("reason", "")}
        for row in rows.select_related("account__member")
    ]


@require_safe
def file(request: HttpRequest, code: str, pk: int, file_pk: int) -> HttpResponseBase:
    """A file of a publication, as a download; who may read the publication may have it."""
    organization = read_body(request, code)
    publication = read_publication(request, organization, pk)
    return store.download(get_object_or_404(publication.files, pk=file_pk))


# --- steps ----------------------------------------------------------------------------------------------------------


@require_safe
def queue(request: HttpRequest, code: str) -> HttpResponse:
    """What waits for whom, what is due, what is to go up on a coming day."""
    organization = read_body(request, code)
    can = hands(request.user, organization, today())
    require(can.any or is_committee(request, organization))
    committee = is_committee(request, organization)
    rows = list(queries.on_the_way(organization, today()).defer("body"))
    if not committee:  # a member of a small branch sees what he drafted
        rows = [row for row in rows if row.made_by_id == request.user.pk]
    mine = {row.pk for row in _mine_to_do(request, organization, can)}
    due = queries.disclosures_due(organization, today()) if committee else []
    context = frame(
        request,
        organization,
        can=can,
        mine=[row for row in rows if row.pk in mine],
        others=[row for row in rows if row.pk not in mine and row.state != State.APPROVED],
        coming=[row for row in rows if row.state == State.APPROVED],
        owed=sorted((one for one in due if one.owed), key=lambda one: one.due, reverse=True),
        done=_done(due),
        follows=queries.adoption(organization).of if committee else None,
    )
    return render(request, "disclosure/queue.html", context)


@require_safe
def due(request: HttpRequest, code: str) -> HttpResponse:
    """As a part of the month's page: what has to be disclosed within a month; without script the queue."""
    organization = read_body(request, code)
    require(is_committee(request, organization))
    if not is_htmx(request):
        return redirect("disclosure:queue", code)
    owed = [one for one in queries.disclosures_due(organization, today()) if one.owed]
    near = [one for one in owed if one.due >= today() - LOOK_BACK]
    context = frame(request, organization, owed=near[::-1], older=len(owed) - len(near))
    context["can"] = hands(request.user, organization, today())
    return render(request, "disclosure/_month.html", context)


def _done(due: list[Due]) -> list[Due]:
    """What was disclosed, the newest deadline first."""
    return sorted((one for one in due if not one.owed), key=lambda one: one.due, reverse=True)


STEPS = {
    "propose": (services.propose, gettext_lazy("已提出，等待审核。")),
    "review": (services.review, gettext_lazy("审核通过，等待审批。")),
    "approve": (services.approve, gettext_lazy("已批准，将按日期公开，并已记入活动。")),
}
DONE_BY_STEP = (*STEPS, "give-back", "discard", "correct")


@require_POST
def step(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One step on the way: propose, review, approve, give-back, discard, correct."""
    organization = read_body(request, code)
    publication = read_publication(request, organization, pk)
    act = request.POST.get("act", "")
    can = hands(request.user, organization, today())
    require(act in DONE_BY_STEP and may_try(act, publication, can, request.user, is_committee(request, organization)))
    try:
        return _step(request, organization, publication, act)
    except UserError as refused:
        return _show(request, organization, publication, CommentForm(), problem=said(refused), status=422)


def _step(request: HttpRequest, organization: Organization, publication: Publication, act: str) -> HttpResponse:
    code, pk = organization.code, publication.pk
    if act in STEPS:
        service, told = STEPS[act]
        service(request.user, publication, at=now())
        messages.success(request, told)
    elif act == "give-back":
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return _show(request, organization, publication, CommentForm(), back=form, status=422)
        services.give_back(request.user, publication, form.cleaned_data["reason"], at=now())
        messages.success(request, _("已退回，提出人可以修改后再提交。"))
    elif act == "discard":
        services.discard(request.user, publication)
        messages.success(request, _("草稿已删除。"))
        return redirect("disclosure:queue", code)
    else:
        pk = services.correct(request.user, publication, at=now()).pk
        messages.success(request, _("已按原文起草更正稿。改好后再走提出、审核、审批；批准之前，原来的继续公开。"))
        return redirect("disclosure:edit", code, pk)
    return redirect("disclosure:show", code, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take it down, or withdraw it: a page of its own, with the reason."""
    organization = read_body(request, code)
    publication = read_publication(request, organization, pk)
    can = hands(request.user, organization, today())
    require("end" in actions(publication, can, request.user, is_committee(request, organization)))
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        service = services.withdraw if form.cleaned_data["how"] == "withdraw" else services.take_down
        try:
            service(request.user, publication, form.cleaned_data["reason"], at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已办理，原因记在历史里。"))
            return redirect("disclosure:archive", code)
    context = frame(request, organization, publication=publication, form=form)
    return render(request, "disclosure/end.html", context, status=422 if form.is_bound else 200)


# --- poster ---------------------------------------------------------------------------------------------------------


@require_safe
def poster(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What was approved, as a PDF to be put on the wall. Characters no font has are named first."""
    organization = read_body(request, code)
    publication = read_publication(request, organization, pk)
    if publication.state != State.APPROVED:
        raise Http404
    paper = request.GET.get("paper", PAPERS[0])
    try:
        made = print_poster(_poster(publication), paper)
    except UserError as refused:
        return _show(request, organization, publication, CommentForm(), problem=said(refused), status=422)
    name = f"{publication.title[:60]}-{paper.upper()}.pdf"
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(made.data, content_type="application/pdf", headers={"Content-Disposition": header})


def _poster(publication: Publication) -> Poster:
    """Chinese whatever the reader's language: it hangs on a wall."""
    label = publication.matter.label
    organization = publication.organization.name
    since = str(day_name(publication.since))
    span = f"{since}起" if publication.until is None else f"{since}至{day_name(publication.until)}"
    scope = catalogue().label("audiences", publication.audience)["label"]
    say = f"有意见建议的，请向{organization}反映。"
    lines = (f"公开时间：{span}", f"公开范围：{scope}", f"{say}{settings.CONTACT}")
    return Poster(
        organization, f"党务公开 · {label}", publication.title, publication.body, lines, organization, publication.since
    )
