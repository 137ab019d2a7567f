"""把关: the committee reads a report with all that is known of it beside it, comments, returns or accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.corpus.comparing import Compared, Seen, beside
from zhibu.corpus.feeds import named
from zhibu.corpus.passages import own_side
from zhibu.errors import UserError
from zhibu.http import said
from zhibu.org.access import may_read_minutes, require, today
from zhibu.rectify.queries import of_last_year
from zhibu.review import access, queries, reading
from zhibu.review.handed import Handed
from zhibu.review.lines import lines_of
from zhibu.review.models import CycleState, Entry, Remark, Stage, Submission, Verb
from zhibu.review.reading import Place
from zhibu.review.views import LARGEST, now, seen_entry
from zhibu.trace import Passage

SHOWN = 6
"""Likenesses named on the page itself; the others are one link away."""
ACTS = ("read", "comment", "settle", "return", "accept")


@dataclass(frozen=True, slots=True)
class Likeness:
    """A source the reader may open, and whether nothing but numbers, dates and names was changed in what is shared."""

    source: Seen
    only_values: bool


def likeness(source: Seen) -> Likeness:
    return Likeness(source, _only_values(source.passages))


def _only_values(passages: Sequence[Passage]) -> bool:
    kinds = {each.kind for each in passages}
    return "values" in kinds and kinds <= {"identical", "values"}


def _read_entry(request: HttpRequest, code: str, pk: int, entry: int) -> Entry:
    found = seen_entry(request, code, pk, entry)
    require(access.may_read_season(request.user, found.cycle.organization, today()))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, code: str, pk: int, entry: int) -> HttpResponse:
    """The newest submission as it is judged."""
    found = _read_entry(request, code, pk, entry)
    submission = queries.submission_in_force(found)
    if submission is None:
        messages.info(request, _("还没有提交。"))
        return redirect("review:entry", code=code, pk=pk, entry=entry)
    if request.method != "POST":
        return _page(request, found, submission)
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Http404
    require(access.may_judge(request.user, found, today()))
    try:
        place = _run(request, found, act)
    except UserError as refused:
        found.refresh_from_db(fields=["stage", "version"])
        return _page(request, found, submission, problem=said(refused), act=act)
    return redirect(reverse("review:read", args=[code, pk, entry]) + place)


def _run(request: HttpRequest, entry: Entry, act: str) -> str:
    """Do it; the place on the page to go back to. UserError when it cannot be done."""
    user, given, on = request.user, request.POST, today()
    if act == "settle":
        remark = entry.remarks.filter(pk=_number(given.get("remark", ""))).first()
        if remark is None:
            raise Http404
        reading.settle(user, remark, on, at=now())
        return f"#c{remark.pk}"
    submission = entry.submissions.filter(pk=_number(given.get("submission", ""))).first()
    if submission is None:
        raise UserError("submission-older", "支部已经另报一稿或撤回，请看最新的一稿。")
    if act == "comment":
        made = reading.comment(user, submission, given.get("text", ""), _place(request, submission), on, at=now())
        return f"#c{made.pk}"
    if act == "read":
        reading.mark_read(user, submission, on, at=now())
        messages.success(request, _("已记下您阅过这一稿。"))
    elif act == "return":
        reading.return_report(
            user, submission, given.get("reason", ""), _number(given.get("version", "")), on, at=now()
        )
        messages.success(request, _("已退回，述职人和支部会收到通知。"))
    else:
        reading.accept(user, submission, _number(given.get("version", "")), on, at=now())
        messages.success(request, _("已通过。"))
    return ""


def _number(digits: str) -> int:
    return min(int(digits), LARGEST) if digits.isascii() and digits.isdigit() and len(digits) < 20 else 0


def _place(request: HttpRequest, submission: Submission) -> Place | None:
    """The words that were selected, or the paragraph that was chosen; None for the whole."""
    start, end = request.POST.get("start", ""), request.POST.get("end", "")
    if start and end:
        return Place(_number(start), _number(end))
    chosen = request.POST.get("paragraph", "")
    if not chosen:
        return None
    first, _dash, last = chosen.partition("-")
    return Place(_number(first), _number(last))


def _page(
    request: HttpRequest, entry: Entry, submission: Submission, *, problem: str = "", act: str = ""
) -> HttpResponse:
    on, handed = today(), Handed(entry, submission)
    found, uncompared = _compared(request, handed)
    findings, figures = handed.checked(found)
    remarks = list(queries.history(entry))
    comments = [one for one in remarks if one.verb == Verb.COMMENT]
    here = [one for one in comments if one.submission_id == submission.pk]
    lines = lines_of(handed, findings, here, {name: request.GET.get(name, "") for name in ("severity", "rule")})
    judges = access.may_judge(request.user, entry, on) and entry.cycle.state == CycleState.OPEN
    before, after = queries.neighbours(entry)
    context: dict[str, Any] = {
        "organization": entry.cycle.organization, "cycle": entry.cycle, "entry": entry, "submission": submission,
        "lines": lines, "marked": lines.marked, "whole": [one for one in here if one.start is None],
        "older": [one for one in comments if one.submission_id != submission.pk and one.settled_at is None],
        "doubtful": [one for one in figures if one.figure.status != "supported"], "length": handed.length,
        "problem": problem, "uncompared": uncompared, "size": found.size if found else 0,
        "likenesses": [likeness(one) for one in found.seen[:SHOWN]] if found else [],
        "total": found.total if found else 0, "unseen": len(found.unseen) if found else 0,
        "problems": _problems(request, entry), "before": before, "after": after,
        "may": {"judge": judges, "decide": judges and entry.stage == Stage.SUBMITTED},
        "own": access.is_of_the_body(request.user, entry, on),
        "reads": [one for one in remarks if one.verb == Verb.READ and one.submission_id == submission.pk],
        "decided": _decided(remarks, submission), "typed": request.POST if problem else {}, "act": act,
        "earlier": entry.submissions.filter(number__lt=submission.number, submitted_at__isnull=False).exists(),
    }  # fmt: skip
    context["has_read"] = any(one.by_id == request.user.pk for one in context["reads"])
    return render(request, "review/read.html", context, status=422 if problem else 200)


def _decided(remarks: Sequence[Remark], submission: Submission) -> Remark | None:
    verbs = (Verb.RETURN, Verb.ACCEPT)
    return next((one for one in remarks[::-1] if one.verb in verbs and one.submission_id == submission.pk), None)


def _compared(request: HttpRequest, handed: Handed) -> tuple[Compared | None, str]:
    try:
        return handed.compared(request.user, today()), ""
    except UserError as refused:
        return None, said(refused)


def _problems(request: HttpRequest, entry: Entry) -> list[Any]:
    """What the report has to answer: last year's problems, with what became of each."""
    if not may_read_minutes(request.user, entry.organization, today()):
        return []
    return of_last_year(entry.organization, entry.cycle.year, today())


