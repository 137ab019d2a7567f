"""Who may come in, with what, and how far."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.api.conftest import DAY, LECTURE, NOW
from tests.conftest import _account
from zhibu.api.keys import FAILURES
from zhibu.org.accounts import lock_account
from zhibu.org.models import JournalEntry, MemberStatus, Post, Status, Token, Tries
from zhibu.org.tokens import revoke_token

ADDRESSES = ("me", "kinds", "organizations", "organizations/GW-01/activities", "openapi.json")


def refused(answer, status, code):
    assert answer.status_code == status, answer.content.decode()
    found = answer.json()
    assert set(found) == {"code", "message", "data"}
    assert found["code"] == code
    assert found["message"].endswith("。")


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_without_a_token(cast, address, client):
    refused(client.get(f"/api/v1/{address}"), 401, "token-needed")
    refused(client.get(f"/api/v1/{address}", headers={"Authorization": "Basic eDp5"}), 401, "token-needed")


def test_no_cookie_opens_it(cast, as_):
    """A page of another site that sends the reader's cookie gets nothing, so there is no form to be forged."""
    client = as_(cast.secretary)
    refused(client.get("/api/v1/organizations"), 401, "token-needed")
    refused(
        client.post("/api/v1/organizations/GW-01/tasks", "{}", content_type="application/json"), 401, "token-needed"
    )
    # The document itself tells nothing of anybody, and people logged in may read it.
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.")


def test_no_cookie_is_set(cast, door):
    answer = door(cast.secretary).get("me")
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]


def test_wrong_texts(cast, door):
    good = door(cast.secretary)
    key = good.text.split("_")[1]
    for text in (
        "",
        "x",
        f"zhibu_{key}_{'A' * 43}",
        good.text[:-1],
        good.text + "A",
        f"{good.text} ",
        "zhibu_" + "²" * 54,
    ):
        answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code == 401, text
    assert good.get("me").status_code == 200


def test_bad_tries_have_to_wait_and_good_ones_do_not(cast, door):
    good, target = door(cast.secretary), door(cast.deputy)
    wrong = f"zhibu_{target.text.split('_')[1]}_{'A' * 43}"

    def try_(text):
        return Client().get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})

    assert [try_(wrong).status_code for _n in range(FAILURES)] == [401] * FAILURES
    answer = try_(wrong)
    refused(answer, 429, "too-many-tries")
    assert int(answer.headers["Retry-After"]) > 0
    assert target.get("me").status_code == 429  # guessing this very token has to stop, right or wrong
    assert good.get("me").status_code == 200  # from the same address, behind the same proxy
    assert [try_(f"zhibu_{n:010x}_{'A' * 43}").status_code for n in range(FAILURES + 1)] == [401] * FAILURES + [429]


def test_wrong_tries_hold_in_every_process(cast, door):
    """They stand in the database: another process, with a memory of its own, refuses as well."""
    target = door(cast.deputy)
    wrong = f"zhibu_{target.text.split('_')[1]}_{'A' * 43}"
    for _n in range(FAILURES):
        Client().get("/api/v1/me", headers={"Authorization": f"Bearer {wrong}"})
    cache.clear()
    refused(target.get("me"), 429, "too-many-tries")
    kept = str(list(Tries.objects.values()))
    assert "127.0.0.1" not in kept
    assert target.text.split("_")[1] not in kept


def test_the_proxys_visitors_are_told_apart(cast, door, settings):
    """One who tries wrong tokens does not shut out the others behind the same proxy, nor by a header of his own."""
    settings.PROXIES = (ip_network("127.0.0.1"),)
    target = door(cast.deputy)
    wrong = {"Authorization": f"Bearer zhibu_{target.text.split('_')[1]}_{'A' * 43}"}
    for n in range(FAILURES):
        Client().get("/api/v1/me", headers=wrong | {"X-Forwarded-For": f"10.9.9.{n}, 203.0.113.5"})
    right = {"Authorization": f"Bearer {target.text}"}
    assert Client().get("/api/v1/me", headers=right | {"X-Forwarded-For": "203.0.113.5"}).status_code == 429
    assert Client().get("/api/v1/me", headers=right | {"X-Forwarded-For": "203.0.113.6"}).status_code == 200


