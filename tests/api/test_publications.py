"""The notice board through the API: three persons, the same refusals, nothing typed is dropped."""

from __future__ import annotations

from datetime import date

import pytest

from tests.api.test_keys import refused
from tests.conftest import _account
from zhibu.activities.models import Activity
from zhibu.disclosure.models import Publication
from zhibu.org.models import JournalEntry

BODY = "organizations/GW-01"
NOTICE_DAY = date(2025, 1, 1)
NOTICE = {"item": "notice", "title": "汛期值班", "body": "党员轮流值班。", "audience": "unit", "since": "2025-03-20"}


@pytest.fixture
def three(cast, door):
    """Doors of whoever proposes, reviews and approves."""
    accounts = _account("publicity", cast.members[3]), _account("discipline", cast.members[4]), cast.secretary
    return [door(one) for one in accounts]


def test_up_by_three_persons(cast, door, three):
    proposer, reviewer, approver = three
    made = proposer.post(f"{BODY}/publications", NOTICE)
    assert made.status_code == 201
    row = made.json()
    assert (row["state"], row["until"], row["up"]) == ("draft", "2025-04-02", False)
    assert row["may"] == ["discard", "edit", "propose"]
    where = f"{BODY}/publications/{row['id']}"
    assert proposer.post(f"{where}/propose", None).json()["state"] == "proposed"
    refused(proposer.post(f"{where}/review", None), 422, "reviewed-by-proposer")
    assert reviewer.post(f"{where}/review", None).json()["state"] == "reviewed"
    refused(reviewer.post(f"{where}/approve", None), 403, "not-allowed")
    up = approver.post(f"{where}/approve", None).json()
    assert (up["state"], up["up"], [one["step"] for one in up["steps"]]) == (
        "approved", True, ["draft", "propose", "review", "approve"],
    )  # fmt: skip
    assert Activity.objects.get(pk=up["record"]).kind == "disclosure"
    seen = door(cast.member).get(f"{BODY}/publications", up=True).json()
    assert [(one["title"], one["label"]) for one in seen["items"]] == [("汛期值班", up["label"])]
    verbs = JournalEntry.objects.filter(object_type="publication").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == [f"{one}-publication" for one in ("draft", "propose", "review", "approve")]


def test_given_back_corrected_withdrawn(cast, door, three):
    proposer, reviewer, approver = three
    where = f"{BODY}/publications/{proposer.post(f'{BODY}/publications', NOTICE).json()['id']}"
    proposer.post(f"{where}/propose", None)
    refused(reviewer.post(f"{where}/give-back", {"reason": " "}), 422, "reason-needed")
    back = reviewer.post(f"{where}/give-back", {"reason": "日期不对"}).json()
    assert (back["state"], back["reason"]) == ("draft", "日期不对")
    refused(proposer.post(f"{where}/discard", None), 422, "was-proposed")
    changed = {name: value for name, value in NOTICE.items() if name != "item"} | {"title": "值班安排", "version": 1}
    assert proposer.put(where, changed).json()["title"] == "值班安排"
    refused(proposer.put(where, changed), 409, "saved-by-other")
    for one, step in zip(three, ("propose", "review", "approve"), strict=True):
        assert one.post(f"{where}/{step}", None).status_code == 200
    refused(proposer.put(where, changed | {"version": 2}), 422, "publication-moved-on")
    correction = proposer.post(f"{where}/correct", None)
    assert correction.status_code == 201
    assert correction.json()["replaces"] == int(where.rpartition("/")[2])
    gone = approver.post(f"{where}/end", {"how": "withdraw", "reason": "内容有误"}).json()
    assert (gone["state"], gone["up"]) == ("withdrawn", False)
    refused(door(cast.member).get(where), 404, "not-found")


def test_a_draft_thrown_away(cast, three):
    made = three[0].post(f"{BODY}/publications", NOTICE).json()
    assert three[0].post(f"{BODY}/publications/{made['id']}/discard", None).json() == {"id": made["id"]}
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"item": "no-such"}, "item"),
        ({"audience": "everybody"}, "audience"),
        ({"period": "2025-03"}, "period"),
        ({"item": "monthly-plan"}, "period"),
        ({"item": "monthly-plan", "period": "2031-03"}, "period"),
        ({"title": "长" * 101}, "title"),
        ({"about": 1}, "about"),
        ({"since": "1900-01-01"}, "since"),
    ],
)
def test_what_does_not_fit(cast, door, changes, field):
    answer = door(cast.secretary).post(f"{BODY}/publications", NOTICE | changes)
    refused(answer, 422, "invalid")
    assert list(answer.json()["data"]["fields"]) == [field]
    assert not Publication.objects.exists()


def test_no_identity_number_on_a_board(cast, door):
    body = "联系人身份证号11010519491231002X。"
    refused(door(cast.secretary).post(f"{BODY}/publications", NOTICE | {"body": body}), 422, "identity-number-shown")


def test_matters_and_what_is_due(cast, door):
    from zhibu.disclosure.boards import adopt

    one = door(cast.secretary)
    refused(door(cast.member).get(f"{BODY}/disclosures-due"), 403, "not-allowed")
    adopt(cast.secretary, cast.branch, ["monthly-plan"], on=NOTICE_DAY)
    adopted = [row for row in one.get(f"{BODY}/matters").json() if row["since"]]
    assert [(row["item"], row["periods"]) for row in adopted] == [("monthly-plan", True)]
    due = one.get(f"{BODY}/disclosures-due", owed=True).json()
    assert {(row["item"], row["period"]) for row in due["items"]} >= {("monthly-plan", "2025-04")}


def test_a_cell_has_no_board(cast, door):
    refused(door(cast.secretary).get("organizations/GW-01-1/publications"), 404, "not-found")
