"""What went wrong is said in words, with a way on; nothing of the inside shows, and what was typed is not lost."""

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("failing_pages")


def test_a_user_error_is_a_page_with_its_sentence_and_the_way_back(as_, cast):
    page = as_(cast.member).get("/wrong/", headers={"referer": "http://testserver/help/"})
    assert page.status_code == 400
    text = page.content.decode()
    assert "1999年没有记录。" in text
    assert "no-such-year" in text
    assert 'href="/help/"' in text


def test_the_way_back_never_leads_to_another_site(as_, cast):
    page = as_(cast.member).get("/wrong/", headers={"referer": "http://evil.example/help/"})
    assert "evil.example" not in page.content.decode()


def test_htmx_gets_the_error_as_a_notice(as_, cast):
    page = as_(cast.member).get("/wrong/", headers={"hx-request": "true"})
    assert page.status_code == 400
    assert page["HX-Retarget"] == "#notices"
    assert "<html" not in page.content.decode()
    assert "1999年没有记录。" in page.content.decode()


def test_refused_pages_say_who_may(as_, cast):
    page = as_(cast.member).get("/forbidden/")
    assert page.status_code == 403
    assert "本支部书记、副书记可以修改。" in page.content.decode()


def test_a_missing_page_names_neither_reason_nor_address(as_, cast):
    page = as_(cast.member).get("/enter/GW-02/")
    assert page.status_code == 404
    text = page.content.decode()
    assert "没有这一页" in text
    assert "档案馆" not in text


def test_a_broken_page_shows_nothing_of_the_inside(cast, caplog):
    client = Client(raise_request_exception=False)
    client.force_login(cast.member, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/broken/")
    assert page.status_code == 500
    text = page.content.decode()
    assert "系统出了错" in text
    assert "secret of the inside" not in text
    assert "a secret of the inside" in caplog.text


def test_a_stale_form_shows_what_was_typed_and_no_secret(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.member, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(
        "/write/", {"minutes": "会议讨论了<b>全年</b>的学习计划", "secret_password": "Hidden-Word-12345"}
    )
    assert page.status_code == 403
    text = page.content.decode()
    assert "会议讨论了&lt;b&gt;全年&lt;/b&gt;的学习计划" in text
    assert "Hidden-Word" not in text


def test_too_large_a_form_and_too_large_a_file_have_their_own_sentences(as_, cast, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = as_(cast.member).post("/write/", {"minutes": "长" * 2000})
    assert page.status_code == 413
    assert "提交的内容太多" in page.content.decode()
    settings.UPLOAD_LIMIT = 100
    page = as_(cast.member).post("/write/", {"minutes": "长" * 2000})
    assert page.status_code == 413
    assert "文件太大" in page.content.decode()


def test_errors_are_said_in_the_readers_language(as_, cast):
    client = as_(cast.member)
    client.post("/language/", {"language": "en", "next": "/help/"})
    assert 'lang="en"' in client.get("/wrong/").content.decode()
