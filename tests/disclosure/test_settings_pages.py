"""The catalogue adopted, the public page switched, the wall's link renewed: by those who keep the board."""

from __future__ import annotations

import pytest

from tests.disclosure.publishing import DAY
from tests.journeys.clock import calendar
from zhibu.disclosure.models import Board
from zhibu.org.models import JournalEntry

pytestmark = pytest.mark.django_db

CATALOGUE, WAYS = "/disclosure/GW-01/catalogue/", "/disclosure/GW-01/ways/"


@pytest.fixture(autouse=True)
def day(monkeypatch):
    calendar(monkeypatch)(DAY)


def text(answer):
    return answer.content.decode()


def test_the_catalogue_is_adopted(cast, as_):
    page = as_(cast.secretary).get(CATALOGUE)
    assert "还没有定目录" in text(page)
    assert "candidates" in page.context["chosen"]
    assert "monthly-plan" not in page.context["chosen"]  # a local habit binds where it is adopted
    answer = as_(cast.secretary).post(CATALOGUE, {"items": ["monthly-plan", "rules"]}, follow=True)
    assert "本组织定的目录" in text(answer)
    assert set(Board.objects.get().items) == {"monthly-plan", "rules"}
    assert JournalEntry.objects.get(verb="adopt-catalogue").data["items"] == ["monthly-plan", "rules"]


def test_unverified_articles_are_shown_as_such(cast, as_):
    page = text(as_(cast.member).get(CATALOGUE))
    assert "《中国共产党党务公开条例（试行）》第十一条（未核对）" in page
    assert "《中国共产党发展党员工作细则》第十三条（应当）" in page
    assert "checkbox" not in page


def test_bad_choices_are_refused(cast, as_):
    for items in ([], ["party"], ["rules", "\x00"]):
        assert as_(cast.secretary).post(CATALOGUE, {"items": items}).status_code == 422
    assert not Board.objects.exists()


def test_requires_who_keeps_the_board(cast, as_):
    assert as_(cast.member).post(CATALOGUE, {"items": ["rules"]}).status_code == 403
    assert as_(cast.outsider).post(CATALOGUE, {"items": ["rules"]}).status_code == 404
    for method in ("get", "post"):
        assert getattr(as_(cast.member), method)(WAYS, {"act": "open"}).status_code == 403
        assert getattr(as_(cast.outsider), method)(WAYS, {"act": "open"}).status_code == 404
    assert not Board.objects.exists()
    assert as_(cast.clerk).post(WAYS, {"act": "open"}).status_code == 302  # the committee above may


def test_the_public_page_is_switched(cast, as_):
    client = as_(cast.secretary)
    assert "现在没有开放" in text(client.get(WAYS))
    client.post(WAYS, {"act": "open"})
    assert "http://testserver/public/GW-01/" in text(client.get(WAYS))
    client.post(WAYS, {"act": "close"})
    assert "现在没有开放" in text(client.get(WAYS))
    assert JournalEntry.objects.filter(verb="open-board").count() == 2
    client.post(WAYS, {"act": "other"})
    assert not Board.objects.get().public


def test_the_wall_link_is_renewed_and_stopped(cast, as_):
    client = as_(cast.secretary)
    client.post(WAYS, {"act": "renew"})
    first = Board.objects.get().wall_key
    assert len(first) >= 32
    assert f"http://testserver/wall/{first}/" in text(client.get(WAYS))
    client.post(WAYS, {"act": "renew"})
    assert Board.objects.get().wall_key != first
    assert client.get(f"/wall/{first}/").status_code == 404
    client.post(WAYS, {"act": "stop"})
    assert Board.objects.get().wall_key is None
    assert first not in str(list(JournalEntry.objects.values_list("summary", "data")))
