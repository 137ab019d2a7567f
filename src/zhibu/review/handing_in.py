"""A report is handed in: frozen, agreed to by somebody else of the body, signed by the reporter, submitted.

What was submitted stays for ever; a change is another submission with its reason.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from zhibu.activities.models import StoredFile
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account
from zhibu.reports.models import Report
from zhibu.reports.queries import Text
from zhibu.review.models import CycleState, Entry, Stage, Submission
from zhibu.review.season import said
from zhibu.review.steps import days_of
from zhibu.review.telling import SUBMITTED, WITHDRAWN, tell_committee

CHANGEABLE = (Stage.WAITING, Stage.SUBMITTED, Stage.RETURNED, Stage.ACCEPTED)
"""Until he has spoken, a report may be handed in anew."""


def prepare(actor: Account, entry: Entry, report: Report, reason: str = "", *, at: datetime) -> Submission:
    """Freeze the report as it stands, with its figures. `reason`: what changed, once one was submitted."""
    if (report.organization_id, report.writer_id) != (entry.organization_id, entry.reporter_id):
        raise UserError("report-of-another", "这份报告不是该述职人的，不能报送。")
    if report.year != entry.cycle.year:
        raise UserError("report-other-year", "这是{year}年的报告，不能在这次述职评议中报送。", year=report.year)
    text = Text.of(report).document().text
    made = Submission(title=report.title, text=text, body=report.body, snapshot=report.snapshot)
    return _freeze(actor, entry, made, reason, at, report)


def prepare_file(
    actor: Account, entry: Entry, title: str, text: str, file: StoredFile | None, reason: str = "", *, at: datetime
) -> Submission:
    """Freeze a text written elsewhere; its figures rest on no records and are shown so."""
    if not text.strip():
        raise UserError("nothing-given", "请选择一个文件，或粘贴文字。")
    return _freeze(actor, entry, Submission(title=title[:200], text=text, file=file), reason, at, entry.report)


def _freeze(
    actor: Account, entry: Entry, made: Submission, reason: str, at: datetime, report: Report | None
) -> Submission:
    with transaction.atomic():
        current = locked(entry.pk)
        _may_change(current)
        earlier = current.submissions.filter(submitted_at__isnull=False).exists()
        made.reason = said(reason) if earlier else " ".join(reason.split())[:300]
        current.submissions.filter(submitted_at=None).delete()  # one that was only prepared is prepared anew
        last = current.submissions.aggregate(last=Max("number"))["last"] or 0
        made.organization, made.entry, made.number = current.organization, current, last + 1
        made.digest = hashlib.sha256(made.text.encode()).hexdigest()
        made.made_at, made.made_by = at, actor
        made.save()
        current.report = report
        _save(current)
        note(actor, current.organization, "prepare-report", made, f"拟报{_name(current)}", digest=made.digest)
    return made


def agree(actor: Account, submission: Submission, *, at: datetime) -> Submission:
    """Agree for the body's committee. UserError for the reporter himself."""
    with transaction.atomic():
        entry, current = _prepared(submission)
        if actor.member_id == entry.reporter_id:
            raise UserError("agrees-himself", "述职人不能审议自己的报告，请支部委员会其他成员办理。")
        current.agreed_at, current.agreed_by = at, actor
        current.save(update_fields=["agreed_at", "agreed_by"])
        note(actor, entry.organization, "agree-report", current, f"审议同意{_name(entry)}", digest=current.digest)
    return current


def sign(actor: Account, submission: Submission, *, at: datetime, on_paper: bool = False) -> Submission:
    """Signed by the reporter; `on_paper`: somebody else of the body notes that he signed the printed one."""
    with transaction.atomic():
        entry, current = _prepared(submission)
        if current.agreed_at is None:
            raise UserError("not-agreed", "请先由支部委员会审议，再签字。")
        if not on_paper and actor.member_id != entry.reporter_id:
            raise UserError("signs-for-another", "只能由述职人本人签字；纸质签字的，请选“纸质签字”。")
        current.signed_at, current.signed_by, current.on_paper = at, actor, on_paper
        current.save(update_fields=["signed_at", "signed_by", "on_paper"])
        note(actor, entry.organization, "sign-report", current, f"签署{_name(entry)}", digest=current.digest)
    return current


