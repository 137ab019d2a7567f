"""Server time and queries of the pages people meet, on SQLite with the 2,000-branch demo."""

from __future__ import annotations

from collections.abc import Iterator

from zhibu.bench.measure import DEMO_YEAR, Row, demo_home, timed

SUMMARY = "页面的服务器时间（CPU，热，SQLite，2000 个支部的演示数据）。"


def run(branches: int = 2000) -> Iterator[Row]:
    """With fewer branches: how the pages grow."""
    demo_home(branches)
    from zhibu.cli.main import use_django

    use_django()
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from zhibu.bench.pages_data import write_a_year
    from zhibu.org.models import Account, Organization

    clients = {}
    for username in ("shuji", "gongwei"):
        clients[username] = Client(SERVER_NAME="localhost")
        clients[username].force_login(
            Account.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
        )
    root = Organization.objects.get(depth=1)
    with transaction.atomic():
        write_a_year(root, DEMO_YEAR, list(Account.objects.filter(username__in=clients)))
        for username, address, goal in [*_branch_pages(), *_committee_pages(root.code)]:
            client = clients[username]
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                status = client.get(address).status_code
            note = f"{len(queries)} 次查询" + ("" if status == 200 else f"，状态 {status}")
            yield Row(address, timed(lambda c=client, a=address: c.get(a), runs=9).cpu, goal, note=note)
        transaction.set_rollback(True)
    yield _api_list()


def _api_list() -> Row:
    """The list of activities as a program asks for it."""
    from django.test import Client
    from django.utils import timezone

    from zhibu.org.models import Account
    from zhibu.org.tokens import make_token

    on = timezone.localdate()
    _token, text = make_token(Account.objects.get(username="shuji"), "bench", "read", 30, on, at=timezone.now())
    client, key = Client(SERVER_NAME="localhost"), {"Authorization": f"Bearer {text}"}
    address = "/api/v1/organizations/ZB001/activities"
    status = client.get(address, headers=key).status_code
    took = timed(lambda: client.get(address, headers=key), runs=9).cpu
    return Row(address, took, 0.030, note="" if status == 200 else f"状态 {status}")


def _branch_pages() -> list[tuple[str, str, float]]:
    code, year = "ZB001", DEMO_YEAR
    addresses = [
        f"/ledger/{code}/?m={year}-11", f"/ledger/{code}/{year}/", f"/activities/{code}/", f"/org/{code}/members/",
        f"/duties/{code}/", f"/duties/{code}/branch-work/", f"/reports/{code}/",
        f"/plans/{code}/", f"/plans/{code}/month/{year}-11/", f"/tasks/{code}/", f"/meetings/{code}/",
        f"/rectify/{code}/",
        f"/disclosure/{code}/", f"/disclosure/{code}/queue/", f"/disclosure/{code}/archive/", f"/scoring/{code}/",
        f"/handbook/{code}/", f"/handbook/{code}/duty/", "/notices/",
    ]  # fmt: skip
    return [("shuji", address, 0.060) for address in addresses]


def _committee_pages(root: str) -> list[tuple[str, str, float]]:
    return [
        ("gongwei", f"/ledger/{root}/below/?year={DEMO_YEAR}", 0.300), ("gongwei", "/org/", 0.300),
        ("gongwei", f"/tasks/{root}/?whose=given", 0.300),
        ("gongwei", f"/plans/{root}/burden/?m={DEMO_YEAR}-01", 0.300),
        ("gongwei", f"/rectify/{root}/below/", 0.300),
        ("gongwei", f"/ledger/{root}/?m={DEMO_YEAR}-11", 0.300),
        ("gongwei", f"/scoring/{root}/?year={DEMO_YEAR - 1}", 0.300), ("gongwei", "/notices/", 0.300),
        ("gongwei", f"/disclosure/{root}/", 0.300), ("gongwei", f"/disclosure/{root}/queue/", 0.300),
        ("gongwei", f"/plans/{root}/", 0.300), ("gongwei", f"/scoring/{root}/", 0.300),
        ("gongwei", f"/handbook/{root}/duty/", 0.300), ("gongwei", f"/org/{root}/journal/", 0.300),
    ]  # fmt: skip
