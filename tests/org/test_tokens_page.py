"""One's own access tokens: made, shown once, revoked."""

from datetime import date

import pytest

from tests.conftest import PASSWORD
from zhibu.org.accounts import lock_account, reset_password
from zhibu.org.models import JournalEntry, Token
from zhibu.org.tokens import MOST, make_token, named, opens

PAGE = "/org/tokens/"
FORM = {"name": "办公系统同步", "scope": "read", "days": "90", "password": PASSWORD}


def texts(html):
    from zhibu.org.tokens import SHAPE

    return [match[0] for match in SHAPE.finditer(html)]


def test_made_and_shown_once(cast, as_):
    client = as_(cast.member)
    answer = client.post(PAGE, FORM)
    (text,) = texts(answer.content.decode())
    token = Token.objects.get()
    assert (token.account, token.name, token.scope) == (cast.member, "办公系统同步", "read")
    assert opens(named(text), text, date.today())
    assert "no-store" in answer.headers["Cache-Control"]
    again = client.get(PAGE).content.decode()
    assert "办公系统同步" in again
    assert texts(again) == []
    assert text.rpartition("_")[2] not in str(Token.objects.values().get())  # the secret itself is nowhere kept
    entry = JournalEntry.objects.get(verb="make-token")
    assert entry.account == cast.member
    assert "办公系统同步" in entry.summary
    assert text.split("_", 2)[2] not in str(entry.data) + entry.summary


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "wrong"}, "当前密码不对"),
        ({"name": ""}, "这个字段是必填项"),
        ({"scope": "all"}, "选择一个有效的选项"),
        ({"days": "4000"}, "选择一个有效的选项"),
    ],
)
def test_bad_input(cast, as_, change, sentence):
    answer = as_(cast.member).post(PAGE, FORM | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Token.objects.exists()


def test_not_more_than_a_few(cast, as_):
    for _n in range(MOST):
        as_(cast.member).post(PAGE, FORM)
    answer = as_(cast.member).post(PAGE, FORM)
    assert answer.status_code == 422
    assert "最多10个" in answer.content.decode()
    assert Token.objects.count() == MOST


def test_only_ones_own(cast, as_, client):
    as_(cast.secretary).post(PAGE, FORM | {"name": "书记的令牌"})
    token = Token.objects.get()
    assert "书记的令牌" not in as_(cast.deputy).get(PAGE).content.decode()
    assert as_(cast.deputy).post(f"{PAGE}{token.pk}/revoke/").status_code == 404
    assert Token.objects.get().revoked_at is None
    client.logout()
    assert client.get(PAGE).status_code == 302


def test_revoked(cast, as_):
    client = as_(cast.member)
    (text,) = texts(client.post(PAGE, FORM).content.decode())
    address = f"{PAGE}{Token.objects.get().pk}/revoke/"
    assert client.get(address).status_code == 405
    assert client.post(address, follow=True).status_code == 200
    assert not opens(named(text), text, date.today())
    client.post(address)
    assert JournalEntry.objects.filter(verb="revoke-token").count() == 1
    assert "没有有效的访问令牌" in client.get(PAGE).content.decode()


def test_a_new_password_ends_them(cast, as_):
    (text,) = texts(as_(cast.member).post(PAGE, FORM).content.decode())
    reset_password(cast.deputy, cast.member)
    assert not opens(named(text), text, date.today())


def test_a_locked_account_opens_nothing(cast, as_):
    (text,) = texts(as_(cast.member).post(PAGE, FORM).content.decode())
    lock_account(cast.deputy, cast.member, reason="")
    assert not opens(named(text), text, date.today())


def test_one_and_three_rows(cast, as_, django_assert_num_queries):
    from django.utils import timezone

    client = as_(cast.member)
    counts = []
    for more in (1, 2):
        for _n in range(more):
            make_token(cast.member, "同步", "read", 30, date.today(), at=timezone.now())
        client.get(PAGE)
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
