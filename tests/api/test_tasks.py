"""Tasks and plans through the API, from beginning to end."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from tests.api.conftest import LECTURE
from tests.api.test_keys import refused
from zhibu.org.models import Post
from zhibu.tasks.models import Task

ADDRESS = "organizations/GW-01/tasks"


def test_from_giving_to_the_verified_end(cast, door):
    secretary, deputy = door(cast.secretary), door(cast.deputy)
    made = secretary.post(ADDRESS, {"text": "修订考勤制度", "due": "2025-04-30", "asked": "新制度"}).json()
    where = f"{ADDRESS}/{made['id']}"
    assert (made["state"], made["owner"], made["responsible"]["name"]) == ("open", None, "闻知远")
    owner, helper = cast.members[3].pk, cast.members[5].pk
    answer = secretary.post(f"{where}/assign", {"owner": owner, "helpers": [helper]})
    assert (answer.json()["owner"]["name"], answer.json()["helpers"]) == ("蒲云帆", [{"id": helper, "name": "温汝舟"}])
    shown = secretary.post("organizations/GW-01/activities", LECTURE).json()["activity"]["id"]
    helping = door(cast.member)
    answer = helping.post(f"{where}/progress", {"text": "已起草", "evidence": [shown]})
    assert answer.json()["evidence"][0]["id"] == shown
    refused(secretary.post(f"{where}/verify", {}), 403, "not-allowed")  # nobody has reported yet
    assert helping.post(f"{where}/report", {"text": "已印发"}).json()["state"] == "reported"
    refused(helping.post(f"{where}/verify", {}), 403, "not-allowed")
    refused(deputy.post(f"{where}/return", {}), 422, "task-says-nothing")
    assert deputy.post(f"{where}/return", {"text": "缺附件"}).json()["state"] == "open"
    answer = secretary.post(f"{where}/deadline", {"due": "2025-05-15", "text": "等上级新规"})
    assert answer.json()["due"] == "2025-05-15"
    secretary.post(f"{where}/report", {"text": "附件已补"})
    refused(secretary.post(f"{where}/verify", {}), 403, "not-allowed")  # not the one who reported it
    done = deputy.post(f"{where}/verify", {"text": "看过"}).json()
    assert (done["state"], done["closed_on"], done["may"]) == ("closed", "2025-03-20", [])
    steps = [step["verb"] for step in done["steps"]]
    assert steps == ["give", "assign", "progress", "report", "return", "move", "report", "close"]
    refused(secretary.post(f"{where}/cancel", {"text": "不办了"}), 403, "not-allowed")


def test_handed_down_and_split(cast, door):
    clerk, secretary = door(cast.clerk), door(cast.secretary)
    sent = {"text": "报送自查报告", "due": "2025-04-10", "bodies": ["GW-01", "GW-02"]}
    made = clerk.post("organizations/GW/tasks", sent).json()
    assert sorted(part["organization"] for part in made["parts"]) == ["GW-01", "GW-02"]
    (mine,) = secretary.get(ADDRESS).json()["items"]
    assert (mine["given_by"], mine["due"]) == ("GW", "2025-04-10")
    given = clerk.get("organizations/GW/tasks", whose="given").json()
    assert given["count"] == 2
    split = secretary.post(f"{ADDRESS}/{mine['id']}/parts", {"text": "汇总台账", "due": "2025-04-01"}).json()
    assert [part["text"] for part in split["parts"]] == ["汇总台账"]
    assert [part["text"] for part in split["chain"]] == ["报送自查报告"]
    answer = secretary.post(f"{ADDRESS}/{mine['id']}/parts", {"text": "晚了", "due": "2025-05-01"})
    refused(answer, 422, "task-due-beyond")
    answer = clerk.post("organizations/GW/tasks", {**sent, "bodies": ["GW-01", "NONE"]})
    refused(answer, 422, "invalid")
    assert "NONE" in str(answer.json()["data"])
    refused(secretary.post(ADDRESS, {"text": "x", "every_branch": True}), 422, "invalid")
    assert clerk.post("organizations/GW/tasks", {"text": "全体", "every_branch": True}).json()["parts"].__len__() == 2


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("", {"text": " "}, "invalid"),
        ("", {"text": "甲", "owner": 999_999}, "invalid"),
        ("", {"text": "甲", "kind": "no-such"}, "invalid"),
        ("/assign", {"owner": 999_999}, "invalid"),
        ("/progress", {"text": ""}, "task-says-nothing"),
        ("/progress", {"text": "甲", "evidence": [999_999]}, "invalid"),
        ("/report", {"text": "长" * 501}, "invalid"),
        ("/deadline", {"due": "2025-03-01", "text": "提前"}, "task-due-past"),
        ("/cancel", {"text": ""}, "task-says-nothing"),
    ],
)
def test_bad_input(cast, door, path, data, code):
    one = door(cast.secretary)
    made = one.post(ADDRESS, {"text": "修订考勤制度", "due": "2025-04-30"}).json()
    before = Task.objects.values().get()
    refused(one.post(f"{ADDRESS}/{made['id']}{path}" if path else ADDRESS, data), 422, code)
    assert Task.objects.values().get() == before


def test_a_talk_is_no_evidence(cast, door):
    """A member cannot have the title of a talk he may not read shown to him as evidence."""
    one = door(cast.secretary)
    talk = {"kind": "talk", "title": "谈心", "held": "2025-03-10", "chair": cast.members[0].pk,
            "fields": {"partner": cast.members[7].pk}, "seen": True}  # fmt: skip
    answer = one.post("organizations/GW-01/activities", talk)
    assert answer.status_code == 201, answer.content.decode()
    made = one.post(ADDRESS, {"text": "谈心谈话"}).json()
    sent = {"text": "已谈", "evidence": [answer.json()["activity"]["id"]]}
    refused(one.post(f"{ADDRESS}/{made['id']}/progress", sent), 422, "invalid")


def test_filters(cast, door):
    one = door(cast.secretary)
    for text, due in (("甲", "2025-03-31"), ("乙", "2026-01-31"), ("丙", None)):
        one.post(ADDRESS, {"text": text, "due": due, "owner": cast.members[0].pk if text == "乙" else None})
    Task.objects.filter(text="甲").update(due=date(2025, 3, 1))

    def texts(**asked):
        return [row["text"] for row in one.get(ADDRESS, **asked).json()["items"]]

    assert texts() == ["甲", "乙", "丙"]
    assert texts(year=2026) == ["乙"]
    assert texts(overdue="true") == ["甲"]
    assert texts(mine="true") == ["乙"]
    assert texts(state="closed") == []
    refused(one.get(ADDRESS, state="nearly"), 422, "invalid")


# --- plans ------------------------------------------------------------------------------------------------------------

PLAN = "organizations/GW-01/plans/2025-03"


def test_a_plan_from_draft_to_its_end(cast, door, monkeypatch):
    one, member = door(cast.secretary), door(cast.member)
    drafted = one.post(PLAN, None).json()
    assert (drafted["state"], drafted["version"]) == ("draft", 1)
    assert drafted["items"]
    assert member.get(PLAN).status_code == 404
    assert member.get("organizations/GW-01/origins").json()["count"] == 0
    keep = drafted["items"][0]
    items = [
        {"id": keep["id"], "text": "学习新修订的条例", "due": "2025-03-28", "owner": cast.members[3].pk},
        {"text": "走访困难党员", "due": "2025-03-30"},
    ]
    saved = one.put(PLAN, {"version": 1, "items": items}).json()
    assert [(row["text"], row["state"]) for row in saved["items"]] == [
        ("学习新修订的条例", "draft"),
        ("走访困难党员", "draft"),
    ]
    assert saved["items"][0]["id"] == keep["id"]
    refused(one.put(PLAN, {"version": 1, "items": items}), 409, "plan-changed")
    meeting = {"kind": "committee-meeting", "title": "三月支委会", "held": "2025-03-03", "seen": True,
               "minutes": "研究三月工作计划。"}  # fmt: skip
    pk = one.post("organizations/GW-01/activities", meeting).json()["activity"]["id"]
    refused(one.post(f"{PLAN}/approve", {"meeting": pk + 1}), 422, "invalid")
    approved = one.post(f"{PLAN}/approve", {"meeting": pk}).json()
    assert (approved["state"], approved["approved_on"]) == ("in-force", "2025-03-03")
    assert member.get(PLAN).json()["items"][0]["text"] == "学习新修订的条例"
    added = one.post(f"{PLAN}/items", {"items": [{"text": "打扫卫生", "due": "2025-03-29"}]}).json()
    assert len(added["items"]) == 3
    refused(one.post(f"{PLAN}/settle", {"verdicts": []}), 422, "plan-not-over")
    monkeypatch.setattr(timezone, "localdate", lambda *moment: moment[0].date() if moment else date(2025, 3, 31))
    verdicts = [{"item": row["id"], "verdict": "moved", "reason": "人手不够"} for row in added["items"]]
    refused(one.post(f"{PLAN}/settle", {"verdicts": verdicts[1:]}), 422, "plan-undecided")
    assert one.post(f"{PLAN}/settle", {"verdicts": verdicts}).json()["state"] == "closed"
    moved = {"学习新修订的条例", "走访困难党员", "打扫卫生"}
    following = one.get("organizations/GW-01/plans/2025-04").json()["items"]
    assert moved < {row["text"] for row in following}  # beside what April asks for itself
    rows = one.get("organizations/GW-01/origins", form="plan", year=2025).json()["items"]
    assert [(row["since"], row["state"]) for row in rows] == [("2025-04-01", "draft"), ("2025-03-01", "closed")]


@pytest.mark.parametrize("month", ["2025-13", "2025-3", "0001-01", "²025-03", "9999-12"])
def test_months_there_are_none_of(cast, door, month):
    assert door(cast.secretary).get(f"organizations/GW-01/plans/{month}").status_code == 404


def test_items_are_checked_as_on_the_page(cast, door):
    one = door(cast.secretary)
    one.post(PLAN, None)
    for item in ({"due": "2025-05-01"}, {"owner": cast.outsider.member.pk}, {"kind": "no-such"}, {"id": 10**18}):
        answer = one.put(PLAN, {"version": 1, "items": [{"text": "学习", "due": "2025-03-28", **item}]})
        assert answer.status_code == 422, item
        assert answer.json()["code"] in ("invalid", "plan-item-outside")
    assert one.get(PLAN).json()["version"] == 1


def test_a_leader_in_charge_may_ask_after_it(cast, door):
    """分管领导: reads and notes in the bodies in his charge, and gives no orders there."""
    Post.objects.create(
        organization=cast.branch, member=cast.outsider.member, title="in-charge", since=date(2025, 1, 1)
    )
    made = door(cast.secretary).post(ADDRESS, {"text": "修订考勤制度"}).json()
    leader = door(cast.outsider)
    assert leader.get(f"{ADDRESS}/{made['id']}").json()["may"] == ["progress"]
    assert leader.post(f"{ADDRESS}/{made['id']}/progress", {"text": "请抓紧"}).status_code == 200
    refused(leader.post(f"{ADDRESS}/{made['id']}/report", {"text": "办完"}), 403, "not-allowed")


# --- ledger and duties ------------------------------------------------------------------------------------------------


def test_why_a_usual_duty_was_not_done(cast, door):
    one = door(cast.secretary)
    cells = one.get("organizations/GW-01/ledger/2024", status="missing").json()["items"]
    usual = next(cell for cell in cells if cell["strength"] == "usually")
    sent = {"duty": usual["duty"], "period": usual["period"], "reason": "汛期值守，改在下月"}
    answer = one.put("organizations/GW-01/ledger/2024/explanation", sent)
    assert answer.status_code == 200, answer.content.decode()
    strict = next((cell for cell in cells if cell["strength"] in ("must", "shall")), None)
    assert strict is not None
    sent = {"duty": strict["duty"], "period": strict["period"], "reason": "太忙"}
    refused(one.put("organizations/GW-01/ledger/2024/explanation", sent), 422, "explanation-not-asked")
    refused(one.put("organizations/GW-01/ledger/2024/explanation", {**sent, "duty": "a/b"}), 404, "not-found")


def test_a_local_duty(cast, door):
    clerk, secretary = door(cast.clerk), door(cast.secretary)
    sent = {"label": "每月学习", "document": "办法", "origin": "工委", "number": "1号", "text": "每月至少学习1次",
            "strength": "at-least", "subject": ["branch"], "since": "2025-01-01", "kinds": ["study"], "count": 1,
            "per": "month"}  # fmt: skip
    made = clerk.post("organizations/GW/local-duties", sent)
    assert made.status_code == 201, made.content.decode()
    found = secretary.get("organizations/GW-01/duties", kind="study", limit=200).json()["items"]
    assert made.json()["id"] in [duty["id"] for duty in found]
    cells = secretary.get("organizations/GW-01/ledger/2025", duty=made.json()["id"]).json()
    assert cells["count"] == 12
    answer = clerk.post("organizations/GW/local-duties", {**sent, "kinds": ["no-such"], "per": ""})
    refused(answer, 422, "invalid")
    assert {"kinds", "per"} <= set(answer.json()["data"]["fields"])
    ended = clerk.post(f"organizations/GW/local-duties/{made.json()['pk']}/end", {"until": "2025-06-30"})
    assert ended.json()["until"] == "2025-06-30"
    assert clerk.get("organizations/GW/local-duties").json()["items"][0]["until"] == "2025-06-30"
