"""Suggestions of members, and the committee's answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhibu.disclosure import opinions, queries
from zhibu.disclosure.access import may_answer
from zhibu.disclosure.forms import AnswerForm, CommentForm, TaskForm
from zhibu.disclosure.frame import PAGE, frame, now, read_body
from zhibu.disclosure.models import Comment, Publication
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import require, today
from zhibu.org.models import Organization
from zhibu.org.throttle import limit
from zhibu.tasks.access import may_give_tasks
from zhibu.tasks.forms import people_of

COMMENTS_AN_HOUR = 20


@require_http_methods(["GET", "HEAD", "POST"])
def suggestions(request: HttpRequest, code: str) -> HttpResponse:
    """Leave a suggestion; one's own signed ones with their answers; for the committee all of them."""
    organization = read_body(request, code)
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and keep_comment(request, organization, None, form):
        return redirect("disclosure:suggestions", code)
    return _suggestions(request, organization, form)


def _suggestions(
    request: HttpRequest,
    organization: Organization,
    form: CommentForm,
    answering: int = 0,
    answer: AnswerForm | None = None,
) -> HttpResponse:
    may = may_answer(request.user, organization, today())
    rows = queries.comments_of(organization) if may else queries.own_comments(request.user, organization)
    zone = timezone.get_current_timezone()
    year = datetime(today().year, 1, 1, tzinfo=zone)
    context = frame(
        request,
        organization,
        form=form,
        answer=answer or AnswerForm(),
        answering=answering,
        page=Paginator(rows, PAGE).get_page(request.GET.get("page")),
        may_answer=may,
        heard=queries.opinions_heard(organization, year, now() + timedelta(seconds=1)) if may else None,
    )
    refused = form.is_bound or (answer is not None and answer.is_bound)
    return render(request, "disclosure/suggestions.html", context, status=422 if refused else 200)


def keep_comment(
    request: HttpRequest, organization: Organization, publication: Publication | None, form: CommentForm
) -> str:
    """The receipt of the opinion that was kept; empty where it was refused, with the sentence at the form."""
    signed = form.cleaned_data["signed"]
    try:
        limit("comment-of-member", str(request.user.pk), COMMENTS_AN_HOUR)
        row = opinions.comment(
            organization,
            publication,
            form.cleaned_data["text"],
            source="member",
            at=now(),
            name=str(request.user) if signed else "",
            account=request.user if signed else None,
        )
    except UserError as refused:
        form.add_error(None, said(refused))
        return ""
    messages.success(
        request, _("已收到，谢谢。查询号 {receipt}，凭它可以看到答复，请记下来。").format(receipt=row.receipt)
    )
    return row.receipt


@require_POST
def answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Answer one opinion."""
    organization = read_body(request, code)
    require(may_answer(request.user, organization, today()))
    row = get_object_or_404(Comment, organization=organization, pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            opinions.answer(request.user, row, form.cleaned_data["answer"], at=now())
        except UserError as refused:
            form.add_error("answer", said(refused))
        else:
            messages.success(request, _("已答复。"))
            return redirect("disclosure:suggestions", code)
    return _suggestions(request, organization, CommentForm(), pk, form)


@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Make a task of a suggestion: what, by whom, until when."""
    organization = read_body(request, code)
    require(may_give_tasks(request.user, organization, today()) and may_answer(request.user, organization, today()))
    row = get_object_or_404(Comment, organization=organization, pk=pk)
    form = TaskForm(
        people_of(organization, today()),
        request.POST if request.method == "POST" else None,
        initial={"text": row.text[:300]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            opinions.take_up(request.user, row, form.terms(), today(), at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已转为任务，办理情况会显示在这条意见旁边。"))
            return redirect("disclosure:suggestions", code)
    context = frame(request, organization, row=row, form=form)
    return render(request, "disclosure/take_up.html", context, status=422 if form.is_bound else 200)
