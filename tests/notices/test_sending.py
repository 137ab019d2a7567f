"""What leaves the house, and what is made of the answers: against a robot on this machine."""

from __future__ import annotations

import logging
import smtplib
import socket

import pytest
from django.core import mail

from zhibu.errors import UserError
from zhibu.notices import door
from zhibu.notices.sealing import seal, unseal
from zhibu.notices.sending import send

PLUGINS = {
    "wecom": ("NotifyWeComBot", {"token": "0123abcd-4567"}),
    "dingtalk": ("NotifyDingTalk", {"token": "a1b2c3d4e5", "signing": "SECa1b2c3d4"}),
    "feishu": ("NotifyFeishu", {"token": "0123abcd-4567"}),
}


@pytest.fixture
def speaks_to(monkeypatch):
    """The platforms' plugins, whole, but for the host they speak to."""

    def change(robot):
        from apprise.plugins import dingtalk, feishu, wecombot

        for plugin in (wecombot.NotifyWeComBot, dingtalk.NotifyDingTalk, feishu.NotifyFeishu):
            path = plugin.notify_url.split("/", 3)[3]
            monkeypatch.setattr(plugin, "notify_url", f"http://127.0.0.1:{robot.port}/{path}")

    return change


def said(way, robot, **secrets):
    outcome = send(way, secrets or {"url": robot.url}, "【支部工作台】1条提醒", "1. 党员大会")
    return outcome and outcome.code


def test_a_webhook_is_given_title_and_text(robot):
    assert said("webhook", robot) is None
    assert robot.heard[0]["title"] == "【支部工作台】1条提醒"
    assert robot.heard[0]["message"] == "1. 党员大会"
    assert robot.paths == ["/hook?key=secret-in-the-address"]


@pytest.mark.parametrize("way", PLUGINS)
def test_a_platform_is_given_its_own_form(robot, speaks_to, way):
    speaks_to(robot)
    robot.answers = [(200, {"errcode": 0, "code": 0})]
    assert said(way, robot, **PLUGINS[way][1]) is None
    told = robot.heard[0]
    text = told.get("text", told.get("content"))
    assert "党员大会" in str(text)
    assert "支部" in str(text)  # the word a robot may be told to insist on
    assert ("sign=" in robot.paths[0]) == (way == "dingtalk")


@pytest.mark.parametrize("way", PLUGINS)
def test_a_refusal_with_200_is_a_refusal_and_gives_no_secret_away(robot, speaks_to, way):
    """WeCom and DingTalk answer 200 to a wrong key; the library alone would take the message for sent."""
    speaks_to(robot)
    secrets = PLUGINS[way][1]
    robot.answers = [(200, {"errcode": 93000, "code": 93000, "errmsg": f"invalid key {secrets['token']}", "msg": "no"})]
    outcome = send(way, secrets, "题", "文")
    assert outcome.code == "robot-refused"
    assert "93000" in outcome.text()
    assert secrets["token"] not in outcome.text()


@pytest.mark.parametrize(
    ("status", "code"), [(500, "bad-status"), (404, "bad-status"), (302, "redirected"), (308, "redirected")]
)
def test_a_bad_status_and_a_redirect_are_told(robot, status, code):
    robot.answers = [(status, {})]
    assert said("webhook", robot) == code
    assert len(robot.heard) == 1  # not followed


def test_a_robot_that_is_down(robot):
    robot.stop()
    assert said("webhook", robot) == "not-reached"


def test_a_robot_that_says_nothing(robot, monkeypatch):
    monkeypatch.setattr(door, "SECONDS", 0.4)
    robot.answers = ["slow"]
    assert said("webhook", robot) == "no-answer"


def test_what_was_allowed_yesterday_is_judged_again_when_sending(robot, settings):
    settings.INTERNAL_HOSTS = frozenset()
    assert said("webhook", robot) == "not-allowed"
    assert robot.heard == []


def test_a_public_name_that_leads_inside_is_not_followed(robot, monkeypatch):
    """The name looks public; its address, asked for when connecting, is this machine's."""
    asked = []

    def resolve(host, port, *rest, **options):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", robot.port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert said("webhook", robot, url="https://robots.example.cn/hook") == "not-allowed"
    assert asked == ["robots.example.cn"]
    assert robot.heard == []


def test_nothing_about_an_address_is_logged(robot, caplog):
    caplog.set_level(logging.DEBUG)
    robot.answers = [(500, {})]
    said("webhook", robot)
    robot.stop()
    said("webhook", robot)
    assert "secret-in-the-address" not in caplog.text


def test_mail_goes_through_the_server_of_the_settings(settings):
    settings.EMAIL_HOST = "mail.example.cn"
    assert send("email", {"to": "a@example.cn"}, "题", "文") is None
    assert mail.outbox[0].to == ["a@example.cn"]
    settings.EMAIL_HOST = ""
    assert send("email", {"to": "a@example.cn"}, "题", "文").code == "no-mail-server"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (smtplib.SMTPRecipientsRefused({}), "mail-address-refused"),
        (smtplib.SMTPAuthenticationError(535, b"no"), "mail-log-in"),
        (smtplib.SMTPDataError(552, b"full"), "mail-refused"),
        (smtplib.SMTPServerDisconnected(), "mail-not-reached"),
        (ConnectionRefusedError(), "mail-not-reached"),
    ],
)
def test_what_a_mail_server_says_is_put_in_words(settings, monkeypatch, error, code):
    def fail(*_given, **_options):
        raise error

    settings.EMAIL_HOST = "mail.example.cn"
    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    assert send("email", {"to": "a@example.cn"}, "题", "文").code == code


def test_an_address_at_rest_is_not_to_be_read(settings):
    sealed = seal({"token": "0123abcd"})
    assert "0123abcd" not in sealed
    assert unseal(sealed) == {"token": "0123abcd"}
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(UserError) as refused:
        unseal(sealed)
    assert refused.value.code == "address-sealed"
