"""Pages of the meeting: who speaks, what is said, who was there; the big screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import require, today
from zhibu.review import access, hearing, queries
from zhibu.review.hearing_forms import ArrangeForm, CorrectForm, NoteForm, PresentForm
from zhibu.review.models import Cycle, CycleState, Entry, Remark, Stage
from zhibu.review.screen import screen_pages
from zhibu.review.steps import DONE_FROM
from zhibu.review.views import LARGEST, now, seen_cycle

SPOKEN = DONE_FROM["meeting"]


def led_cycle(request: HttpRequest, code: str, pk: int) -> Cycle:
    """The season, for those who lead it."""
    cycle = seen_cycle(request, code, pk)
    require(access.may_lead(request.user, cycle.organization, today()))
    return cycle


def entry_in(cycle: Cycle, pk: int) -> Entry:
    rows = cycle.entries.select_related("organization", "reporter", "cycle__organization")
    return get_object_or_404(rows, pk=min(pk, LARGEST))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


# --- the table of the meeting ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Who speaks and who is next, what is noted about whom, who was there, the record."""
    cycle = led_cycle(request, code, pk)
    act, problem = request.POST.get("act", ""), ""
    arrange = ArrangeForm(request.POST if act == "arrange" else None, cycle=cycle)
    present = PresentForm(request.POST if act == "present" else None, cycle=cycle)
    if request.method == "POST":
        try:
            away = _acted(request, cycle, act, arrange, present)
        except UserError as refused:
            problem = said(refused)
        else:
            if away:
                return redirect(away)
    context = _context(request, cycle) | {"arrange": arrange, "present": present, "problem": problem}
    return render(request, "review/hearing.html", context, status=422 if request.method == "POST" else 200)


def _acted(request: HttpRequest, cycle: Cycle, act: str, arrange: ArrangeForm, present: PresentForm) -> str:
    """Where to go on; "" where the form has to be filled in again."""
    here = reverse("review:hearing", args=[cycle.organization.code, cycle.pk])
    if act in ("begin", "end", "written"):
        entry = entry_in(cycle, _number(request.POST.get("entry", "")))
        acts = {"begin": hearing.begin_speaking, "end": hearing.end_speaking, "written": hearing.take_as_presented}
        acts[act](request.user, entry, today(), at=now())
        return f"{here}?entry={entry.pk}" if act == "begin" else here
    if act == "arrange":
        if not arrange.is_valid():
            return ""
        version = arrange.cleaned_data["version"]
        hearing.arrange(request.user, cycle, arrange.arrangement(), version, at=now())
    elif act == "present":
        if not present.is_valid():
            return ""
        hearing.set_present(request.user, cycle, present.counts(), present.cleaned_data["version"])
    elif act == "minutes":
        meeting = hearing.compose_minutes(request.user, cycle, at=now())
        return reverse("meetings:minutes", args=[cycle.organization.code, meeting.pk])
    else:
        raise Http404
    messages.success(request, _("已保存。"))
    return here


