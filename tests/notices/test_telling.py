"""Who is told, and nobody twice."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import PASSWORD
from tests.notices.conftest import AT
from zhibu.errors import Sentence
from zhibu.notices.models import Notice
from zhibu.notices.services import announce, mark_all_read, mark_read, tell
from zhibu.notices.wording import packed, unpacked
from zhibu.org.models import Account

SENTENCE = Sentence(
    "due-soon", "{body}还有{count}项工作{day}到期。", body="水文站党支部", count=2, day=date(2025, 11, 30)
)


def test_accounts_and_members_are_told_once(cast):
    people = [cast.secretary, cast.secretary.member, cast.member.member]
    assert tell(people, SENTENCE, kind="due", at=AT, url="/ledger/GW-01/", organization=cast.branch) == 2
    assert set(Notice.objects.values_list("account", flat=True)) == {cast.secretary.pk, cast.member.pk}


def test_about_the_same_matter_nobody_is_told_twice(cast):
    assert tell([cast.secretary], SENTENCE, kind="due", at=AT, about="due/GW-01/2025-11-30") == 1
    assert tell([cast.secretary, cast.deputy], SENTENCE, kind="due", at=AT, about="due/GW-01/2025-11-30") == 1
    assert tell([cast.secretary], SENTENCE, kind="due", at=AT, about="due/GW-01/2025-12-31") == 1
    assert Notice.objects.filter(account=cast.secretary).count() == 2


def test_members_without_an_account_and_locked_accounts_are_passed_over(cast):
    Account.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    cast.deputy.refresh_from_db()
    assert tell([cast.members[6], cast.deputy, cast.deputy.member], SENTENCE, kind="due", at=AT) == 0


def test_ten_thousand_at_once_take_few_queries(cast, django_assert_max_num_queries):
    Account.objects.bulk_create(Account(username=f"a{number}", password=PASSWORD) for number in range(10_000))
    accounts = list(Account.objects.filter(username__startswith="a"))
    with django_assert_max_num_queries(120):
        assert tell(accounts, SENTENCE, kind="due", at=AT, about="due/all") == 10_000
    with django_assert_max_num_queries(120):
        assert tell(accounts, SENTENCE, kind="due", at=AT, about="due/all") == 0


def test_a_group_is_told_once(cast):
    assert announce(cast.branch, SENTENCE, kind="due", at=AT, about="due/GW-01/2025-11-30")
    assert not announce(cast.branch, SENTENCE, kind="due", at=AT, about="due/GW-01/2025-11-30")
    assert announce(cast.other, SENTENCE, kind="due", at=AT, about="due/GW-01/2025-11-30")


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "gossip"}, {"url": "https://elsewhere.example"}, {"url": "//elsewhere.example"}, {"about": "x" * 161}],
)
def test_slips_of_a_stage_are_refused(cast, wrong):
    with pytest.raises(ValueError, match=r"."):
        tell([cast.secretary], SENTENCE, **{"kind": "due", "at": AT, **wrong})


def test_a_sentence_survives_the_database_and_speaks_the_readers_language(cast):
    inner = Sentence("word", "党员大会")
    tell([cast.secretary], Sentence("outer", "{what}：{day}", what=inner, day=date(2025, 1, 2)), kind="due", at=AT)
    said = Notice.objects.get().said
    assert said.text() == "党员大会：2025-01-02"
    assert said.text({"党员大会": "Meeting", "{what}：{day}": "{what}, {day}"}.get) == "Meeting, 2025-01-02"
    assert unpacked(packed(said)) == said


def test_reading_is_ones_own(cast):
    tell([cast.secretary, cast.deputy], SENTENCE, kind="due", at=AT)
    theirs = Notice.objects.get(account=cast.deputy)
    assert mark_read(cast.secretary, theirs.pk, AT) is None
    assert mark_all_read(cast.secretary, AT) == 1
    theirs.refresh_from_db()
    assert theirs.read_at is None
