"""A branch with something of everything on its pages, and people of every standing who might turn on it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.activities.entering import filled, save
from tests.activities.test_importing import MEETING, book
from tests.conftest import PASSWORD
from tests.disclosure.publishing import bring_up
from tests.disclosure.publishing import draft as a_draft
from tests.disclosure.publishing import people as publishers
from tests.duties.local import lay_down
from tests.org.sheets import people, workbook
from tests.reports.year import a_report
from zhibu.activities import importing
from zhibu.activities.models import Activity
from zhibu.corpus.services import NewText, add_texts
from zhibu.disclosure import boards
from zhibu.disclosure import services as publications
from zhibu.disclosure.opinions import comment
from zhibu.ledger.snapshots import take_snapshot
from zhibu.org import roster
from zhibu.org.models import Account
from zhibu.reports import services

AT = datetime(2026, 1, 9, 2, tzinfo=UTC)
SOME_TEXT = "汛期支部把党员分成三个值守小组，吃住在青石峡测站，连续报出水情简报四十一份，下游两个村提前转移群众。"


def logged_in(account):
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def full(cast, settings, tmp_path):
    """The cast's branch with records, a vote, an attachment, previews of both imports, a local duty, a snapshot and a
    report with a version; `clients` by standing, each with the page its walk starts from."""
    settings.FILES = tmp_path / "files"
    report = a_report(cast)
    services.keep_version(cast.secretary, report, "初稿", at=AT)
    record = _a_record(cast)
    lay_down(cast)
    add_texts(cast.secretary, cast.branch, [NewText("去年的报告", "", 2024, "own", SOME_TEXT)], at=AT)
    board = _a_board(cast)
    for office in ("system", "security", "audit"):
        Account.objects.create_user(office, password=PASSWORD, office=office)
    clients = {account.username: logged_in(account) for account in Account.objects.all()}
    return SimpleNamespace(
        cast=cast, report=report, record=record, clients=clients, board=board,
        activities=importing.preview(cast.secretary, cast.branch, book(MEETING), "往年.xlsx", at=AT),
        roster=roster.preview(cast.secretary, cast.branch, workbook(*people(2)), "名册.xlsx", at=AT),
        snapshot=take_snapshot(cast.secretary, cast.branch, 2025, date(2026, 1, 8)),
    )  # fmt: skip


def _a_board(cast):
    """A publication that is up, one to be approved, a draft, an opinion; the public page and the wall switched on."""
    three, on = publishers(cast), timezone.localdate()
    up = bring_up(cast, three, on=on, since=on, audience="public")
    waiting = a_draft(cast.secretary, cast.branch, on=on, since=on)
    publications.propose(cast.secretary, waiting, at=timezone.now())
    drafted = a_draft(three.proposer, cast.branch, on=on, since=on)
    opinion = comment(cast.branch, up, "写得不清楚。", source="public", at=timezone.now())
    boards.open_to_public(cast.secretary, cast.branch, True)
    boards.renew_wall(cast.secretary, cast.branch)
    return SimpleNamespace(up=up, waiting=waiting, draft=drafted, opinion=opinion)


STARTS = {
    "secretary": "/ledger/GW-01/", "clerk": "/ledger/GW/below/", "member": "/org/GW-01/", "system": "/org/",
    "security": "/org/accounts/", "audit": "/org/journal/",
}  # fmt: skip


def _a_record(cast):
    client = logged_in(cast.secretary)
    vote = {"matter": "学习计划", "rule": "ordinary", "entitled": "8", "present": "8", "yes": "8", "passed": "on"}
    data = filled(
        cast, title="年中党员大会", held="2025-06-05", **{f"vote-0-{name}": one for name, one in vote.items()}
    )
    files = SimpleUploadedFile("讲稿.pdf", b"%PDF-1.7 made up")
    save(client, "/activities/GW-01/record/general-meeting/", {**data, "files": files})
    return Activity.objects.get(title="年中党员大会")
