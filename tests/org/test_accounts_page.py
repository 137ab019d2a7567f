"""Accounts: opened, given a new password, locked; by the administrators only."""

import re

import pytest

from tests.org.pages import main
from zhibu.org.accounts import new_password
from zhibu.org.models import Account, JournalEntry


@pytest.fixture
def system(cast):
    return Account.objects.create_user("system", office="system")


@pytest.fixture
def security(cast):
    return Account.objects.create_user("security", office="security")


def test_the_list_shows_roles_from_posts(cast, as_, system):
    page = main(as_(system).get("/org/accounts/"))
    assert "青禾县水文站党支部书记" in page
    assert "系统管理员" in page
    found = as_(system).get("/org/accounts/?q=deputy", headers={"HX-Request": "true"}).content.decode()
    assert "苏明棠" in found
    assert "闻知远" not in found


def test_an_account_is_opened_and_its_password_shown_once(cast, as_, system, client):
    member = cast.members[6]
    assert member.name in main(as_(system).get("/org/accounts/new/?q=纪南乔"))
    answer = as_(system).post(f"/org/accounts/new/{member.pk}/", {"username": "jinanqiao"})
    password = re.search(r'password-once">([^<]+)<', main(answer))[1]
    assert "no-store" in answer["Cache-Control"]
    assert client.login(request=answer.wsgi_request, username="jinanqiao", password=password)
    assert not any(password in str(vars(entry)) for entry in JournalEntry.objects.all())
    again = as_(system).post(f"/org/accounts/new/{member.pk}/", {"username": "ji2"})
    assert "已有账号" in again.content.decode()


@pytest.mark.parametrize("username", ["", "a", "secretary", "Secretary", "有 空格", "x" * 80])
def test_bad_log_ins_are_refused(cast, as_, system, username):
    answer = as_(system).post(f"/org/accounts/new/{cast.members[6].pk}/", {"username": username})
    assert answer.status_code == 422
    assert not Account.objects.filter(member=cast.members[6]).exists()


def test_a_reset_ends_open_sessions(cast, as_, system, client):
    from django.test import Client

    other = Client()
    other.force_login(cast.member, backend="django.contrib.auth.backends.ModelBackend")
    assert other.get("/org/GW-01/").status_code == 200
    assert as_(system).post(f"/org/accounts/{cast.member.pk}/reset/").status_code == 200
    assert other.get("/org/GW-01/").status_code == 302  # to the log-in


def test_a_locked_account_is_out_at_once_and_comes_back(cast, as_, system, security):
    from django.test import Client

    other = Client()
    other.force_login(cast.member, backend="django.contrib.auth.backends.ModelBackend")
    as_(security).post(f"/org/accounts/{cast.member.pk}/lock/", {"act": "lock", "reason": "离职"})
    assert other.get("/org/GW-01/").status_code == 302
    assert as_(security).post(f"/org/accounts/{cast.member.pk}/lock/", {"act": "unlock"}).status_code == 403
    as_(system).post(f"/org/accounts/{cast.member.pk}/lock/", {"act": "unlock"})
    cast.member.refresh_from_db()
    assert cast.member.is_active
    assert list(JournalEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "lock-account",
        "unlock-account",
    ]


@pytest.mark.parametrize("office", ["security", "audit"])
def test_no_administrator_takes_over_another_office(as_, system, office):
    other = Account.objects.create_user(office, password="Correct-Horse-7", office=office)
    client = as_(system)
    assert client.post(f"/org/accounts/{other.pk}/reset/").status_code == 403
    assert client.post(f"/org/accounts/{other.pk}/lock/", {"act": "lock"}).status_code == 403
    other.refresh_from_db()
    assert other.check_password("Correct-Horse-7")
    assert other.is_active
    page = main(client.get(f"/org/accounts/{other.pk}/"))
    assert "/reset/" not in page
    assert "/lock/" not in page


def test_the_security_administrator_locks_an_office(as_, system, security):
    as_(security).post(f"/org/accounts/{system.pk}/lock/", {"act": "lock"})
    system.refresh_from_db()
    assert not system.is_active


def test_nobody_locks_oneself_out(as_, system):
    as_(system).post(f"/org/accounts/{system.pk}/lock/", {"act": "lock"})
    system.refresh_from_db()
    assert system.is_active


@pytest.mark.parametrize("who", ["secretary", "clerk", "member"])
def test_posts_give_no_right_to_accounts(cast, as_, who):
    client = as_(getattr(cast, who))
    pk = cast.outsider.pk
    for address in ("/org/accounts/", "/org/accounts/new/", f"/org/accounts/{pk}/"):
        assert client.get(address).status_code == 403
    for address in (f"/org/accounts/{pk}/reset/", f"/org/accounts/{pk}/lock/"):
        assert client.post(address).status_code == 403
    cast.outsider.refresh_from_db()
    assert cast.outsider.is_active


def test_the_security_administrator_reads_but_opens_and_resets_nothing(cast, as_, security):
    client = as_(security)
    assert client.get("/org/accounts/").status_code == 200
    assert client.get(f"/org/accounts/{cast.member.pk}/").status_code == 200
    assert client.get("/org/accounts/new/").status_code == 403
    assert client.post(f"/org/accounts/{cast.member.pk}/reset/").status_code == 403


def test_the_lists_queries_do_not_grow(cast, as_, system, django_assert_max_num_queries):
    client = as_(system)
    with django_assert_max_num_queries(12):
        client.get("/org/accounts/")
    for number, member in enumerate(cast.members[6:9]):
        Account.objects.create_user(f"a{number}", member=member)
    with django_assert_max_num_queries(12):
        client.get("/org/accounts/")


def test_passwords_meet_the_rules_they_are_held_to():
    from django.contrib.auth.password_validation import validate_password

    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        validate_password(password)