def _context(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    entries = list(cycle.entries.select_related("organization", "reporter"))
    by_key = {entry.pk: entry for entry in entries}
    speaking, following = by_key.get(cycle.speaking_id or 0), next_speaker(cycle, entries)
    chosen = by_key.get(_number(request.GET.get("entry", ""))) or speaking or following or next(iter(entries), None)
    counts: dict[int, int] = {}
    notes = Remark.objects.filter(entry__in=entries, verb__in=hearing.SAID).select_related("by__member")
    own: list[Remark] = []
    for row in notes.order_by("id"):
        counts[row.entry_id] = counts.get(row.entry_id, 0) + 1
        if chosen is not None and row.entry_id == chosen.pk:
            own.append(row)
    return {
        "organization": cycle.organization, "cycle": cycle, "speaking": speaking, "next": following,
        "rows": [(entry, entry.stage in SPOKEN, counts.get(entry.pk, 0)) for entry in entries],
        "chosen": chosen, "note": NoteForm(initial={"key": token_hex(8)}), "notes": own, "open": _open(cycle),
        "spoken": sum(entry.stage in SPOKEN for entry in entries), "people": sum(cycle.present.values()),
        "ends": _ends(cycle),
        "judges": chosen is None or not access.is_of_the_body(request.user, chosen, today()),
    }  # fmt: skip


def _open(cycle: Cycle) -> bool:
    return cycle.state == CycleState.OPEN


def _ends(cycle: Cycle) -> datetime | None:
    """When the time of the one who speaks is over."""
    return cycle.speaking_at + timedelta(minutes=cycle.minutes) if cycle.speaking_at else None


def next_speaker(cycle: Cycle, entries: Sequence[Entry]) -> Entry | None:
    """The first in the order who speaks live, may speak and has not."""
    waiting = (one for one in entries if one.live and one.stage == Stage.ACCEPTED and one.pk != cycle.speaking_id)
    return next(waiting, None)


# --- notes -----------------------------------------------------------------------------------------------------------


@require_POST
def note(request: HttpRequest, code: str, pk: int, entry: int) -> HttpResponse:
    """Something said: kept every few seconds while it is typed, then by the button."""
    cycle = led_cycle(request, code, pk)
    found, form = entry_in(cycle, entry), NoteForm(request.POST)
    done = request.POST.get("act") == "save"
    problem = "" if form.is_valid() else _("请检查填写的内容。")
    if not problem:
        try:
            hearing.note_down(request.user, found, form.note(), today(), at=now(), done=done)
        except UserError as refused:
            problem = said(refused)
    if is_htmx(request) and not done:
        context = {"cycle": cycle, "organization": cycle.organization, "chosen": found, "problem": problem,
                   "kept_at": now() if not problem and form.cleaned_data["text"].strip() else None}  # fmt: skip
        return render(request, "review/_note_state.html", context, status=422 if problem else 200)
    if not problem:
        return redirect(f"{reverse('review:hearing', args=[code, pk])}?entry={entry}#notes")
    context = _context(request, cycle) | {"chosen": found, "notes": list(found.remarks.filter(verb__in=hearing.SAID))}
    context |= {
        "note": form,
        "problem": problem,
        "arrange": ArrangeForm(cycle=cycle),
        "present": PresentForm(cycle=cycle),
    }
    return render(request, "review/hearing.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, code: str, pk: int, remark: int) -> HttpResponse:
    """Put right what one wrote down oneself."""
    cycle = led_cycle(request, code, pk)
    rows = Remark.objects.filter(entry__cycle=cycle, verb__in=hearing.SAID, by=request.user)
    row = get_object_or_404(rows.select_related("entry__organization", "entry__reporter"), pk=min(remark, LARGEST))
    initial = {"text": row.text, "speaker": row.speaker, "before": row.text}
    form = CorrectForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        before = told["before"].replace("\r\n", "\n")
        try:
            hearing.correct_note(request.user, row, told["text"], told["speaker"], before, today(), at=now())
        except UserError as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, _("已更正。"))
            return redirect(f"{reverse('review:hearing', args=[code, pk])}?entry={row.entry_id}#notes")
    context = {"organization": cycle.organization, "cycle": cycle, "row": row, "form": form}
    return render(request, "review/hearing_correct.html", context, status=422 if form.errors else 200)


# --- the big screen --------------------------------------------------------------------------------------------------


@require_safe
def screen(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The report of who speaks, page by page; else the order and who is next. Never a finding, never a comment."""
    cycle = led_cycle(request, code, pk)
    entries = list(cycle.entries.select_related("organization", "reporter"))
    speaking = next((entry for entry in entries if entry.pk == cycle.speaking_id), None)
    context: dict[str, Any] = {"organization": cycle.organization, "cycle": cycle, "speaking": speaking}
    if speaking is None:
        context |= {"next": next_speaker(cycle, entries), "live": [one for one in entries if one.live],
                    "spoken": SPOKEN, "paper": sum(not one.live for one in entries)}  # fmt: skip
    else:
        submission = queries.submission_in_force(speaking)
        pages = screen_pages(submission.text if submission else "")
        same = request.GET.get("entry", str(speaking.pk)) == str(speaking.pk)
        page = min(max(_number(request.GET.get("p", "")) if same else 1, 1), len(pages))
        context |= {"page": page, "pages": len(pages), "paragraphs": pages[page - 1], "ends": _ends(cycle),
                    "seconds": cycle.minutes * 60}  # fmt: skip
    return render(request, "review/_screen.html" if is_htmx(request) else "review/hearing_screen.html", context)
