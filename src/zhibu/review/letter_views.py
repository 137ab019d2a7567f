"""Pages of the feedback letters: the season's list, one letter edited and sent, read by its body, as a file."""

from __future__ import annotations

from datetime import date

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.documents.printing import MEDIA, printed_whole
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import may_read_minutes, require, today
from zhibu.org.journal import note
from zhibu.review import access, letters
from zhibu.review.hearing_views import led_cycle
from zhibu.review.letters import LONGEST, Letter
from zhibu.review.models import CycleState, Entry
from zhibu.review.views import now, seen_entry


class LetterForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)
    opinion = forms.CharField(
        label=gettext_lazy("点评意见"), max_length=LONGEST, widget=forms.Textarea({"rows": 8}), strip=False
    )
    problems = forms.CharField(
        label=gettext_lazy("存在的问题"), max_length=10_000, required=False, widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("每行一个。发出后逐个登记到问题清单，由支部制定整改措施。"),
    )  # fmt: skip
    asks = forms.CharField(
        label=gettext_lazy("整改要求"), max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 3})
    )
    until = forms.DateField(
        label=gettext_lazy("整改时限"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def letter(self) -> Letter:
        told = self.cleaned_data
        until: date | None = told["until"]
        return Letter(
            told["opinion"], tuple(told["problems"].splitlines()), told["asks"], until.isoformat() if until else ""
        )


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """All reporters with their letters and what became of the problems."""
    cycle, on = led_cycle(request, code, pk), today()
    problem = ""
    if request.method == "POST":
        try:
            done = letters.close_rectified(request.user, cycle, on, at=now())
        except UserError as refused:
            problem = said(refused)
        else:
            messages.success(request, ngettext("{n}人已办结。", "{n}人已办结。", len(done)).format(n=len(done)))
            return redirect("review:letters", code=code, pk=pk)
    context = {
        "organization": cycle.organization, "cycle": cycle, "rows": letters.table(cycle, on), "problem": problem,
        "open": cycle.state == CycleState.OPEN,
    }  # fmt: skip
    return render(request, "review/letters.html", context, status=422 if problem else 200)


def _letter(request: HttpRequest, code: str, pk: int, entry: int) -> tuple[Entry, bool]:
    """The entry, and whether the reader may write its letter. 404 before it is out, for who may not."""
    found = seen_entry(request, code, pk, entry)
    writes = access.may_judge(request.user, found, today())
    if found.letter_at is None:
        require(writes)
    return found, writes and found.letter_at is None and found.cycle.state == CycleState.OPEN


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, pk: int, entry: int) -> HttpResponse:
    """The letter: edited and sent by who may judge; once out, read by the body and by who reads the season."""
    found, writes = _letter(request, code, pk, entry)
    kept = Letter.of(found)
    first = kept or letters.composed(found)
    initial = {"version": found.version, "opinion": first.opinion, "problems": "\n".join(first.problems),
               "asks": first.asks, "until": first.until}  # fmt: skip
    form = LetterForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        require(writes)
        if form.is_valid():
            try:
                _acted(request, found, form)
            except UserError as refused:
                form.add_error(None, said(refused))
            else:
                return redirect("review:letter", code=code, pk=pk, entry=entry)
    context = {
        "organization": found.cycle.organization, "cycle": found.cycle, "entry": found, "form": form, "writes": writes,
        "kept": kept is not None, "blocks": letters.document(found, first).blocks,
        "problems": letters.problems_of(found, today()) if found.letter_at else [],
        "leads": access.may_lead(request.user, found.cycle.organization, today()),
        "sees_problems": may_read_minutes(request.user, found.organization, today()),
    }  # fmt: skip
    return render(request, "review/letter.html", context, status=422 if form.errors else 200)


def _acted(request: HttpRequest, entry: Entry, form: LetterForm) -> None:
    version, letter, act = form.cleaned_data["version"], form.letter(), request.POST.get("act", "")
    if act not in ("save", "send"):
        raise Http404
    with transaction.atomic():
        saved = letters.save_letter(request.user, entry, letter, version, today(), at=now())
        if act == "send":
            letters.send_letter(request.user, saved, saved.version, today(), at=now())
    messages.success(request, _("反馈意见已发出。") if act == "send" else _("已保存，还没有发出。"))


@require_safe
def file(request: HttpRequest, code: str, pk: int, entry: int, form: str) -> HttpResponse:
    """The letter as DOCX or PDF; a draft for who writes it."""
    found, _writes = _letter(request, code, pk, entry)
    if form not in MEDIA:
        raise Http404
    try:
        with translation.override(settings.LANGUAGE_CODE):
            made = printed_whole(letters.document(found, Letter.of(found) or letters.composed(found)), form)
    except UserError as refused:
        messages.error(request, said(refused))
        return redirect("review:letter", code=code, pk=pk, entry=entry)
    with transaction.atomic():
        note(request.user, found.organization, "print-letter", found, made.name)
    headers = {"Content-Disposition": content_disposition_header(True, made.name) or "attachment"}
    return HttpResponse(made.data, content_type=made.media_type, headers=headers)
