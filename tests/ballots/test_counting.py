"""Pools, tallies and weights: exact, and adding up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ballots.papers import manifest_with
from tests.ballots.staging import DEBRIEF, LEADERS, PUBLIC, SECRETARIES, Keys
from zhibu.ballots.canonical import canonical, parsed, text_of
from zhibu.ballots.counting import NO_PAPER, PaperCount, Tally, count, is_countable, paper_count_of
from zhibu.ballots.manifest import APPROVAL, Category, Pool, Question, is_enough, manifest_of, pools
from zhibu.ballots.sealing import Paper, new_code
from zhibu.ballots.thresholds import RULES
from zhibu.errors import UserError

KEYS = [Keys(), Keys()]
THREE = (LEADERS, SECRETARIES, PUBLIC)
ENTITLED = {"leaders": 6, "secretaries": 20, "public": 10}
MANIFEST = manifest_with(KEYS, 0, categories=THREE, entitled=ENTITLED)


def entries(*votes):
    return [text_of(Paper(new_code(), vote).padded()) for vote in votes]


def cast(**numbers):
    return pools(THREE, numbers, {})


def test_categories_of_five_stand_alone():
    assert [one.categories for one in cast(leaders=5, secretaries=20, public=9)] == [
        ("leaders",), ("secretaries",), ("public",),
    ]  # fmt: skip


def test_a_small_one_joins_the_next_smallest():
    assert [one.categories for one in cast(leaders=4, secretaries=20, public=9)] == [
        ("leaders", "public"), ("secretaries",),
    ]  # fmt: skip


def test_two_small_ones_that_are_five_together_need_nobody_else():
    assert [one.categories for one in cast(leaders=3, secretaries=20, public=2)] == [
        ("leaders", "public"), ("secretaries",),
    ]  # fmt: skip


def test_one_without_votes_stays_apart():
    """It shows nothing; its weight is not added to anybody's, and the weighted share is not known."""
    found = cast(leaders=0, secretaries=20, public=9)
    assert [one.categories for one in found] == [("leaders",), ("secretaries",), ("public",)]
    lists = [[], entries(*[(0, 0)] * 20), entries(*[(0, 0)] * 9)]
    result = count(MANIFEST, found, lists, [NO_PAPER] * 3, 29)
    assert result.questions[0].weighted is None
    assert result.questions[0].total.votes["good"] == 29


def test_few_papers_are_not_counted_apart_either():
    found = pools(THREE, {"leaders": 6, "secretaries": 20, "public": 9}, {"public": 2, "leaders": 3})
    assert [one.categories for one in found] == [("leaders", "public"), ("secretaries",)]


numbers = st.fixed_dictionaries({one.slug: st.integers(0, 12) for one in THREE})


@given(numbers, numbers)
def test_pools_hold_everybody_once_and_show_no_small_group(sealed, paper):
    found = pools(THREE, sealed, paper)
    assert sorted(slug for one in found for slug in one.categories) == sorted(ENTITLED)
    assert sum(one.cast for one in found) == sum(sealed.values())
    assert sum(one.paper for one in found) == sum(paper.values())
    filled = [one for one in found if one.cast or one.paper]
    assert len(filled) <= 1 or all(map(is_enough, filled))


def test_the_weighted_share_by_hand():
    """Leaders 5 of 6 good (0.4), secretaries 10 of 20 (0.4), public 9 of 9 (0.2): 1/3 + 1/5 + 1/5."""
    found = cast(leaders=6, secretaries=20, public=9)
    lists = [
        entries(*[(0, 0)] * 5, (3, 0)), entries(*[(0, 0)] * 10, *[(1, 0)] * 10), entries(*[(0, 0)] * 9),
    ]  # fmt: skip
    result = count(MANIFEST, found, lists, [NO_PAPER] * 3, 36)
    assert result.of("wen").weighted == {
        "good": Fraction(1, 3) + Fraction(1, 5) + Fraction(1, 5), "fair": Fraction(1, 5), "average": Fraction(0),
        "poor": Fraction(1, 15),
    }  # fmt: skip
    assert (result.entitled, result.present, result.collected, result.absent) == (36, 36, 35, 0)
    assert [pool.label for pool in result.pools] == ["工委领导", "党组织书记", "群众代表"]


