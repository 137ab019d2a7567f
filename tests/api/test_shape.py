"""Errors in one shape; text as people write it; lists with a limit."""

from __future__ import annotations

import pytest

from tests.api.conftest import LECTURE
from tests.api.test_keys import refused


def test_chinese_as_chinese(cast, door):
    assert "闻知远".encode() in door(cast.secretary).get("me").content


def test_unknown_addresses_and_methods(cast, door):
    one = door(cast.secretary)
    refused(one.get("no/such/thing"), 404, "not-found")
    refused(one("delete", "organizations"), 405, "method-not-allowed")
    refused(one.get("organizations/NONE"), 404, "not-found")


@pytest.mark.parametrize("body", ["", "{", "[1", "\xff", '{"text": ' + "[" * 100_000])
def test_bodies_that_are_no_json(cast, door, body):
    one = door(cast.secretary)
    answer = one.client.post(
        "/api/v1/organizations/GW-01/tasks", body, content_type="application/json",
        headers={"Authorization": f"Bearer {one.text}"},
    )  # fmt: skip
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"code", "message", "data"}


def test_a_form_is_no_json(cast, door):
    one = door(cast.secretary)
    answer = one.client.post(
        "/api/v1/organizations/GW-01/tasks", {"text": "x"}, headers={"Authorization": f"Bearer {one.text}"}
    )
    refused(answer, 400, "bad-json")


def test_a_body_beyond_measure(cast, door):
    refused(door(cast.secretary).post("organizations/GW-01/tasks", {"text": "长" * 3_000_000}), 413, "body-too-large")


def test_faults_are_named_in_chinese(cast, door):
    answer = door(cast.secretary).post("organizations/GW-01/activities", {"held": "soon", "title": 3, "votes": [{}]})
    refused(answer, 422, "invalid")
    fields = answer.json()["data"]["fields"]
    assert fields["held"] == ["应是日期，写成 2025-03-05。"]
    assert fields["kind"] == fields["votes.0.matter"] == ["缺少这一项。"]
    assert fields["title"] == ["应是文字。"]


def test_a_services_refusal(cast, door):
    answer = door(cast.secretary).post("organizations/GW-01/tasks", {"text": "补办", "due": "2025-03-01"})
    refused(answer, 422, "task-due-past")
    assert answer.json()["data"] == {"due": "2025-03-01"}
    assert "2025-03-01" in answer.json()["message"]


def test_control_characters_are_taken_out(cast, door):
    answer = door(cast.secretary).post("organizations/GW-01/tasks", {"text": "甲\x00乙\ud800丙\x0b"})
    assert answer.json()["text"] == "甲乙丙"


def test_lists_have_a_limit(cast, door):
    one = door(cast.secretary)
    first = one.get("organizations/GW-01/members", limit=4).json()
    rest = one.get("organizations/GW-01/members", limit=200, offset=4).json()
    assert (first["count"], first["limit"], len(first["items"]), len(rest["items"])) == (9, 4, 4, 5)
    ids = [row["id"] for row in first["items"] + rest["items"]]
    assert sorted(ids) == sorted(member.pk for member in cast.members)
    for asked in ({"limit": 201}, {"limit": 0}, {"offset": -1}, {"limit": "all"}, {"offset": 10**30}):
        refused(one.get("organizations/GW-01/members", **asked), 422, "invalid")


@pytest.mark.parametrize("pk", ["0", "-1", str(2**63), "9" * 40])
def test_numbers_no_database_holds(cast, door, pk):
    answer = door(cast.secretary).get(f"organizations/GW-01/activities/{pk}")
    assert answer.status_code in (404, 422)
    assert set(answer.json()) == {"code", "message", "data"}


def test_a_full_disk(cast, door, monkeypatch):
    import errno

    def full(*_arguments, **_named):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("zhibu.activities.services.record_activity", full)
    refused(door(cast.secretary).post("organizations/GW-01/activities", LECTURE), 507, "disk-full")


def test_refused_before_any_view(cast, door):
    """A control character in an address, a broken form, a foreign host: told as everything else is."""
    one = door(cast.secretary)
    refused(one.get("organizations/GW%0F/members"), 404, "not-found")
    broken = {"content_type": "multipart/form-data; boundary=", "headers": {"Authorization": f"Bearer {one.text}"}}
    refused(one.client.post("/api/v1/organizations/GW-01/tasks", "--x", **broken), 400, "bad-request")
    foreign = {"host": "elsewhere.example", "Authorization": f"Bearer {one.text}"}
    refused(one.client.get("/api/v1/me", headers=foreign), 400, "bad-request")


def test_a_fault_of_ours(cast, door, monkeypatch):
    def broken(*_arguments, **_named):
        raise RuntimeError("闻知远的秘密")

    monkeypatch.setattr("zhibu.api.organizations.access.seen_by", broken)
    one = door(cast.secretary)
    one.client.raise_request_exception = False
    answer = one.get("organizations")
    refused(answer, 500, "fault")
    assert "秘密" not in answer.content.decode()


def test_pages_stay_pages(cast, as_):
    answer = as_(cast.secretary).get("/org/NONE/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
