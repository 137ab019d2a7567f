"""A disk that fills in the middle of a write: nothing half-kept, and a sentence instead of a broken page."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from tests.activities.entering import filled, save
from zhibu.activities import files
from zhibu.activities.models import Activity, Attachment, Attendance, Resolution, StoredFile
from zhibu.http import is_full
from zhibu.org.models import ImportBatch, JournalEntry, MemberStatus

SENTENCE = "服务器磁盘已满，这一次没有保存，原有数据没有变动。"


def no_room(*_given, **_options):
    raise OSError(errno.ENOSPC, "No space left on device")


def no_room_for_rows(*_given, **_options):
    raise OperationalError("database or disk is full") from sqlite3.OperationalError("database or disk is full")


@pytest.fixture(params=[no_room, no_room_for_rows], ids=["file", "database"])
def full_disk(request):
    return request.param


def told(answer):
    assert answer.status_code == 507
    assert SENTENCE in answer.content.decode()


def test_recording(full, monkeypatch, full_disk):
    before = (Activity.objects.count(), Attendance.objects.count(), JournalEntry.objects.count())
    monkeypatch.setattr("zhibu.activities.services.note", full_disk)
    sent = filled(full.cast, title="另一次会", held="2025-09-05")
    told(save(full.clients["secretary"], "/activities/GW-01/record/general-meeting/", sent))
    assert (Activity.objects.count(), Attendance.objects.count(), JournalEntry.objects.count()) == before


def test_correcting_keeps_the_record_as_it_was(full, monkeypatch, full_disk):
    monkeypatch.setattr("zhibu.activities.services.note", full_disk)
    sent = filled(full.cast, title="改名", held="2025-06-05", version="1", reason="写错了")
    told(save(full.clients["secretary"], f"/activities/GW-01/{full.record.pk}/correct/", sent))
    full.record.refresh_from_db()
    assert (full.record.title, full.record.version) == ("年中党员大会", 1)
    assert full.record.votes.exists()
    assert not full.record.revisions.exists()


def test_importing_activities(full, monkeypatch, full_disk):
    before = Activity.objects.count()
    monkeypatch.setattr(Resolution.objects, "bulk_create", full_disk)
    told(full.clients["secretary"].post(f"/activities/GW-01/import/{full.activities.pk}/", {"act": "confirm"}))
    assert Activity.objects.count() == before
    assert ImportBatch.objects.get(pk=full.activities.pk).state == "preview"


def test_importing_a_roster(full, monkeypatch, full_disk):
    before = MemberStatus.objects.count()
    monkeypatch.setattr("zhibu.org.roster.note", full_disk)
    answer = full.clients["secretary"].post(f"/org/GW-01/import/{full.roster.pk}/", {"act": "confirm"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert MemberStatus.objects.count() == before
    assert ImportBatch.objects.get(pk=full.roster.pk).state == "preview"


def test_an_attachment_keeps_the_text_and_leaves_no_file(full, monkeypatch, settings):
    kept = [path for path in settings.FILES.rglob("*") if path.is_file()]
    monkeypatch.setattr(files.os, "fsync", no_room)
    sent = filled(full.cast, title="另一次会", held="2025-09-05")
    answer = full.clients["secretary"].post(
        "/activities/GW-01/record/general-meeting/", {**sent, "files": SimpleUploadedFile("新.pdf", b"%PDF-1.7 new")}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "没有保存：磁盘已满" in page
    assert "另一次会" in page
    assert (StoredFile.objects.count(), Attachment.objects.count()) == (1, 1)
    assert [path for path in settings.FILES.rglob("*") if path.is_file()] == kept


def test_saving_a_report(full, monkeypatch, full_disk):
    from tests.reports.year import posted

    monkeypatch.setattr("zhibu.reports.services.note", full_disk)
    sent = posted(full.report)
    sent["text"][-1] = "换一个日期"
    answer = full.clients["secretary"].post(f"/reports/GW-01/{full.report.pk}/edit/", sent)
    told(answer)
    body = full.report.body
    full.report.refresh_from_db()
    assert (full.report.body, full.report.version) == (body, 1)


def test_other_failures_are_not_called_a_full_disk():
    assert not is_full(OSError(errno.EACCES, "Permission denied"))
    assert not is_full(OperationalError("database is locked"))
