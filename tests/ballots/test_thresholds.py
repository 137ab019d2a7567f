"""The numbers of the facts, and properties of every rule."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.ballots.thresholds import FOUR_FIFTHS, HALF, MORE_THAN_HALF, RULES, Share, elected

SHARES = st.sampled_from([HALF, MORE_THAN_HALF, FOUR_FIFTHS, Share(2, 3)])
WHOLE = st.integers(1, 5000)


@pytest.mark.parametrize(
    ("rule", "entitled", "quorum", "passes"),
    [("resolution", 16, 8, 9), ("admission", 16, 9, 9), ("resolution", 15, 8, 8), ("admission", 15, 8, 8)],
)
def test_of_those_who_should_attend(rule, entitled, quorum, passes):
    found = RULES[rule]
    assert [found.has_quorum(n, entitled) for n in (quorum - 1, quorum)] == [False, True]
    assert found.needed(entitled, entitled) == passes
    assert found.is_passed(passes, entitled, entitled)
    assert not found.is_passed(passes - 1, entitled, entitled)


def test_a_resolution_counts_those_who_stayed_away():
    """Nine of sixteen came and eight said yes: enough of those present, not of those who should attend."""
    assert RULES["resolution"].is_passed(8, 9, 16) is False
    assert RULES["resolution"].is_passed(9, 9, 16) is True


def test_an_election_needs_four_fifths_and_half_of_those_present():
    election = RULES["election"]
    assert [election.has_quorum(n, 16) for n in (12, 13)] == [False, True]
    assert [election.is_passed(n, 14, 16) for n in (7, 8)] == [False, True]
    assert election.is_passed(12, 12, 16) is False  # no quorum
    assert election.has_quorum(4, 5) is True  # exactly four fifths


def test_an_appraisal_decides_nothing():
    assert RULES["appraisal"].is_passed(5, 5, 5) is None
    assert RULES["appraisal"].has_quorum(1, 5) is None


def test_rules_whose_words_were_not_read_say_so():
    assert {slug for slug, rule in RULES.items() if not rule.read} == {"election"}


@given(SHARES, WHOLE)
def test_least_is_the_smallest_number_that_meets(share, whole):
    least = share.least(whole)
    assert share.met(least, whole)
    assert not share.met(least - 1, whole)


@given(SHARES, WHOLE, st.integers(0, 5000))
def test_it_is_the_fraction_it_says(share, whole, part):
    wanted, got = Fraction(share.top, share.bottom), Fraction(part, whole)
    assert share.met(part, whole) == (got > wanted if share.more else got >= wanted)


@given(st.sampled_from(sorted(RULES)), WHOLE, st.data())
def test_one_more_yes_never_fails_what_passed(slug, entitled, data):
    present = data.draw(st.integers(0, entitled))
    yes = data.draw(st.integers(0, present))
    rule = RULES[slug]
    if rule.is_passed(yes, present, entitled):
        assert rule.is_passed(min(yes + 1, present), present, entitled)


def test_of_nobody_nothing_is_enough():
    assert not HALF.met(0, 0)


# --- elections --------------------------------------------------------------------------------------------------------


def test_too_many_go_by_votes():
    found = elected([10, 14, 9, 8], seats=2, present=14, entitled=16)
    assert (found.elected, found.tied, found.open) == ((1, 0), (), 0)


def test_a_tie_at_the_last_seat_is_voted_on_again():
    found = elected([10, 14, 10, 8], seats=2, present=14, entitled=16)
    assert (found.elected, found.tied, found.open) == ((1,), (0, 2), 1)


def test_a_tie_that_does_not_matter_is_none():
    assert elected([10, 10, 3], seats=2, present=14, entitled=16).elected == (0, 1)


def test_half_is_not_enough_and_leaves_a_seat_open():
    found = elected([7, 12], seats=2, present=14, entitled=16)
    assert (found.elected, found.open) == ((1,), 1)


def test_without_four_fifths_nobody_is_elected():
    assert elected([12], seats=1, present=12, entitled=16).elected == ()


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(1, 12))
def test_seats_are_filled_tied_or_open(yes, seats):
    found = elected(yes, seats, present=40, entitled=40)
    assert len(found.elected) + found.open == seats
    assert not set(found.elected) & set(found.tied)
    assert len(found.tied) != 1
    assert all(yes[n] > 20 for n in (*found.elected, *found.tied))
    if found.tied:
        assert len(found.tied) > found.open > 0
