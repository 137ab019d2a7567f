"""What is destroyed is gone from the database's files too, and two votes at once are one: on SQLite in a file of its
own, on PostgreSQL where the tests run on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.ballots.on_disk import at_once
from tests.ballots.staging import LATER, staged
from zhibu.ballots import queries, voting
from zhibu.ballots.models import Vote
from zhibu.errors import UserError

ROOT = Path(__file__).parents[2]
POSTGRES = connection.vendor == "postgresql"


@pytest.mark.skipif(POSTGRES, reason="about SQLite's file")
def test_in_a_file(tmp_path):
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.ballots.on_disk", str(tmp_path)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["raised"] == []
    assert (found["votes"], found["turn"], found["one_of_both"]) == (12, 4, True)
    assert found["there_before"] == 11  # the search would find them
    assert (found["there_after"], found["key_after"]) == (0, False)


@pytest.mark.skipif(not POSTGRES, reason="the tests' SQLite is in memory; test_in_a_file does it")
@pytest.mark.django_db(transaction=True)
def test_two_votes_at_once_are_one(cast):
    stage = staged(cast)
    stage.open()
    voter = stage.voters()[0]
    both = [stage.paper((0, 0)), stage.paper((1, 1))]
    calls = [lambda sealed=sealed: voting.cast(voter, sealed, at=LATER, secure=True) for sealed in both]
    assert at_once(calls) == []
    vote = Vote.objects.get()
    assert bytes(vote.sealed) in both
    assert vote.turn == 2


@pytest.mark.skipif(not POSTGRES, reason="the tests' SQLite is in memory")
@pytest.mark.django_db(transaction=True)
def test_a_vote_beside_the_closing_is_in_the_box_or_refused(cast):
    stage = staged(cast)
    stage.open()
    voters = stage.voters()
    calls = [
        lambda voter=voter, sealed=sealed: voting.cast(voter, sealed, at=LATER, secure=True)
        for voter, sealed in zip(voters, [stage.paper((0, 0)) for _ in voters], strict=True)
    ]
    raised = at_once([*calls[:4], lambda: voting.close_ballot(stage.chair, stage.ballot, at=LATER), *calls[4:]])
    assert all(isinstance(one, UserError) and one.code == "ballot-not-open" for one in raised), raised
    box = queries.pools(stage.reload())
    assert sum(one.cast for one in box) == Vote.objects.count() == len(voters) - len(raised)
