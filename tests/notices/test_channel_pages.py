"""Ways people are reached by: set up, tested, changed, removed; an address is never shown again."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from django.core import mail

from tests.notices.conftest import AT
from zhibu.errors import Sentence
from zhibu.notices.confirming import code_of
from zhibu.notices.delivering import deliver
from zhibu.notices.models import Channel, Delivery, Notice
from zhibu.notices.passing import pass_on
from zhibu.notices.services import announce, tell
from zhibu.org.models import JournalEntry

KEY = "0123abcd-4567-89ef-0123-456789abcdef"
WECOM = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
FAR = datetime(2099, 1, 1, tzinfo=UTC)


def entered(address, **more):
    return {"address": address, "kinds": ["due", "task"], "quiet_from": "22:00", "quiet_until": "07:00", **more}


def page(client, address, **options):
    answer = client.get(address, **options)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_robot_is_added_tested_and_in_use_once_the_test_arrived(as_, cast, robot):
    client = as_(cast.secretary)
    answer = client.post("/notices/channels/new/webhook/", entered(robot.url, digest="08:30"))
    channel = Channel.objects.get()
    assert answer["Location"] == f"/notices/channels/{channel.pk}/"
    assert (channel.account, channel.kinds, channel.digest) == (cast.secretary, ["due", "task"], time(8, 30))
    assert "测试消息发出后生效" in page(client, answer["Location"])
    deliver("w", FAR)
    assert robot.heard[0]["title"] == "【支部工作台】测试消息"
    assert "已经生效" in page(client, answer["Location"])
    assert JournalEntry.objects.filter(verb="add-channel", organization=cast.branch).count() == 1


def test_a_robot_whose_test_fails_stays_off_and_says_why(as_, cast, robot):
    robot.answers = [(500, {})]
    client = as_(cast.secretary)
    client.post("/notices/channels/new/webhook/", entered(robot.url))
    deliver("w", FAR)
    html = page(client, f"/notices/channels/{Channel.objects.get().pk}/")
    assert "状态码500" in html
    assert "还没有生效" in html
    tell([cast.secretary], Sentence("due-soon", "快到期了"), kind="due", at=AT)
    pass_on(AT)
    assert not Delivery.objects.filter(test=False).exists()


def test_an_address_is_kept_sealed_and_shown_nowhere(as_, cast, django_capture_on_commit_callbacks):
    client = as_(cast.secretary)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/notices/channels/new/wecom/", entered(WECOM))
    channel = Channel.objects.get()
    assert KEY not in channel.sealed
    assert channel.tail == "…cdef"
    for address in ("/notices/channels/", f"/notices/channels/{channel.pk}/", "/notices/sent/"):
        assert KEY not in page(client, address)
    assert KEY not in str(list(JournalEntry.objects.values()))
    from django_tasks_db.models import DBTaskResult

    assert KEY not in str(list(DBTaskResult.objects.values()))


def test_a_wrong_address_is_refused_beside_its_field_and_the_rest_is_kept(as_, cast):
    answer = as_(cast.secretary).post("/notices/channels/new/wecom/", entered("https://example.cn/", digest="08:30"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "请粘贴机器人的完整地址" in html
    assert 'value="08:30"' in html
    assert not Channel.objects.exists()


@pytest.mark.parametrize("wrong", [{"kinds": []}, {"kinds": ["system"]}, {"quiet_until": ""}, {"digest": "25:00"}])
def test_settings_that_cannot_be_are_refused(as_, cast, wrong):
    answer = as_(cast.secretary).post("/notices/channels/new/wecom/", entered(WECOM, **wrong))
    assert answer.status_code == 422
    assert not Channel.objects.exists()


def test_inside_addresses_are_refused_unless_the_settings_name_them(as_, cast, settings):
    client = as_(cast.secretary)
    answer = client.post("/notices/channels/new/webhook/", entered("https://10.0.0.1/hook"))
    assert "不能指向内部网络" in answer.content.decode()
    settings.INTERNAL_HOSTS = frozenset({"10.0.0.1"})
    assert client.post("/notices/channels/new/webhook/", entered("https://10.0.0.1/hook")).status_code == 302


def test_not_more_than_ten(as_, cast, channel_of):
    for _number in range(10):
        channel_of(cast.secretary)
    answer = as_(cast.secretary).post("/notices/channels/new/wecom/", entered(WECOM))
    assert "最多10个" in answer.content.decode()


# --- e-mail ---------------------------------------------------------------------------------------------------------


def test_an_e_mail_address_is_proved_by_the_digits_in_the_test_message(as_, cast, settings):
    settings.EMAIL_HOST = "mail.example.cn"
    client = as_(cast.secretary)
    client.post("/notices/channels/new/email/", entered("shuji@example.cn"))
    channel = Channel.objects.get()
    deliver("w", FAR)
    address = f"/notices/channels/{channel.pk}/"
    assert code_of(channel) in mail.outbox[0].body
    wrong = client.post(address, {"act": "confirm", "code": "00000000"})
    assert wrong.status_code == 422
    assert "数字不对" in wrong.content.decode()
    channel.refresh_from_db()
    assert channel.confirmed_at is None
    assert client.post(address, {"act": "confirm", "code": code_of(channel)})["Location"] == address
    channel.refresh_from_db()
    assert channel.confirmed_at is not None
    assert "shuji@example.cn" not in page(client, "/notices/channels/")


def test_without_a_mail_server_there_is_no_e_mail(as_, cast):
    assert "/notices/channels/new/email/" not in page(as_(cast.secretary), "/notices/channels/")
    answer = as_(cast.secretary).post("/notices/channels/new/email/", entered("shuji@example.cn"))
    assert "没有配置发信服务器" in answer.content.decode()


# --- changing, removing, sending again ------------------------------------------------------------------------------


def test_settings_are_changed(as_, cast, channel_of):
    channel = channel_of(cast.secretary)
    data = {"kinds": ["term"], "brief": "on", "digest": "", "quiet_from": "", "quiet_until": ""}
    assert as_(cast.secretary).post(f"/notices/channels/{channel.pk}/", data).status_code == 302
    channel.refresh_from_db()
    assert (channel.kinds, channel.brief, channel.quiet_from) == (["term"], True, None)


def test_a_removed_channel_forgets_its_address_and_what_was_sent_stays_listed(as_, cast, channel_of, robot):
    channel = channel_of(cast.secretary)
    tell([cast.secretary], Sentence("due-soon", "快到期了"), kind="due", at=AT)
    pass_on(AT)
    client = as_(cast.secretary)
    assert "删除后" in page(client, f"/notices/channels/{channel.pk}/remove/")
    client.post(f"/notices/channels/{channel.pk}/remove/")
    channel.refresh_from_db()
    assert channel.sealed == ""
    assert client.get(f"/notices/channels/{channel.pk}/").status_code == 404
    html = page(client, "/notices/sent/")
    assert "快到期了" in html
    assert "不再发送" in html
    deliver("w", FAR)
    assert robot.heard == []


def test_what_was_given_up_is_sent_again_on_request(as_, cast, channel_of, robot):
    channel = channel_of(cast.secretary)
    failed = Delivery.objects.create(channel=channel, state="failed", tries=9, due=AT, made_at=AT)
    tell([cast.secretary], Sentence("due-soon", "快到期了"), kind="due", at=AT)
    failed.notices.add(Notice.objects.get())
    client = as_(cast.secretary)
    assert "重新发送" in page(client, "/notices/sent/")
    client.post(f"/notices/sent/{failed.pk}/again/")
    deliver("w", FAR)
    failed.refresh_from_db()
    assert (failed.state, failed.tries) == ("sent", 1)
    client.post(f"/notices/sent/{failed.pk}/again/")
    failed.refresh_from_db()
    assert failed.state == "sent"


def test_a_test_message_a_minute(as_, cast, channel_of):
    channel = channel_of(cast.secretary)
    client = as_(cast.secretary)
    for _press in range(3):
        client.post(f"/notices/channels/{channel.pk}/test/")
    assert Delivery.objects.filter(test=True).count() == 1


def test_the_state_of_the_test_is_a_fragment_for_htmx(as_, cast, channel_of):
    channel = channel_of(cast.secretary, confirmed_at=None)
    Delivery.objects.create(channel=channel, due=AT, made_at=AT, test=True)
    html = page(as_(cast.secretary), f"/notices/channels/{channel.pk}/", headers={"hx-request": "true"})
    assert "<html" not in html
    assert 'hx-trigger="every 2s"' in html


# --- whose ----------------------------------------------------------------------------------------------------------


def test_anothers_channels_and_messages_do_not_exist(as_, cast, channel_of):
    channel = channel_of(cast.deputy, tail="…zzzz")
    failed = Delivery.objects.create(channel=channel, state="failed", due=AT, made_at=AT)
    client = as_(cast.secretary)
    assert "…zzzz" not in page(client, "/notices/channels/") + page(client, "/notices/sent/")
    for address in ("", "remove/"):
        assert client.get(f"/notices/channels/{channel.pk}/{address}").status_code == 404
        assert client.post(f"/notices/channels/{channel.pk}/{address}").status_code == 404
    assert client.post(f"/notices/channels/{channel.pk}/test/").status_code == 404
    assert client.post(f"/notices/sent/{failed.pk}/again/").status_code == 404
    channel.refresh_from_db()
    assert channel.removed_at is None


def test_a_groups_robot_is_kept_by_those_who_keep_the_body(as_, cast, robot):
    answer = as_(cast.secretary).post("/notices/groups/GW-01/new/webhook/", entered(robot.url))
    channel = Channel.objects.get()
    assert answer["Location"] == f"/notices/groups/GW-01/{channel.pk}/"
    assert (channel.organization, channel.account) == (cast.branch, None)
    deliver("w", FAR)
    announce(cast.branch, Sentence("group", "本月还有3项工作"), kind="due", at=AT)
    tell([cast.secretary], Sentence("own", "书记自己的事"), kind="due", at=AT)
    pass_on(AT)
    html = page(as_(cast.clerk), "/notices/groups/GW-01/sent/")
    assert "本月还有3项工作" in html
    assert "书记自己的事" not in html


@pytest.mark.parametrize("who", ["member", "deputy", "outsider"])
def test_others_see_nothing_of_a_groups_robots(as_, cast, channel_of, who):
    channel = channel_of(organization=cast.branch, made_by=cast.secretary, tail="…zzzz")
    client = as_(getattr(cast, who))
    expected = 404 if who == "outsider" else 403
    for address in ("", "sent/", "new/wecom/", f"{channel.pk}/", f"{channel.pk}/remove/"):
        assert client.get(f"/notices/groups/GW-01/{address}").status_code == expected
    assert client.post(f"/notices/groups/GW-01/{channel.pk}/remove/").status_code == expected


def test_a_groups_channel_is_not_opened_by_another_bodys_address(as_, cast, channel_of):
    channel = channel_of(organization=cast.other, made_by=cast.secretary)
    assert as_(cast.secretary).get(f"/notices/groups/GW-01/{channel.pk}/").status_code == 404


def test_groups_have_no_e_mail_and_no_unknown_ways(as_, cast):
    client = as_(cast.secretary)
    assert client.get("/notices/groups/GW-01/new/email/").status_code == 404
    assert client.get("/notices/channels/new/calendar/").status_code == 404
    assert client.get("/notices/channels/new/pigeon/").status_code == 404


@pytest.mark.parametrize("address", ["/notices/channels/", "/notices/sent/"])
def test_one_and_three_rows_cost_the_same(as_, cast, channel_of, django_assert_max_num_queries, address):
    client = as_(cast.secretary)
    page(client, address)  # the first request writes the session
    taken = []
    for rows in (1, 3):
        while Channel.objects.count() < rows:
            channel = channel_of(cast.secretary)
            Delivery.objects.create(channel=channel, state="failed", due=AT, made_at=AT)
        with django_assert_max_num_queries(14) as counted:
            page(client, address)
        taken.append(len(counted))
    assert taken[0] == taken[1]
