"""What needs no log-in shows what is for the public, up today, of a body that switched the page on; nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from tests.disclosure.publishing import DAY, NOTICE, at, bring_up, draft, people
from tests.journeys.clock import calendar
from zhibu.activities import files
from zhibu.disclosure import boards, opinions, public_views, services
from zhibu.disclosure.models import Comment
from zhibu.org.models import JournalEntry, Organization

pytestmark = pytest.mark.django_db

URL = "/public/GW-01/"


@pytest.fixture
def visitor():
    return Client()


@pytest.fixture
def three(cast, monkeypatch, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    calendar(monkeypatch)(DAY)
    return people(cast)


@pytest.fixture
def board(cast, three):
    """One of everything that could leak, by what it is; only `public` may be seen."""
    boards.open_to_public(cast.secretary, cast.branch, True)

    def up(title, **more):
        return bring_up(cast, three, **{"audience": "public", "title": title, **more})

    waiting = draft(three.proposer, cast.branch, title="待审核的", audience="public")
    services.propose(three.proposer, waiting, at=at(DAY))
    reviewed = draft(three.proposer, cast.branch, title="待审批的", audience="public")
    services.propose(three.proposer, reviewed, at=at(DAY))
    services.review(three.reviewer, reviewed, at=at(DAY))
    old = up("撤下的", on=date(2026, 2, 2), since=date(2026, 2, 2), until=date(2026, 12, 31))
    found = {
        "public": up("可以看的"),
        "unit": up("本单位的", audience="unit"),
        "branch": up("党内的", audience="branch"),
        "draft": draft(three.proposer, cast.branch, title="草稿的", audience="public"),
        "proposed": waiting,
        "reviewed": reviewed,
        "expired": up("到期的", on=date(2026, 2, 2), since=date(2026, 2, 2), until=date(2026, 3, 1)),
        "coming": up("以后的", since=date(2026, 3, 3)),
        "withdrawn": services.withdraw(cast.secretary, up("撤回的"), "误发", at=at(DAY)),
        "down": services.take_down(cast.secretary, old, "办完了", at=at(DAY)),
    }
    theirs = draft(cast.outsider, cast.other, title="别处的", audience="public")
    type(theirs).objects.filter(pk=theirs.pk).update(state="approved")
    return found | {"other": theirs}


def text(answer):
    return answer.content.decode()


def test_only_what_is_for_the_public_and_up_today_is_seen(visitor, board):
    page = text(visitor.get(URL))
    assert "可以看的" in page
    hidden = [one.title for name, one in board.items() if name != "public"]
    assert len(hidden) == 10
    assert [title for title in hidden if title in page] == []
    assert {name: visitor.get(f"{URL}{one.pk}/").status_code for name, one in board.items()} == {
        name: 200 if name == "public" else 404 for name in board
    }


def test_neither_are_their_files_nor_who_brought_it_up(cast, visitor, three, board):
    kept = files.keep(ContentFile(b"%PDF-1.7 made up"), "明细.pdf")
    for one in board.values():
        one.files.add(files.store(cast.branch, cast.secretary, kept, at(DAY)))
    found = {name: visitor.get(f"{URL}{one.pk}/file/{one.files.get().pk}/") for name, one in board.items()}
    assert [name for name, answer in found.items() if answer.status_code == 200] == ["public"]
    assert found["public"].headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    page = text(visitor.get(f"{URL}{board['public'].pk}/"))
    assert [name for name in ("蒲云帆", "桑以宁", "闻知远", "温汝舟") if name in page] == []


def test_it_is_in_no_cache_and_no_search_engine(visitor, board):
    for address in (URL, f"{URL}{board['public'].pk}/", f"{URL}suggest/", "/receipt/"):
        answer = visitor.get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"


def test_a_body_that_did_not_switch_it_on_has_no_page(cast, visitor, three, board):
    for code in ("GW-02", "GW", "GW-01-1", "nowhere"):
        for part in ("", "suggest/", f"{board['other'].pk}/"):
            assert visitor.get(f"/public/{code}/{part}").status_code == 404
    boards.open_to_public(cast.secretary, cast.branch, False)
    for part in ("", "suggest/", f"{board['public'].pk}/"):
        assert visitor.get(f"{URL}{part}").status_code == 404
    assert visitor.post(f"{URL}suggest/", {"text": "x"}).status_code == 404


def test_a_body_that_has_ended_has_no_page(cast, visitor, board):
    Organization.objects.filter(pk=cast.branch.pk).update(ended=DAY)
    assert visitor.get(URL).status_code == 404


def test_a_suggestion_from_the_public_and_its_answer(cast, visitor, board):
    answer = visitor.post(f"{URL}suggest/", {"text": "路灯坏了。", "name": "", "website": ""})
    row = Comment.objects.get()
    assert row.receipt in text(answer)
    assert (row.source, row.name, row.account, row.publication, row.organization) == (
        "public", "", None, None, cast.branch
    )  # fmt: skip
    assert JournalEntry.objects.get(verb="comment").account is None
    assert "还没有答复" in text(visitor.post("/receipt/", {"number": row.receipt}))
    opinions.answer(cast.secretary, row, "已报修。", at=at(DAY))
    page = text(visitor.post("/receipt/", {"number": row.receipt.lower()}))
    assert "已报修。" in page
    assert "闻知远" not in page
    assert "路灯坏了" not in text(visitor.get(URL))


def test_an_opinion_on_a_publication(visitor, board):
    one = board["public"]
    visitor.post(f"{URL}{one.pk}/", {"text": "写得不清楚。", "name": "居民"})
    assert (Comment.objects.get().publication, Comment.objects.get().name) == (one, "居民")
    page = text(visitor.get(f"{URL}{one.pk}/"))
    assert "写得不清楚" not in page
    assert visitor.post(f"{URL}{board['unit'].pk}/", {"text": "x"}).status_code == 404
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    "sent", [{}, {"text": " "}, {"text": "长" * 1001}, {"text": "好", "name": "长" * 31}, {"text": "\x00"}]
)
def test_rejects_bad_input(visitor, board, sent):
    assert visitor.post(f"{URL}suggest/", sent).status_code == 422
    assert not Comment.objects.exists()


def test_a_machine_that_fills_in_the_trap_is_thanked_and_forgotten(visitor, board):
    answer = visitor.post(f"{URL}suggest/", {"text": "买药", "website": "http://spam.example"})
    assert "已收到，谢谢" in text(answer)
    assert not Comment.objects.exists()


def test_no_more_than_so_many_an_hour(visitor, board, monkeypatch):
    monkeypatch.setattr(public_views, "COMMENTS_AN_HOUR", 2)
    monkeypatch.setattr(public_views, "RECEIPTS_AN_HOUR", 2)
    found = [visitor.post(f"{URL}suggest/", {"text": f"第{n}条"}).status_code for n in range(3)]
    assert found == [200, 200, 422]
    assert Comment.objects.count() == 2
    assert visitor.post(f"{URL}suggest/", {"text": "别处来的"}, REMOTE_ADDR="10.0.0.9").status_code == 200
    tried = [text(visitor.post("/receipt/", {"number": "ABCDE-FGHJK"})) for _ in range(3)]
    assert ["没有这个查询号" in page for page in tried] == [True, True, False]
    assert "提交得太频繁" in tried[2]


def test_no_address_is_kept(visitor, board):
    visitor.post(f"{URL}suggest/", {"text": "建议"}, REMOTE_ADDR="10.7.7.7")
    kept = str(list(Comment.objects.values())) + str(list(JournalEntry.objects.values()))
    assert "10.7.7.7" not in kept


def test_markup_stays_text(cast, visitor, three):
    boards.open_to_public(cast.secretary, cast.branch, True)
    bad = "<script>alert(7)</script>"
    made = bring_up(cast, three, {**NOTICE, "audience": "public", "title": bad, "body": bad})
    for address in (URL, f"{URL}{made.pk}/"):
        assert bad not in text(visitor.get(address))
        assert "&lt;script&gt;" in text(visitor.get(address))


def test_a_token_is_asked_for(board):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{URL}suggest/", {"text": "x"}).status_code == 403
    assert not Comment.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_little(cast, visitor, three, django_assert_max_num_queries, number):
    boards.open_to_public(cast.secretary, cast.branch, True)
    for n in range(number):
        bring_up(cast, three, audience="public", title=f"通知{n}")
    with django_assert_max_num_queries(2):
        visitor.get(URL)