def test_a_joined_pool_weighs_what_its_parts_weigh():
    found = cast(leaders=3, secretaries=20, public=9)
    result = count(MANIFEST, found, [entries(*[(0, 0)] * 12), entries(*[(3, 0)] * 20)], [NO_PAPER] * 2, 36)
    assert [pool.weight for pool in result.pools] == [Fraction(3, 5), Fraction(2, 5)]
    assert result.of("wen").weighted["good"] == Fraction(3, 5)


def test_absent_abstained_and_invalid_are_three_things():
    found = (Pool(("leaders",), 6, 0), Pool(("secretaries",), 0, 0), Pool(("public",), 0, 0))
    lists = [[*entries((None, None), (0, None), (0, 0), (0, 0), (9, 9)), text_of(b"x" * 512)], [], []]
    result = count(MANIFEST, found, lists, [NO_PAPER] * 3, present=8)
    total = result.of("wen").total
    assert (result.absent, total.abstained, total.invalid) == (28, 1, 2)
    assert (result.present, result.collected, total.valid) == (8, 6, 4)
    assert total.share("good") == Fraction(3, 4)


def test_more_papers_than_ballots_cannot_be():
    with pytest.raises(ValueError, match="more papers"):
        count(MANIFEST, (Pool(("leaders",), 1, 0),), [entries((0, 0), (0, 0))], [NO_PAPER], 2)


votes = st.tuples(*(st.none() | st.integers(0, 3) for _ in DEBRIEF))


@given(st.lists(votes, max_size=20), st.integers(0, 5))
def test_every_line_adds_up_to_what_was_collected(cast_votes, lost):
    pool = (Pool(tuple(ENTITLED), len(cast_votes) + lost, 0),)
    result = count(MANIFEST, pool, [entries(*cast_votes)], [NO_PAPER], len(cast_votes) + lost)
    for one in result.questions:
        assert one.total.collected == result.collected == len(cast_votes) + lost
        if one.weighted:
            assert sum(one.weighted.values()) + Fraction(one.total.abstained, one.total.valid) == 1


# --- papers counted by hand -------------------------------------------------------------------------------------------


def by_hand(*tallies, collected=6):
    rows = [{"votes": dict(zip(("good", "fair", "average", "poor"), row[:4], strict=True)), "abstained": row[4],
             "invalid": row[5]} for row in tallies]  # fmt: skip
    return {"collected": collected, "tallies": rows}


def test_papers_are_added():
    papers = paper_count_of(by_hand((6, 0, 0, 0, 0, 0), (0, 0, 0, 4, 1, 1)), MANIFEST, issued=7)
    pool = (Pool(tuple(ENTITLED), 5, 7),)
    result = count(MANIFEST, pool, [entries(*[(1, 1)] * 5)], [papers], 36)
    assert result.collected == 11
    assert result.of("wen").total == Tally({"good": 6, "fair": 5, "average": 0, "poor": 0}, 0, 0)
    assert result.of("ruan").total == Tally({"good": 0, "fair": 5, "average": 0, "poor": 4}, 1, 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (by_hand((6, 0, 0, 0, 0, 0), (6, 0, 0, 0, 0, 0), collected=8), "paper-too-many"),
        (by_hand((6, 0, 0, 0, 0, 0), (5, 0, 0, 0, 0, 0)), "paper-sum"),
        (by_hand((6, 0, 0, 0, 0, 0)), "paper-shape"),
        (by_hand((7, -1, 0, 0, 0, 0), (6, 0, 0, 0, 0, 0)), "paper-shape"),
        (by_hand((True, 5, 0, 0, 0, 0), (6, 0, 0, 0, 0, 0)), "paper-shape"),
        ({"collected": 6}, "paper-shape"),
        ({"collected": 6, "tallies": [1, 2]}, "paper-shape"),
        ({"collected": 1.5, "tallies": []}, "paper-shape"),
        ([], "paper-shape"),
        (None, "paper-shape"),
    ],
)
def test_a_hand_count_that_does_not_add_up(data, code):
    with pytest.raises(UserError) as refused:
        paper_count_of(data, MANIFEST, issued=7)
    assert refused.value.code == code


def test_a_hand_count_comes_back():
    papers = paper_count_of(by_hand((6, 0, 0, 0, 0, 0), (0, 0, 0, 4, 1, 1)), MANIFEST, 7)
    assert paper_count_of(papers.to_json(), MANIFEST, 7) == papers
    assert paper_count_of({"collected": 0, "tallies": []}, MANIFEST, 7) == PaperCount(0, ())


