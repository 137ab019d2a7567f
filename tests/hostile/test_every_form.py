"""Every control of every form, and every question an address can carry, filled with what nobody should send.

A page may refuse or take it; it may not break. The test client raises what a server would answer with 500.
"""

from __future__ import annotations

import re

from django.db import transaction

from tests.hostile.conftest import STARTS
from tests.hostile.forms import forms_of, questions_of

NUL, DIGIT, HUGE, LARGE = "甲\x00乙", "²", "9" * 30, "2147483648"
TEXTS = (NUL, "甲\x0b\x1b乙", "长" * 100_000, "{0} %s {{ settings.SECRET_KEY }}")
NUMBERS = ("-1", DIGIT, HUGE, LARGE, "NaN", "1e999")
DAYS = ("0001-01-01", "9999-12-31", NUL)
WORDS = ("no-such-word", NUL, DIGIT, HUGE)
NASTY = {
    "text": TEXTS, "textarea": TEXTS, "search": TEXTS, "input": TEXTS, "number": NUMBERS, "date": DAYS,
    "time": ("25:99", NUL), "month": ("0001-01", "9999-12", "2025-99"), "hidden": (NUL, DIGIT, HUGE, "长" * 5000),
}  # fmt: skip
"""By the type of a control; every other one offers a choice."""


def faults(client, method, address, data):
    """What went wrong, as a list of at most one line; whatever was written is taken back."""
    try:
        with transaction.atomic():
            answer = getattr(client, method)(address, data)
            transaction.set_rollback(True)
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    if answer.status_code >= 500:
        return [str(answer.status_code)]
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    return ["a NUL came back"] if html and b"\x00" in answer.content else []


def test_forms(full):
    broken, forms, tried = [], set(), 0
    for name, start in STARTS.items():
        for form in forms_of(full.clients[name], start):
            if form.key in forms:
                continue
            forms.add(form.key)
            for control, value in _attempts(form):
                tried += 1
                sent = {**form.data, control: [value]}
                found = faults(full.clients[name], form.method, form.action, sent)
                broken += [(form.action, control, value[:20], fault) for fault in found]
    assert broken == [], "\n".join(map(str, broken))
    assert len(forms) > 30
    assert tried > 300


def _attempts(form):
    """Each control once for all that differ by a number only (presence-1, presence-2 …), with what it may not hold."""
    done = set()
    for control, kind in form.kinds.items():
        name = re.sub(r"\d+", "#", control)
        if name not in done and kind not in ("file", "submit") and control != "csrfmiddlewaretoken":
            done.add(name)
            yield from ((control, value) for value in NASTY.get(kind, WORDS))


def test_questions(full):
    broken, asked = [], set()
    for name, start in STARTS.items():
        for address, question in questions_of(full.clients[name], start):
            if (address, question) in asked:
                continue
            asked.add((address, question))
            for value in (NUL, DIGIT, HUGE, "-1", "0001-01-01", "9999-12-31", "9999-12", "长" * 2000):
                found = faults(full.clients[name], "get", address, {question: value})
                broken += [(address, question, value[:20], fault) for fault in found]
    assert broken == [], "\n".join(map(str, broken))
    assert len(asked) > 30
