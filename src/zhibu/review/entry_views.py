"""The reporter's and his body's pages: what is next, what was handed in, what was said about it, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhibu.activities import files
from zhibu.activities.models import StoredFile
from zhibu.checks.outline import parse
from zhibu.errors import UserError
from zhibu.http import is_htmx, said
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.reports.access import may_start_report
from zhibu.reports.comparing import Row
from zhibu.reports.composing import gaps as gaps_of
from zhibu.reports.models import Report
from zhibu.reports.queries import Text, evidence_of
from zhibu.review import access, handing_in, queries
from zhibu.review.entry_forms import FileForm, ReasonForm, WithdrawForm
from zhibu.review.handed import Handed, changes
from zhibu.review.lines import lines_of
from zhibu.review.models import CycleState, Entry, Stage, Submission
from zhibu.review.next_steps import steps_of
from zhibu.review.steps import STEPS, days_of
from zhibu.review.views import LARGEST, now, seen_entry

ACTS = ("prepare", "file", "agree", "sign", "sign-paper", "submit", "withdraw")


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, code: str, pk: int, entry: int) -> HttpResponse:
    """One reporter: what is next, what was handed in, what was said, all that happened."""
    found = seen_entry(request, code, pk, entry)
    if request.method != "POST":
        return _page(request, found)
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Http404
    require(_may(request, found)[act])
    form = FileForm(request.POST, request.FILES) if act == "file" else None
    if form is not None and not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        told = _run(request, found, act, form)
    except UserError as refused:
        return _page(request, found, problem=said(refused), form=form, status=422)
    messages.success(request, told)
    return redirect("review:entry", code=code, pk=pk, entry=entry)


def _may(request: HttpRequest, entry: Entry) -> dict[str, bool]:
    """Which acts the account may do at all; whether they can be done now, the services say."""
    on = today()
    hands_in = access.may_hand_in(request.user, entry, on)
    agrees, signs = access.may_agree(request.user, entry, on), access.may_sign(request.user, entry, on)
    return {
        "prepare": hands_in, "file": hands_in, "submit": hands_in, "withdraw": hands_in,
        "agree": agrees, "sign": signs, "sign-paper": hands_in and not signs,
    }  # fmt: skip


def _run(request: HttpRequest, entry: Entry, act: str, form: FileForm | None) -> str:
    """Do it; what to say then. UserError when it cannot be done."""
    user, given = request.user, request.POST
    if form is not None:
        file = _kept(request, entry, form.cleaned_data["file"])
        reason = form.cleaned_data["changed"]
        handing_in.prepare_file(user, entry, form.called, form.given.text, file, reason, at=now())
        return _("已定稿，请支部委员会审议。")
    if act == "prepare":
        report = _report(entry)
        if report is None:
            raise UserError("no-report-yet", "还没有起草报告。")
        handing_in.prepare(user, entry, report, given.get("reason", ""), at=now())
        return _("已定稿，请支部委员会审议。")
    submission = _meant(request, entry)
    if act == "agree":
        handing_in.agree(user, submission, at=now())
        return _("已审议同意，请述职人签字。")
    if act in ("sign", "sign-paper"):
        handing_in.sign(user, submission, at=now(), on_paper=act == "sign-paper")
        return _("已签字，可以提交了。")
    if act == "submit":
        late = handing_in.submit(user, submission, today(), at=now()).late
        return _("已提交，记为逾期。") if late else _("已提交。")
    handing_in.withdraw(user, submission, given.get("why", ""), today(), at=now())
    return _("已撤回，可以改好后重新报送。")


def _meant(request: HttpRequest, entry: Entry) -> Submission:
    """The submission the page showed: what was read is what is agreed to. Gone: it was prepared anew meanwhile."""
    digits = request.POST.get("submission", "")
    key = min(int(digits), LARGEST) if digits.isdecimal() and len(digits) < 20 else 0
    found = entry.submissions.filter(pk=key).first()
    if found is None:
        raise UserError("submission-overtaken", "这一稿已经提交，或被新的一稿代替。请刷新页面。")
    return found


def _kept(request: HttpRequest, entry: Entry, upload: UploadedFile | None) -> StoredFile | None:
    """The file as it came, where its kind may be kept; of others only the text."""
    if upload is None or not str(upload.name).lower().endswith((".docx", ".pdf", ".txt")):
        return None
    upload.seek(0)
    kept = files.keep(upload.file, str(upload.name))
    return files.store(entry.organization, request.user, kept, now())


def _report(entry: Entry) -> Report | None:
    rows = Report.objects.filter(organization=entry.organization_id, writer=entry.reporter_id, year=entry.cycle.year)
    return rows.select_related("organization", "writer", "snapshot").first()


def _page(
    request: HttpRequest, entry: Entry, *, problem: str = "", form: FileForm | None = None, status: int = 200
) -> HttpResponse:
    on, cycle = today(), entry.cycle
    submissions = list(queries.submissions_of(entry))
    way = next((one for one in reversed(submissions) if one.submitted_at is None), None)
    newest = next((one for one in reversed(submissions) if one.submitted_at), None)
    there = newest if newest is not None and newest.in_force else None
    report, may = _report(entry), _may(request, entry)
    reads_all = access.may_read_season(request.user, cycle.organization, on)
    earlier = any(one.submitted_at for one in submissions)
    given = request.POST if request.method == "POST" else None
    days = days_of(cycle.days)
    history = list(queries.history(entry))
    context: dict[str, Any] = {
        "organization": cycle.organization if reads_all and not any(may.values()) else entry.organization,
        "cycle": cycle, "entry": entry, "may": may, "problem": problem, "report": report, "way": way, "there": there,
        "refused": request.POST.get("act", "") if problem else "",
        "submissions": submissions[::-1], "earlier": earlier, "compared": _comparable(submissions),
        "reads_all": reads_all,
        "steps": steps_of(report is not None, way, there), "draft": _draft(report) if not (way or there) else None,
        "returned": queries.last_return(entry, history), "history": history,
        "comments": [one for one in history if one.verb == "comment"],
        "days": [(STEPS[step], day) for step, day in days.items()], "due": days.get("submit"),
        "overdue": _past(days.get("submit"), on) and _is_owed(entry, submissions),
        "open": cycle.state == CycleState.OPEN and entry.stage in handing_in.CHANGEABLE,
        "may_withdraw": there is not None and entry.stage == Stage.SUBMITTED and not _past(days.get("submit"), on),
        "may_start": may_start_report(request.user, entry.organization, on),
        "reason": ReasonForm(given), "withdrawing": WithdrawForm(given), "file": form or FileForm(),
        "file_open": form is not None,
    }  # fmt: skip
    return render(request, "review/entry.html", context, status=status)


def _comparable(submissions: Sequence[Submission]) -> list[int]:
    """Those before which another was submitted."""
    first = next((place for place, one in enumerate(submissions) if one.submitted_at), len(submissions))
    return [one.pk for one in submissions[first + 1 :]]


def _is_owed(entry: Entry, submissions: Sequence[Submission]) -> bool:
    """Whether nothing came in time: what was returned need not."""
    if entry.stage == Stage.RETURNED:
        return all(one.late for one in submissions if one.in_force)
    return entry.stage == Stage.WAITING


def _past(day: date | None, on: date) -> bool:
    return day is not None and on > day


def _draft(report: Report | None) -> dict[str, Any] | None:
    """What is to be known of a draft before it is frozen: its length, its gaps."""
    if report is None:
        return None
    return {"length": parse(Text.of(report).document().text).length, "gaps": len(gaps_of(report.body))}


# --- one submission --------------------------------------------------------------------------------------------------


def seen_submission(request: HttpRequest, found: Entry, number: int) -> Submission:
    rows = found.submissions.select_related("snapshot", "file", "made_by__member", "submitted_by__member")
    return get_object_or_404(rows, number=min(number, 32_767))


@require_safe
def text(request: HttpRequest, code: str, pk: int, entry: int, number: int) -> HttpResponse:
    """The text as it was handed in, with the comments at their places."""
    found = seen_entry(request, code, pk, entry)
    submission = seen_submission(request, found, number)
    handed = Handed(found, submission)
    comments = list(queries.comments_on(submission))
    context = {
        "organization": found.organization, "cycle": found.cycle, "entry": found, "submission": submission,
        "lines": lines_of(handed, (), comments), "whole": [one for one in comments if one.start is None],
        "length": handed.length, "may": {"judge": False},
    }  # fmt: skip
    return render(request, "review/text.html", context)


@require_safe
def evidence(request: HttpRequest, code: str, pk: int, entry: int, number: int, claim: str) -> HttpResponse:
    """What a figure of the frozen text rests on."""
    found = seen_entry(request, code, pk, entry)
    handed = Handed(found, seen_submission(request, found, number))
    if handed.source is None or claim not in handed.source.body["claims"]:
        raise Http404
    context = {
        "organization": found.organization, "evidence": evidence_of(handed.source, claim),
        "report": {"year": found.cycle.year, "snapshot": handed.source.snapshot, "title": handed.submission.title,
                   "pk": found.report_id},
    }  # fmt: skip
    return render(request, "reports/_evidence.html" if is_htmx(request) else "review/evidence.html", context)


@require_safe
def changed(request: HttpRequest, code: str, pk: int, entry: int, number: int) -> HttpResponse:
    """A submission beside the one before it; 0 is the report as it stands now beside the newest submission."""
    found = seen_entry(request, code, pk, entry)
    rows = found.submissions.filter(submitted_at__isnull=False).select_related("snapshot").order_by("-number")
    new: Handed | Report
    if number == 0:
        report = _report(found)
        require(access.may_hand_in(request.user, found, today()))
        if report is None:
            raise Http404
        new, old, reason = report, rows.first(), ""
    else:
        submission = seen_submission(request, found, number)
        new, old = Handed(found, submission), rows.filter(number__lt=submission.number).first()
        reason = submission.reason
    if old is None:
        raise Http404
    compared = changes(Handed(found, old), new)
    context = {
        "organization": found.organization, "cycle": found.cycle, "entry": found, "old": old, "number": number,
        "reason": reason, "groups": _folded(compared), "differing": sum(row.change != "same" for row in compared),
    }  # fmt: skip
    return render(request, "review/changed.html", context)


def _folded(rows: list[Row]) -> list[tuple[bool, list[Row]]]:
    return [(same, list(some)) for same, some in groupby(rows, key=lambda row: row.change == "same")]


@require_safe
def file(request: HttpRequest, code: str, pk: int, entry: int, number: int) -> HttpResponse:
    """The file as it came."""
    found = seen_entry(request, code, pk, entry)
    submission = seen_submission(request, found, number)
    if submission.file is None:
        raise Http404
    return files.download(submission.file)


@require_safe
def due(request: HttpRequest, code: str) -> HttpResponse:
    """As a part of the month's page: what the body has to hand in; without script the list itself."""
    on = today()
    organization = get_seen_or_404(request.user, code, on=on)
    if not is_htmx(request):
        return redirect("review:index", code=code)
    entries = access.entries_of(request.user, organization, on)
    rows = entries.filter(cycle__state=CycleState.OPEN, stage__in=(Stage.WAITING, Stage.RETURNED))
    found = [(row, days_of(row.cycle.days).get("submit")) for row in rows]
    return render(request, "review/_due.html", {"organization": organization, "rows": found, "today": on})