def test_the_journal_tells_of_the_token(cast, door, as_):
    """By what it is for, as its owner wrote it; never by its secret. What is done on the page names none."""
    one = door(cast.secretary)
    one.post("organizations/GW-01/tasks", {"text": "修订制度"})
    entry = JournalEntry.objects.filter(verb="task-give").get()
    assert (entry.account_id, entry.data["token"]["name"]) == (cast.secretary.pk, "测试")
    assert one.text.split("_", 2)[2] not in str(entry.data)
    as_(cast.secretary).post("/meetings/GW-01/new/?kind=study", {"title": "学习", "day": "2025-03-28"})
    page = as_(cast.secretary).get("/org/GW-01/journal/").content.decode()
    assert page.count("访问令牌“测试”</span>") == 1
    assert "token" not in JournalEntry.objects.get(verb="prepare-meeting").data


def test_expired_revoked_locked(cast, door):
    for name, spoil in {
        "expired": lambda d: Token.objects.filter(account=d.account).update(expires=DAY - timedelta(days=1)),
        "revoked": lambda d: revoke_token(d.account, Token.objects.filter(account=d.account).first(), at=NOW),
        "locked": lambda d: lock_account(cast.secretary, d.account, reason=""),
    }.items():
        one = door(cast.member)
        assert one.get("me").status_code == 200, name
        spoil(one)
        refused(one.get("me"), 401, "token-refused")


def test_the_last_day_counts(cast, door):
    one = door(cast.member)
    Token.objects.update(expires=DAY)
    assert one.get("me").status_code == 200


def test_who_left_comes_in_no_more(cast, door):
    one = door(cast.deputy)
    row = MemberStatus.objects.get(member=cast.deputy.member)
    row.until = DAY - timedelta(days=5)
    row.save()
    MemberStatus.objects.create(
        organization=cast.branch, member=cast.deputy.member, status=Status.TRANSFERRED, since=row.until
    )
    refused(one.get("me"), 401, "token-refused")  # although nobody has ended the post


def test_an_account_that_is_nobody_comes_in_not_at_all(cast, door):
    refused(door(_account("nobody")).get("organizations"), 401, "token-refused")


def test_powers_of_the_day(cast, door):
    """The token of a secretary whose term ended yesterday does what a member's does."""
    one = door(cast.secretary)
    assert one.post("organizations/GW-01/tasks", {"text": "修订制度"}).status_code == 201
    Post.objects.filter(member=cast.secretary.member).update(until=DAY)
    refused(one.post("organizations/GW-01/tasks", {"text": "修订台账"}), 403, "not-allowed")
    assert one.get("organizations/GW-01/tasks").status_code == 200


def test_read_only_reads(cast, door):
    one = door(cast.secretary, scope="read")
    assert one.get("organizations/GW-01/members").status_code == 200
    before = JournalEntry.objects.count()
    for path in ("activities", "tasks", "local-duties", "plans/2025-03"):
        refused(one.post(f"organizations/GW-01/{path}", LECTURE), 403, "token-reads-only")
    refused(one.put("organizations/GW-01/plans/2025-03", {}), 403, "token-reads-only")
    assert JournalEntry.objects.count() == before


def test_every_write_wants_the_scope(cast, door):
    """All operations of the document that are not GET, whatever is added later."""
    one = door(cast.secretary, scope="read")
    writes = 0
    for path, operations in one.get("openapi.json").json()["paths"].items():
        address = path.removeprefix("/api/v1/").format(code="GW-01", pk=1, month="2025-03", year=2025)
        for method in set(operations) - {"get"}:
            refused(one(method, address, {}), 403, "token-reads-only")
            writes += 1
    assert writes >= 15


def test_the_day_of_use_is_kept(cast, door, django_assert_num_queries):
    one = door(cast.secretary)
    one.get("me")
    assert Token.objects.get().last_used == timezone.localdate()
    with django_assert_num_queries(4):  # the token, wrong tries, whether its account is anybody today; no write
        one.get("kinds")
