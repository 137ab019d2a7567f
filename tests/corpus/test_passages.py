"""Two texts laid out beside each other: nothing is lost, what differs is marked, what nobody counts is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.corpus.texts import ARCHIVES, HYDROLOGY
from zhibu.corpus.passages import Sheet, differences, own_side, pair, paragraph_at
from zhibu.trace import compare
from zhibu.trace.results import Passage


def laid(text, source):
    (found,) = compare(text, {"source": source})
    return pair(Sheet.plain(text), Sheet.plain(source), found.passages)


def words(parts):
    return "".join(part.text for part in parts)


def test_both_texts_are_whole_and_the_same_passage_has_one_number():
    ours = f"标题\n\n{HYDROLOGY}\n自己的话。"
    found = laid(ours, f"{ARCHIVES}\n{HYDROLOGY}")
    assert [words(parts) for parts in found.ours] == ["标题", HYDROLOGY, "自己的话。"]
    assert [words(parts) for parts in found.theirs] == [ARCHIVES, HYDROLOGY]
    (left,) = [part for parts in found.ours for part in parts if part.passage]
    (right,) = [part for parts in found.theirs for part in parts if part.passage]
    assert (left.passage, left.first, left.kind) == (right.passage, right.first, right.kind) == (1, True, "identical")
    assert found.rows[0].place == (2, 2)


def test_what_differs_is_marked_on_both_sides():
    found = laid(HYDROLOGY.replace("四十一", "五十六").replace("青石峡", "白鹭滩"), HYDROLOGY)
    ours = [part.text for part in found.rows[0].ours if part.differs]
    theirs = [part.text for part in found.rows[0].theirs if part.differs]
    assert ours == ["白鹭滩", "五十六"]
    assert theirs == ["青石峡", "四十一"]


def test_holes_are_passed_over_and_not_marked():
    shown = f"{HYDROLOGY}开展警示教育二次。{ARCHIVES}"
    compared = f"{HYDROLOGY}{'　' * 9}{ARCHIVES}"
    passage = Passage(0, len(shown), 0, len(shown), "edited", "")
    found = pair(Sheet(compared, shown), Sheet(compared, shown), [passage])
    marked = [part.text for part in found.ours[0] if part.passage]
    assert marked == [HYDROLOGY, ARCHIVES]
    assert words(found.ours[0]) == shown
    assert words(found.rows[0].ours) == f"{HYDROLOGY}……{ARCHIVES}"


def test_the_own_side_alone():
    text = f"标题\n{HYDROLOGY}"
    (found,) = compare(text, {"source": HYDROLOGY})
    ((place, kind, parts),) = own_side(Sheet.plain(text), found.passages)
    assert (place, kind, words(parts)) == (2, "identical", HYDROLOGY[:-1])


def test_source_passages_that_overlap_show_each_word_once():
    text = f"{HYDROLOGY}\n隔开的一段话，谁都没有写过。\n{HYDROLOGY}"
    found = laid(text, HYDROLOGY)
    assert len(found.rows) == 2
    assert words(found.theirs[0]) == HYDROLOGY


def test_blank_lines_do_not_count():
    assert paragraph_at("甲\n\n乙\n丙", 3) == 2
    assert paragraph_at("", 0) == 1


@given(st.text("甲乙，。丙\n", max_size=60), st.text("甲乙，。丙\n", max_size=60))
def test_what_is_not_marked_is_the_same_text(ours, theirs):
    left, right = differences(ours, theirs)
    for text, ranges in ((ours, left), (theirs, right)):
        assert all(0 <= begin < end <= len(text) for begin, end in ranges)
        assert list(ranges) == sorted(ranges)
    assert _without(ours, left) == _without(theirs, right)


def _without(text, ranges):
    inside = {place for begin, end in ranges for place in range(begin, end)}
    return "".join(sign for place, sign in enumerate(text) if place not in inside)


@given(st.text("甲\n　 ", max_size=30), st.lists(st.tuples(st.integers(0, 29), st.integers(1, 9)), max_size=3))
def test_no_layout_loses_a_word(text, spans):
    passages = [
        Passage(begin, min(begin + length, len(text)), begin, min(begin + length, len(text)), "edited", "")
        for begin, length in spans if begin < len(text)
    ]  # fmt: skip
    found = pair(Sheet.plain(text), Sheet.plain(text), passages)
    kept = [line for line in text.split("\n") if line.strip()]
    assert [words(parts) for parts in found.ours] == kept
    assert [words(parts) for parts in found.theirs] == kept