def submit(actor: Account, submission: Submission, on: date, *, at: datetime) -> Submission:
    """Hand in what was signed; after the day of the timetable it is marked late, and taken all the same. What came in
    time and was returned is not late when it comes again."""
    with transaction.atomic():
        entry, current = _prepared(submission)
        if current.signed_at is None:
            raise UserError("not-signed", "请述职人签字后再提交。")
        due = days_of(entry.cycle.days).get("submit")
        current.submitted_at, current.submitted_by = at, actor
        current.late = due is not None and on > due and not came_in_time(entry)
        current.save(update_fields=["submitted_at", "submitted_by", "late"])
        entry.stage = Stage.SUBMITTED
        _save(entry)
        note(actor, entry.organization, "submit-report", current, f"提交{_name(entry)}", digest=current.digest)
        tell_committee(entry, SUBMITTED, actor)
    return current


def came_in_time(entry: Entry) -> bool:
    """Whether it was handed in in time and the committee sent it back."""
    handed_in = entry.submissions.filter(submitted_at__isnull=False, withdrawn_at=None)
    return entry.stage == Stage.RETURNED and handed_in.filter(late=False).exists()


def withdraw(actor: Account, submission: Submission, reason: str, on: date, *, at: datetime) -> Submission:
    """Take back what was submitted, until the day of the timetable and before it was accepted."""
    reason = said(reason)
    with transaction.atomic():
        entry = locked(submission.entry_id)
        _open(entry)
        current = Submission.objects.get(pk=submission.pk)
        due = days_of(entry.cycle.days).get("submit")
        if not current.in_force or entry.stage != Stage.SUBMITTED:
            raise UserError("cannot-withdraw", "这份报告现在不能撤回。")
        if due is not None and on > due:
            raise UserError("withdraw-late", "提交截止日已过，不能撤回。需要修改的，请另报一稿并写明原因。")
        current.withdrawn_at, current.withdrawn = at, reason
        current.save(update_fields=["withdrawn_at", "withdrawn"])
        entry.stage = Stage.WAITING
        _save(entry)
        note(actor, entry.organization, "withdraw-report", current, f"撤回{_name(entry)}：{reason}")
        tell_committee(entry, WITHDRAWN, actor, reason=reason)
    return current


def _prepared(submission: Submission) -> tuple[Entry, Submission]:
    """The entry, locked, and its submission that is still on the way. UserError when it was overtaken."""
    entry = locked(submission.entry_id)
    _may_change(entry)
    current = Submission.objects.filter(pk=submission.pk, submitted_at=None).first()
    if current is None:
        raise UserError("submission-overtaken", "这一稿已经提交，或被新的一稿代替。请刷新页面。")
    return entry, current


def locked(pk: int) -> Entry:
    """The entry as it stands, locked until the transaction ends."""
    rows = Entry.objects.select_for_update(of=("self",))
    return rows.select_related("organization", "reporter", "cycle__organization", "report").get(pk=pk)


def _open(entry: Entry) -> None:
    if entry.cycle.state != CycleState.OPEN:
        state = str(entry.cycle.get_state_display())
        raise UserError("cycle-not-open", "“{title}”{state}，现在不能办理。", title=entry.cycle.title, state=state)


def _may_change(entry: Entry) -> None:
    _open(entry)
    if entry.stage not in CHANGEABLE:
        raise UserError("entry-spoken", "已经述职，报告不能再换。")


def _save(entry: Entry) -> None:
    entry.version += 1
    entry.save()


def _name(entry: Entry) -> str:
    return f"{entry.cycle.year}年述职报告（{entry.reporter.name}）"
