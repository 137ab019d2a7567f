"""Which cells a body has in a year, and what holds of them for every body, duty and day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from tests.ledger.bodies import YEAR, asked, body, duties, duty, subjects
from zhibu.rulebook.duty import AtLeast, Condition, Duty, Holds
from zhibu.rulebook.facts import Profile, Subject
from zhibu.rulebook.obligations import concerns, obligations


@pytest.mark.parametrize(("per", "count"), [("month", 12), ("quarter", 4), ("half-year", 2), ("year", 1)])
def test_a_recurring_duty_has_one_cell_a_period(per: str, count: int) -> None:
    cells = obligations([duty(AtLeast(1, per, ("lecture",)))], body(), 2025, date(2025, 6, 1))
    assert len(cells) == count
    assert all(cell.exempt is None for cell in cells)


def test_a_duty_that_does_not_recur_has_one_cell_a_year() -> None:
    (cell,) = obligations([duty(Holds("members", at_most=50))], body(), 2025, date(2025, 6, 1))
    assert cell.period.key == "2025"


def test_a_branch_founded_in_may_owes_from_the_second_quarter() -> None:
    cells = obligations([duty()], body(founded=date(2025, 5, 10)), 2025, date(2025, 12, 31))
    codes = {cell.period.key: cell.exempt.code if cell.exempt else "" for cell in cells}
    assert codes == {"2025-Q1": "not-founded-yet", "2025-Q2": "", "2025-Q3": "", "2025-Q4": ""}


def test_a_duty_that_begins_or_ends_within_the_year_has_only_the_cells_it_covers() -> None:
    cells = obligations([duty(since=date(2025, 4, 15), until=date(2025, 9, 30))], body(), 2025, date(2025, 12, 31))
    codes = {cell.period.key: cell.exempt.code if cell.exempt else "" for cell in cells}
    assert codes == {"2025-Q2": "in-force-during-period", "2025-Q3": ""}


def test_a_condition_is_not_judged_where_the_figure_is_not_known() -> None:
    owed = duty(when=(Condition("full_members", at_least=7),))
    assert {cell.exempt for cell in obligations([owed], body(profiles=()), 2025, date(2025, 12, 31))} == {None}


def test_the_sentence_of_a_condition_has_measure_bound_and_figure() -> None:
    subject = body(profiles=(Profile(date(2020, 1, 1), full_members=5),))
    (cell, *_) = obligations([duty(when=(Condition("full_members", 7),))], subject, 2025, date(2025, 12, 31))
    assert str(cell.exempt).startswith("正式党员人数不少于7时适用，2025年3月31日为5，2025年第一季度不作要求。")


@given(duties(), subjects(), asked)
def test_cells_are_in_order_within_the_year_and_in_force(owed: tuple[Duty, ...], subject: Subject, on: date) -> None:
    cells = obligations(owed, subject, YEAR, on)
    keys = [(owed.index(cell.duty), cell.period.start) for cell in cells]
    assert keys == sorted(set(keys))
    for cell in cells:
        assert concerns(cell.duty, subject.kind, subject.sector)
        assert cell.period.start.year == cell.period.end.year == YEAR
        assert cell.duty.since <= cell.period.end
        assert cell.duty.until is None or cell.duty.until >= cell.period.end


@given(duties(), subjects(), asked)
def test_what_is_recorded_does_not_change_what_is_owed(owed: tuple[Duty, ...], subject: Subject, on: date) -> None:
    bare = Subject(
        code=subject.code,
        name=subject.name,
        kind=subject.kind,
        sector=subject.sector,
        founded=subject.founded,
        ended=subject.ended,
        profiles=subject.profiles,
    )
    assert obligations(owed, bare, YEAR, on) == obligations(owed, subject, YEAR, on)


@given(duties(), subjects(), asked)
def test_nothing_is_asked_of_a_body_that_is_not_there(owed: tuple[Duty, ...], subject: Subject, on: date) -> None:
    for cell in obligations(owed, subject, YEAR, on):
        if cell.exempt is None:
            assert subject.founded <= min(cell.period.end, on)
            assert subject.ended is None or subject.ended >= cell.period.end
