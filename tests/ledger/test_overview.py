"""The roll-up's arithmetic on tallies written by hand."""

from zhibu.ledger.overview import ORDER, Body, Sum, Wish, overview

BODIES = [
    Body(1, "A", "甲党支部", "branch", "organ", False),
    Body(2, "B", "乙党支部", "branch", "village", False),
    Body(3, "C", "丙党总支", "general-branch", "organ", True),
]


def counts(**wanted):
    return tuple(wanted.get(status.replace("-", "_"), 0) for status in ORDER)


ROWS = [
    (1, "r/meeting", counts(met=3, missing=1)),
    (1, "r/lecture", counts(late=1)),
    (2, "r/meeting", counts(met=2, defective=1, not_yet_due=1)),
    (3, "r/meeting", counts(exempt=4)),
]
ALL = slice(0, 10)


def test_sums_by_body_and_by_duty_agree_with_the_whole():
    found = overview(BODIES, ROWS, Wish(), ALL)
    assert [(body.code, total.done, total.owed) for body, total in found.bodies] == [
        ("A", 4, 5),
        ("B", 2, 3),
        ("C", 0, 0),
    ]
    assert [(duty, total.done, total.owed) for duty, total in found.duties] == [
        ("r/meeting", 5, 7),
        ("r/lecture", 1, 1),
    ]
    assert (found.total.done, found.total.owed, found.found) == (6, 8, 3)


def test_what_is_not_owed_is_in_no_share():
    assert Sum(list(counts(exempt=4, unknown=2, not_yet_due=3))).share is None
    assert Sum(list(counts(met=199, missing=1))).share == 99


def test_filters_narrow_bodies_duties_and_sums_alike():
    assert [body.code for body, _ in overview(BODIES, ROWS, Wish(sector="organ"), ALL).bodies] == ["A", "C"]
    assert [body.code for body, _ in overview(BODIES, ROWS, Wish(kind="general-branch"), ALL).bodies] == ["C"]
    found = overview(BODIES, ROWS, Wish(duty="r/lecture"), ALL)
    assert ([body.code for body, _ in found.bodies], found.total.owed) == (["A"], 1)


def test_a_status_asks_for_bodies_that_have_it_and_shows_all_their_cells():
    found = overview(BODIES, ROWS, Wish(status="missing"), ALL)
    assert [body.code for body, _ in found.bodies] == ["A"]
    assert found.total.owed == 5


def test_a_page_shows_its_bodies_and_sums_them_all():
    found = overview(BODIES, ROWS, Wish(), slice(1, 2))
    assert [body.code for body, _ in found.bodies] == ["B"]
    assert set(found.squares) == {(2, "r/meeting")}
    assert (found.found, found.total.owed) == (3, 8)
