"""Telling people: the one door every stage uses; and reading what one was told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from zhibu.errors import Sentence
from zhibu.notices.kinds import notice_kinds
from zhibu.notices.models import Notice
from zhibu.notices.wording import packed
from zhibu.org.models import Account, Member, Organization

AT_A_TIME = 1000


@transaction.atomic
def tell(
    whom: Iterable[Account | Member], sentence: Sentence, *, kind: str, at: datetime,
    url: str = "", about: str = "", organization: Organization | None = None,
) -> int:  # fmt: skip
    """Tell each account, or the account of each member, the sentence; give how many were told.

    `kind` is a slug of kinds.yaml; `url` a path of this site the reader may open; `about` names matter and moment
    (`task/12/due-3`): whoever was told about it already is passed over. `organization` is the body it is about.
    Members without an account in use cannot be told. What is sent out, when and how, is the channels' business.
    """
    row = _row(sentence, kind, url, about, at, organization)
    accounts = _accounts(whom)
    if about:
        accounts -= set(Notice.objects.filter(about=about, account__in=accounts).values_list("account", flat=True))
    made = [Notice(account_id=account, **{**row, "about": about or uuid4().hex}) for account in sorted(accounts)]
    Notice.objects.bulk_create(made, AT_A_TIME, ignore_conflicts=bool(about))
    wake_later()
    return len(made)


@transaction.atomic
def announce(
    organization: Organization, sentence: Sentence, *, kind: str, at: datetime, url: str = "", about: str = ""
) -> bool:
    """Tell the group of a body, through its group robots; False when it was told about this already.

    Everybody in the group reads it: never a private matter, and never one person's lapse.
    """
    row = _row(sentence, kind, url, about, at, organization)
    Organization.objects.select_for_update().get(pk=organization.pk)  # the unique key does not bind empty accounts
    if about and Notice.objects.filter(organization=organization, account=None, about=about).exists():
        return False
    Notice.objects.create(**{**row, "about": about or uuid4().hex})
    wake_later()
    return True


def wake_later() -> None:
    """Have the notices passed on after the commit; once, however many are told in one transaction."""
    from zhibu.notices.jobs import wake  # the jobs know the services

    connection = transaction.get_connection()
    if not any(waiting[1] is wake for waiting in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def _row(
    sentence: Sentence, kind: str, url: str, about: str, at: datetime, organization: Organization | None
) -> dict[str, object]:
    if kind not in notice_kinds():
        raise ValueError(f"no such kind of notice: {kind}")
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError(f"not a path of this site: {url}")
    if len(about) > 160:
        raise ValueError(f"longer than its column: {about}")
    return {"organization": organization, "kind": kind, "sentence": packed(sentence), "url": url, "at": at}


def _accounts(whom: Iterable[Account | Member]) -> set[int]:
    """Keys of the accounts in use, in at most one query."""
    people = list(whom)
    found = {one.pk for one in people if isinstance(one, Account) and one.is_active}
    members = [one.pk for one in people if isinstance(one, Member)]
    for start in range(0, len(members), AT_A_TIME):
        some = members[start : start + AT_A_TIME]
        found |= set(Account.objects.filter(member__in=some, is_active=True).values_list("pk", flat=True))
    return found


def mark_read(account: Account, pk: int, at: datetime) -> Notice | None:
    """The account has seen the notice; None when it has no such notice. Reading is not noted in the journal."""
    notice = Notice.objects.filter(account=account, pk=pk).first()
    if notice is not None and notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


def mark_all_read(account: Account, at: datetime) -> int:
    return Notice.objects.filter(account=account, read_at=None).update(read_at=at)
