"""The leaders' overview: figures open their records, no person, constant queries; the paper with its charts."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import _organization
from tests.ledger.records import hold
from tests.review.test_letters import PROBLEM, sent
from zhibu.ledger.overview import Body, Sum
from zhibu.review.overview import Line, Worries, cell_of, needs

ADDRESS = "/review/GW/overview/2025/"


def test_a_cell_says_in_words_what_its_colour_says():
    from zhibu.ledger.overview import ORDER

    def cell(met, missing):
        row = [0] * len(ORDER)
        row[ORDER.index("met")], row[ORDER.index("missing")] = met, missing
        return cell_of(Sum(row))

    found = [cell(4, 0), cell(3, 1), cell(2, 1), cell(1, 3), cell(0, 0), cell_of(None)]
    assert [one.look for one in found] == ["met", "late", "defective", "missing", "none", "none"]
    assert [one.text for one in found] == ["4/4", "3/4", "2/3", "1/4", "—", "—"]
    body = Body(1, "A", "甲支部", "branch", "", False)
    lines = [Line(body, found[3], ()), Line(body._replace(id=2), found[0], ())]
    assert [one.body.id for one in needs(lines, {})] == [1]
    assert [len(one.why) for one in needs(lines, {2: Worries(1, 2)})] == [1, 2]


def test_figures_of_the_year_and_who_needs_help(cast, as_):
    _cycle, entry, leader = sent(cast)
    hold(cast, "general-meeting", date(2025, 2, 10))
    shown = as_(leader).get(ADDRESS).content.decode()
    assert "青禾县水文站党支部" in shown
    assert "1个，已整改0个" in shown
    assert "完成不到60%" in shown
    for name in (entry.reporter.name, PROBLEM):  # nothing about persons, nothing of a letter
        assert name not in shown
    assert as_(leader).get("/review/GW/overview/1999/").status_code == 404
    assert as_(leader).get("/review/GW/overview/9999/").status_code == 404
    assert as_(leader).get("/review/GW-01/overview/2025/").status_code == 404


def test_the_paper_says_the_same(cast, as_):
    _cycle, entry, leader = sent(cast)
    answer = as_(leader).get("/review/GW/overview/2025.pdf")
    pages = pypdfium2.PdfDocument(BytesIO(answer.content))
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "2025年度党建工作概览" in text
    assert "需要帮助的党组织" in text
    assert entry.reporter.name not in text
    assert len(pages) <= 3


@pytest.mark.parametrize("who", ["secretary", "member", "outsider"])
def test_only_the_committee_and_those_above(cast, as_, who):
    sent(cast)
    for address in (ADDRESS, "/review/GW/overview/2025.pdf"):
        answer = as_(getattr(cast, who)).get(address)
        assert answer.status_code in (403, 404)
        assert "需要帮助" not in answer.content.decode()


def test_as_many_queries_for_three_bodies_as_for_two(cast, as_):
    client = as_(cast.clerk)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS)
    _organization(cast.committee, "GW-03", "青禾县气象局党支部", "branch")
    with CaptureQueriesContext(connection) as many:
        client.get(ADDRESS)
    assert len(many) == len(few)
