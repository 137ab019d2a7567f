"""What is to be told on a day: pure, as a clerk would work it out on paper."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from zhibu.errors import Sentence
from zhibu.org.models import Organization
from zhibu.reminders.deciding import STEP, Body, Facts, OpenTask, Term, Work, decide, stage

COMMITTEE = Body("00001", "GW", "县直机关工委", 1)
BRANCH = Body("0000100001", "ZB001", "水文站党支部", 2)
OTHER = Body("0000100002", "ZB002", "档案馆党支部", 3)
END = date(2025, 11, 30)


def owed(*labels, body=BRANCH, due=END):
    return Facts(work=[Work(body, Sentence("duty", label), due) for label in labels])


def told(on, facts):
    return [(one.audience, one.about, one.sentence.text()) for one in decide(on, facts)]


def test_a_step_of_the_tree_is_the_products():
    assert Organization.steplen == STEP


def test_stages():
    assert [stage(left, (0, 3, 10)) for left in (11, 10, 4, 3, 1, 0)] == [None, 10, 10, 3, 3, 0]


def test_ten_days_three_days_and_the_day_itself():
    facts = owed("党员大会", "主题党日")
    assert told(date(2025, 11, 19), facts) == []
    assert told(date(2025, 11, 20), facts) == [
        ("leaders", "due/ZB001/2025-11-30/10", "水文站党支部还有2项工作2025年11月30日到期：党员大会、主题党日。")
    ]
    assert told(date(2025, 11, 26), facts)[0][1] == "due/ZB001/2025-11-30/10"
    assert told(date(2025, 11, 27), facts)[0][1] == "due/ZB001/2025-11-30/3"
    assert told(date(2025, 11, 30), facts)[0][1] == "due/ZB001/2025-11-30/0"


def test_long_lists_are_counted():
    facts = owed("甲", "乙", "丙", "丁", "甲")
    assert told(END, facts)[0][2] == "水文站党支部还有5项工作2025年11月30日到期：甲、乙、丙等。"


def test_what_is_due_ahead_is_told_to_the_group_and_what_is_late_is_not():
    assert [one.group for one in decide(END, owed("党员大会"))] == [True]
    assert [one.group for one in decide(END + timedelta(days=2), owed("党员大会"))] == [False]


def test_when_the_day_has_passed_those_concerned_hear_it_first_and_those_above_only_after():
    facts = owed("党员大会")
    assert [(one[0], one[1]) for one in told(date(2025, 12, 1), facts)] == [("leaders", "due/ZB001/2025-11-30/late")]
    assert [one[0] for one in told(date(2025, 12, 4), facts)] == ["leaders"]
    above = told(date(2025, 12, 5), facts)[1]
    assert above[:2] == ("above", "due/00001/below/2025-11-30")
    assert "1个下级组织还没有完成记录：水文站党支部" in above[2]


def test_those_above_hear_of_all_bodies_in_one_sentence():
    facts = Facts(work=[*owed("党员大会", "主题党日").work, *owed("党员大会", body=OTHER).work])
    (above,) = [one for one in told(date(2025, 12, 6), facts) if one[0] == "above"]
    assert "2个下级组织" in above[2]
    assert "水文站党支部、档案馆党支部" in above[2]


def test_a_body_with_none_above_it_is_told_itself_and_nobody_else():
    assert [one[0] for one in told(date(2025, 12, 6), owed("党员大会", body=COMMITTEE))] == ["leaders"]


def test_what_is_long_past_is_not_told_again():
    assert told(END + timedelta(days=32), owed("党员大会")) == []


# --- tasks ----------------------------------------------------------------------------------------------------------


def task(due=END, reported=None, giver=BRANCH):
    return Facts(tasks=[OpenTask(7, BRANCH, giver, "修好公开栏", due, reported)])


@pytest.mark.parametrize(
    ("day", "about"),
    [
        (date(2025, 11, 22), []),
        (date(2025, 11, 23), ["task/7/2025-11-30/7/responsible"]),
        (date(2025, 11, 29), ["task/7/2025-11-30/1/responsible"]),
        (date(2025, 11, 30), ["task/7/2025-11-30/0/responsible"]),
        (date(2025, 12, 1), ["task/7/2025-11-30/late-1/responsible"]),
        (date(2025, 12, 2), ["task/7/2025-11-30/late-1/responsible"]),
        (date(2025, 12, 3), ["task/7/2025-11-30/late-1/responsible", "task/7/2025-11-30/late/givers"]),
        (date(2025, 12, 8), ["task/7/2025-11-30/late-8/responsible", "task/7/2025-11-30/late/givers"]),
    ],
)
def test_a_task_is_told_to_who_answers_for_it_and_only_after_to_who_asked_for_it(day, about):
    assert [one[1] for one in told(day, task())] == about


def test_a_moved_deadline_is_another_matter():
    assert told(date(2025, 12, 7), task(date(2025, 12, 8)))[0][1] == "task/7/2025-12-08/1/responsible"


def test_a_task_without_a_deadline_is_left_in_peace():
    assert told(END, task(None)) == []


def test_what_was_reported_done_waits_for_a_look_not_for_its_owner():
    facts = task(due=date(2025, 11, 1), reported=date(2025, 11, 20))
    assert told(date(2025, 11, 22), facts) == []
    ((audience, _about, text),) = told(date(2025, 11, 23), facts)
    assert audience == "givers"
    assert text == "水文站党支部2025年11月20日报告完成的任务等着核实：修好公开栏。"


# --- terms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "what"),
    [
        (date(2025, 8, 27), None), (date(2025, 8, 28), "6"), (date(2025, 11, 29), "3"), (date(2026, 1, 28), "1"),
        (date(2026, 2, 28), "0"), (date(2026, 3, 1), "passed"), (date(2026, 4, 1), None),
    ],
)  # fmt: skip
def test_half_a_year_before_the_end_of_a_term_the_body_and_the_one_above_are_told(day, what):
    found = told(day, Facts(terms=[Term(BRANCH, date(2026, 2, 28))]))
    if what is None:
        assert found == []
    else:
        assert [one[:2] for one in found] == [
            ("leaders", f"term/ZB001/2026-02-28/{what}/leaders"), ("above", f"term/ZB001/2026-02-28/{what}/above"),
        ]  # fmt: skip


def test_nothing_said_twice_in_a_run():
    facts = Facts(
        work=[*owed("甲", "乙").work, *owed("甲", body=OTHER, due=date(2025, 12, 31)).work], tasks=task().tasks,
        terms=[Term(BRANCH, date(2026, 2, 28))],
    )  # fmt: skip
    for days in range(60):
        abouts = [one.about for one in decide(date(2025, 11, 15) + timedelta(days=days), facts)]
        assert len(abouts) == len(set(abouts))


def test_every_key_fits_its_column():
    longest = Body("0" * 125, "代" * 40, "名" * 120, 9)
    facts = Facts(work=[Work(longest, Sentence("duty", "甲"), END)], terms=[Term(longest, END)])
    for one in decide(END + timedelta(days=6), facts):
        assert len(one.about) <= 160
