"""What people paste: recognised or refused in words; nothing leads into the own network."""

from __future__ import annotations

import pytest

from zhibu.errors import UserError
from zhibu.notices.addresses import read_address

KEY = "0123abcd-4567-89ef-0123-456789abcdef"
TOKEN = "a1b2" * 16


@pytest.mark.parametrize(
    ("way", "text", "signing", "secrets"),
    [
        ("wecom", f" https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}\n", "", {"token": KEY}),
        ("dingtalk", f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}", "", {"token": TOKEN}),
        ("dingtalk", f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}", f"SEC{TOKEN}",
         {"token": TOKEN, "signing": f"SEC{TOKEN}"}),
        ("feishu", f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}", "", {"token": KEY}),
        ("webhook", "https://example.cn:8443/a?b=c", "", {"url": "https://example.cn:8443/a?b=c"}),
        ("email", "zhi.bu@mail.example.cn", "", {"to": "zhi.bu@mail.example.cn"}),
    ],
)  # fmt: skip
def test_addresses_as_the_platforms_show_them(way, text, signing, secrets):
    found = read_address(way, text, signing, ())
    assert found.secrets == secrets
    for secret in secrets.values():
        assert secret not in found.tail


@pytest.mark.parametrize(
    ("way", "text"),
    [
        ("wecom", "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=12345678"),
        ("wecom", "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=12345678"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=12345678&verify=no"),
        ("dingtalk", "12345678"), ("feishu", "https://open.feishu.cn/"), ("feishu", ""),
        ("email", "a@b"), ("email", "a@b.cn\nBcc: c@d.cn"), ("email", "a b@c.cn"), ("email", "a@b.cn,c@d.cn"),
        ("webhook", "example.cn"), ("webhook", "https://"), ("webhook", "ftp://example.cn/"),
        ("webhook", "https://user:password@example.cn/"), ("webhook", "https://example.cn:99999/"),
        ("webhook", "https://example.cn/ a"), ("webhook", "https://[::1/"),
        ("webhook", f"https://example.cn/{'a' * 1000}"),
    ],
)  # fmt: skip
def test_other_shapes_are_refused_in_words(way, text):
    with pytest.raises(UserError) as refused:
        read_address(way, text, "", ())
    assert str(refused.value).endswith(("。", "…", "hook"))


INSIDE = [
    "http://example.cn/", "https://localhost/", "https://127.0.0.1/", "https://10.1.2.3/", "https://192.168.0.1/",
    "https://172.16.0.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://0.0.0.0/",
    "https://[::1]/", "https://[fd00::1]/", "https://[::ffff:10.0.0.1]/", "https://2130706433/", "https://0x7f.1/",
    "https://0177.0.0.1/", "https://127.1/",
]  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_nothing_inside_is_reached_unless_it_is_allowed(text):
    with pytest.raises(UserError) as refused:
        read_address("webhook", text, "", ())
    assert refused.value.code == "webhook-not-allowed"


def test_the_administrator_may_allow_a_host():
    assert read_address("webhook", "https://10.1.2.3/", "", {"10.1.2.3"}).secrets
    assert read_address("webhook", "https://robots.lan/", "", {"robots.lan"}).secrets
    with pytest.raises(UserError):  # allowed, but not encrypted
        read_address("webhook", "http://10.1.2.3/", "", {"10.1.2.3"})


def test_signing_belongs_to_dingtalk():
    with pytest.raises(UserError):
        read_address("wecom", f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", f"SEC{TOKEN}", ())
