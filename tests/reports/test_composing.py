"""A report says only what the snapshot holds; what is missing is a gap; every figure knows its records."""

from __future__ import annotations

import pytest

from zhibu.errors import UserError
from zhibu.reports.claims import evaluate
from zhibu.reports.composing import Writer, compose, gaps, spans, to_document, values
from zhibu.reports.outlines import outline_for, outline_named

WRITER = Writer("闻知远", "书记", "青禾县水文站党支部", "县委县直机关工委", "2025年12月20日")


LABELS = {"general-meeting": "党员大会", "lecture": "党课"}


def record(number, kind, held, **more):
    return {"id": number, "kind": kind, "kinds": [kind], "title": f"第{number}次", "held": held, "entitled": 10,
            "present": 9, "attended": 10, "hours": 0, "chair": "闻知远", "late_days": 1,
            "label": LABELS[kind], **more}  # fmt: skip


def cell(duty, label, period, status, evidence=()):
    return {"duty": duty, "label": label, "subject": "GW-01", "period": period, "status": status,
            "evidence": list(evidence)}  # fmt: skip


@pytest.fixture
def snapshot():
    return {
        "format": 1, "year": 2025, "on": "2025-12-20",
        "organization": {"code": "GW-01", "name": "青禾县水文站党支部", "kind": "branch"},
        "members": {"members": 9, "full_members": 8, "probationary": 1, "committee": 5, "cells": 0},
        "activities": [
            record(1, "general-meeting", "2025-03-05"),
            record(2, "general-meeting", "2025-06-10", present=10, chair="苏明棠"),
            record(3, "lecture", "2025-07-01", title="坚定理想信念"),
        ],
        "cells": [
            cell("branch-work/general-meeting", "党员大会", "2025-Q1", "met", [1]),
            cell("branch-work/general-meeting", "党员大会", "2025-Q2", "met", [2]),
            cell("branch-work/general-meeting", "党员大会", "2025-Q3", "missing"),
            cell("branch-work/general-meeting", "党员大会", "2025-Q4", "not-yet-due"),
        ],
        "resolutions": [{"activity": 1, "done": "2025-04-01"}, {"activity": 2, "done": None}],
        "hours": {"members": 9, "reached_32": 6, "average": 30.25},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "text", "evidence"),
    [
        ("count general-meeting", "2", (1, 2)),
        ("count general-meeting by=writer", "1", (1,)),
        ("attendance general-meeting", "95%", (1, 2)),
        ("dates general-meeting", "3月5日、6月10日", (1, 2)),
        ("first general-meeting", "3月5日", (1,)),
        ("titles lecture", "“坚定理想信念”", (3,)),
        ("member members", "9", ()),
        ("owed branch-work/general-meeting", "3", (1, 2)),
        ("unmet branch-work/general-meeting", "1", ()),
        ("when branch-work/general-meeting", "第三季度", ()),
        ("resolutions", "2", (1, 2)),
        ("done", "1", (1,)),
        ("average", "30.2", ()),
    ],
)
def test_queries(snapshot, query, text, evidence):
    claim = evaluate(query, snapshot, "闻知远")
    assert (claim.text, claim.evidence) == (text, evidence)


def test_a_query_without_records_says_nothing(snapshot):
    assert evaluate("count talk", snapshot) is None


@pytest.mark.parametrize("query", ["invent activities", "count talk on=2025"])
def test_an_unknown_query_is_refused(snapshot, query):
    with pytest.raises(UserError, match="看不懂引用"):
        evaluate(query, snapshot)


def test_every_figure_of_a_composed_report_is_a_claim_or_a_fixed_phrase(snapshot):
    body = compose(outline_named("branch-secretary"), snapshot, WRITER)
    text = to_document(body, snapshot, WRITER).text
    assert "召开党员大会2次，有表决权党员到会率95%，其中本人主持1次。" in text
    assert "谈心谈话的记录" in gaps(body)
    assert "开展谈心谈话" not in text
    assert "一是党员大会没有全部落实。全年应落实3期，第三季度没有落实。" in text
    assert text.count("党员大会没有全部落实的原因") == 1
    assert text.count("针对党员大会没有全部落实的问题") == 1


def test_a_record_added_later_changes_the_figure_and_nothing_else(snapshot):
    body = compose(outline_named("branch-secretary"), snapshot, WRITER)
    before = to_document(body, snapshot, WRITER).text
    snapshot["activities"].append(record(4, "general-meeting", "2025-09-01"))
    after = to_document(body, snapshot, WRITER).text
    assert before != after
    assert "召开党员大会3次" in after


def test_a_claim_whose_records_went_away_becomes_a_gap(snapshot):
    body = compose(outline_named("branch-secretary"), snapshot, WRITER)
    snapshot["activities"] = []
    parts = spans("召开[[c1]]次", {"c1": None})
    assert parts[1].role == "gap"
    assert any(claim is None for claim in values(body, snapshot, WRITER.name).values())


def test_the_annex_names_the_records_of_each_claim(snapshot):
    body = compose(outline_named("branch-secretary"), snapshot, WRITER)
    document = to_document(body, snapshot, WRITER, annex=True, digest="abc")
    table, records = (block for block in document.blocks if block.kind == "table")
    used = {span.ref for block in document.blocks for span in block.spans if span.role == "claim"}
    assert used == set(table.anchors) - {""}
    assert "1、2" in {row[2] for row in table.rows}
    assert ("1", "2025-03-05", "党员大会", "第1次") in records.rows
    assert len({row[0] for row in records.rows}) == len(records.rows)


def test_no_outline_for_a_post_that_does_not_report():
    assert outline_for("branch", "secretary") == "branch-secretary"
    with pytest.raises(UserError):
        outline_for("branch", "clerk")
