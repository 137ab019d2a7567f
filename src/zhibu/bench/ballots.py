"""Secret ballots: sealing, opening a layer of two thousand, and three hundred people voting through the service."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from zhibu.bench.measure import Row, timed

SUMMARY = "封票、2000 张票拆封一层、300 人经服务投票（SQLite，虚构数据）。"
BALLOTS, VOTERS, THREADS = 2000, 300, 8
NOW = datetime(2025, 12, 20, 2, tzinfo=UTC)


def run() -> Iterator[Row]:
    yield from _engine()
    yield from _service()


def _engine() -> Iterator[Row]:
    from zhibu.ballots.mixing import boxed, mix
    from zhibu.ballots.sealing import Paper, new_code, new_key, point_of, seal

    keys = [new_key() for _ in range(3)]
    points, name = [point_of(one.public_key()) for one in keys], "0" * 64
    made = timed(lambda: seal(Paper(new_code(), (0,) * 12), points, name), runs=50)
    yield Row("封一张票，三层信封", made.wall, note=f"CPU {made.cpu * 1000:.2f} ms")
    entries = boxed(seal(Paper(new_code(), (n % 4,) * 12), points, name) for n in range(BALLOTS))
    for layer, key in enumerate(keys, start=1):
        opened = timed(lambda entries=entries, layer=layer, key=key: mix(key, entries, name, layer, 3), runs=3)
        note = f"{len(opened.result)} 张，CPU {opened.cpu:.2f} s"
        yield Row(f"{BALLOTS} 张票拆第{layer}层，一个进程", opened.wall, 5.0, note=note)
        entries = opened.result


def _service() -> Iterator[Row]:
    """All in a database of its own, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="zhibu-ballots-") as home:
        os.environ["ZHIBU_HOME"] = home
        os.environ.pop("ZHIBU_DATABASE_URL", None)
        from django.core.management import call_command

        from zhibu.cli.main import use_django

        use_django()
        call_command("migrate", verbosity=0)
        yield from _voting(*_opened())


def _opened() -> tuple[Any, Any, list[Any]]:
    """An open ballot of the right size, its scrutineers' keys and accounts, and everybody's envelope."""
    from zhibu.ballots import queries, services, voting
    from zhibu.ballots.canonical import text_of
    from zhibu.ballots.manifest import Question
    from zhibu.ballots.plan import Person, Plan
    from zhibu.ballots.sealing import Paper, new_code, new_key, point_of, seal
    from zhibu.ballots.signing import sign
    from zhibu.org.models import Account, Member, Organization

    body = Organization.objects.add_root(
        {"code": "GW", "name": "青禾县县直机关工委", "kind": "organs-work-committee", "founded": date(2019, 1, 1)}
    )
    members = [Member.objects.create(organization=body, number=str(n), name=f"监票人{n}") for n in range(3)]
    accounts = [Account.objects.create_user(f"j{one.pk}", member=one) for one in members]
    questions = tuple(Question(f"q{n}", f"对第{n}位书记的评价") for n in range(12))
    roll = [Person(f"代表{n}") for n in range(VOTERS)]
    ballot = services.draft_ballot(accounts[0], body, Plan("述职评议测评", questions), roll, at=NOW)
    services.name_officials(accounts[0], ballot, members, at=NOW)
    for account in accounts:
        sealing, signing = new_key(), new_key()
        points = [text_of(point_of(one.public_key())) for one in (sealing, signing)]
        proof = sign(signing, services.key_message(ballot.uid, *points))
        services.post_key(account, ballot, *points, text_of(proof))
    services.seal_ballot(accounts[0], ballot, at=NOW)
    ballot = voting.open_ballot(accounts[0], ballot, at=NOW, secure=True)
    manifest = queries.manifest(ballot)
    envelopes = [seal(Paper(new_code(), (n % 4,) * 12), manifest.keys, manifest.name) for n in range(VOTERS)]
    return accounts[0], ballot, list(zip(ballot.voters.all(), envelopes, strict=True))


def _voting(chair: Any, ballot: Any, votes: list[Any]) -> Iterator[Row]:
    from zhibu.ballots import voting

    failed: list[Exception] = []
    begun = time.perf_counter()
    threads = [threading.Thread(target=_cast, args=(votes[n::THREADS], failed)) for n in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    seconds = time.perf_counter() - begun
    note = f"{THREADS} 线程同时，平均每票 {seconds / len(votes) * 1000:.1f} ms，失败 {len(failed)} 次"
    yield Row(f"{len(votes)} 人投票（带签名回执）", seconds, 60.0, note=note)
    closed = timed(lambda: voting.close_ballot(chair, ballot, at=NOW), runs=1, warmup=0)
    yield Row("截止、封箱", closed.wall)


def _cast(votes: list[Any], failed: list[Exception]) -> None:
    from django.db import connection

    from zhibu.ballots import voting

    for voter, sealed in votes:
        try:
            voting.cast(voter, sealed, at=NOW, secure=True)
        except Exception as error:  # counted and shown
            failed.append(error)
    connection.close()
