"""Evaluations through the API: what the ledger says with its evidence, what the body answers, handed in once."""

from __future__ import annotations

import pytest

from tests.api.conftest import DAY, NOW
from tests.api.test_keys import refused
from zhibu.activities.entry import Entry
from zhibu.activities.services import record_activity
from zhibu.scoring import queries
from zhibu.scoring.models import State
from zhibu.scoring.services import ask_evaluations

BODY = "organizations/GW-01"


@pytest.fixture
def asked(cast):
    """An evaluation of 2025, and a talk among its records."""
    entry = Entry("talk", "谈心的内容不外传", DAY, chair=cast.members[0].pk, minutes="谈心的内容不外传",
                  fields={"partner": cast.members[7].pk, "subject": "谈心的内容不外传"})  # fmt: skip
    cast.talk = record_activity(cast.secretary, cast.branch, entry, at=NOW)
    offered = queries.schemes_for(cast.committee)["standard-branch"]
    (made,) = ask_evaluations(cast.clerk, cast.committee, offered, 2025, [cast.branch], at=NOW)
    return made


def lines_of(answer):
    return {line["item"]: line for line in answer["lines"]}


def test_lines_with_their_evidence(cast, door, asked):
    answer = door(cast.member).get(f"{BODY}/evaluations/{asked.pk}")
    found = answer.json()
    assert (found["state"], found["organization"], found["committee"], found["may"]) == ("self", "GW-01", "GW", [])
    lines = found["lines"]
    assert any(line["cells"] and line["why"] for line in lines)
    cell = next(line for line in lines if line["cells"])["cells"][0]
    assert {"duty", "period", "status", "regulation", "article", "verified"} <= set(cell)
    assert found["total"]["low"] <= found["total"]["high"] <= found["total"]["full"]
    assert sum(line["low"] for line in lines) == pytest.approx(found["total"]["low"])
    talks = [row for line in lines for row in line["records"] if row["kind"] == "talk"]
    assert {row["title"] for row in talks} <= {"谈心谈话"}
    assert "不外传" not in answer.content.decode()


def test_answered_and_submitted(cast, door, asked):
    one, where = door(cast.secretary), f"{BODY}/evaluations/{asked.pk}"
    read = one.get(where).json()
    refused(one.post(f"{where}/submit", {"version": read["version"]}), 422, "evaluation-unanswered")
    lines = lines_of(read)
    first, *others = read["rest"]
    said = [{"item": first, "choice": lines[first]["choices"][0]["choice"], "note": "有记录可查"}]
    saved = one.put(f"{where}/answers", {"version": read["version"], "answers": said}).json()
    assert lines_of(saved)[first]["note"] == "有记录可查"
    rest = [{"item": slug, "choice": lines[slug]["choices"][0]["choice"]} for slug in others]
    refused(one.put(f"{where}/answers", {"version": read["version"], "answers": rest}), 409, "evaluation-changed")
    saved = one.put(f"{where}/answers", {"version": saved["version"], "answers": rest}).json()
    assert saved["rest"] == []
    assert lines_of(saved)[first]["note"] == "有记录可查"  # nothing was said of it this time
    done = one.post(f"{where}/submit", {"version": saved["version"]}).json()
    assert (done["state"], done["on"], len(done["snapshot"])) == ("submitted", DAY.isoformat(), 64)
    refused(one.put(f"{where}/answers", {"version": done["version"], "answers": []}), 403, "not-allowed")
    asked.refresh_from_db()
    assert asked.state == State.SUBMITTED
    (row,) = door(cast.clerk).get("organizations/GW/evaluations", whose="below", state="submitted").json()["items"]
    assert row["id"] == asked.pk


def test_what_does_not_fit(cast, door, asked):
    one, where = door(cast.secretary), f"{BODY}/evaluations/{asked.pk}"
    read = one.get(where).json()
    told = next(line["item"] for line in read["lines"] if not line["asked"])
    given = [{"item": "no-such"}, {"item": told, "choice": "yes"}]
    answer = one.put(f"{where}/answers", {"version": read["version"], "answers": given})
    refused(answer, 422, "invalid")
    assert list(answer.json()["data"]["fields"]) == ["answers.0.item", "answers.1.choice"]
    given = [{"item": read["rest"][0], "choice": "no-such"}]
    answer = one.put(f"{where}/answers", {"version": read["version"], "answers": given})
    refused(answer, 422, "invalid")
    assert one.get(where).json() == read


def test_only_of_ones_own_scope(cast, door, asked):
    refused(door(cast.outsider).get(f"{BODY}/evaluations/{asked.pk}"), 404, "not-found")
    assert door(cast.secretary).get(f"{BODY}/evaluations", whose="below").json()["items"] == []
    refused(door(cast.secretary).get("organizations/GW/evaluations", whose="below"), 404, "not-found")
    refused(door(cast.member).put(f"{BODY}/evaluations/{asked.pk}/answers", {"version": 1, "answers": []}), 403,
            "not-allowed")  # fmt: skip
