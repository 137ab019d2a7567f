"""A ballot in a database file of its own, run as a program: votes at once from several threads, then destruction, with
a look at the bytes before and after. Prints what it found as JSON."""

from __future__ import annotations

import json
import os
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

NOW = datetime(2025, 12, 20, 2, tzinfo=UTC)


def main(home: str) -> None:
    os.environ |= {"ZHIBU_HOME": home, "DJANGO_SETTINGS_MODULE": "zhibu.settings"}
    os.environ.pop("ZHIBU_DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(run(Path(home) / "zhibu.sqlite3")))  # noqa: T201


def run(file: Path) -> dict[str, Any]:
    from tests.ballots.staging import staged
    from zhibu.ballots import ending, voting
    from zhibu.ballots.models import Vote
    from zhibu.ballots.plan import Person

    stage = staged(people(), roll=[Person(f"代表{n}") for n in range(12)])
    stage.open()
    voters = stage.voters()
    replaced = [stage.paper((1, 1)) for _ in voters]
    final = [stage.paper((0, 0)) for _ in voters]
    raised = []
    for papers in (replaced, final):
        calls = [
            lambda voter=voter, sealed=sealed: voting.cast(voter, sealed, at=NOW, secure=True)
            for voter, sealed in zip(voters, papers, strict=True)
        ]
        raised += at_once(calls)
    both = [stage.paper((2, 2)), stage.paper((3, 3))]
    raised += at_once([lambda s=s: voting.cast(voters[0], s, at=NOW, secure=True) for s in both])
    first = Vote.objects.get(voter=voters[0])
    found = {
        "raised": [repr(one) for one in raised],
        "votes": Vote.objects.count(),
        "turn": first.turn,
        "one_of_both": bytes(first.sealed) in both,
        "there_before": inside(file, final[1:]),
    }
    key = stage.reload().receipt_key.splitlines()[1]
    stage.finish()
    ending.destroy_votes(stage.chair, stage.ballot, at=NOW + timedelta(days=9))
    return found | {
        "there_after": inside(file, [*replaced, *final, *both]),
        "key_after": key.encode() in contents(file),
    }


def people() -> SimpleNamespace:
    """A branch with a secretary and three who watch."""
    from zhibu.org.models import Account, Member, MemberStatus, Organization, Post

    values = {"code": "GW-01", "name": "青禾县水文站党支部", "kind": "branch", "founded": date(2019, 1, 10)}
    branch = Organization.objects.add_root(values)
    members = []
    for number in range(6):
        member = Member.objects.create(organization=branch, number=str(number), name=f"甲{number}")
        MemberStatus.objects.create(organization=branch, member=member, status="full", since=date(2019, 1, 10))
        members.append(member)
    Post.objects.create(organization=branch, member=members[0], title="secretary", since=date(2024, 1, 1))
    secretary = Account.objects.create_user("secretary", password="Correct-Horse-7", member=members[0])
    return SimpleNamespace(branch=branch, secretary=secretary, members=members)


def at_once(calls: list[Any]) -> list[Exception]:
    """Run them in threads of their own; give what was raised."""
    from django.db import connection

    raised: list[Exception] = []
    gate = threading.Barrier(len(calls))

    def begin(call: Any) -> None:
        try:
            gate.wait(20)
            call()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=(call,)) for call in calls]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return raised


def contents(file: Path) -> bytes:
    return b"".join(Path(f"{file}{end}").read_bytes() for end in ("", "-wal") if Path(f"{file}{end}").exists())


def inside(file: Path, envelopes: list[bytes]) -> int:
    """How many of the envelopes stand in the database's files, by a piece from their middle."""
    data = contents(file)
    return sum(one[100:200] in data for one in envelopes)


if __name__ == "__main__":
    main(sys.argv[1])
