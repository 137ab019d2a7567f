"""Put the made-up county together: bodies, people, accounts, local duties, years of records, a few reports."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime

from django.db import transaction

from zhibu.demo.accounts import make_accounts
from zhibu.demo.county import Branch, build_bodies, build_people
from zhibu.demo.evaluations import make_evaluations
from zhibu.demo.month import make_months
from zhibu.demo.problems import make_problems
from zhibu.demo.publishing import make_board
from zhibu.demo.reports import make_reports
from zhibu.demo.saving import save_rows, save_year
from zhibu.demo.season import make_season
from zhibu.demo.words import words
from zhibu.demo.year import YearOf
from zhibu.duties.models import LocalDuty
from zhibu.errors import UserError
from zhibu.org.models import Account, Organization

BRANCHES_AT_A_TIME = 50


@transaction.atomic
def build_demo(
    *, organizations: int, members: int, seed: int, on: date, years: int = 2, progress: Callable[[int, int], None]
) -> None:
    """Fill an empty database; the same numbers, seed and day give the same county. UserError if it is not empty."""
    if Organization.objects.exists() or Account.objects.exists():
        raise UserError(
            "database-not-empty",
            "数据库中已有数据，演示数据只能放进空数据库。请另设 ZHIBU_HOME 或 ZHIBU_DATABASE_URL。",
        )
    if organizations < 1 or members < 5 * organizations:
        raise UserError("demo-too-small", "至少要有 1 个支部，平均每个支部至少 5 名党员。")
    draw = random.Random(seed)  # noqa: S311 (made-up data, no secret)
    first = on.year - years + 1
    root, branches = build_bodies(organizations, on.year, draw)
    build_people(branches, members, on.year, date(first, 1, 1), draw)
    Organization.objects.filter(recording_since=None).update(recording_since=date(first, 1, 1))
    accounts = make_accounts(root, branches)
    _local_duties(root, first, accounts.get("gongwei", accounts["shuji"]))
    writers = {account.member_id: account for account in accounts.values()}
    for start in range(0, len(branches), BRANCHES_AT_A_TIME):
        chunk = branches[start : start + BRANCHES_AT_A_TIME]
        _records(chunk, range(first, on.year + 1), seed, on, writers)
        progress(min(start + BRANCHES_AT_A_TIME, len(branches)), len(branches))
    make_problems(root, branches, accounts, on)
    make_reports(root, branches, accounts, first, on)
    make_months(root, branches, accounts, on)
    make_board(root, branches, accounts, on)
    make_evaluations(root, branches, accounts, on)
    make_season(root, branches, accounts, on)


def _records(branches: list[Branch], years: range, seed: int, on: date, writers: dict[int | None, Account]) -> None:
    for branch in branches:
        planned = [happening for year in years for happening in YearOf(branch, year, seed).happenings()]
        made = list(save_year(branch, planned, on, writers.get(branch.secretary.pk), seed))
        save_rows(made, on)


def _local_duties(root: Organization, year: int, account: Account) -> None:
    for duty in words()["local_duties"]:
        data = {key: value for key, value in duty.items() if key not in ("document", "number")}
        LocalDuty.objects.create(
            organization=root,
            origin=root.name,
            number=duty["number"].format(year=year),
            document=duty["document"],
            data={**data, "subject": ["branch"], "confidence": "P", "cites": ""},
            since=date(year, 1, 1),
            made_at=datetime(year, 1, 5, tzinfo=UTC),
            made_by=account,
        )
