"""Other weights tried, the order, and what would change it; the figures are worked out by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from zhibu.errors import UserError
from zhibu.scoring.points import Point, total
from zhibu.scoring.reading import parse_scheme
from zhibu.scoring.weighing import check_weights, levels_of, own_weights, places, share, swaps, weigh

CHOICES = {"yes": {"label": "是", "share": 1}, "no": {"label": "否", "share": 0}}
SCHEME = parse_scheme(
    "trial",
    {
        "title": "试", "issuer": "样例", "source": "样例", "confidence": "P", "for": ["branch"], "self": False,
        "total": 100,
        "levels": [{"label": "好", "at_least": 80}, {"label": "差", "at_least": 0}],
        "parts": {
            "plans": {"label": "计划", "points": 60, "items": {
                "plan": {"label": "计划", "asks": "计划", "points": 60, "tasks": {"of": "plan"}}}},
            "lists": {"label": "清单", "points": 40, "items": {
                "list": {"label": "清单", "asks": "清单", "points": 40, "tasks": {"of": "list"}}}},
        },
        "vetoes": {"bad": {"label": "否", "asks": "否", "cites": "一", "person": {
            "asked_of": "committee", "question": "有吗", "evidence": "看", "choices": CHOICES}}},
        "deductions": {"late": {"label": "迟", "asks": "迟", "cites": "二", "points": 5, "tasks": {"of": "given"}}},
    },
)  # fmt: skip


def point(slug, low, full, high=None, role="scored", state="part"):
    return Point(slug, role, state, Decimal(str(low)), Decimal(str(low if high is None else high)), Decimal(full),
                 "tasks", False, ())  # fmt: skip


def body(key, plan, lists, late=0, full=(60, 40), bad="full"):
    """Points of the two parts; a pair is a range."""
    spans = [value if isinstance(value, tuple) else (value, value) for value in (plan, lists)]
    found = [
        point("plan", spans[0][0], full[0], spans[0][1], state="part" if full[0] else "exempt"),
        point("list", spans[1][0], full[1], spans[1][1], state="part" if full[1] else "exempt"),
        point("bad", 0, 0, role="veto", state=bad),
        point("late", -late, 0, role="deduction"),
    ]
    return weigh(key, found, SCHEME)


def weights(plans, lists):
    return {"plans": Decimal(str(plans)), "lists": Decimal(str(lists))}


def test_with_the_schemes_own_weights_the_share_is_the_schemes_own():
    one = body(1, 45, 30, late=2)
    assert share(one, SCHEME).low == share(one, SCHEME, own_weights(SCHEME)).low == 73
    assert total(one.points.values(), SCHEME).percent[0] == 73


def test_other_weights_scale_the_points_of_a_part():
    # 45 of 60 is three quarters, 10 of 40 a quarter: with 20 and 80 these are 15 and 20.
    assert share(body(1, 45, 10), SCHEME, weights(20, 80)).low == 35
    assert share(body(1, 45, 10, late=2), SCHEME, weights(20, 80)).low == 33


def test_a_part_that_does_not_apply_has_no_weight():
    assert share(body(1, 45, 0, full=(60, 0)), SCHEME, weights(20, 80)).low == 75
    assert share(body(1, 0, 0, full=(0, 0)), SCHEME).low == 0
    assert share(body(1, 45, 0, full=(60, 0)), SCHEME, weights(0, 100)).low == 0


def test_unknown_stays_a_range_and_so_does_the_level():
    one = body(1, (30, 60), 36)
    assert (share(one, SCHEME).low, share(one, SCHEME).high) == (66, 96)
    assert [level.label for level in levels_of(one, SCHEME)] == ["差", "好"]
    assert [level.label for level in levels_of(body(1, 60, 40, bad="none"), SCHEME)] == ["差"]
    assert [level.label for level in levels_of(body(1, 60, 40, bad="unknown"), SCHEME)] == ["差", "好"]


@pytest.mark.parametrize(
    ("tried", "code"),
    [
        (weights(50, 49), "weights-sum"),
        (weights(120, -20), "weight-bounds"),
        (weights("NaN", 40), "weight-bounds"),
        (weights("Infinity", 40), "weight-bounds"),
        ({"plans": Decimal(100)}, "weight-bounds"),
    ],
)
def test_weights_that_do_not_make_the_whole_are_refused(tried, code):
    with pytest.raises(UserError) as refused:
        check_weights(tried, SCHEME)
    assert refused.value.code == code


def test_weights_that_do_are_not():
    check_weights(weights(0, 100), SCHEME)
    check_weights(weights("33.5", "66.5"), SCHEME)


def test_a_place_is_a_range_where_a_sum_is():
    rows = {1: body(1, 60, 40), 2: body(2, (30, 60), 30), 3: body(3, 48, 32), 4: body(4, 48, 32), 5: body(5, 6, 4)}
    found = places({key: share(one, SCHEME) for key, one in rows.items()})
    assert {key: (place.best, place.worst) for key, place in found.items()} == {
        1: (1, 1), 2: (2, 4), 3: (2, 3), 4: (2, 3), 5: (5, 5),
    }  # fmt: skip


def test_what_swaps_two_neighbours_by_weight():
    # 54+20=74 against 36+36=72. With w for the lists: 54 + w/2 = 36 + 0.9w at w = 45, so 45.01 it is.
    [swap] = swaps([body(2, 36, 36), body(1, 54, 20)], SCHEME)
    assert (swap.upper, swap.lower, swap.gap) == (1, 2, Decimal("2.00"))
    assert (swap.weight.part, swap.weight.before, swap.weight.after) == ("lists", Decimal(40), Decimal("45.01"))
    # By the plans: 0.9w + 20 = 0.6w + 36 at w = 53.33, which is farther than five.
    assert swap.weight.change == Decimal("5.01")


def test_what_swaps_two_neighbours_by_an_item():
    [swap] = swaps([body(2, 36, 39), body(1, 54, 23)], SCHEME)
    assert swap.points == Decimal("2.01")
    assert [item.slug for item in swap.items] == ["plan"]
    [swap] = swaps([body(2, 36, 36, late=4), body(1, 54, 20)], SCHEME)
    assert swap.points == Decimal("6.01")
    assert [item.slug for item in swap.items] == ["plan"]


def test_nothing_swaps_a_body_that_is_better_in_everything():
    [swap] = swaps([body(1, 54, 36), body(2, 54, 20)], SCHEME)
    assert swap.weight is None
    assert [item.slug for item in swap.items] == ["list"]


def test_ranges_and_vetoes_have_no_place_in_the_order():
    rows = [body(1, 54, 36), body(2, (0, 60), 20), body(3, 60, 40, bad="none"), body(4, 6, 4)]
    assert [(one.upper, one.lower) for one in swaps(rows, SCHEME)] == [(1, 4)]


half_points = some.integers(0, 120).map(lambda n: Decimal(n) / 2)


@given(half_points, some.integers(0, 40), half_points, some.integers(0, 40), some.sampled_from([(60, 40), (60, 20)]))
def test_the_change_named_does_swap_them_and_a_smaller_one_does_not(plan, lists, other_plan, other_lists, full):
    rows = [body(1, plan, lists), body(2, other_plan, min(other_lists, full[1]), full=full)]
    [swap] = swaps(rows, SCHEME)
    upper, lower = (next(one for one in rows if one.key == key) for key in (swap.upper, swap.lower))
    before = share(upper, SCHEME).low - share(lower, SCHEME).low
    assert before >= 0
    if swap.weight:
        tried = {**own_weights(SCHEME), swap.weight.part: swap.weight.after}
        assert share(lower, SCHEME, tried).low > share(upper, SCHEME, tried).low
        step = Decimal("0.01") if swap.weight.change > 0 else Decimal("-0.01")
        almost = {**tried, swap.weight.part: swap.weight.after - step}
        assert share(lower, SCHEME, almost).low <= share(upper, SCHEME, almost).low
    whole = sum(part.full for part in lower.parts.values())
    gained = Fraction(swap.points) * 100 / Fraction(whole)
    assert share(lower, SCHEME).low + gained > share(upper, SCHEME).low
    assert share(lower, SCHEME).low + gained - Fraction(1, 100) * 100 / Fraction(whole) <= share(upper, SCHEME).low
