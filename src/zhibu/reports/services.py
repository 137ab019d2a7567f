"""Start, save, keep, restore, renew, quote, waive, export: each one transaction with its line in the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from zhibu.checks import all_rules
from zhibu.documents.printing import Printed, check_form, printed_as
from zhibu.errors import UserError
from zhibu.ledger.snapshots import take_snapshot
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Organization
from zhibu.reports.claims import evaluate
from zhibu.reports.drafting import draft
from zhibu.reports.editing import changed_claims, checked_blocks, with_claim
from zhibu.reports.models import Report, ReportVersion, Waiver
from zhibu.reports.queries import Text, frozen, superior_name

SITTING = timedelta(minutes=10)
"""Autosaves of one person within this time are one sitting: one line in the journal, one text kept from before it."""
LONGEST_NOTE = 200
FIRST_YEAR = 1990

Rows = Sequence[Mapping[str, Any]]


class ReportChanged(UserError):
    """Someone saved since the text was opened. `report` is how it stands now, `blocks` what was not saved."""

    def __init__(self, report: Report, blocks: list[dict[str, Any]]) -> None:
        super().__init__(
            "report-changed",
            "{who}在您编辑期间保存了这份报告。两份文字都还在：请对照后决定以哪份为准。",
            who=str(report.changed_by),
        )
        self.report = report
        self.blocks = blocks


def start_report(
    actor: Account, organization: Organization, year: int, writer: Member, on: date, *, at: datetime
) -> Report:
    """Freeze the year, draft from it, save. One report per body, year and writer; none from a year without records."""
    if not FIRST_YEAR <= year <= on.year:
        raise UserError("year-not-begun", "{year}年还没有开始，不能起草述职报告。", year=year)
    if Report.objects.filter(organization=organization, year=year, writer=writer).exists():
        raise _exists(year, writer)
    with transaction.atomic():
        snapshot = take_snapshot(actor, organization, year, on)
        data = frozen(snapshot)
        body, who, outline = draft(data, superior_name(organization), writer.name)
        report = Report(
            organization=organization, year=year, writer=writer, reporter_post=who.post, outline=outline,
            snapshot=snapshot, title=_title(body), body=body, changed_at=at, changed_by=actor,
        )  # fmt: skip
        try:
            with transaction.atomic():
                report.save()
        except IntegrityError:
            raise _exists(year, writer) from None
        note(
            actor,
            organization,
            "start-report",
            report,
            f"起草{year}年述职报告（{writer.name}）",
            digest=snapshot.digest,
        )
    return report


def _exists(year: int, writer: Member) -> UserError:
    return UserError("report-exists", "{writer}{year}年的述职报告已经有了，请直接编辑。", writer=writer.name, year=year)


def _title(body: Mapping[str, Any]) -> str:
    return next((block["text"] for block in body["blocks"] if block["kind"] == "title"), "")[:200]


def save_report(
    actor: Account, report: Report, rows: Rows, version: int, *, at: datetime, by_hand: bool = False
) -> Report:
    """Save the text that was opened as `version`. `rows`: `style` and `text` of each block.

    Claims stay as they are whatever is posted. What a newer save replaces is kept when it was somebody else's or from
    an earlier sitting. `by_hand`: the writer pressed the button, which is journaled every time.
    Raises ReportChanged when somebody was quicker, UserError for a text that cannot be saved.
    """
    with transaction.atomic():
        current = locked(report.pk)
        blocks = checked_blocks(rows, current.body["claims"])
        if blocks == current.body["blocks"]:
            return current
        if current.version != version:
            raise ReportChanged(current, blocks)
        new_sitting = current.changed_by_id != actor.pk or at - current.changed_at >= SITTING
        if new_sitting:
            _keep(current, current.changed_by, "", current.changed_at)
        _put(current, actor, {**current.body, "blocks": blocks}, at)
        if new_sitting or by_hand or version == 1:
            note(actor, current.organization, "save-report", current, f"编辑{_name(current)}", version=current.version)
    return current


def locked(pk: int) -> Report:
    """The report as it stands, locked until the transaction ends."""
    rows = Report.objects.select_for_update(of=("self",)).select_related(
        "organization", "writer", "snapshot", "changed_by__member"
    )
    return rows.get(pk=pk)


def _put(report: Report, actor: Account, body: dict[str, Any], at: datetime) -> None:
    report.body, report.title, report.version = body, _title(body) or report.title, report.version + 1
    report.changed_at, report.changed_by = at, actor
    report.save()


def _name(report: Report) -> str:
    return f"{report.year}年述职报告（{report.writer.name}）"


def _keep(report: Report, author: Account, reason: str, at: datetime) -> ReportVersion:
    """The text as it stands, kept once: the same text with the same data is not kept twice in a row."""
    last = report.versions.order_by("-number").first()
    if last and (last.body, last.snapshot_id) == (report.body, report.snapshot_id):
        if reason and not last.note:
            last.note = reason
            last.save(update_fields=["note"])
        return last
    return ReportVersion.objects.create(
        organization_id=report.organization_id, report=report, number=(last.number if last else 0) + 1,
        body=report.body, snapshot_id=report.snapshot_id, note=reason, made_at=at, made_by=author,
    )  # fmt: skip


def keep_version(actor: Account, report: Report, reason: str, *, at: datetime) -> ReportVersion:
    """Keep the text as it stands, with a word on why."""
    reason = _short(reason)
    with transaction.atomic():
        current = locked(report.pk)
        version = _keep(current, actor, reason, at)
        note(
            actor, current.organization, "keep-version", version, f"留存{_name(current)}第{version.number}版：{reason}"
        )
    return version


def keep_aside(actor: Account, report: Report, rows: Rows, *, at: datetime) -> ReportVersion:
    """Keep a text that lost to another one as a version of its own, so that nothing typed is gone."""
    with transaction.atomic():
        current = locked(report.pk)
        current.body = {**current.body, "blocks": checked_blocks(rows, current.body["claims"])}
        version = _keep(current, actor, "未采用的文字", at)
        note(actor, current.organization, "keep-aside", version, f"另存{_name(current)}未采用的文字")
    return version


def restore_version(actor: Account, report: Report, number: int, *, at: datetime) -> Report:
    """Take up a kept version again, with the data it rested on; the text as it stands is kept first."""
    with transaction.atomic():
        current = locked(report.pk)
        version = current.versions.select_related("snapshot").filter(number=number).first()
        if version is None:
            raise UserError("no-such-version", "没有第{number}版。", number=number)
        _keep(current, current.changed_by, "", current.changed_at)
        claims = {**current.body["claims"], **version.body["claims"]}
        current.snapshot = version.snapshot
        _put(current, actor, {**version.body, "claims": claims}, at)
        note(
            actor, current.organization, "restore-version", current, f"恢复{_name(current)}第{number}版", number=number
        )
    return current


def refresh_snapshot(
    actor: Account, report: Report, on: date, *, at: datetime
) -> list[tuple[str, str | None, str | None]]:
    """Freeze the ledger anew and rest the report on it. Gives (claim, text before, text after) of what changed.

    The text with the earlier data is kept as a version. A ledger that has not changed leaves all as it is.
    """
    with transaction.atomic():
        current = locked(report.pk)
        snapshot = take_snapshot(actor, current.organization, current.year, on)
        if snapshot.pk == current.snapshot_id:
            return []
        before, after = frozen(current.snapshot), frozen(snapshot)
        changes = changed_claims(current.body, before, after, current.writer.name)
        _keep(current, current.changed_by, f"截至{current.snapshot.on}的数据", current.changed_at)
        current.snapshot = snapshot
        _put(current, actor, current.body, at)
        note(
            actor, current.organization, "refresh-report", current,
            f"更新{_name(current)}的数据，{len(changes)}处有变化",
            digest=snapshot.digest, changes=[list(change) for change in changes],
        )  # fmt: skip
    return changes


def add_claim(actor: Account, report: Report, query: str) -> tuple[Report, str]:
    """Make a figure available to the text: (report, the claim's id). It is put into the text by saving its token."""
    with transaction.atomic():
        current = locked(report.pk)
        query = " ".join(query.split())
        claim = evaluate(query, frozen(current.snapshot), current.writer.name)
        if claim is None:
            raise UserError("claim-without-record", "台账里没有这项数据的记录，不能引用。请先补录活动，再更新数据。")
        body, number = with_claim(current.body, query)
        if body is not current.body:
            current.body = body
            current.save(update_fields=["body"])
            note(actor, current.organization, "add-claim", current, f"{_name(current)}引用数据：{query}", claim=number)
    return current, number


def waive(actor: Account, report: Report, code: str, excerpt: str, reason: str, *, at: datetime) -> Waiver:
    """Let a finding stand, with the reason and the name."""
    reason, excerpt = _short(reason), excerpt.strip()[:LONGEST_NOTE]
    if code not in {rule.code for rule in all_rules()}:
        raise UserError("unknown-rule", "没有“{word}”这条规则。用 zhibu check --list 查看全部规则。", word=code[:10])
    if not excerpt:
        raise UserError("waiver-placeless", "请写明保留的是哪句话。")
    with transaction.atomic():
        current = locked(report.pk)
        waiver, made = Waiver.objects.get_or_create(
            organization_id=current.organization_id, report=current, code=code, excerpt=excerpt,
            defaults={"reason": reason, "made_at": at, "made_by": actor},
        )  # fmt: skip
        if made:
            note(actor, current.organization, "waive-finding", waiver, f"{_name(current)}保留{code}：{reason}")
    return waiver


def unwaive(actor: Account, report: Report, code: str, excerpt: str) -> None:
    """Take a waiver back: the finding counts again."""
    with transaction.atomic():
        current = locked(report.pk)
        for waiver in current.waivers.filter(code=code, excerpt=excerpt):
            note(actor, current.organization, "unwaive-finding", waiver, f"{_name(current)}取消保留{code}")
            waiver.delete()


def _short(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) < 2:
        raise UserError("reason-needed", "请写明理由，至少两个字。")
    if len(reason) > LONGEST_NOTE:
        raise UserError(
            "reason-too-long", "说明有{length}字，请压缩到{limit}字以内。", length=len(reason), limit=LONGEST_NOTE
        )
    return reason


def export_report(actor: Account, report: Report, form: str, *, annex: bool = False) -> Printed:
    """The report as a file. Raises UserError for another format or where a font is missing (PDF only)."""
    check_form(form)
    name = f"{report.title}（{report.writer.name}）"
    made = printed_as(Text.of(report).document(annex=annex), form, name)
    with transaction.atomic():
        note(
            actor,
            report.organization,
            "export-report",
            report,
            f"导出{_name(report)}（{form}）",
            version=report.version,
        )
    return made