# --- elections and resolutions ----------------------------------------------------------------------------------------

NAMES = tuple(Question(f"c{n}", name, APPROVAL, name) for n, name in enumerate(("苏明棠", "岑若溪", "蒲云帆")))
ELECTION = manifest_with(KEYS, 16, questions=NAMES, rule="election", yes="yes", seats=2)


def test_a_ballot_with_too_many_names_is_invalid():
    assert is_countable((0, 0, 1), ELECTION)
    assert is_countable((0, None, None), ELECTION)
    assert not is_countable((0, 0, 0), ELECTION)


def test_an_election_with_a_tie():
    votes = [(0, 0, 1)] * 9 + [(1, 0, 0)] * 5
    result = count(ELECTION, (Pool(("voters",), 14, 0),), [entries(*votes)], [NO_PAPER], 14)
    assert (result.quorum, result.needed) == (True, 8)
    assert (result.election.elected, result.election.tied) == ((1, 0), ())
    votes = [(0, 1, 0)] * 8 + [(1, 0, 1)] * 6
    tie = count(ELECTION, (Pool(("voters",), 14, 0),), [entries(*votes)], [NO_PAPER], 14)
    assert tie.election.elected == (0, 2)
    one_seat = manifest_with(KEYS, 16, questions=NAMES, rule="election", yes="yes", seats=1)
    ballots = entries(*[(0, 1, 1)] * 7, *[(1, 0, 1)] * 7)
    assert count(one_seat, (Pool(("voters",), 14, 0),), [ballots], [NO_PAPER], 14).election.elected == ()


def test_a_resolution_counts_those_entitled():
    question = (Question("plan", "通过年度工作计划", APPROVAL),)
    manifest = manifest_with(KEYS, 16, questions=question, rule="resolution", yes="yes")
    result = count(manifest, (Pool(("voters",), 9, 0),), [entries(*[(0,)] * 8, (1,))], [NO_PAPER], 9)
    assert (result.quorum, result.needed, result.questions[0].passed) == (True, 9, False)


# --- the manifest -----------------------------------------------------------------------------------------------------


def test_a_manifest_comes_back_and_its_name_is_its_hash():
    again = manifest_of(parsed(canonical(MANIFEST.to_json())))
    assert again == MANIFEST
    assert again.name == MANIFEST.name
    assert manifest_with(KEYS, 0, categories=THREE, entitled=ENTITLED, title="另一次").name != MANIFEST.name


@pytest.mark.parametrize(
    "spoil",
    [
        {"questions": []},
        {"questions": [{"slug": "a", "text": "", "choices": [], "subject": ""}]},
        {"questions": [{"slug": "a"}]},
        {"categories": []},
        {"categories": [{"slug": "a", "label": "a", "weight": "0"}]},
        {"categories": [{"slug": "a", "label": "a", "weight": "-1"}]},
        {"categories": [{"slug": "a", "label": "a", "weight": "nan"}]},
        {"entitled": {"leaders": 1}},
        {"entitled": {**ENTITLED, "leaders": -1}},
        {"scrutineers": []},
        {"rule": "whatever"},
        {"seats": 1},
        {"format": "zhibu-ballot/2"},
        {"more": 1},
        {"title": {"a": 1}},
    ],
)
def test_what_is_no_manifest(spoil):
    with pytest.raises(UserError, match="说明书"):
        manifest_of(MANIFEST.to_json() | spoil)


def test_two_keys_that_are_the_same():
    twice = MANIFEST.to_json()
    twice["scrutineers"] = [twice["scrutineers"][0], {**twice["scrutineers"][0], "name": "另一人"}]
    with pytest.raises(UserError, match="密钥相同"):
        manifest_of(twice)


def test_more_questions_than_a_paper_holds():
    from zhibu.ballots.manifest import check_questions

    many = tuple(Question(f"q{n}", f"第{n}项") for n in range(81))
    check_questions(many[:80])
    with pytest.raises(UserError, match="1至80"):
        check_questions(many)


def test_every_rule_may_be_asked_for():
    assert set(RULES) == {"appraisal", "resolution", "admission", "election"}
    assert Category("a", "甲", "0.35").share == Fraction(7, 20)
