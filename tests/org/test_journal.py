"""The journal says in words what was done, whichever stage did it."""

from __future__ import annotations

import ast
from pathlib import Path

import zhibu
from zhibu.org.journal import VERBS


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
