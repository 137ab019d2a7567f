"""A whole anonymous questionnaire by browsers: a member with an account, the public with slips, the secretary."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.ballots.test_questionnaire import opened
from tests.web.pages import DESKTOP, PHONE, overflow, watched
from zhibu.ballots import blind, questionnaire_views
from zhibu.ballots import questionnaire as services
from zhibu.ballots.models import Questionnaire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def this_machine(settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["localhost"]
    monkeypatch.setattr(questionnaire_views, "DELAY", 3)


def picture(page, name):
    """Kept for whoever looks, when the environment says where."""
    if folder := os.environ.get("ZHIBU_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fill(page, choice, words):
    page.locator("#paper").wait_for()
    page.locator("fieldset").first.locator("label").nth(choice).click()
    page.locator("textarea").fill(words)


def test_from_slips_and_an_account_to_the_result(browser, live_server, cast):
    made = opened(cast, members=8, slips=4)
    secrets = [secret for right, secret in services.make_answer_slips(cast.secretary, made) if right.member is None]
    with ExitStack() as stack:
        phones = [stack.enter_context(watched(browser, live_server, cast.member, PHONE))]
        phones += [stack.enter_context(watched(browser, live_server, size=PHONE)) for _ in secrets]
        sent = []
        phones[0].on("request", lambda one: sent.append(one) if one.url.endswith("/answer/") else None)
        for number, (page, secret) in enumerate(zip(phones, ["", *secrets], strict=True)):
            page.goto(f"/vote/ask/{made.uid}/right/{'#' + secret if secret else ''}")
            page.wait_for_url(f"**/vote/ask/{made.uid}/")
            fill(page, number % 4, f"第{number}条意见")
        assert overflow(phones[0]) == 0
        picture(phones[0], "ask-paper-390")
        for page in phones:
            page.get_by_role("button", name="送出").click()
        picture(phones[0], "ask-waiting-390")
        for page in phones:
            page.get_by_text("已送到，谢谢您").wait_for()
        assert "cookie" not in sent[0].all_headers()
        assert phones[0].evaluate("Object.values(localStorage).join()").count("done") == 1
        assert "signature" not in phones[0].evaluate("Object.values(localStorage).join()")

        phones[1].goto(f"/vote/ask/{made.uid}/right/#{secrets[0]}")  # the slip once more
        phones[1].get_by_text("已送到，谢谢您").wait_for()
        stranger = stack.enter_context(watched(browser, live_server, size=PHONE))
        stranger.goto(f"/vote/ask/{made.uid}/right/#{secrets[0]}")
        stranger.get_by_text("已经领过").wait_for()
        picture(stranger, "ask-right-390")
        stranger.goto(f"/vote/ask/{made.uid}/")
        stranger.get_by_text("没有答题资格").wait_for()

        desk = stack.enter_context(watched(browser, live_server, cast.secretary, DESKTOP))
        desk.goto(f"/ballots/GW-01/ask/{made.pk}/")
        assert "5" in desk.locator(".ballot-many").inner_text()
        picture(desk, "ask-open-1280")
        desk.get_by_role("button", name="结束答题，看结果").click()
        desk.get_by_text("结果 PDF").wait_for()
        picture(desk, "ask-result-1280")
        desk.set_viewport_size(PHONE)
        assert overflow(desk) == 0
        picture(desk, "ask-result-390")
        desk.goto("/ballots/GW-01/ask/new/")
        assert overflow(desk) == 0
        picture(desk, "ask-form-390")
        desk.set_viewport_size(DESKTOP)
        picture(desk, "ask-form-1280")
        desk.goto("/ballots/GW-01/")
        picture(desk, "ask-index-1280")
    first, _second, third = services.findings(Questionnaire.objects.get(pk=made.pk))
    assert [n for _label, n, _share in first.votes] == [2, 1, 1, 1]
    assert len(third.words) == 5


def test_the_device_notices_a_signature_that_is_none(browser, live_server, cast, monkeypatch):
    made, honest = opened(cast), blind.sign_blinded
    with watched(browser, live_server, cast.member, PHONE) as page:
        monkeypatch.setattr(blind, "sign_blinded", lambda key, _blinded: honest(key, bytes([0] * 255 + [2])))
        page.goto(f"/vote/ask/{made.uid}/right/")
        page.get_by_text("领到的资格不对").wait_for()
        monkeypatch.setattr(blind, "sign_blinded", honest)
        page.reload()  # the same number once more, as after a lost reply
        page.locator("#paper").wait_for()
