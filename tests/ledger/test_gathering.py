"""What one act fulfils is one item; the year's table and the month are made of items. On bodies written by hand."""

from datetime import date

import pytest

from tests.ledger.bodies import body, duty, record
from zhibu.ledger.gathering import gather
from zhibu.ledger.matrix import matrix
from zhibu.ledger.month import due_day, month_of
from zhibu.ledger.standing import stand_all
from zhibu.rulebook.duty import AtLeast, Holds, Within
from zhibu.rulebook.facts import Event

MONTHLY = AtLeast(1, "month", ("themed-day",))
FIRST = duty(MONTHLY, id="a/themed-day", confidence="V2", strength="shall")
SECOND = duty(MONTHLY, id="b/themed-day", confidence="V", strength="usually")
NEW_YEAR = date(2026, 1, 15)


def items(duties, subject, on=NEW_YEAR):
    return gather(stand_all(duties, subject, 2025, on))


def test_duties_one_act_fulfils_are_one_item_each_period():
    found = items([FIRST, SECOND], body())
    assert len(found) == 12
    assert [one.duty.id for one in found[0].all] == ["b/themed-day", "a/themed-day"]  # the verified one speaks


def test_usual_months_do_not_make_another_act_but_tags_do():
    plain = duty(AtLeast(1, "year", ("talk",)), id="a/talk")
    usual = duty(AtLeast(1, "year", ("talk",), months=(11,)), id="b/talk")
    tagged = duty(AtLeast(1, "year", ("talk",), tags=("member-member",)), id="c/talk")
    assert [len(item.all) for item in items([plain, usual, tagged], body())] == [2, 1]


def test_the_worst_of_them_speaks_and_what_is_asked_before_what_is_not():
    exempt = duty(MONTHLY, id="c/themed-day", since=date(2025, 1, 15))
    (first, *_rest) = items([exempt, FIRST], body())
    assert (first.duty.id, first.status) == ("a/themed-day", "missing")


def test_cells_are_as_wide_as_their_periods_and_gaps_are_kept():
    duties = [
        duty(AtLeast(1, "quarter", ("general-meeting",)), id="a/q"),
        duty(AtLeast(1, "month", ("test",)), id="a/m", since=date(2025, 4, 1), until=date(2025, 10, 31)),
        duty(Holds("members", at_most=50), id="a/h"),
    ]
    parts = {part.recurrence: part.rows for part in matrix(stand_all(duties, body(), 2025, NEW_YEAR))}
    assert list(parts) == ["month", "quarter", "state"]
    widths = {name: [(width, item is None) for width, item in rows[0].cells] for name, rows in parts.items()}
    assert widths["quarter"] == [(3, False)] * 4
    assert widths["month"] == [(3, True), *[(1, False)] * 7, (2, True)]
    assert widths["state"] == [(12, False)]


@pytest.mark.parametrize(
    ("first", "part"),
    [(date(2025, 3, 1), "done"), (date(2025, 2, 1), "quiet"), (date(2025, 4, 1), None)],
)
def test_an_item_stands_where_its_month_wants_it(first, part):
    subject = body(records=(record(date(2025, 3, 20)),))
    month = month_of(stand_all([duty()], subject, 2025, date(2025, 3, 31)), first, {1: date(2025, 3, 20)})
    placed = {
        name: [item.period.key for item in getattr(month, name)]
        for name in ("due", "mend", "leftovers", "later", "done", "quiet")
    }
    where = next((name for name, keys in placed.items() if "2025-Q1" in keys), None)
    assert where == part


def test_leftovers_are_last_months_and_older_ones_are_counted():
    standings = stand_all([FIRST], body(), 2025, date(2025, 6, 10))
    month = month_of(standings, date(2025, 6, 1), {})
    assert [item.period.key for item in month.leftovers] == ["2025-05"]
    assert month.older == 4
    assert [item.period.key for item in month.due] == ["2025-06"]
    assert month.later == []


def test_every_open_item_of_the_past_is_shown_or_counted():
    standings = stand_all([FIRST, duty()], body(), 2025, NEW_YEAR)
    month = month_of(standings, date(2025, 12, 1), {})
    # 11 months and 3 quarters before December's month and quarter
    assert len(month.leftovers) + month.older == 14
    assert {item.period.key for item in month.due} == {"2025-12", "2025-Q4"}


def test_an_event_has_its_own_limit():
    after = duty(Within("secretary-appointed", ("training",), months=6), id="a/w")
    subject = body(events=(Event("secretary-appointed", date(2025, 2, 10)),))
    (item,) = items([after], subject, date(2025, 3, 1))
    assert due_day(item) == date(2025, 8, 10)
