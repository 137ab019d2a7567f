"""Typed text survives an expired session, and never reaches another account on the same machine."""

import pytest
from django.contrib.sessions.models import Session

from tests.conftest import PASSWORD
from tests.web.pages import watched

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("failing_pages")]

TEXT = "三季度党员大会讨论了学习计划，决定每月安排一次集体学习。"


def log_in(page, name):
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.locator("form button.btn-primary").click()


def write(page, text=TEXT):
    page.fill("#minutes", text)
    page.get_by_label("two").check()
    page.fill("#secret", "never-kept-anywhere")


def drafts(page):
    return page.evaluate("Object.entries(sessionStorage).filter(([key]) => key.startsWith('zhibu-draft:'))")


def test_text_sent_into_an_expired_session_is_offered_after_logging_in_again(browser, live_server, cast):
    with watched(browser, live_server, cast.member) as page:
        page.goto("/write/")
        write(page)
        Session.objects.all().delete()
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/login/**")
        assert page.get_by_text("刚才输入的文字还留在这个窗口里").is_visible()
        log_in(page, "member")
        page.wait_for_url("**/write/")
        assert page.input_value("#minutes") == ""
        page.get_by_role("button", name="恢复文字").click()
        assert page.input_value("#minutes") == TEXT
        assert page.get_by_label("two").is_checked()
        assert not page.get_by_label("one").is_checked()
        assert page.input_value("#secret") == ""
        page.get_by_role("button", name="Save").click()
        page.get_by_text("saved").wait_for()
        assert drafts(page) == []


def test_passwords_are_never_kept(browser, live_server, cast):
    with watched(browser, live_server, cast.member) as page:
        page.goto("/write/")
        write(page)
        page.wait_for_timeout(500)
        assert TEXT in str(drafts(page))
        assert "never-kept-anywhere" not in str(drafts(page))


def test_another_account_in_the_same_window_is_offered_nothing(browser, live_server, cast):
    with watched(browser, live_server, cast.member) as page:
        page.goto("/write/")
        write(page)
        Session.objects.all().delete()
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/login/**")
        page.evaluate("localStorage.setItem('zhibu-report:somebody:1', 'a report of another account')")
        log_in(page, "deputy")
        page.wait_for_url("**/write/")
        assert page.locator(".keep-offer").count() == 0
        assert drafts(page) == []
        assert page.evaluate("localStorage.length") == 0


def test_logging_out_forgets_every_draft(browser, live_server, cast):
    with watched(browser, live_server, cast.member) as page:
        page.goto("/write/")
        write(page)
        page.wait_for_timeout(500)
        page.locator("summary", has_text="温汝舟").click()
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url("**/login/")
        assert drafts(page) == []


def test_a_refused_form_keeps_the_draft_and_a_saved_one_does_not(browser, live_server, cast):
    with watched(browser, live_server, cast.member) as page:
        page.goto("/write/")
        write(page, "短")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("文字太短。").wait_for()
        assert page.input_value("#minutes") == "短"
        assert "短" in str(drafts(page))
        Session.objects.all().delete()
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/login/**")
        log_in(page, "member")
        page.get_by_role("button", name="恢复文字").click()
        assert page.input_value("#minutes") == "短"
        page.fill("#minutes", TEXT)
        page.get_by_role("button", name="Save").click()
        page.get_by_text("saved").wait_for()
        page.goto("/write/")
        assert page.locator(".keep-offer").count() == 0


def test_a_draft_belongs_to_its_page_and_can_be_dropped(browser, live_server, cast):
    with watched(browser, live_server, cast.member) as page:
        page.goto("/write/")
        write(page)
        page.goto("/write/other/")
        assert page.locator(".keep-offer").count() == 0
        page.goto("/write/")
        page.get_by_role("button", name="不要了").click()
        assert page.locator(".keep-offer").count() == 0
        page.reload()
        assert page.locator(".keep-offer").count() == 0
