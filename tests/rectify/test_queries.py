"""How far a problem is, in Python and in SQL; last year's problems; the figures of a committee; kinds; likeness."""

from datetime import date
from itertools import product

import pytest

from tests.rectify.conftest import DAY
from tests.rectify.problems import measure_of, problem_of, solve
from zhibu.rectify import queries, services
from zhibu.rectify.kinds import kind_named, problem_kinds, suggested_kind
from zhibu.rectify.likeness import earlier_ones
from zhibu.rectify.models import Problem
from zhibu.rectify.states import Measure, state_of
from zhibu.tasks.models import State, Task

STATES = [*State.values]
DUE = (None, date(2025, 3, 19), DAY)


def test_the_state_is_the_same_in_python_and_in_sql(cast):
    """Every pair of measures in every state and deadline."""
    measures = list(product(STATES, DUE))
    problem = problem_of(cast, "公开栏更新慢")
    tasks = [measure_of(cast, problem, f"措施{number}") for number in (1, 2)]
    assert state_of([], DAY) == "bare"
    for (first, due), (second, other) in product(measures, measures):
        Task.objects.filter(pk=tasks[0].pk).update(state=first, due=due)
        Task.objects.filter(pk=tasks[1].pk).update(state=second, due=other)
        wanted = state_of([Measure(first, due), Measure(second, other)], DAY)
        assert queries.with_state(Problem.objects.all(), DAY).get().state == wanted, (first, due, second, other)


@pytest.mark.parametrize(
    ("measures", "state"),
    [
        ([], "bare"),
        ([("cancelled", None)], "bare"),
        ([("open", date(2025, 3, 19)), ("closed", None)], "overdue"),
        ([("open", DAY), ("reported", None)], "in-hand"),
        ([("reported", date(2025, 1, 1)), ("closed", None)], "reported"),
        ([("closed", None), ("cancelled", None)], "closed"),
    ],
)
def test_a_state_is_told_from_the_measures(measures, state):
    assert state_of([Measure(*one) for one in measures], DAY) == state


def test_last_years_problems_are_those_of_the_year_and_those_left_open(cast):
    solved, left = problem_of(cast, "公开栏更新慢", 2023), problem_of(cast, "会议记录不规范", 2023)
    solve(cast, measure_of(cast, solved, on=date(2024, 2, 1), due=date(2024, 6, 30)), date(2024, 5, 1))
    late = measure_of(cast, left, on=date(2024, 2, 1), due=date(2024, 6, 30))
    new = problem_of(cast, "理论学习走过场", 2024)
    problem_of(cast, "别的支部的问题", 2024, body=cast.other)
    problem_of(cast, "今年才发现的问题", 2025, source="self", finder=cast.branch)
    found = queries.of_last_year(cast.branch, 2025)
    assert [(one.text, one.state) for one in found] == [(new.text, "bare"), (left.text, "overdue")]
    assert found[1].standing == [late]
    assert queries.of_last_year(cast.other, 2024) == []


def test_the_figures_of_a_committee(cast):
    first = problem_of(cast, "公开栏更新慢", 2024)
    problem_of(cast, "公开栏更新慢", 2024, body=cast.other)
    problem_of(cast, "会议记录不规范", 2024)
    again = problem_of(cast, "公开栏更新慢", 2025, source="self", finder=cast.branch)
    services.confirm_again(cast.clerk, again, first)
    solve(cast, measure_of(cast, first))
    figures = [
        (one.year, one.kind, one.found, one.bodies, one.bare, one.closed, one.again)
        for one in queries.statistics(cast.committee, [2025, 2024], DAY)
    ]
    assert figures == [
        (2024, "disclosure", 2, 2, 1, 1, 0), (2024, "records", 1, 1, 1, 0, 0), (2025, "disclosure", 1, 1, 1, 0, 1),
    ]  # fmt: skip
    assert queries.statistics(cast.other, [2024], DAY)[0].found == 1
    assert queries.statistics(cast.committee, []) == []


def test_figures_and_registers_take_the_same_few_queries(cast, django_assert_num_queries):
    def read():
        rows = list(queries.listed(Problem.objects.all(), DAY))
        assert all(row.standing for row in rows)
        return rows, queries.statistics(cast.committee, [2024], DAY)

    measure_of(cast, problem_of(cast, "公开栏更新慢"))
    with django_assert_num_queries(3):
        read()
    for text in ("会议记录不规范", "理论学习走过场"):
        measure_of(cast, problem_of(cast, text))
    with django_assert_num_queries(3):
        read()


def test_words_suggest_a_kind():
    assert suggested_kind("公开栏更新慢，党员知情权落实不好") == "disclosure"
    assert suggested_kind("三会一课质量不高，组织生活会缺少辣味") == "organizational-life"
    assert suggested_kind("无以名之") == "other"
    assert kind_named(" 党务 公开") == "disclosure"
    assert kind_named("不知道") == ""
    assert all(kind.label and kind.label_en for kind in problem_kinds().values())


def test_what_says_the_same_is_found_and_what_does_not_is_left():
    before = [
        (1, "理论学习抓得不紧，存在走过场现象。"),
        (2, "2023年有2个季度没有上党课"),
        (3, "公开栏更新不及时"),
    ]
    [same] = earlier_ones("理论学习抓得不紧，存在走过场现象", before)
    assert (same.problem, same.verbatim, same.share) == (1, True, 1.0)
    [dated] = earlier_ones("2024年有3个季度没有上党课", before)
    assert (dated.problem, dated.verbatim) == (2, True)
    [alike] = earlier_ones("理论学习还是抓得不够紧，走过场现象依然存在", before)
    assert (alike.problem, alike.verbatim) == (1, False)
    assert earlier_ones("发展党员程序把关不严", before) == []
    assert earlier_ones("", before) == []
