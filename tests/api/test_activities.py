"""Activities through the API: the page's own checks, versions and refusals."""

from __future__ import annotations

import pytest

from tests.api.conftest import LECTURE
from tests.api.test_keys import refused
from zhibu.activities.models import Activity
from zhibu.org.models import JournalEntry

ADDRESS = "organizations/GW-01/activities"


def present(cast):
    return [{"member": one.pk, "presence": "present"} for one in cast.members]


def test_recorded_read_corrected_withdrawn(cast, door):
    one = door(cast.secretary)
    sent = {
        **LECTURE, "chair": cast.members[0].pk, "recorder": cast.members[3].pk,
        "fields": {"topic": "水文监测中的作风"}, "studied": ["党章"],
        "attendance": [*present(cast)[:-1], {"member": cast.members[8].pk, "presence": "leave", "reason": "出差"}],
    }  # fmt: skip
    answer = one.post(ADDRESS, sent)
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json()["activity"]
    assert (made["present"], made["chair"]["name"], made["fields"]) == (8, "闻知远", {"topic": "水文监测中的作风"})
    assert made["attendance"][-1] == {
        "member": {"id": cast.members[8].pk, "name": "简言之"}, "presence": "leave", "voting": False, "reason": "出差",
    }  # fmt: skip
    assert one.get(f"{ADDRESS}/{made['id']}").json() == made
    cells = one.get("organizations/GW-01/ledger/2025", kind="lecture", limit=200).json()["items"]
    assert made["id"] in [pk for cell in cells for pk in cell["evidence"]]

    answer = one.put(f"{ADDRESS}/{made['id']}", {**sent, "title": "党课：改作风", "version": 1, "reason": "名称写错"})
    assert answer.status_code == 200, answer.content.decode()
    assert (answer.json()["activity"]["title"], answer.json()["activity"]["version"]) == ("党课：改作风", 2)
    assert Activity.objects.get().revisions.get().reason == "名称写错"
    refused(one.put(f"{ADDRESS}/{made['id']}", {**sent, "version": 1, "reason": "又改"}), 409, "saved-by-other")

    answer = one.post(f"{ADDRESS}/{made['id']}/withdraw", {"reason": "记重了"})
    assert (answer.json()["withdrawn"], answer.json()["withdrawn_reason"]) == (True, "记重了")
    assert one.get(ADDRESS).json()["count"] == 0
    assert one.get(ADDRESS, withdrawn="true").json()["count"] == 1
    refused(one.post(f"{ADDRESS}/{made['id']}/withdraw", {"reason": "再撤"}), 422, "already-withdrawn")
    verbs = list(JournalEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["make-token", "record", "correct", "withdraw"]


def test_warnings_are_seen_first(cast, door):
    one = door(cast.secretary)
    sent = {**LECTURE, "seen": False}
    answer = one.post(ADDRESS, sent)
    refused(answer, 409, "warnings")
    assert answer.json()["data"]["remarks"][0]["severity"] in ("warning", "note")
    assert not Activity.objects.exists()
    answer = one.post(ADDRESS, {**sent, "seen": True})
    assert answer.status_code == 201
    assert answer.json()["remarks"]


def test_errors_stop_it_whatever_was_seen(cast, door):
    answer = door(cast.secretary).post(ADDRESS, {**LECTURE, "held": "2025-03-21"})
    refused(answer, 422, "held-in-future")
    assert {"severity": "error", "part": "held"}.items() <= answer.json()["data"]["remarks"][0].items()
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "no-such"}, "kind"),
        ({"title": "长" * 201}, "title"),
        ({"held": "1900-01-01"}, "held"),
        ({"chair": 999_999}, "chair"),
        ({"hours": 1000}, "hours"),
        ({"also": ["no-such"]}, "also"),
        ({"fields": {"no-such": "甲"}}, "fields.no-such"),
        ({"votes": [{"matter": "甲", "entitled": 1, "present": 1, "yes": 1}]}, "votes"),
        ({"attendance": [{"member": 999_999, "presence": "present"}]}, "attendance.0.member"),
        ({"attendance": [{"member": 1, "presence": "asleep"}]}, "attendance.0.presence"),
        ({"resolutions": [{"text": "长" * 301}]}, "resolutions"),
    ],
)
def test_bad_input(cast, door, change, field):
    answer = door(cast.secretary).post(ADDRESS, {**LECTURE, **change})
    refused(answer, 422, "invalid")
    assert any(name.startswith(field) for name in answer.json()["data"]["fields"]), answer.json()
    assert not Activity.objects.exists()


