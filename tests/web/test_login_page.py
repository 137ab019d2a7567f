"""Logging in: it works, refuses clearly, locks after five failures, and comes back to the page that was asked for."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from tests.conftest import PASSWORD

LOGIN = "/login/"


@pytest.fixture
def time_machine_of_minutes(monkeypatch):
    """Set the clock so many minutes ahead of the test's beginning."""
    now, seconds = timezone.now(), time.time()

    def ahead(minutes):
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=minutes))
        monkeypatch.setattr(time, "time", lambda: seconds + minutes * 60)

    return ahead


def test_it_leads_to_the_page_that_was_asked_for(client, cast):
    asked = client.get("/password/")
    assert asked.status_code == 302
    assert asked["Location"] == "/login/?next=/password/"
    answer = client.post(asked["Location"], {"username": "member", "password": PASSWORD, "next": "/password/"})
    assert answer["Location"] == "/password/"


def test_a_wrong_password_is_told_in_words(client, cast):
    page = client.post(LOGIN, {"username": "member", "password": "wrong"})
    assert page.status_code == 200
    assert "账号或密码不对" in page.content.decode()


def test_it_never_leads_to_another_site(client, cast):
    answer = client.post(LOGIN, {"username": "member", "password": PASSWORD, "next": "https://example.org/"})
    assert answer["Location"] == "/"


def test_five_failures_lock_the_account_even_for_the_right_password(client, cast, settings):
    settings.AXES_ENABLED = True
    for _ in range(5):
        page = client.post(LOGIN, {"username": "member", "password": "wrong"})
    assert page.status_code == 429
    assert "锁定十五分钟" in page.content.decode()
    again = client.post(LOGIN, {"username": "member", "password": PASSWORD})
    assert again.status_code == 429
    assert client.post(LOGIN, {"username": "deputy", "password": PASSWORD}).status_code == 302


def test_a_form_sent_after_the_session_ended_comes_back_to_its_page(client, cast):
    answer = client.post("/password/", {"x": "1"}, headers={"referer": "http://testserver/help/?a=1"})
    assert answer["Location"] == "/login/?next=/help/%3Fa%3D1&expired=1"
    assert "登录已超时" in client.get(answer["Location"]).content.decode()


def test_a_fragment_asked_for_after_the_session_ended_moves_the_whole_page(client, cast):
    answer = client.get("/bodies/", headers={"hx-request": "true", "hx-current-url": "http://testserver/help/"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/login/?next=/help/&expired=1"


def test_logging_out_needs_a_form_and_ends_the_session(as_, cast):
    client = as_(cast.member)
    assert client.get(reverse("web:logout")).status_code == 405
    assert client.post(reverse("web:logout"))["Location"] == LOGIN
    assert client.get("/password/").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", "New-Password-88", "New-Password-88", "当前密码不对"),
        (PASSWORD, "New-Password-88", "New-Password-99", "两次输入的新密码不一样"),
        (PASSWORD, "lowercaseonly", "lowercaseonly", "三种"),
    ],
)
def test_a_password_that_cannot_be_taken_says_why(as_, cast, old, new, again, words):
    page = as_(cast.member).post("/password/", {"old_password": old, "new_password1": new, "new_password2": again})
    assert page.status_code == 200
    assert words in page.content.decode()


def test_the_password_is_changed(as_, cast):
    form = {"old_password": PASSWORD, "new_password1": "New-Password-88", "new_password2": "New-Password-88"}
    assert as_(cast.member).post("/password/", form).status_code == 302
    cast.member.refresh_from_db()
    assert cast.member.check_password("New-Password-88")


def test_a_session_is_prolonged_by_use_but_not_written_with_every_page(as_, cast, time_machine_of_minutes):
    client = as_(cast.member)
    client.get("/help/")
    first = Session.objects.get().expire_date
    client.get("/help/")
    assert Session.objects.get().expire_date == first
    time_machine_of_minutes(20)
    client.get("/help/")
    assert Session.objects.get().expire_date > first
    time_machine_of_minutes(40)
    assert client.get("/password/").status_code == 200
    time_machine_of_minutes(80)
    assert client.get("/password/").status_code == 302