# --- what of it stands elsewhere ----------------------------------------------------------------------------------


def _handed(request: HttpRequest, code: str, pk: int, entry: int) -> Handed:
    found = _read_entry(request, code, pk, entry)
    submission = queries.submission_in_force(found)
    if submission is None:
        raise Http404
    return Handed(found, submission)


@require_safe
def sources(request: HttpRequest, code: str, pk: int, entry: int) -> HttpResponse:
    """Every text the report shares passages with: the writer's earlier years, other branches, templates."""
    handed = _handed(request, code, pk, entry)
    found, problem = _compared(request, handed)
    context: dict[str, Any] = {
        "organization": handed.entry.cycle.organization, "cycle": handed.entry.cycle, "entry": handed.entry,
        "submission": handed.submission, "sheet": handed.sheet, "problem": problem, "found": found,
    }  # fmt: skip
    if found:
        context["seen"] = [likeness(each) for each in found.seen]
        context["unseen"] = [(each, own_side(handed.sheet, each.passages)) for each in found.unseen]
    return render(request, "review/sources.html", context, status=503 if problem else 200)


@require_safe
def source(request: HttpRequest, code: str, pk: int, entry: int, kind: str, key: int) -> HttpResponse:
    """One of them beside the report, what was changed coloured."""
    handed = _handed(request, code, pk, entry)
    found = beside(handed.sheet, named(kind, key), handed.entry.organization, request.user, today())
    if found is None:
        raise Http404
    context = {
        "organization": handed.entry.cycle.organization, "cycle": handed.entry.cycle, "entry": handed.entry,
        "submission": handed.submission, "found": found, "only_values": _only_values(found.source.passages),
        "title": f"{handed.entry.organization.name} {handed.entry.reporter.name}",
    }  # fmt: skip
    return render(request, "review/source.html", context)
