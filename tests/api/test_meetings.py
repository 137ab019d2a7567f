"""Meetings through the API: prepared, answered, minutes put aside by several hands, recorded once."""

from __future__ import annotations

import pytest

from tests.api.conftest import LECTURE
from tests.api.test_keys import refused
from zhibu.activities.models import Activity
from zhibu.meetings.models import Meeting
from zhibu.notices.models import Notice

BODY = "organizations/GW-01"
COMING = {"kind": "lecture", "title": "三月党课", "day": "2025-03-28", "starts": "15:00", "agenda": "讲课\n讨论"}


@pytest.fixture
def prepared(cast, door):
    answer = door(cast.secretary).post(f"{BODY}/meetings", COMING | {"chair": cast.members[0].pk})
    assert answer.status_code == 201
    return answer.json()


def test_prepared_and_invited(cast, door, prepared):
    assert (prepared["state"], prepared["starts"], prepared["chair"]["name"]) == ("planned", "15:00:00", "闻知远")
    assert len(prepared["invitations"]) == 9  # who should come, as nobody was named
    assert Notice.objects.filter(kind="meeting").count() == 3  # those with an account
    member = door(cast.member)
    (row,) = member.get(f"{BODY}/meetings").json()["items"]
    whole = member.get(f"{BODY}/meetings/{row['id']}").json()
    assert whole["invitations"] is None
    assert whole["mine"] == {"member": {"id": cast.members[5].pk, "name": "温汝舟"}, "leave": False, "reason": ""}


def test_whoever_is_not_invited_sees_nothing(cast, door, prepared):
    where = f"{BODY}/meetings/{prepared['id']}"
    some = [cast.members[0].pk, cast.members[1].pk]
    changed = {name: COMING[name] for name in ("title", "agenda")} | {"day": "2025-03-29", "invited": some}
    answer = door(cast.secretary).put(where, changed).json()
    assert (answer["day"], [one["member"]["id"] for one in answer["invitations"]]) == ("2025-03-29", some)
    refused(door(cast.member).get(where), 404, "not-found")
    assert door(cast.member).get(f"{BODY}/meetings").json()["count"] == 0
    kept = door(cast.secretary).put(where, {"title": "党课", "day": "2025-03-30"}).json()
    assert [one["member"]["id"] for one in kept["invitations"]] == some


def test_leave_and_its_reason(cast, door, prepared):
    where, member = f"{BODY}/meetings/{prepared['id']}", door(cast.member)
    refused(member.post(f"{where}/leave", {"leave": True}), 422, "leave-reason")
    assert member.post(f"{where}/leave", {"leave": True, "reason": "出差"}).json()["mine"]["leave"] is True
    draft = door(cast.secretary).get(f"{where}/minutes").json()["draft"]
    assert draft[f"presence-{cast.members[5].pk}"] == ["leave"]
    assert draft[f"reason-{cast.members[5].pk}"] == ["出差"]
    refused(member.get(f"{where}/minutes"), 403, "not-allowed")


def test_two_recorders(cast, door, prepared):
    where = f"{BODY}/meetings/{prepared['id']}/minutes"
    one, other = door(cast.secretary), door(cast.deputy)
    read = one.get(where).json()
    mine = one.put(where, {"version": read["version"], "draft": read["draft"] | {"minutes": ["我写的"]}})
    assert mine.json()["draft"]["minutes"] == ["我写的"]
    refused(other.put(where, {"version": read["version"], "draft": {"minutes": ["他写的"]}}), 409, "minutes-changed")
    theirs = other.put(where, {"version": mine.json()["version"], "draft": {"minutes": ["合在一起"]}}).json()
    assert [row["draft"]["minutes"] for row in theirs["earlier"]] == [["我写的"]]
    long = {"version": theirs["version"], "draft": {f"f-{n}": ["长" * 200_000] for n in range(2)}}
    refused(other.put(where, long), 422, "draft-too-long")


def test_recorded_once(cast, door, prepared):
    where, one = f"{BODY}/meetings/{prepared['id']}", door(cast.secretary)
    version = one.get(f"{where}/minutes").json()["version"]
    here = [{"member": member.pk, "presence": "present"} for member in cast.members]
    record = {name: value for name, value in LECTURE.items() if name != "kind"}
    record |= {"version": version, "attendance": here, "chair": cast.members[0].pk, "recorder": cast.members[1].pk}
    refused(one.post(f"{where}/record", record | {"votes": [{"matter": "甲", "entitled": 1, "present": 1, "yes": 1}]}),
            422, "invalid")  # fmt: skip
    saved = one.post(f"{where}/record", record)
    assert saved.status_code == 201
    assert saved.json()["activity"]["attended"] == 9
    whole = one.get(where).json()
    assert (whole["state"], whole["activity"]) == ("recorded", saved.json()["activity"]["id"])
    refused(one.post(f"{where}/record", record), 422, "meeting-over")
    assert Activity.objects.count() == 1
    refused(door(cast.member).post(f"{where}/confirm", {"role": "chair"}), 422, "confirm-not-yours")
    assert one.post(f"{where}/confirm", {"role": "chair"}).json()["confirmed"]["chair"]["version"] == 1
    assert one.get(f"{where}/minutes").json()["draft"] == {}


def test_cancelled(cast, door, prepared):
    where, one = f"{BODY}/meetings/{prepared['id']}", door(cast.secretary)
    refused(one.post(f"{where}/cancel", {}), 422, "reason-needed")
    assert one.post(f"{where}/cancel", {"reason": "改为自学"}).json()["state"] == "cancelled"
    refused(one.put(where, {"title": "党课", "day": "2025-03-30"}), 422, "meeting-over")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "talk"}, "kind"),
        ({"kind": "no-such"}, "kind"),
        ({"day": "2025-03-01"}, "day"),
        ({"starts": "15:00", "ends": "14:00"}, "ends"),
        ({"chair": 99999}, "chair"),
        ({"invited": [99999]}, "invited"),
        ({"title": ""}, "title"),
    ],
)
def test_what_does_not_fit(cast, door, changes, field):
    answer = door(cast.secretary).post(f"{BODY}/meetings", COMING | changes)
    refused(answer, 422, "invalid")
    assert list(answer.json()["data"]["fields"]) == [field]
    assert not Meeting.objects.exists()
