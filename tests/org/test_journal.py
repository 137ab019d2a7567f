"""The journal says in words what was done, whichever stage did it."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

import zhibu
from zhibu.org.journal import VERBS, entries, note


def verbs_written():
    """The third argument of every call of `note` in the product."""
    for path in Path(zhibu.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "note":
                verb = call.args[2]
                if isinstance(verb, ast.Constant):
                    yield verb.value


def test_every_verb_has_a_name():
    written = set(verbs_written())
    assert len(written) > 25
    assert written <= set(VERBS)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(1, 1, 1), date(1896, 2, 29), date(9999, 12, 31), date(9996, 2, 29)])
def test_days_at_the_ends_of_the_calendar_find_what_they_can(cast, day):
    note(cast.secretary, cast.branch, "change", cast.branch, "改了名称")
    assert entries(cast.branch, since=day).count() + entries(cast.branch, until=day).count() == 1
