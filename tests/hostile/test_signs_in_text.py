"""Markup stays text wherever a name, title or reason is shown; a formula stays text in every sheet that goes out."""

from __future__ import annotations

import csv
import io

from python_calamine import CalamineWorkbook

from tests.hostile.conftest import STARTS, logged_in
from tests.hostile.forms import pages_of
from zhibu.activities.models import Activity, Attendance, Resolution, Revision, StoredFile, Vote
from zhibu.cli.main import main
from zhibu.disclosure.models import Comment, Publication
from zhibu.org.models import ImportBatch, JournalEntry, Member, MemberStatus, Organization, Post
from zhibu.reports.models import Report, ReportVersion

MARK = "<script>alert(7)</script>\"'><img src=x onerror=alert(7)>"
FIELDS = {
    Organization: ("name", "short_name"), Member: ("name", "number", "job"), MemberStatus: ("reason",),
    Post: ("basis",), Activity: ("title", "place", "agenda", "minutes", "guests"), Attendance: ("reason",),
    Resolution: ("text",), Vote: ("matter",), Revision: ("reason",), StoredFile: ("name",), ImportBatch: ("file_name",),
    JournalEntry: ("summary",), Report: ("title",), ReportVersion: ("note",),
    Publication: ("title", "body", "reason"), Comment: ("text", "name", "answer"),
}  # fmt: skip


def marked(row, names, mark):
    for name in names:
        setattr(row, name, f"{mark}{row.pk}"[: row._meta.get_field(name).max_length or None])
    row.save(update_fields=list(names))


def test_markup_is_never_obeyed(full):
    for model, names in FIELDS.items():
        for row in model.objects.all():
            marked(row, names, MARK[:36] if model is Organization else MARK[:30] if model is Member else MARK)
    report = full.report
    report.refresh_from_db()
    report.body["blocks"][3]["text"] = MARK
    report.save()
    seen = 0
    for name, start in STARTS.items():
        client = logged_in(full.clients[name].session and _account(name))
        for address, _reader in pages_of(client, start):
            page = client.get(address, follow=True).content.decode()
            seen += "&lt;script&gt;alert" in page
            for sign in ("<script>alert", "<img src=x"):
                assert sign not in page, (name, address)
    assert seen > 20


def _account(name):
    from zhibu.org.models import Account

    return Account.objects.get(username=name)


def test_a_formula_is_text_in_the_roster_that_goes_out(full):
    for member, sign in zip(full.cast.members, "=+-@", strict=False):
        member.job, member.name = f"{sign}1+1", f"{sign}HYPERLINK"
        member.save()
    answer = full.clients["secretary"].get("/org/GW-01/export/")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    cells = {cell for row in sheet.to_python() for cell in row}
    assert {"=1+1", "+1+1", "-1+1", "@1+1"} <= cells


def test_a_formula_is_text_in_the_csv_of_the_ledger(full, capsys):
    from tests.duties.local import lay_down

    lay_down(full.cast, label="=1+1")
    main(["ledger", "--org", "GW-01", "--year", "2025", "--on", "2025-12-22", "--format", "csv"])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert any("=1+1" in cell for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_names_of_downloads_carry_no_line_into_the_header(full):
    Organization.objects.filter(code="GW-01").update(short_name='甲"; filename=x.exe\r\nSet-Cookie: a=b')
    Report.objects.update(title='甲\r\nX-Bad: 1"；乙')
    StoredFile.objects.update(name='甲"\r\nX-Bad: 1.pdf')
    attachment = full.record.attachments.get()
    for address in ("/org/GW-01/export/", f"/reports/GW-01/{full.report.pk}/export/docx/",
                    f"/activities/GW-01/file/{attachment.pk}/", "/activities/GW-01/import/template/",
                    f"/ledger/GW-01/snapshots/{full.snapshot.pk}/file/"):  # fmt: skip
        answer = full.clients["secretary"].get(address)
        assert answer.status_code == 200, address
        assert not {"X-Bad", "Set-Cookie"} & set(answer.headers), address
        assert "\n" not in answer.headers["Content-Disposition"], address
