"""The warehouse and standing.py are one semantics: every cell of every body, status, reason, evidence and sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibu.ledger.asking import Questions, Scoped
from zhibu.ledger.cases import Case, cases_of
from zhibu.ledger.packing import pack
from zhibu.ledger.standing import Standing, stand_all
from zhibu.ledger.warehouse import Warehouse
from zhibu.rulebook.duty import Duty
from zhibu.rulebook.facts import Subject
from zhibu.rulebook.reasons import REASONS
from zhibu.rulebook.regulations import load_regulations

from .bodies import YEAR, asked, duties, subjects
from .crowds import crowd, rules

Owing = Sequence[tuple[tuple[Duty, ...], Subject]]
"""Bodies, each with its own duties."""


def judged(owing: Owing, year: int, on: date) -> list[Standing]:
    """All cells by the warehouse, duties of each body asked of that body only."""
    scoped = [Scoped(duty, body, body) for body, (own, _) in enumerate(owing) for duty in own]
    with Warehouse(pack([subject for _, subject in owing]), Questions(scoped, year, on)) as warehouse:
        return [standing for _, standing in warehouse.standings()]


def plain(owing: Owing, year: int, on: date) -> list[Standing]:
    return [one for own, subject in owing for one in stand_all(own, subject, year, on)]


def assert_agree(found: Iterable[Standing], wanted: Sequence[Standing]) -> None:
    found = list(found)
    assert [(one.subject_code, one.duty.id, one.period.key) for one in found] == [
        (one.subject_code, one.duty.id, one.period.key) for one in wanted
    ]
    for one, other in zip(found, wanted, strict=True):
        assert (one.status, one.reason.code, one.evidence) == (other.status, other.reason.code, other.evidence), other
        assert one.reason.text() == other.reason.text()


@settings(max_examples=15)
@given(st.lists(st.tuples(duties(), subjects()), min_size=1, max_size=5), asked)
def test_both_paths_agree_on_few_bodies(owing: list[tuple[tuple[Duty, ...], Subject]], on: date):
    owing = [(own, replace(subject, code=f"B{number}")) for number, (own, subject) in enumerate(owing)]
    assert_agree(judged(owing, YEAR, on), plain(owing, YEAR, on))


@pytest.mark.parametrize("on", [date(YEAR, 4, 1), date(YEAR, 6, 30), date(YEAR, 12, 31), date(YEAR + 1, 2, 10)])
def test_both_paths_agree_on_generated_bodies(on: date):
    owing: list[tuple[tuple[Duty, ...], Subject]] = []

    @settings(max_examples=150, database=None)
    @given(duties(), subjects())
    def collect(own: tuple[Duty, ...], subject: Subject) -> None:
        owing.append((own, replace(subject, code=f"B{len(owing)}")))

    collect()
    assert_agree(judged(owing, YEAR, on), plain(owing, YEAR, on))


DAYS = [date(YEAR - 1, 12, 1), date(YEAR, 1, 1), date(YEAR, 3, 31), date(YEAR, 5, 5), date(YEAR, 12, 31),
        date(YEAR + 1, 1, 20), date(YEAR + 1, 12, 31)]  # fmt: skip


@pytest.mark.parametrize("on", DAYS)
def test_both_paths_agree_on_a_crowd(on: date):
    random = Random(on.toordinal())
    owed, bodies = rules(random, 45), crowd(random, 60)
    wanted = plain([(owed, subject) for subject in bodies], YEAR, on)
    scoped = [Scoped(duty, 0, len(bodies) - 1) for duty in owed]
    with Warehouse(pack(bodies), Questions(scoped, YEAR, on)) as warehouse:
        assert_agree((one for _, one in warehouse.standings()), wanted)


def test_the_crowds_meet_every_reason():
    met: Counter[str] = Counter()
    for on in DAYS:
        random = Random(on.toordinal())
        owed, bodies = rules(random, 45), crowd(random, 60)
        met.update(one.reason.code for one in plain([(owed, subject) for subject in bodies], YEAR, on))
    assert set(met) == set(REASONS)


def test_both_paths_agree_on_the_cases_of_the_regulations():
    asked_on: dict[tuple[int, date], list[tuple[tuple[Duty, ...], Case]]] = {}
    for regulation in load_regulations():
        for case in cases_of(regulation):
            asked_on.setdefault((case.year, case.on), []).append((regulation.duties, case))
    assert len(asked_on) > 20
    for (year, on), cases in asked_on.items():
        owing = [(own, replace(case.subject, code=f"B{number}")) for number, (own, case) in enumerate(cases)]
        assert_agree(judged(owing, year, on), plain(owing, year, on))
