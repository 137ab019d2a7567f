"""Two texts beside each other: nothing is lost, what is the same is not marked, figures compare by what they say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhibu.reports.claims import Claim
from zhibu.reports.comparing import Side, compare
from zhibu.reports.composing import TOKEN


def side(*texts, **values):
    blocks = [{"kind": "paragraph", "level": 0, "text": text} for text in texts]
    found = {number: Claim("q", text) for number, text in values.items()}
    return Side({"blocks": blocks, "claims": {}}, found)


def shown(pieces):
    return [(piece.text, piece.kept) for piece in pieces]


def test_a_changed_word_is_marked_and_nothing_else():
    (row,) = compare(side("召开党员大会三次。"), side("召开党员大会四次。"))
    assert row.change == "changed"
    assert shown(row.left) == [("召开党员大会", True), ("三", False), ("次。", True)]
    assert shown(row.right) == [("召开党员大会", True), ("四", False), ("次。", True)]


def test_a_paragraph_put_in_does_not_shift_the_others():
    rows = compare(side("第一段讲学习。", "第三段讲纪律。"), side("第一段讲学习。", "新加的话。", "第三段讲纪律。"))
    assert [row.change for row in rows] == ["same", "inserted", "same"]


def test_a_paragraph_unlike_the_other_is_one_deleted_and_one_inserted():
    rows = compare(side("上半年下乡调研走访群众。"), side("Quarterly report"))
    assert sorted(row.change for row in rows) == ["deleted", "inserted"]


def test_a_figure_compares_by_its_value():
    same = compare(side("开会[[c1]]次", c1="3"), side("开会[[c7]]次", c7="3"))
    changed = compare(side("开会[[c1]]次", c1="3"), side("开会[[c1]]次", c1="4"))
    assert [piece.text for piece in changed[0].right if not piece.kept] == ["4"]
    assert changed[0].change == "changed"
    assert [piece.text for piece in same[0].right] == ["开会", "3", "次"]


WORDS = st.text(alphabet="一二三四五。[]", min_size=1, max_size=12).filter(lambda text: not TOKEN.search(text))
TEXTS = st.lists(WORDS, max_size=6)


@given(TEXTS, TEXTS)
def test_each_side_can_be_read_back_in_full(old, new):
    rows = compare(side(*old), side(*new))
    left = ["".join(piece.text for piece in row.left) for row in rows if row.left]
    right = ["".join(piece.text for piece in row.right) for row in rows if row.right]
    assert (left, right) == (old, new)
    assert all(row.change != "same" or row.left == row.right for row in rows)
