"""The arithmetic beyond what the cases say: sums, what is unknown, rulings, and what is frozen."""

import json
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from zhibu.errors import Sentence
from zhibu.ledger.standing import Standing
from zhibu.periods import Period
from zhibu.rulebook.facts import Profile, Record, Subject
from zhibu.rulebook.reasons import STATUSES
from zhibu.rulebook.regulations import find_duty
from zhibu.scoring.points import Answer, Facts, Point, Ruling, TaskFact, points, ruled, total
from zhibu.scoring.reading import load_schemes

SCHEME, _DATA = load_schemes()["standard-branch"]
END = date(2026, 1, 10)


def facts(on=END, records=(), tasks=(), **figures):
    profile = Profile(date(2020, 1, 1), **{"secretaries": 1, "term_ends": date(2027, 1, 1), **figures})
    return Facts(
        Subject("ZB", "某支部", "branch", "organ", date(2020, 1, 1), profiles=(profile,), records=tuple(records)),
        2025, on, tuple(tasks),
    )  # fmt: skip


def cell(duty, status, number=1, evidence=()):
    period = Period(date(2025, 1, 1), date(2025, 12, 31), f"2025-{number:02}")
    return Standing(find_duty(duty), "ZB", period, status, Sentence("met", "{period}。", period="例"), evidence)


def by_slug(standings=(), answers=None, **more):
    return {one.slug: one for one in points(standings, facts(**more), answers or {}, SCHEME)}


def test_every_item_has_one_point_in_its_order():
    assert list(by_slug()) == [item.slug for item in SCHEME.items]


def test_a_point_names_its_cells_and_records():
    point = by_slug([cell("branch-work/general-meeting", "met", evidence=(4, 9))])["general-meeting"]
    assert (point.state, point.records) == ("full", (4, 9))
    [told] = point.cells
    assert (told.duty, told.article, told.period) == ("branch-work/general-meeting", "第十一条", "2025-01")


def test_records_outside_the_year_or_after_the_day_do_not_count():
    days = (date(2024, 12, 31), date(2025, 2, 1), date(2025, 11, 1), date(2026, 1, 2))
    records = [Record(n, frozenset({"lecture"}), day, day) for n, day in enumerate(days)]
    assert by_slug(records=records)["lecture"].records == (1, 2)
    assert by_slug(records=records, on=date(2025, 6, 1))["lecture"].records == (1,)


def test_a_task_not_due_yet_does_not_count_one_done_early_does():
    tasks = [
        TaskFact(1, date(2025, 6, 30), None, True),
        TaskFact(2, date(2025, 6, 30), date(2025, 5, 1), True),
    ]
    point = by_slug(tasks=tasks, on=date(2025, 6, 1))["decided-done"]
    assert (point.state, point.tasks) == ("full", (2,))
    assert by_slug(tasks=tasks, on=date(2025, 6, 30))["decided-done"].state == "full"
    assert by_slug(tasks=tasks, on=date(2025, 7, 1))["decided-done"].tasks == (1, 2)


def test_a_figure_nobody_told_is_unknown():
    empty = Facts(Subject("ZB", "某支部", "branch", "organ", date(2020, 1, 1)), 2025, END)
    found = {one.slug: one for one in points([], empty, {}, SCHEME)}
    assert (found["term"].state, found["term"].low, found["term"].high) == ("unknown", 0, 4)
    assert found["no-secretary"].state == "unknown"


def test_unknown_is_no_nought_and_not_due_is_neither():
    whole = total(by_slug(on=date(2025, 6, 1)).values(), SCHEME)
    assert whole.low < whole.high
    assert not whole.certain
    assert "place" in whole.open
    assert "lecture" in whole.open


def test_the_level_is_a_range_while_something_is_open():
    whole = total(by_slug(on=date(2025, 6, 1)).values(), SCHEME)
    assert [level.label for level in whole.levels] == ["未达标", "示范"]
    assert whole.percent[0] < 75 < whole.percent[1]


def test_a_percentage_is_not_rounded_up_to_a_level():
    lines = [Point("x", "scored", "part", Decimal("74.99"), Decimal("74.99"), Decimal(100), "ledger", False, ())]
    assert [level.label for level in total(lines, SCHEME).levels] == ["未达标"]
    assert total(lines, SCHEME).percent == (Decimal("75.0"), Decimal("75.0"))


def test_nothing_that_counts_is_no_division_by_nought():
    assert total([], SCHEME).percent == (0, 0)


def test_an_answer_that_is_no_choice_is_none():
    assert by_slug(answers={"place": Answer("grand")})["place"].state == "unknown"


def test_a_ruling_stands_in_place_of_the_point():
    place = by_slug(answers={"place": Answer("usable")})["place"]
    assert ruled(place, None) == place == ruled(place, Ruling(None))
    lower = ruled(place, Ruling(Decimal("1.5"), "门锁着"))
    assert (lower.low, lower.high, lower.state, lower.by, lower.before) == (1.5, 1.5, "part", "verifier", (4, 4))
    assert "门锁着" in str(lower.why[-1])
    taken = ruled(by_slug()["overdue"], Ruling(Decimal(2), "拖了两件"))
    assert (taken.low, taken.state) == (-2, "part")
    struck = ruled(by_slug(answers={"made-up": Answer("true-records")})["made-up"], Ruling(Decimal(0), "查实"))
    assert total([struck], SCHEME).struck == ("made-up",)


def test_a_point_frozen_and_read_again_is_the_same():
    found = by_slug(
        [cell("branch-work/general-meeting", "unknown", evidence=(3,))],
        tasks=[TaskFact(5, date(2025, 3, 1), None, True)],
    )
    for point in found.values():
        frozen = json.loads(json.dumps(point.to_json()))
        again = Point.from_json(frozen)
        assert again.to_json() == frozen
        assert (again.low, again.high, again.full, again.state) == (point.low, point.high, point.full, point.state)


@given(some.lists(some.sampled_from(sorted(STATUSES)), max_size=12))
def test_a_better_cell_never_lowers_the_sum(statuses):
    duty = "branch-work/general-meeting"
    before = by_slug([cell(duty, status, n) for n, status in enumerate(statuses)])["general-meeting"]
    better = ["met" if status == "missing" else status for status in statuses]
    after = by_slug([cell(duty, status, n) for n, status in enumerate(better)])["general-meeting"]
    assert 0 <= before.low <= before.high <= max(before.full, 0) or before.state == "exempt"
    assert after.low >= before.low
    assert after.high >= before.high
