"""A small fixed cast, all invented: secretary, committee member, member, someone elsewhere, the superior's clerk."""

from __future__ import annotations

import os
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("zhibu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "zhibu"))


def pytest_configure(config: pytest.Config) -> None:
    """Compile the message catalogues, once for all workers, so that a fresh clone speaks English too."""
    if not hasattr(config, "workerinput"):
        runpy.run_path(str(Path(__file__).parent.parent / "scripts" / "compile_messages.py"))


PASSWORD = "Correct-Horse-7"


@dataclass
class Cast:
    """`committee` (机关工委) stands above `branch` and `other`; accounts are named after what they are."""

    committee: object
    branch: object
    other: object
    cell: object
    secretary: object
    deputy: object
    member: object
    outsider: object
    clerk: object
    members: list[object]


def _organization(parent, code, name, kind, **fields):
    from zhibu.org.models import Organization

    values = {"code": code, "name": name, "short_name": name, "kind": kind, "founded": date(2019, 1, 10),
              "recording_since": date(2024, 1, 1), **fields}  # fmt: skip
    nodes = Organization.objects
    return nodes.add_child(parent, values) if parent else nodes.add_root(values)


def _member(branch, number, name, title=None, status="full", organization=None):
    from zhibu.org.models import Member, MemberStatus, Post

    member = Member.objects.create(
        organization=branch, number=number, name=name, joined=date(2012, 7, 1), confirmed=date(2013, 7, 1)
    )
    MemberStatus.objects.create(organization=branch, member=member, status=status, since=date(2019, 1, 10))
    if title:
        Post.objects.create(
            organization=organization or branch,
            member=member,
            title=title,
            since=date(2024, 3, 1),
            term_ends=date(2027, 3, 1),
        )
    return member


def _account(username, member=None, office=""):
    from zhibu.org.models import Account

    return Account.objects.create_user(username, password=PASSWORD, member=member, office=office)


@pytest.fixture
def cast(db) -> Cast:
    """Branch of nine: secretary, deputy and three more in the committee, three members, one probationary."""
    committee = _organization(None, "GW", "青禾县县直机关工委", "organs-work-committee")
    branch = _organization(committee, "GW-01", "青禾县水文站党支部", "branch")
    other = _organization(committee, "GW-02", "青禾县档案馆党支部", "branch")
    branch = type(branch).objects.get(pk=branch.pk)
    cell = _organization(branch, "GW-01-1", "第一党小组", "cell")
    people = [
        _member(branch, "001", "闻知远", "secretary"),
        _member(branch, "002", "苏明棠", "deputy-secretary"),
        _member(branch, "003", "岑若溪", "organization-member"),
        _member(branch, "004", "蒲云帆", "publicity-member"),
        _member(branch, "005", "桑以宁", "discipline-member"),
        _member(branch, "006", "温汝舟"),
        _member(branch, "007", "纪南乔"),
        _member(branch, "008", "路听雨"),
        _member(branch, "009", "简言之", status="probationary"),
    ]
    elsewhere = _member(other, "001", "阮青岚", "secretary")
    clerk = _member(other, "002", "池砚秋", "clerk", organization=committee)
    return Cast(
        committee=committee, branch=branch, other=other, cell=cell,
        secretary=_account("secretary", people[0]), deputy=_account("deputy", people[1]),
        member=_account("member", people[5]), outsider=_account("outsider", elsewhere),
        clerk=_account("clerk", clerk), members=people,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def own_corpus(settings, tmp_path_factory):
    """What is derived from one test's database is not met by the next one, whose rows have the same ids."""
    settings.CORPUS = tmp_path_factory.getbasetemp() / "corpus" / uuid4().hex


@pytest.fixture
def as_(client):
    """`as_(cast.secretary)` gives the test client logged in as that account."""

    def login(account):
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Debian's Chromium, one for the session, offline but for this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("ZHIBU_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield chromium
        chromium.close()
