"""What belongs to one body is neither read nor changed by naming its numbers from another."""

from __future__ import annotations

import pytest

from tests.activities.entering import filled, save
from zhibu.activities.models import Activity, Attachment
from zhibu.org.models import ImportBatch, Member
from zhibu.reports.models import Report


def numbers(full):
    """Everything of GW-01 by its number, at addresses of GW-02."""
    attachment = Attachment.objects.get(activity=full.record)
    member, report = full.cast.members[0].pk, full.report.pk
    return [
        f"/activities/GW-02/{full.record.pk}/", f"/activities/GW-02/{full.record.pk}/correct/",
        f"/activities/GW-02/{full.record.pk}/withdraw/", f"/activities/GW-02/{full.record.pk}/history/",
        f"/handbook/GW-02/record/{full.record.pk}/docx/",
        f"/activities/GW-02/file/{attachment.pk}/", f"/activities/GW-02/import/{full.activities.pk}/",
        f"/activities/GW-02/import/{full.roster.pk}/", f"/org/GW-02/import/{full.roster.pk}/",
        f"/org/GW-02/import/{full.activities.pk}/", f"/ledger/GW-02/snapshots/{full.snapshot.pk}/",
        f"/ledger/GW-02/snapshots/{full.snapshot.pk}/file/", f"/org/GW-02/members/{member}/",
        f"/org/GW-02/members/{member}/edit/", f"/org/GW-02/members/{member}/status/",
        f"/org/GW-02/posts/{full.cast.members[0].posts.get().pk}/end/",
        *(f"/reports/GW-02/{report}/{part}" for part in
          ("", "edit/", "check/", "versions/", "versions/1/restore/", "compare/", "export/", "export/docx/",
           "claims/c1/")),
        *(f"/disclosure/GW-02/{one.pk}/{part}" for one in (full.board.up, full.board.waiting, full.board.draft)
          for part in ("", "edit/", "end/", "step/", "poster/")),
        f"/disclosure/GW-02/suggestions/{full.board.opinion.pk}/task/",
        f"/disclosure/GW-02/suggestions/{full.board.opinion.pk}/answer/", f"/public/GW-02/{full.board.up.pk}/",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["outsider", "clerk"])
def test_numbers_of_one_body_lead_nowhere_under_another(full, who):
    client = full.clients[who]
    before = (Activity.objects.get(pk=full.record.pk).version, Member.objects.count(), Report.objects.get().body)
    for address in numbers(full):
        assert client.get(address).status_code in (404, 405), address
        for act in ("confirm", "undo", "save"):
            sent = {"act": act, "reason": "试试", "version": "1", "note": "试试", "on": "2026-01-08"}
            assert client.post(address, sent).status_code in (404, 405), address
    for act in ("refresh", "waive", "claims"):
        assert client.post(f"/reports/GW-02/{full.report.pk}/{act}/", {"query": "resolutions"}).status_code == 404
    after = (Activity.objects.get(pk=full.record.pk).version, Member.objects.count(), Report.objects.get().body)
    assert after == before
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {"preview"}


def test_members_of_another_body_are_not_entered_as_present_chair_or_owner(full):
    stranger = full.clients["outsider"].session and Member.objects.get(name="阮青岚")
    client, address = full.clients["secretary"], "/activities/GW-01/record/general-meeting/"
    for field in ("chair", "recorder", "resolution-0-owner"):
        refused = client.post(address, filled(full.cast, title="另一次会", **{field: str(stranger.pk)}))
        assert refused.status_code == 422, field
    save(client, address, filled(full.cast, title="另一次会", **{f"presence-{stranger.pk}": "present"}))
    found = Activity.objects.get(title="另一次会")
    assert not found.attendance.filter(member=stranger).exists()


def test_resolutions_and_attachments_of_another_record_stay_where_they_are(full):
    client = full.clients["secretary"]
    save(client, "/activities/GW-01/record/general-meeting/", filled(full.cast, title="另一次会", held="2025-09-05"))
    mine, theirs = Activity.objects.get(title="另一次会"), full.record
    resolution, attachment = theirs.resolutions.get(), theirs.attachments.get()
    sent = filled(
        full.cast, title="另一次会", held="2025-09-05", version="1", reason="试试",
        **{"resolution-0-id": str(resolution.pk), "resolution-0-text": "改成别的", "drop-file": str(attachment.pk)},
    )  # fmt: skip
    assert save(client, f"/activities/GW-01/{mine.pk}/correct/", sent).status_code == 302
    resolution.refresh_from_db()
    assert (resolution.text, resolution.activity_id) == ("调整二季度学习计划", theirs.pk)
    assert theirs.attachments.get() == attachment


def test_numbers_beyond_any_row_are_not_found(full):
    client, beyond = full.clients["secretary"], "9" * 25
    for address in (f"/activities/GW-01/{beyond}/", f"/reports/GW-01/{beyond}/", f"/org/GW-01/members/{beyond}/",
                    f"/ledger/GW-01/snapshots/{beyond}/", f"/ledger/GW-01/{beyond}/", "/org/a%00b/"):  # fmt: skip
        assert client.get(address).status_code == 404, address
    sent = filled(full.cast, title="年中党员大会", held="2025-06-05", version="1", reason="试试",
                  **{"drop-file": [beyond, "²"], "resolution-0-id": beyond})  # fmt: skip
    assert client.post(f"/activities/GW-01/{full.record.pk}/correct/", sent).status_code < 500