def test_somebody_of_another_branch_cannot_be_put_in(cast, door):
    stranger = cast.outsider.member.pk
    for change in ({"chair": stranger}, {"attendance": [{"member": stranger, "presence": "present"}]}):
        answer = door(cast.secretary).post(ADDRESS, {**LECTURE, **change})
        refused(answer, 422, "invalid")
        assert "阮青岚" not in answer.content.decode()


def test_a_kind_out_of_place(cast, door):
    refused(
        door(cast.clerk).post("organizations/GW/activities", LECTURE | {"kind": "cell-meeting"}),
        422,
        "kind-not-for-body",
    )


def test_votes_and_resolutions(cast, door):
    one = door(cast.secretary)
    vote = {"matter": "通过工作计划", "entitled": 8, "present": 8, "yes": 8, "passed": True, "method": "hands"}
    sent = {
        "kind": "general-meeting", "title": "一季度党员大会", "held": "2025-03-12", "minutes": "大会审议了工作计划。",
        "attendance": present(cast), "votes": [vote], "seen": True,
        "resolutions": [{"text": "修订考勤制度", "owner": cast.members[3].pk, "due": "2025-04-30"}],
    }  # fmt: skip
    answer = one.post(ADDRESS, sent)
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json()["activity"]
    assert (made["votes"][0]["passed"], made["votes"][0]["no"], made["votes"][0]["yes"]) == (True, 0, 8)
    resolution = made["resolutions"][0]
    assert (resolution["text"], resolution["owner"]["name"]) == ("修订考勤制度", "蒲云帆")
    # What a meeting resolved is followed up as a task, as when it is recorded on the page.
    tasks = one.get("organizations/GW-01/tasks").json()["items"]
    assert [(row["text"], row["due"]) for row in tasks] == [("修订考勤制度", "2025-04-30")]
    kept = {
        **sent,
        "version": 1,
        "reason": "补时限",
        "resolutions": [{**sent["resolutions"][0], "id": resolution["id"]}],
    }
    again = one.put(f"{ADDRESS}/{made['id']}", kept).json()["activity"]
    assert again["resolutions"][0]["id"] == resolution["id"]


def test_filters(cast, door):
    one = door(cast.secretary)
    for day, kind in (("2025-03-12", "lecture"), ("2025-02-12", "study"), ("2024-11-12", "study")):
        sent = {**LECTURE, "held": day, "kind": kind, "title": f"{day}活动", "minutes": f"{day}的活动另有内容。"}
        assert one.post(ADDRESS, sent).status_code == 201

    def titles(**asked):
        return [row["title"] for row in one.get(ADDRESS, **asked).json()["items"]]

    assert titles() == ["2025-03-12活动", "2025-02-12活动", "2024-11-12活动"]
    assert titles(year=2025) == ["2025-03-12活动", "2025-02-12活动"]
    assert titles(kind="study") == ["2025-02-12活动", "2024-11-12活动"]
    assert titles(month=11) == titles(year=2024) == ["2024-11-12活动"]
    assert titles(search="03-12") == ["2025-03-12活动"]
    assert titles(kind="'; drop table") == []
    refused(one.get(ADDRESS, year=1), 422, "invalid")
