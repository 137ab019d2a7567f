"""Every outline: each figure can be read, what it names exists, and an empty year says nothing."""

from __future__ import annotations

import re

import pytest

from zhibu.activities.kinds import load_kinds
from zhibu.reports.claims import evaluate
from zhibu.reports.composing import TOKEN, Writer, compose, item_word, to_document
from zhibu.reports.outlines import outline_for, outlines
from zhibu.rulebook.regulations import load_regulations

EMPTY = {
    "format": 1, "year": 2025, "on": "2025-12-20", "members": {}, "activities": [], "cells": [], "hours": {},
    "organization": {"code": "X", "name": "青禾县水文站党支部", "kind": "branch"}, "resolutions": [],
}  # fmt: skip
WRITER = Writer("闻知远", "书记", "青禾县水文站党支部", "县委县直机关工委", "2025年12月20日")
OF_A_KIND = {"count", "attended", "attendance", "hours", "sum", "titles", "topics", "dates", "first"}


def queries(part):
    """Every query of an outline, wherever it stands; fillings of problems made concrete."""
    if isinstance(part, dict):
        return [query for value in part.values() for query in queries(value)]
    if isinstance(part, list):
        return [query for value in part for query in queries(value)]
    filled = str(part).replace("{duty}", "branch-work/general-meeting").replace("{label}", "党员大会")
    return [query for query in TOKEN.findall(filled) if not query.startswith("gap ")]


def sections(outline):
    for section in outline["sections"]:
        yield section
        yield from section.get("sections", ())


@pytest.mark.parametrize("name", sorted(outlines()))
def test_every_figure_can_be_read_and_names_what_exists(name):
    found = queries(outlines()[name])
    assert found
    for query in found:
        evaluate(query, EMPTY, "闻知远")
        verb, *rest = [word for word in query.split() if "=" not in word]
        if verb in OF_A_KIND:
            assert rest[0] in load_kinds(), query
        if verb == "sum":
            assert rest[1] in {field.slug for field in load_kinds()[rest[0]].fields if field.type == "number"}, query


@pytest.mark.parametrize("name", sorted(outlines()))
def test_duties_left_out_exist(name):
    known = {duty.id for regulation in load_regulations() for duty in regulation.duties}
    for section in sections(outlines()[name]):
        assert set(section.get("problems", {}).get("leave_out", ())) <= known


@pytest.mark.parametrize("name", sorted(outlines()))
def test_a_year_without_records_says_no_figure(name):
    body = compose(outlines()[name], EMPTY, WRITER)
    text = to_document(body, EMPTY, WRITER).text
    said = re.sub(r"2025年(?:度|12月20日)?", "", re.sub(r"【待补[^】]*】", "缺", text))
    assert body["claims"] == {}
    assert not re.search(r"\d", said), said
    assert not re.search(r"[，、；]。|。。|^[，。、；]", said, re.MULTILINE), said


@pytest.mark.parametrize("name", sorted(outlines()))
def test_every_outline_is_the_one_for_its_writers(name):
    outline = outlines()[name]
    assert {outline_for(kind, post) for kind in outline["for"] for post in outline["posts"]} == {name}
    assert outline["label"]
    assert outline["label_en"]


def test_items_are_counted_as_they_are_spoken():
    assert [item_word(number) for number in (1, 10, 11, 20, 21)] == ["一是", "十是", "十一是", "二十是", "二十一是"]
