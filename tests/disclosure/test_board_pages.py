"""Reading the board: who sees what, and what stays with the committee."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.base import ContentFile

from tests.conftest import _account
from tests.disclosure.publishing import CANDIDATES, DAY, NOTICE, PLAN, at, bring_up, draft, people
from tests.journeys.clock import calendar
from zhibu.activities import files
from zhibu.disclosure import boards, services
from zhibu.disclosure.models import Publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(cast, monkeypatch, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    calendar(monkeypatch)(DAY)
    return people(cast)


@pytest.fixture
def board(cast, three):
    """One of everything that could leak, by name."""
    found = {
        "up": bring_up(cast, three, PLAN),
        "draft": draft(three.proposer, cast.branch, title="还是草稿"),
        "expired": bring_up(cast, three, on=date(2026, 2, 2), since=date(2026, 2, 2), title="已经到期"),
        "coming": bring_up(cast, three, title="还没到日子", since=date(2026, 3, 9)),
        "withdrawn": services.withdraw(cast.secretary, bring_up(cast, three, title="不该公开"), "误发", at=at(DAY)),
    }
    other = draft(cast.outsider, cast.other, title="别的支部的草稿")
    Publication.objects.filter(pk=other.pk).update(state="approved")
    return found | {"other": other}


def text(answer):
    return answer.content.decode()


def test_a_member_reads_what_is_up_and_nothing_else(cast, as_, board):
    page = text(as_(cast.member).get("/disclosure/GW-01/"))
    assert "2026年3月工作计划" in page
    for title in ("还是草稿", "已经到期", "还没到日子", "不该公开", "别的支部的草稿"):
        assert title not in page
    for address in ("/disclosure/GW-01/queue/", "/disclosure/GW-01/ways/", "/disclosure/GW-01/new/"):
        assert as_(cast.member).get(address).status_code == 403
    seen = {name: as_(cast.member).get(f"/disclosure/GW-01/{one.pk}/").status_code for name, one in board.items()}
    assert seen == {"up": 200, "draft": 404, "expired": 200, "coming": 404, "withdrawn": 404, "other": 404}


def test_a_member_sees_of_what_was_withdrawn_only_that_it_was(cast, as_, board):
    page = text(as_(cast.member).get("/disclosure/GW-01/archive/"))
    assert "已经到期" in page
    assert "内容已撤回" in page
    assert "不该公开" not in page
    assert "误发" not in page
    committee = text(as_(cast.secretary).get("/disclosure/GW-01/archive/"))
    assert "不该公开" in committee
    assert "误发" in committee


def test_the_committee_sees_what_waits_for_whom(cast, as_, three, board):
    services.propose(three.proposer, board["draft"], at=at(DAY))
    assert "等您办理" in text(as_(three.reviewer).get("/disclosure/GW-01/"))
    page = as_(three.reviewer).get("/disclosure/GW-01/queue/")
    assert [row.title for row in page.context["mine"]] == ["还是草稿"]
    assert [row.title for row in page.context["coming"]] == ["还没到日子"]
    own = as_(three.proposer).get("/disclosure/GW-01/queue/")
    assert (own.context["mine"], [row.title for row in own.context["others"]]) == ([], ["还是草稿"])


def test_what_is_due_stands_in_the_queue(cast, as_, board):
    assert "先定公开目录" in text(as_(cast.secretary).get("/disclosure/GW-01/queue/"))
    boards.adopt(cast.secretary, cast.branch, ["monthly-plan", "rules"], on=date(2026, 1, 1))
    page = as_(cast.secretary).get("/disclosure/GW-01/queue/")
    assert "已超过30天" in text(page)
    assert "迟了2天" in text(page)
    assert 'href="/disclosure/GW-01/new/monthly-plan/?period=2026-04"' in text(page)
    assert "有2项该公开的还没有公开" in text(as_(cast.secretary).get("/disclosure/GW-01/"))
    assert "该公开的还没有公开" not in text(as_(cast.member).get("/disclosure/GW-01/"))


def test_the_months_page_brings_it_along(cast, as_, three):
    boards.adopt(cast.secretary, cast.branch, ["monthly-plan"], on=date(2026, 1, 1))
    address = "/disclosure/GW-01/due/"
    assert f'hx-get="{address}"' in text(as_(cast.secretary).get("/ledger/GW-01/"))
    assert f'hx-get="{address}"' not in text(as_(cast.member).get("/ledger/GW-01/"))
    part = as_(cast.secretary).get(address, headers={"HX-Request": "true"})
    assert "月工作计划（2026年4月）" in text(part)
    assert "<html" not in text(part)
    assert as_(cast.secretary).get(address).url == "/disclosure/GW-01/queue/"
    assert as_(cast.member).get(address).status_code == 403


def test_others_do_not_find_it(cast, as_, client, board):
    addresses = [f"/disclosure/GW-01/{part}" for part in ("", "list/", "archive/", "suggestions/", "catalogue/")]
    assert all(client.get(address).status_code == 302 for address in addresses)
    assert {as_(cast.outsider).get(address).status_code for address in addresses} == {404}
    audit = _account("audit", office="audit")
    assert {as_(audit).get(address).status_code for address in addresses} == {403}
    assert as_(cast.secretary).get("/disclosure/GW-01-1/").status_code == 404  # a cell has no board


def test_the_superior_reads_it(cast, as_, board):
    assert "2026年3月工作计划" in text(as_(cast.clerk).get("/disclosure/GW-01/"))


def test_the_list_is_for_printing(cast, as_, board):
    page = text(as_(cast.member).get("/disclosure/GW-01/list/"))
    assert "2026年3月2日至2026年3月31日" in page.replace("\n", "")
    assert "蒲云帆、桑以宁、闻知远" in page


def test_a_publicity_tells_which_day_it_is(cast, as_, three, monkeypatch):
    made = bring_up(cast, three, CANDIDATES, on=date(2026, 6, 1))
    calendar(monkeypatch)(date(2026, 6, 3))
    assert "公示第3个工作日，共5个，到2026年6月5日满" in text(as_(cast.member).get(f"/disclosure/GW-01/{made.pk}/"))
    calendar(monkeypatch)(date(2026, 6, 8))
    services.correct(three.proposer, made, at=at(date(2026, 6, 8)))
    assert "到期" in text(as_(cast.member).get("/disclosure/GW-01/archive/"))


def test_files_go_to_those_who_read_the_publication(cast, as_, three):
    kept = files.keep(ContentFile(b"%PDF-1.7 made up"), "明细.pdf")
    values = {**NOTICE, "title": "带附件"}
    made = services.draft(three.proposer, cast.branch, values, [kept], at=at(DAY))
    address = f"/disclosure/GW-01/{made.pk}/file/{made.files.get().pk}/"
    assert as_(cast.member).get(address).status_code == 404
    services.propose(three.proposer, made, at=at(DAY))
    services.review(three.reviewer, made, at=at(DAY))
    services.approve(cast.secretary, made, at=at(DAY))
    answer = as_(cast.member).get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 made up"
    assert as_(cast.outsider).get(address).status_code == 404
    services.withdraw(cast.secretary, made, "误发", at=at(DAY))
    assert as_(cast.member).get(address).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("part", ["", "list/", "archive/", "queue/", "suggestions/"])
def test_pages_ask_little(cast, as_, three, django_assert_max_num_queries, number, part):
    boards.adopt(cast.secretary, cast.branch, ["monthly-plan", "rules"], on=date(2026, 1, 1))
    for n in range(number):
        bring_up(cast, three, title=f"通知{n}")
        bring_up(cast, three, on=date(2026, 2, 2), since=date(2026, 2, 2), title=f"到期{n}")
        services.propose(three.proposer, draft(three.proposer, cast.branch, title=f"待审{n}"), at=at(DAY))
    client = as_(cast.secretary)
    client.get("/disclosure/GW-01/")
    with django_assert_max_num_queries(16):
        client.get(f"/disclosure/GW-01/{part}")
